"""Reads for checking in: which session a ticket is for now, what a device keeps, what a watching screen asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from samverk.activities.choices import RegistrationState
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.activities.sheet_queries import rows_of
from samverk.activities.sheet_rules import SHEET_OPENS_BEFORE, seen_of
from samverk.activities.tickets import ticket_digest

# People are still marked while chairs are put away.
AFTER_THE_END = timedelta(hours=6)


def sessions_at_the_door(
    activity: Activity, now: datetime, registration: Registration | None = None
) -> list[Session]:
    """The sessions a ticket is scanned for now: those that run or begin soon, else the next one, else the last.

    With a registration only those its group comes to.
    """
    own = activity.sessions.of_cohort(registration.cohort_id) if registration else activity.sessions.all()
    planned = list(own.exclude(state=Session.State.CANCELLED))
    for session in planned:
        session.activity = activity
    near = [
        one for one in planned if one.starts_at - SHEET_OPENS_BEFORE <= now <= one.ends_at + AFTER_THE_END
    ]
    coming = [one for one in planned if one.starts_at > now]
    return near or coming[:1] or planned[-1:]


def tickets_for_device(session: Session) -> list[dict[str, Any]]:
    """What the camera page keeps: a digest for each ticket, its row, the name as a list shows it. No code in clear."""
    codes = dict(
        Registration.objects.filter(
            attendances__session=session, state=RegistrationState.CONFIRMED
        ).values_list("attendances__pk", "check_in_code")
    )
    return [
        {
            "digest": ticket_digest(session, codes[row.id]), "row": str(row.id), "name": row.name,
            "organisation": row.organisation, "mark": row.mark, "seen": row.seen, "scanned": row.is_scanned,
        }
        for row in rows_of(session)
        if row.id in codes
    ]  # fmt: skip


def seen_by_row(session: Session) -> dict[str, str]:
    """What each row of a sheet shows now, in its order: a watching screen finds by it what has changed."""
    rows = Attendance.objects.filter(session=session).order_by("sort_key", "id")
    shown = rows.only("mark", "came_at", "left_at", "is_disputed")
    return {str(row.pk): seen_of(row) for row in shown}
