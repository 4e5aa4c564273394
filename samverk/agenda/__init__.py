"""The programme of a day: what happens inside sessions, where, and who speaks; and the files that carry it elsewhere."""
