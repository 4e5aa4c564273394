"""The outbox of a device: taps and scans it kept while it had no network, sent as a batch and each taken once."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.activities.check_in_rules import unknown_ticket
from samverk.activities.commands.attendance import mark_attendance
from samverk.activities.commands.checking_in import Arrival, scan_row, scan_ticket
from samverk.activities.models import Attendance, Session
from samverk.activities.sheet_queries import counts_of, row_of, rows_of
from samverk.activities.tickets import code_in, ticket_of
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.attendance import MarkForm
from samverk.office.views.attendance import first_error, frame_of, session_of

# A phone sends what it gathered while it had no network; a whole conference fits.
MOST_MARKS = 500
# What a page shows around the rows; a page that shows less asks for less.
PANELS = ("said", "counter", "rest", "done")


@require_POST
def attendance_marks(request: HttpRequest, code: str) -> HttpResponse:
    """A batch of taps of one device, as JSON: {"device", "marks": [{"id", "row", "mark", "came", "left", "seen", "tapped_at"}]}.

    A tap with ``scan`` is a scanned ticket: by its row where the device knew it, else by its code in ``scan``.
    Answers what was taken, what was refused and why, and the rows and counts as they are now; for scans who it was.
    """
    session = session_of(request, code, to_mark=True)
    try:
        # A form's body was read when it was checked against forgery; a batch is JSON and nothing else.
        sent = json.loads(request.body if request.content_type == "application/json" else "")
        marks, device = list(sent["marks"])[:MOST_MARKS], str(sent["device"])[:40]
        panels = [name for name in PANELS if name in sent.get("panels", PANELS)]
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"reason": _("The marks could not be read. Load the page again.")}, status=400)
    taken, refused, arrived = [], [], {}
    for one in marks:
        try:
            arrival = _take(request, session, one, device)
        except Refusal as no:
            told = {"reason": str(no.reason), "code": no.code}
            refused.append({"id": _text(one, "id"), "row": _text(one, "row"), **told})
        else:
            taken.append(_text(one, "id"))
            if arrival:
                arrived[_text(one, "id")] = _arrived(arrival)
    said = {"taken": taken, "refused": refused, "arrived": arrived}
    return JsonResponse({**said, **_as_it_is(request, session, marks, panels)})


def _arrived(arrival: Arrival) -> dict[str, Any]:
    """Who a scanned ticket was, for the device that did not know it."""
    row = row_of(arrival.row)
    return {"row": str(row.id), "name": row.name, "organisation": row.organisation, "again": arrival.is_again}


def _text(one: Any, name: str) -> str:
    return str(one.get(name, "")) if isinstance(one, dict) else ""


def _take(request: HttpRequest, session: Session, one: Any, device: str) -> Arrival | None:
    """One tap of a batch; refused where it can never be taken."""
    unreadable = Refusal(_("This mark could not be read. Mark the row again."), code="unreadable")
    try:
        mark_id, tapped_at = uuid.UUID(_text(one, "id")), parse_datetime(_text(one, "tapped_at"))
    except ValueError:
        raise unreadable from None
    if tapped_at is None or timezone.is_naive(tapped_at):
        raise unreadable
    facts = {"by": actor_of(request), "device": device}
    code = code_in(_text(one, "scan"))
    if code:
        return _take_ticket(session, code, facts | {"scan_id": mark_id, "scanned_at": tapped_at})
    row = _row_named(session, _text(one, "row"), unreadable)
    if _text(one, "scan"):
        return scan_row(row, scan_id=mark_id, scanned_at=tapped_at, seen=_text(one, "seen") or None, **facts)
    form = MarkForm({name: _text(one, name) for name in ("mark", "came", "left", "seen")}, session=session)
    if not form.is_valid():
        raise Refusal(first_error(form), code="mark")
    facts |= form.facts() | {"mark_id": mark_id, "tapped_at": tapped_at}
    mark_attendance(row, form.cleaned_data["mark"], **facts)
    return None


def _take_ticket(session: Session, code: str, facts: dict[str, Any]) -> Arrival:
    registration = ticket_of(code)
    if registration is None:
        raise unknown_ticket()
    return scan_ticket(session, registration, **facts)


def _row_named(session: Session, number: str, unreadable: Refusal) -> Attendance:
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        raise unreadable
    row = Attendance.objects.filter(pk=int(number), session=session).first()
    if row is None:
        raise Refusal(_("This person is no longer on the list."), code="gone")
    row.session = session
    return row


def _as_it_is(request: HttpRequest, session: Session, marks: list[Any], panels: list[str]) -> dict[str, Any]:
    frame = frame_of(request, session, counts_of(session))
    numbers = (_text(one, "row") for one in marks if isinstance(one, dict) and not one.get("scan"))
    touched = [
        int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 18
    ]
    rows = {str(row.id): row for row in rows_of(session, touched)} if touched else {}

    def drawn(name: str, **more: Any) -> str:
        return render_to_string(f"office/attendance/{name}", frame | more, request=request)

    return {
        "rows": {row_id: drawn("_row.html", row=row) for row_id, row in rows.items()},
        "panels": {name: drawn(f"_{name}.html") for name in panels},
    }
