"""Attendance of a session: the sheet on a phone, one tap a person, and the outbox that survives a dead network.

Each row is a form of its own and works without script. With htmx one row is swapped; with the outbox module taps are
kept on the device and sent as a batch. All three ways end in the same command.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import Mark
from samverk.activities.commands import attendance as commands
from samverk.activities.models import Attendance, Session
from samverk.activities.permissions import may_take_attendance, people_visible_to, sessions_visible_to
from samverk.activities.sheet_queries import SheetCounts, SheetRow, counts_of, row_of, rows_of
from samverk.activities.sheet_rules import SHEET_OPENS_BEFORE, closing_refusal
from samverk.directory.models import Organisation
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import typed_code
from samverk.kit.fold import fold
from samverk.office.forms.attendance import HeadsForm, LinkForm, MarkForm, WalkInForm
from samverk.office.views.undo import undo_address
from samverk.people.commands import create_person
from samverk.people.models import Person
from samverk.programmes.permissions import organisations_visible_to

SHOWS = {"": None, "unmarked": "none", "absent": "absent", "disputed": "!"}


def session_of(request: HttpRequest, code: str, *, to_mark: bool = False) -> Session:
    """A session of an activity the person works with; marking needs more than seeing."""
    visible = sessions_visible_to(request.user).select_related("activity__programme")
    session = get_object_or_404(visible, code=code)
    if to_mark and not may_take_attendance(request.user, session):
        raise PermissionDenied
    return session


def _row_of(session: Session, row: int) -> Attendance:
    found = get_object_or_404(Attendance, pk=row, session=session)
    found.session = session
    return found


@require_safe
def attendance(request: HttpRequest, code: str) -> HttpResponse:
    return _sheet(request, session_of(request, code))


def _sheet(request: HttpRequest, session: Session, **more: Any) -> HttpResponse:
    rows, asked, show = rows_of(session), request.GET.get("q", ""), request.GET.get("show", "")
    counts = counts_of(session)
    wanted = fold(asked).split()
    shown = [row for row in rows if _fits(row, wanted, show)]
    context = {
        "rows": shown,
        "asked": asked,
        "show": show,
        "tabs": _tabs(request, counts, show),
        "walk_in_form": WalkInForm(is_closed=session.is_closed, initial={"row_key": uuid.uuid4()}),
        "heads_form": HeadsForm(is_closed=session.is_closed, initial={"head_count": session.head_count}),
        **frame_of(request, session, counts),
        **more,
    }
    status = 422 if more.get("form") is not None else 200
    return render(request, "office/attendance/sheet.html", context, status=status)


def _fits(row: SheetRow, wanted: list[str], show: str) -> bool:
    if show == "disputed" and not row.is_disputed:
        return False
    if show in ("unmarked", "absent") and row.mark != SHOWS[show]:
        return False
    if wanted and row.is_protected:
        return False
    return all(any(part.startswith(word) for part in row.folded.split()) for word in wanted)


def _tabs(request: HttpRequest, counts: SheetCounts, show: str) -> list[dict[str, Any]]:
    numbers = [
        ("", _("All"), counts.rows),
        ("unmarked", _("Not marked"), counts.unmarked),
        ("absent", _("Absent"), counts.absent),
    ]
    if counts.disputed or show == "disputed":
        numbers.append(("disputed", _("Two answers"), counts.disputed))
    return [
        {"text": text, "href": f"?show={key}" if key else request.path, "count": number, "here": show == key}
        for key, text, number in numbers
    ]


def frame_of(request: HttpRequest, session: Session, counts: SheetCounts) -> dict[str, Any]:
    """What the page says around its rows, and what changes with each mark."""
    now = timezone.now()
    edited = request.GET.get("edit", "")
    return {
        "edited": int(edited) if edited.isdecimal() and edited.isascii() else 0,
        "session": session,
        "activity": session.activity,
        "programme": session.activity.programme,
        "counts": counts,
        "may_mark": may_take_attendance(request.user, session) and session.state != Session.State.CANCELLED,
        "is_early": now < session.starts_at - SHEET_OPENS_BEFORE,
        "has_begun": now >= session.starts_at,
        "has_ended": now >= session.ends_at,
        "closing_refusal": None if session.is_closed else closing_refusal(session, now),
    }


# ---------- one row ----------


@require_POST
def attendance_mark(request: HttpRequest, code: str, row: int) -> HttpResponse:
    """One tap from the page's own form."""
    session = session_of(request, code, to_mark=True)
    found = _row_of(session, row)
    form = MarkForm(request.POST, session=session)
    refusal = _mark(request, found, form) if form.is_valid() else first_error(form)
    if not request.headers.get("HX-Request"):
        return _back(request, session, found, refusal)
    context = {
        **frame_of(request, session, counts_of(session)),
        "row": row_of(found),
        "row_error": refusal,
        "is_part": True,
    }
    return render(request, "office/attendance/_answer.html", context, status=422 if refusal else 200)


def _mark(request: HttpRequest, row: Attendance, form: MarkForm) -> str:
    """Do it; the reason where it is refused."""
    try:
        commands.mark_attendance(
            row, form.cleaned_data["mark"], by=actor_of(request), device=_device(request), **form.facts()
        )
    except Refusal as no:
        return str(no.reason)
    return ""


def _device(request: HttpRequest) -> str:
    """The browser a plain form came from; the outbox names its device itself."""
    return (request.session.session_key or "")[:16]


