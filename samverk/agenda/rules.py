"""Facts of a programme: which day an item belongs to, which times it may have, and what fights over what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from samverk.activities.models import Session
from samverk.agenda.choices import ClashKind
from samverk.agenda.models import Agenda, AgendaItem, Speaker
from samverk.agenda.models.items import LONGEST_MINUTES
from samverk.kit import words
from samverk.kit.acting import Refusal
from samverk.kit.wall_clock import moment_of


def programme_day(moment: datetime, zone: ZoneInfo, day_change: int) -> date:
    """The day an item stands on: what begins after midnight belongs to the evening before, until the day changes."""
    here = moment.astimezone(zone)
    return here.date() - timedelta(days=1) if here.hour < day_change else here.date()


def moment_on(day: date, clock: time, zone: ZoneInfo, day_change: int) -> datetime:
    """The moment of a clock time on a programme's day: 00:30 is of the night after it.

    Raises Refusal `gap` or `overlap` (field `starts`) in the night the clock jumps.
    """
    calendar_day = day + timedelta(days=1) if clock.hour < day_change else day
    return moment_of(calendar_day, clock, zone, field="starts")


def bounds_of_day(day: date, zone: ZoneInfo, day_change: int) -> tuple[datetime, datetime]:
    """From when until when a programme's day lasts, as programme files say it: to the last minute of it."""
    start = datetime.combine(day, time(day_change), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(day_change), tzinfo=zone) - timedelta(minutes=1)
    return start, end


def minutes_refusal(minutes: int) -> Refusal | None:
    if 1 <= minutes <= LONGEST_MINUTES:
        return None
    return Refusal(_("Write a length from 1 to 1440 minutes."), code="minutes", field="minutes")


def session_for(sessions: Iterable[Session], starts_at: datetime, ends_at: datetime) -> Session | None:
    """The session that holds these times, or None."""
    for session in sessions:
        if session.starts_at <= starts_at and ends_at <= session.ends_at:
            return session
    return None


def nearest_session(sessions: Sequence[Session], starts_at: datetime) -> Session | None:
    """The session an item belongs to although its times lie outside; None where there is no session."""
    living = [one for one in sessions if one.state != Session.State.CANCELLED] or list(sessions)
    if not living:
        return None
    return min(living, key=lambda one: _distance(one, starts_at))


def _distance(session: Session, moment: datetime) -> timedelta:
    if moment < session.starts_at:
        return session.starts_at - moment
    return max(moment - session.ends_at, timedelta(0))


def outside_refusal(sessions: Sequence[Session]) -> Refusal:
    """No session holds these times: says which there are."""
    if not sessions:
        return Refusal(_("Add a session to the activity first."), code="no_session", field="day")
    held = "; ".join(
        f"{words.day(one.starts_local, weekday=False)} {words.span(one.starts_local, one.ends_local)}"
        for one in sessions[:6]
    )
    return Refusal(
        _("No session holds this time. Sessions: %(sessions)s. Change the time, or the session.")
        % {"sessions": held},
        code="outside",
        field="starts",
    )


def is_outside(item: AgendaItem) -> bool:
    """The item's session was moved, or a file said other times. Its session is loaded."""
    return not item.session.starts_at <= item.starts_at < item.ends_at <= item.session.ends_at


# ---------- clashes ----------


@dataclass(frozen=True)
class Use:
    """One item's use of a room or a person: whose, from when until when."""

    item: int
    subject: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Clash:
    """Two items that want one subject (a room's or speaker's id) at the same time; the smaller id first."""

    kind: str
    first: int
    second: int
    subject: int

    @property
    def pair(self) -> tuple[str, int, int]:
        return (self.kind, self.first, self.second)


def clashes_of(kind: ClashKind, uses: Iterable[Use]) -> list[Clash]:
    """Every two uses of one subject that overlap. Sorted sweep: what ends when the next begins is no clash."""
    by_subject: dict[int, list[Use]] = {}
    for use in uses:
        by_subject.setdefault(use.subject, []).append(use)
    found: dict[tuple[int, int], Clash] = {}
    for subject, own in by_subject.items():
        running: list[Use] = []
        for use in sorted(own, key=lambda one: (one.starts_at, one.item)):
            running = [one for one in running if one.ends_at > use.starts_at]
            for other in running:
                first, second = sorted((other.item, use.item))
                if first != second:
                    found.setdefault((first, second), Clash(kind.value, first, second, subject))
            running.append(use)
    return list(found.values())


# ---------- publishing and speakers ----------


def publishing_refusal(agenda: Agenda) -> Refusal | None:
    """A programme without an item is not published."""
    if not agenda.items.standing().exists():
        return Refusal(_("Add an item first. An empty programme tells nobody anything."), code="empty")
    return None


def confirming_refusal(speaker: Speaker) -> Refusal | None:
    """Why a name cannot be shown to the public, or None."""
    if speaker.is_protected:
        return Refusal(
            _("This person has a protected identity and stands on no public programme."), code="protected"
        )
    return None
