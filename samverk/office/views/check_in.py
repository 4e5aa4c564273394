"""Checking in at the door: the camera page, a ticket that a phone's own camera opened, the code on the wall.

The camera page keeps a digest of each ticket and sends its scans through the sheet's outbox, so it works without
network. Everything ends in the commands of checking in.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from samverk.activities import wall_codes
from samverk.activities.check_in_queries import seen_by_row, sessions_at_the_door, tickets_for_device
from samverk.activities.check_in_rules import self_check_in_refusal, unknown_ticket
from samverk.activities.commands.checking_in import Arrival, scan_ticket
from samverk.activities.models import Attendance, Registration, Session
from samverk.activities.permissions import activities_in_office, may_take_attendance
from samverk.activities.posters import check_in_poster
from samverk.activities.sheet_queries import counts_of, row_of, rows_of
from samverk.activities.tickets import code_in, ticket_of
from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import typed_code
from samverk.office.views.attendance import frame_of, session_of
from samverk.office.views.undo import undo_address
from samverk.people.rules import shown_name
from samverk.post.composing import absolute


@require_safe
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    """The camera page of a session: scan one ticket after the other; a code can be typed, too."""
    session = session_of(request, code, to_mark=True)
    context = {**frame_of(request, session, counts_of(session)), "tickets": tickets_for_device(session)}
    return render(request, "office/check_in/camera.html", context)


@require_POST
def check_in_typed(request: HttpRequest, code: str) -> HttpResponse:
    """A code that was typed, where no script keeps it."""
    session = session_of(request, code, to_mark=True)
    try:
        arrival = _scanned(request, session, request.POST.get("code", ""))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        _tell(request, arrival)
    return redirect("office:check_in", code)


def _scanned(request: HttpRequest, session: Session, text: str) -> Arrival:
    registration = ticket_of(code_in(text))
    if registration is None:
        raise unknown_ticket()
    return scan_ticket(session, registration, by=actor_of(request))


def _tell(request: HttpRequest, arrival: Arrival) -> None:
    """Who it was, as a list may show the name."""
    name = {"name": row_of(arrival.row).name}
    if arrival.is_again:
        marked = arrival.row.marked_at
        at = {"time": words.clock(marked.astimezone(arrival.row.session.zone)) if marked else "–"}
        flash.tell(request, _("%(name)s was scanned already, at %(time)s.") % (name | at), kind="wait")
    else:
        flash.tell(request, _("Here: %(name)s.") % name, undo=undo_address(arrival.row))


# ---------- a ticket opened by a phone's own camera ----------


@require_safe
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """Who it is, and one button for each session that is on."""
    registration = _registration_of(request, code)
    sessions = sessions_at_the_door(registration.activity, timezone.now(), registration)
    rows = Attendance.objects.filter(registration=registration, session__in=sessions)
    by_session = {row.session_id: row for row in rows.select_related("session")}
    context = {
        "registration": registration,
        "activity": registration.activity,
        "programme": registration.activity.programme,
        "name": _listed_name(registration),
        "doors": [(session, _row(by_session.get(session.pk), session)) for session in sessions],
    }
    return render(request, "office/check_in/ticket.html", context)


def _row(row: Attendance | None, session: Session) -> Any:
    if row is None:
        return None
    row.session = session
    return row_of(row)


def _listed_name(registration: Registration) -> str:
    return shown_name(registration.person) if registration.person else registration.name


def _registration_of(request: HttpRequest, code: str) -> Registration:
    """A ticket of an activity whose attendance one takes; for others the office has none."""
    found = ticket_of(typed_code(code))
    if found is None or not activities_in_office(request.user).filter(pk=found.activity_id).exists():
        raise Http404
    sessions = sessions_at_the_door(found.activity, timezone.now())
    if not sessions or not may_take_attendance(request.user, sessions[0]):
        raise PermissionDenied if sessions else Http404
    return found


@require_POST
def ticket_mark(request: HttpRequest, code: str, session: str) -> HttpResponse:
    registration = _registration_of(request, code)
    one = get_object_or_404(Session, code=session, activity=registration.activity_id)
    one.activity = registration.activity
    try:
        _tell(request, scan_ticket(one, registration, by=actor_of(request)))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    return redirect("office:ticket", registration.check_in_code)


# ---------- what a watching screen asks ----------


@require_safe
def attendance_news(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing while the sheet is as the screen knows it; else its version, what each row shows, and the rows asked for."""
    session = session_of(request, code)
    if request.GET.get("version") == str(session.sheet_version):
        return HttpResponse(status=204)
    asked = [int(row) for row in request.GET.get("rows", "").split(",") if row.isdecimal() and row.isascii()]
    frame = frame_of(request, session, counts_of(session))

    def drawn(name: str, **more: Any) -> str:
        return render_to_string(f"office/attendance/{name}", frame | more, request=request)

    rows = rows_of(session, asked[:500]) if asked else []
    return JsonResponse({
        "version": session.sheet_version,
        "state": session.state,
        "seen": seen_by_row(session),
        "rows": {str(row.id): drawn("_row.html", row=row) for row in rows},
        "panels": {name: drawn(f"_{name}.html") for name in ("said", "counter", "rest", "done")},
    })  # fmt: skip


# ---------- the wall ----------


@require_safe
def wall(request: HttpRequest, code: str) -> HttpResponse:
    """For the big screen: the code that stands now, as QR and in letters. Asked for again at each change."""
    session, now = session_of(request, code, to_mark=True), timezone.now()
    shown = wall_codes.wall_code(session, now)
    here = _here_address(session)
    context = {
        "session": session,
        "activity": session.activity,
        "programme": session.activity.programme,
        "why_not": self_check_in_refusal(session, now),
        "code": f"{shown[:3]} {shown[3:]}",
        "address": f"{here}?code={shown}",
        "typed_address": here.partition("://")[2].rstrip("/"),
        "seconds": wall_codes.seconds_left(now),
        "here": counts_of(session).here,
    }
    # The room reads it, so it speaks the activity's language.
    with override(session.activity.language):
        return render(request, "office/check_in/wall.html", context)


def _here_address(session: Session) -> str:
    """The page where people check in, in the activity's language."""
    with override(session.activity.language):
        return absolute(reverse("portal:here"))


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet for the door: where to check in, and how."""
    session = session_of(request, code)
    here = _here_address(session)
    answer = HttpResponse(
        check_in_poster(session, here, session.activity.language), content_type="application/pdf"
    )
    answer["Content-Disposition"] = content_disposition_header(
        True, f"{session.activity.title} – {_('poster')}.pdf"
    )
    return answer
