"""What activities hold about somebody: her registrations, and the sheets she stands on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.activities.messages import organisation_words
from samverk.activities.models import Attendance, Session
from samverk.activities.presences import stay_of
from samverk.activities.queries import registrations_of_person
from samverk.kit import words
from samverk.kit.exports import Line, Part, Table


def part_of_person(person: Any) -> Part:
    rows = Attendance.objects.filter(person=person).select_related(
        "session__activity__programme", "organisation"
    )
    found = list(rows.order_by("session__starts_at", "pk"))
    return Part(_("Meetings"), [_registrations(person), _attendance(found)], lines=_lines(found))


def _registrations(person: Any) -> Table:
    return Table(
        "registrations",
        _("My registrations"),
        [
            ("activity", _("Activity")), ("programme", _("Programme")), ("starts_at", _("Starts")), ("state", _("State")),
            ("organisation", _("For")), ("group", _("Group")), ("note", _("What I wrote")), ("registered_at", _("Registered")),
        ],
        [
            {
                "activity": one.activity.title, "programme": one.activity.programme.name,
                "starts_at": one.starts_at, "state": one.get_state_display(),
                "organisation": organisation_words(one), "group": one.cohort.name if one.cohort else "", "note": one.note, "registered_at": one.registered_at,
            }
            for one in registrations_of_person(person)
        ],
    )  # fmt: skip


def minutes_here(row: Attendance) -> int:
    """Whole minutes of a stay in a closed session; 0 where she was not here or nobody has closed the sheet."""
    return stay_of(row, row.session)[1] if row.was_here and row.session.is_closed else 0


def _attendance(rows: list[Attendance]) -> Table:
    return Table(
        "attendance",
        _("My attendance"),
        [
            ("day", _("Day")), ("starts", _("From")), ("ends", _("To")), ("activity", _("Activity")),
            ("session", _("Session")), ("programme", _("Programme")), ("mark", _("Attendance")),
            ("minutes", _("Minutes")), ("organisation", _("On behalf of")), ("proof", _("Proof")),
        ],
        [
            {
                "day": row.session.starts_local.date(), "starts": f"{row.session.starts_local:%H:%M}",
                "ends": f"{row.session.ends_local:%H:%M}", "activity": row.session.activity.title,
                "session": row.session.title, "programme": row.session.activity.programme.name,
                "mark": row.get_mark_display(), "minutes": minutes_here(row),
                "organisation": str(row.organisation or row.organisation_typed), "proof": row.get_evidence_display(),
            }
            for row in rows
        ],
    )  # fmt: skip


def _lines(rows: list[Attendance]) -> list[Line]:
    """Where she was: absences stand in the archive, not on the page."""
    here = [row for row in rows if row.was_here and row.session.state != Session.State.CANCELLED]
    return [
        Line(
            day=row.session.starts_local.date(),
            title=row.session.activity.title,
            words=" · ".join(part for part in (row.session.title, _length(row)) if part),
            minutes=minutes_here(row),
        )
        for row in here
    ]


def _length(row: Attendance) -> str:
    minutes = minutes_here(row)
    return words.hours(minutes) if minutes else _("The sheet is not closed yet")
