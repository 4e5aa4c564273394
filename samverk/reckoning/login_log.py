"""Minutes present at an online session, from log-in and log-out times.

Source: Polish rules for remote services accept the platform's report of log-ins; two devices at once are one person,
so times that overlap are merged, and only what lies within the session counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .timeline import length, merged, minute_of

Stay = tuple[datetime, datetime]


def stays_within(log: Iterable[Stay], session: Stay) -> list[tuple[int, int]]:
    """Merged stays inside the session, as minutes since its start: each is one presence."""
    opens, closes = minute_of(session[0]), minute_of(session[1])
    clipped = ((max(minute_of(start), opens), min(minute_of(end), closes)) for start, end in log)
    return [(start - opens, end - opens) for start, end in merged(clipped)]


def minutes_present(log: Iterable[Stay], session: Stay) -> int:
    """Distinct whole minutes logged in during the session."""
    return length(stays_within(log, session))
