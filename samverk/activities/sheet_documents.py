"""The attendance list on paper: everybody expected, a line to sign, room for those who come besides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from samverk.activities.calendar_files import session_where
from samverk.activities.models import Session
from samverk.activities.sheet_queries import SheetRow
from samverk.kit import words
from samverk.kit.documents import Layout, layout_of, render
from samverk.programmes.documents import programme_sheet

# Lines for people nobody expected.
EMPTY_LINES = 4
_TEMPLATE = "activities/attendance"


def attendance_document(
    session: Session, rows: Iterable[SheetRow], language: str = "", *, codes: Sequence[str] = ()
) -> bytes:
    """The list with signature lines as PDF, in the reader's language. Protected people stand under their alias.

    ``codes``: one for each page (see ``attendance_layout``), printed large, so that a photo of the page finds back.
    """
    language = language or get_language() or "en"
    with override(language):
        return render(_TEMPLATE, _sheet_facts(session, rows), language, codes=codes)


def attendance_layout(session: Session, rows: Iterable[SheetRow], language: str) -> Layout:
    """How many pages the list takes, and the page of each row and of each empty line after them."""
    with override(language):
        return layout_of(_TEMPLATE, _sheet_facts(session, rows), language)


def _sheet_facts(session: Session, rows: Iterable[SheetRow]) -> dict[str, Any]:
    activity = session.activity
    listed = [{"name": row.name, "organisation": row.organisation} for row in rows]
    return {
        "sheet": programme_sheet(activity.programme, activity.title, code=session.code),
        "lead": _("Attendance, %(day)s, %(span)s") % _when(session),
        "facts": _facts(session),
        "head": ["", _("Name"), _("Organisation"), _("From–to"), _("Signature")],
        "rows": [*listed, *[{"name": "", "organisation": ""}] * EMPTY_LINES],
        "note": _("Sign for yourself only. Write times where you came later or left earlier."),
        "signature": _("Signature of whoever led the session"),
        "place_and_day": _("Place and date"),
    }


def _when(session: Session) -> dict[str, str]:
    return {
        "day": words.day(session.starts_local, year=True),
        "span": words.span(session.starts_local, session.ends_local),
    }


def _facts(session: Session) -> list[tuple[str, str]]:
    activity = session.activity
    leaders = ", ".join(
        str(leader.person)
        for leader in activity.leaders.select_related("person")
        if not leader.person.is_protected
    )
    known = [
        (_("Session"), session.title),
        (_("Where"), session_where(session)),
        (_("Leads"), leaders),
        (_("Component"), str(activity.component or "")),
        (_("Counts at most"), words.hours(session.planned_minutes)),
    ]
    return [(term, value) for term, value in known if value]