def first_error(form: MarkForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _back(request: HttpRequest, session: Session, row: Attendance, refusal: str) -> HttpResponse:
    """To the row, in the list as it was filtered."""
    if refusal:
        flash.tell(request, refusal, kind="bad")
    kept = {name: request.POST[name] for name in ("q", "show") if request.POST.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(reverse("office:attendance", args=[session.code]) + f"{query}#r{row.pk}")


# ---------- the outbox ----------


@require_safe
def attendance_worker(request: HttpRequest, code: str) -> HttpResponse:
    """The service worker of this page alone: its address is its reach."""
    session_of(request, code)
    name = "office/attendance-worker.js"
    path = finders.find(name) or staticfiles_storage.path(name)
    with open(path, encoding="utf-8") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


# ---------- the whole sheet ----------


@require_POST
def attendance_rest(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody else was here, or absent."""
    session = session_of(request, code, to_mark=True)
    mark = Mark.HERE if request.POST.get("rest") == Mark.HERE else Mark.ABSENT
    try:
        number = commands.mark_rest(session, mark, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        here = ngettext("%(n)s more is marked as here.", "%(n)s more are marked as here.", number)
        absent = ngettext("%(n)s is marked absent.", "%(n)s are marked absent.", number)
        said = (here if mark == Mark.HERE else absent) % {"n": number}
        flash.tell(request, said, undo=undo_address(session) if number else "")
    return redirect("office:attendance", code)


@require_POST
def walk_in_add(request: HttpRequest, code: str) -> HttpResponse:
    session = session_of(request, code, to_mark=True)
    form = WalkInForm(request.POST, is_closed=session.is_closed)
    if form.is_valid():
        try:
            row = commands.add_walk_in(session, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is added and marked as here.") % {"name": row.name})
            return redirect(reverse("office:attendance", args=[code]) + f"#r{row.pk}")
    return _sheet(request, session, walk_in_form=form, form=form)


@require_POST
def walk_in_remove(request: HttpRequest, code: str, row: int) -> HttpResponse:
    session = session_of(request, code, to_mark=True)
    found = _row_of(session, row)
    try:
        commands.remove_walk_in(found, by=actor_of(request))
        flash.tell(request, _("%(name)s is taken off the list.") % {"name": found.name})
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    return redirect("office:attendance", code)


def walk_in_link(request: HttpRequest, code: str, row: int) -> HttpResponse:
    """Say who a walk-in was."""
    session = session_of(request, code, to_mark=True)
    found = _row_of(session, row)
    form = LinkForm(request.POST or None, initial={"organisation": found.organisation_typed})
    if request.method == "POST" and form.is_valid():
        try:
            person, organisation = _named(request, found, form.cleaned_data)
            commands.link_walk_in(
                found, person, by=actor_of(request), organisation=organisation, role=form.cleaned_data["role"]
            )
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s now stands for a person.") % {"name": found.name})
            return redirect(reverse("office:attendance", args=[code]) + f"#r{row}")
    context = {"form": form, "row": found, "session": session, "programme": session.activity.programme}
    return render(request, "office/attendance/link.html", context, status=422 if form.errors else 200)


def _named(
    request: HttpRequest, row: Attendance, asked: dict[str, Any]
) -> tuple[Person, Organisation | None]:
    """The person by exact e-mail or code among those one may see, or a new one of the walk-in's name."""
    organisation = _organisation(request, asked["organisation"].strip())
    who = asked["who"].strip()
    if not who:
        given, _space, family = row.name.rpartition(" ")
        return create_person(given or family, family if given else "", by=actor_of(request)), organisation
    visible = people_visible_to(request.user)
    found = visible.filter(email=who.lower()).first() or visible.filter(code=typed_code(who)).first()
    if found is None:
        raise Refusal(
            _("Nobody you work with has this address or code. Ask the person to register."),
            code="unknown",
            field="who",
        )
    return found, organisation


def _organisation(request: HttpRequest, asked: str) -> Organisation | None:
    if not asked:
        return None
    visible = organisations_visible_to(request.user)
    found = list(visible.filter(name__iexact=asked)[:2]) or list(visible.filter(code=typed_code(asked))[:1])
    if len(found) == 1:
        return found[0]
    said = (
        _("Several organisations have this name. Write the code.")
        if found
        else _("No organisation has this name or code. Add it first.")
    )
    raise Refusal(said, code="organisation", field="organisation")


@require_POST
def heads_count(request: HttpRequest, code: str) -> HttpResponse:
    session = session_of(request, code, to_mark=True)
    form = HeadsForm(request.POST, is_closed=session.is_closed)
    if form.is_valid():
        try:
            number = form.cleaned_data["head_count"]
            commands.count_heads(
                session, number, by=actor_of(request), reason=form.cleaned_data.get("reason", "")
            )
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("The number is saved."))
            return redirect("office:attendance", code)
    return _sheet(request, session, heads_form=form, form=form)


@require_POST
def session_close(request: HttpRequest, code: str) -> HttpResponse:
    """Done. The hours are posted; what is wrong can be corrected with a reason."""
    session = session_of(request, code, to_mark=True)
    try:
        commands.close_session(session, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("The sheet is done. The hours are being counted."), undo=undo_address(session))
    return redirect("office:attendance", code)


def next_session(sessions: list[Session]) -> Session | None:
    """The one whose attendance is taken next: running now, or the first that is not done."""
    now = timezone.now()
    open_ones = [
        one
        for one in sessions
        if one.state == Session.State.PLANNED and one.ends_at > now - timedelta(hours=6)
    ]
    return open_ones[0] if open_ones else None
