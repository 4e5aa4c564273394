"""Organisations from somebody's list: read and guessed, checked row by row, written in batches, undone as one.

A file is read into a staging file outside the database; the database learns of it in batches that stay hidden until
all of them are in. Every step can be killed and goes on where it stopped: `reading`, `checking`, `writing`, `undoing`.
"""
