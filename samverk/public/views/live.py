"""Phones in the room: what stands on the wall, answered without an account. One device, one vote."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.kit import flash
from samverk.kit.acting import Refusal, address_of
from samverk.kit.errors import too_many
from samverk.live import commands
from samverk.live.models import FloorQuestion, LiveQuestion, Room
from samverk.live.queries import results_of, room_by, signature_of, vote_of
from samverk.live.rules import choices_of
from samverk.trail.limits import is_within

COOKIE = "live"
COOKIE_DAYS = 1


def _device(request: HttpRequest) -> str:
    """A random number in a signed cookie: it says that it is the same device, and nothing of whose."""
    return request.get_signed_cookie(COOKIE, "", salt="samverk.live")


@require_safe
@login_not_required
def door(request: HttpRequest) -> HttpResponse:
    """The letters of the wall are typed here."""
    code = request.GET.get("code", "")
    found = room_by(code) if code else None
    if found:
        return redirect("live:room", found.code)
    # A whole hall may share one address, and some of it mistypes; who tries codes by the thousand is stopped.
    if code and not is_within("live-door", address_of(request), most=300, seconds=600):
        return too_many(request)
    return render(
        request, "public/live/door.html", {"code": code, "is_wrong": bool(code)}, status=422 if code else 200
    )


@require_safe
@login_not_required
def room(request: HttpRequest, code: str) -> HttpResponse:
    """What stands there now. Without script the page asks again by itself."""
    found = room_by(code)
    if found is None:
        return render(request, "public/live/door.html", {"code": code, "is_wrong": True}, status=404)
    answer = render(request, "public/live/room.html", _shown(request, found))
    if not _device(request):
        answer.set_signed_cookie(
            COOKIE, secrets.token_hex(16), salt="samverk.live", max_age=COOKIE_DAYS * 86_400, httponly=True,
            samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(request: HttpRequest, found: Room) -> dict[str, Any]:
    question = found.current
    context: dict[str, Any] = {
        "room": found,
        "question": question,
        "signature": signature_of(found, is_wall=False),
    }
    if question is None:
        return context
    if question.shows_results or question.kind == "floor":
        context["results"] = results_of([question])[0]
    mine = vote_of(question, commands.device_digest(question, _device(request))) if _device(request) else None
    return context | {"choices": choices_of(question), "mine": mine}


@require_safe
@login_not_required
def news(request: HttpRequest, code: str) -> HttpResponse:
    """Has anything changed? One query; 304 where nothing has. 500 phones ask every few seconds."""
    found = room_by(code)
    mark = f'"{signature_of(found, is_wall="wall" in request.GET)}"' if found else '"closed"'
    if request.headers.get("If-None-Match") == mark:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(mark, content_type="text/plain")
    answer["ETag"], answer["Cache-Control"] = mark, "no-cache"
    return answer


def _question(code: str, question: str) -> LiveQuestion:
    found = LiveQuestion.objects.select_related("room")
    return get_object_or_404(found, code=question, room__code=code, room__is_open=True)


def _done(request: HttpRequest, code: str, act: Any) -> HttpResponse:
    device = _device(request)
    try:
        if not device:
            raise Refusal(
                _("Your browser keeps no cookies. Ask the staff to type your answer."), code="device"
            )
        act(device)
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    return redirect("live:room", code)


@require_POST
@login_not_required
def vote(request: HttpRequest, code: str, question: str) -> HttpResponse:
    found = _question(code, question)
    return _done(
        request, code, lambda device: commands.vote(found, request.POST.get("value", ""), device=device)
    )


@require_POST
@login_not_required
def ask(request: HttpRequest, code: str, question: str) -> HttpResponse:
    found = _question(code, question)
    text = request.POST.get("text", "")
    device = _device(request) or address_of(request)
    if not is_within("live-ask", device, most=5, seconds=60) or not is_within(
        "live-room", code, most=200, seconds=60
    ):
        return too_many(request, minutes=1)
    return _done(request, code, lambda device: commands.ask_from_floor(found, text, device=device))


@require_POST
@login_not_required
def support(request: HttpRequest, code: str, asked: str) -> HttpResponse:
    visible = FloorQuestion.objects.filter(
        is_hidden=False, question__room__code=code, question__room__is_open=True
    )
    found = get_object_or_404(visible.select_related("question__room"), code=asked)
    return _done(request, code, lambda device: commands.support(found, device=device))
