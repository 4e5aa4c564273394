"""Live questions of a session: prepared, shown, stopped; moderation; the wall; results afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Session
from samverk.activities.permissions import may_take_attendance, sessions_visible_to
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.live import commands
from samverk.live.models import LiveQuestion, Room
from samverk.live.permissions import floor_visible_to, questions_visible_to
from samverk.live.queries import results_of, signature_of
from samverk.live.rules import choices_of
from samverk.office.forms.live import LiveQuestionForm


def _session(request: HttpRequest, code: str, *, to_write: bool = True) -> Session:
    visible = sessions_visible_to(request.user).select_related("activity__programme")
    found = get_object_or_404(visible, code=code)
    if to_write and not may_take_attendance(request.user, found):
        raise PermissionDenied
    return found


@require_safe
def live(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _session(request, code, to_write=False), LiveQuestionForm(initial={"kind": "poll"}))


def _page(request: HttpRequest, found: Session, form: LiveQuestionForm, status: int = 200) -> HttpResponse:
    room = Room.objects.filter(session=found).select_related("current").first()
    questions = list(room.questions.all()) if room else []
    rows = [
        {"results": one, "question": one.question, "choices": choices_of(one.question)}
        for one in results_of(questions, with_hidden=True)
    ]
    context = {
        "session": found, "activity": found.activity, "programme": found.activity.programme, "room": room,
        "rows": rows, "form": form, "may_write": may_take_attendance(request.user, found),
    }  # fmt: skip
    return render(request, "office/live/live.html", context, status=status)


@require_safe
def live_wall(request: HttpRequest, code: str) -> HttpResponse:
    """What the room sees: where to answer, the question, the answers as they come."""
    found = _session(request, code)
    room = Room.objects.filter(session=found, is_open=True).select_related("current").first()
    if room is None:
        return redirect("office:live", code)
    context = {
        "session": found, "activity": found.activity, "programme": found.activity.programme, "room": room,
        "address": settings.SAMVERK_ADDRESS + reverse("live:room", args=[room.code]),
        "short": (settings.SAMVERK_ADDRESS + reverse("live:door")).split("//", 1)[-1],
        "signature": signature_of(room, is_wall=True),
        "results": results_of([room.current])[0] if room.current else None,
    }  # fmt: skip
    return render(request, "office/live/wall.html", context)


def _then(request: HttpRequest, code: str, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    return redirect("office:live", code)


@require_POST
def live_open(request: HttpRequest, code: str) -> HttpResponse:
    found = _session(request, code)
    return _then(request, code, lambda: commands.open_room(found, by=actor_of(request)))


@require_POST
def live_close(request: HttpRequest, code: str) -> HttpResponse:
    found = _session(request, code)
    get_object_or_404(Room, session=found)
    return _then(request, code, lambda: commands.close_room(found, by=actor_of(request)))


@require_POST
def live_add(request: HttpRequest, code: str) -> HttpResponse:
    found = _session(request, code)
    form = LiveQuestionForm(request.POST)
    if form.is_valid():
        try:
            commands.add_live_question(found, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return redirect("office:live", code)
    return _page(request, found, form, 422)


def _question(request: HttpRequest, code: str) -> LiveQuestion:
    related = questions_visible_to(request.user).select_related("room__session__activity__programme")
    found = get_object_or_404(related, code=code)
    if not may_take_attendance(request.user, found.room.session):
        raise PermissionDenied
    return found


@require_POST
def live_show(request: HttpRequest, code: str) -> HttpResponse:
    found = _question(request, code)
    return _then(
        request, found.room.session.code, lambda: commands.show_question(found, by=actor_of(request))
    )


@require_POST
def live_stop(request: HttpRequest, code: str) -> HttpResponse:
    found = _question(request, code)
    return _then(
        request, found.room.session.code, lambda: commands.stop_question(found, by=actor_of(request))
    )


@require_POST
def live_reveal(request: HttpRequest, code: str) -> HttpResponse:
    found = _question(request, code)
    return _then(
        request, found.room.session.code, lambda: commands.reveal_results(found, by=actor_of(request))
    )


@require_POST
def live_type(request: HttpRequest, code: str) -> HttpResponse:
    """Staff type for somebody without a phone."""
    found = _question(request, code)
    value = request.POST.get("value", "")
    return _then(
        request, found.room.session.code, lambda: commands.type_vote(found, value, by=actor_of(request))
    )


@require_POST
def live_hide(request: HttpRequest, code: str) -> HttpResponse:
    return _hide(request, code, is_hidden=True)


@require_POST
def live_unhide(request: HttpRequest, code: str) -> HttpResponse:
    return _hide(request, code, is_hidden=False)


def _hide(request: HttpRequest, code: str, *, is_hidden: bool) -> HttpResponse:
    related = "question__room__session__activity__programme"
    found = get_object_or_404(floor_visible_to(request.user).select_related(related), code=code)
    session = found.question.room.session
    if not may_take_attendance(request.user, session):
        raise PermissionDenied
    return _then(
        request, session.code, lambda: commands.hide_asked(found, is_hidden=is_hidden, by=actor_of(request))
    )
