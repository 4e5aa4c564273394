"""Many sessions from few words: days in a row, the same evening each week, or days one by one.

Each session stands at the same wall clock, whatever the clock of the place did between. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from samverk.activities.models import Activity, Session
from samverk.activities.sheet_rules import times_refusal
from samverk.kit import words
from samverk.kit.acting import Refusal
from samverk.kit.wall_clock import moment_of

# As many as the form of a new activity takes.
MOST_SESSIONS = 60
# Somebody who skips every week of a whole year has made a slip.
LONGEST_SEARCH = 400


@dataclass(frozen=True, slots=True)
class Planned:
    """A session to be: moments with a zone, and whole minutes that count."""

    starts_at: datetime
    ends_at: datetime
    planned_minutes: int


def days_in_a_row(first: date, number: int, *, skip: Iterable[date] = ()) -> list[date]:
    """``number`` days from the first on, one after the other, without those to skip."""
    return _days(first, number, 1, skip)


def weekly(first: date, number: int, *, every: int = 1, skip: Iterable[date] = ()) -> list[date]:
    """``number`` days, one in each ``every`` weeks; a day that is skipped is made up for at the end."""
    return _days(first, number, 7 * every, skip)


def _days(first: date, number: int, step: int, skip: Iterable[date]) -> list[date]:
    if not 1 <= number <= MOST_SESSIONS:
        raise _too_many()
    left_out = set(skip)
    found: list[date] = []
    for turn in range(number + LONGEST_SEARCH):
        if len(found) == number:
            break
        day = _later(first, turn * step)
        if day not in left_out:
            found.append(day)
    return found


def _later(first: date, days: int) -> date:
    try:
        return first + timedelta(days=days)
    except OverflowError as beyond:
        raise Refusal(_("These days lie beyond the calendar."), code="beyond", field="first_day") from beyond


def _too_many() -> Refusal:
    said = _("Write a number from 1 to %(most)s.") % {"most": MOST_SESSIONS}
    return Refusal(said, code="number", field="number")


def sessions_on(
    days: Sequence[date], starts: time, ends: time, *, break_minutes: int, zone: ZoneInfo
) -> list[Planned]:
    """A session on each day between the same two clock times; breaks do not count.

    Raises Refusal where a time does not exist on one of the days, comes twice, or leaves no minutes.
    """
    if not 1 <= len(set(days)) <= MOST_SESSIONS:
        raise _too_many()
    found = []
    for day in sorted(set(days)):
        starts_at = moment_of(day, starts, zone, field="starts")
        ends_at = moment_of(day_of_end(day, starts, ends), ends, zone, field="ends")
        minutes = (ends_at - starts_at) // timedelta(minutes=1) - break_minutes
        if ends_at > starts_at and minutes < 1:
            raise Refusal(_("The breaks leave no time."), code="breaks", field="break_minutes")
        if refusal := times_refusal(starts_at, ends_at, minutes):
            raise refusal
        found.append(Planned(starts_at, ends_at, minutes))
    return found


def day_of_end(day: date, starts: time, ends: time) -> date:
    """Past midnight where the end is earlier than the start, as a night café writes it; equal times are a slip."""
    night = starts >= time(17) and ends <= time(6)
    return _later(day, 1) if night and ends < starts else day


def remarks_on(activity: Activity, planned: Sequence[Planned], now: datetime) -> list[str]:
    """For each session to be what a coordinator should see before it is written; empty where nothing is odd."""
    standing = list(activity.sessions.exclude(state=Session.State.CANCELLED))
    return [_remark(one, standing, now) for one in planned]


def _remark(one: Planned, standing: list[Session], now: datetime) -> str:
    if one.ends_at <= now:
        return _("This day is over.")
    for session in standing:
        if session.starts_at < one.ends_at and one.starts_at < session.ends_at:
            times = {"start": words.clock(session.starts_local), "end": words.clock(session.ends_local)}
            return _("There is a session from %(start)s to %(end)s already.") % times
    return ""
