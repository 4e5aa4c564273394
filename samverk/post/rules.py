"""How patient the post is."""

from __future__ import annotations

import smtplib
from datetime import timedelta

UNDO_SECONDS = 60
LEASE = timedelta(minutes=5)
BACK_OFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
]
KEEP_BODY_DAYS = 90


def pause_after(attempts: int, problem: Exception) -> timedelta | None:
    """How long to wait before the next try, or None where a further try makes no sense."""
    if attempts > len(BACK_OFF) or is_final(problem):
        return None
    return BACK_OFF[attempts - 1]


def is_final(problem: Exception) -> bool:
    """The server says for good (5xx) that nobody lives at this address."""
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _text in problem.recipients.values())


def in_words(problem: Exception) -> str:
    """What the office reads: the server's own answer where there is one, else what kind of fault it was."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(problem.recipients.values()))
        return f"{code} {_decoded(text)}"[:500]
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{problem.smtp_code} {_decoded(problem.smtp_error)}"[:500]
    return (
        f"{type(problem).__name__}: {problem}"[:500]
        if isinstance(problem, OSError)
        else type(problem).__name__
    )


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
