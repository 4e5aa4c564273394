"""What every write to a sheet shares: its lock, the guards, its version, and how a row is kept for undo."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.dateparse import parse_datetime

from samverk.activities.models import Activity, Attendance, Session
from samverk.kit.acting import Refusal
from samverk.kit.fold import sort_key
from samverk.kit.registers import attendance_guards
from samverk.people.models import Person


def locked_session(session_id: int) -> Session:
    """The session, locked: all writes to one sheet stand in a row."""
    locked = Session.objects.select_for_update(of=("self",)).select_related("activity__programme")
    return locked.get(pk=session_id)


def ask_guards(session: Session) -> None:
    """May the sheet change? Raises Refusal where a guard says no, as in a sealed period."""
    for _name, guard in attendance_guards:
        guard.may_change(session)


def tell_guards(session: Session) -> None:
    """A sheet has changed, in the same transaction: whoever watches it sees a new version, and the guards are told."""
    raise_versions([session])
    for _name, guard in attendance_guards:
        guard.changed(session)


def raise_versions(sessions: Iterable[Session]) -> None:
    """Screens that watch these sheets look again."""
    keys = [session.pk for session in sessions]
    Session.objects.filter(pk__in=keys).update(sheet_version=F("sheet_version") + 1)


def is_open_to_change(session: Session) -> bool:
    """Whether the guards let the sheet change."""
    try:
        ask_guards(session)
    except Refusal:
        return False
    return True


def scope_of(session: Session) -> str:
    """Whose log it stands in."""
    activity: Activity = session.activity
    return activity.programme.scope


def state_of(row: Attendance) -> dict[str, Any]:
    """What a row says, as the trail keeps it for undo."""
    return {
        "mark": str(row.mark),
        "came_at": _text(row.came_at),
        "left_at": _text(row.left_at),
        "is_disputed": row.is_disputed,
        "evidence": str(row.evidence),
        "away_minutes": row.away_minutes,
        "stays": row.stays,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def moment_of(text: str | None) -> datetime | None:
    """A time as the trail keeps it."""
    return parse_datetime(text) if text else None


def name_key(given_name: str, family_name: str) -> str:
    """By which a sheet is ordered."""
    return sort_key(f"{family_name or given_name} {given_name}", settings.LANGUAGE_CODE)


def walk_in_key(name: str, person: Person | None) -> str:
    """The same for somebody whose name was only heard."""
    if person:
        return person.sort_key
    given, _space, family = name.rpartition(" ")
    return name_key(given, family) if given else name_key(name, "")
