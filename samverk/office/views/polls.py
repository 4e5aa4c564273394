"""Finding a time: asking, everybody's answers, choosing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Activity
from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.polls import PollForm, TimeSet
from samverk.office.views.activities import activity_of
from samverk.office.views.undo import undo_address
from samverk.people.rules import shown_name
from samverk.polls import commands
from samverk.polls.choices import MOST_TIMES, Answer, PollState
from samverk.polls.messages import shared_address
from samverk.polls.models import Poll, Voice
from samverk.polls.permissions import may_ask_for_a_time, polls_visible_to
from samverk.polls.queries import Matrix, matrix_of
from samverk.polls.rules import answering_refusal

MARKS = {Answer.YES: ("ok", "check"), Answer.IF_NEED_BE: ("wait", "circle-dot"), Answer.NO: ("off", "x")}


@require_safe
def polls(request: HttpRequest, code: str) -> HttpResponse:
    """The questions for a time of this activity."""
    found = activity_of(request, code)
    context = {
        "activity": found, "programme": found.programme, "may_ask": may_ask_for_a_time(request.user, found),
        "polls": polls_visible_to(request.user).filter(activity=found).select_related("session"),
    }  # fmt: skip
    return render(request, "office/polls/list.html", context)


def poll_create(request: HttpRequest, code: str) -> HttpResponse:
    found = activity_of(request, code)
    if not may_ask_for_a_time(request.user, found):
        raise PermissionDenied
    zone, more = found.programme.time_zone, "more_times" in request.POST
    form = PollForm(
        request.POST if request.method == "POST" and not more else None,
        zone=zone,
        initial=_start(request, found),
    )
    times = _times(request, zone, more)
    if request.method == "POST" and not more and _is_whole(form, times):
        try:
            made = commands.ask_for_a_time(found, times=times.spans(), by=actor_of(request), **form.facts())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("The question goes out in a minute."), kind="info")
            return redirect("office:poll", made.code)
    context = {
        "form": form,
        "times": times,
        "activity": found,
        "programme": found.programme,
        "most": MOST_TIMES,
    }
    status = 422 if request.method == "POST" and not more else 200
    return render(request, "office/polls/create.html", context, status=status)


def _is_whole(form: PollForm, times: Any) -> bool:
    """Both are asked, so that everything that is wrong is said at once."""
    whole = [form.is_valid(), times.is_valid()]
    return all(whole) and form.refuse(times.spans())


def _start(request: HttpRequest, found: Activity) -> dict[str, Any]:
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in PollForm.base_fields}
        return typed | {"asks_registered": "asks_registered" in request.POST}
    soon = timezone.localdate() + timedelta(days=7)
    return {"title": found.title, "asks_registered": True, "last_day": soon, "last_hour": "18:00"}


def _times(request: HttpRequest, zone: str, more: bool) -> Any:
    if request.method != "POST":
        return TimeSet(form_kwargs={"zone": zone})
    typed = request.POST.copy()
    if more:
        number = typed.get("form-TOTAL_FORMS", "")
        wanted = int(number[:3]) + 1 if number.isdecimal() and number.isascii() else 1
        typed["form-TOTAL_FORMS"] = str(min(wanted, MOST_TIMES))
    times = TimeSet(typed, form_kwargs={"zone": zone})
    if more:
        for one in times.forms:
            one._errors = {}
    return times


@require_safe
def poll(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody's answers, the best times first in words."""
    found = _poll(request, code)
    matrix = matrix_of(found)
    may_choose = may_ask_for_a_time(request.user, found.activity)
    context = {
        "poll": found, "activity": found.activity, "programme": found.activity.programme, "matrix": matrix,
        "rows": [_row(voice, answers, matrix) for voice, answers in matrix.rows],
        "may_choose": may_choose and found.state != PollState.DECIDED,
        "is_open": answering_refusal(found, timezone.now()) is None,
        "shared": shared_address(found) if may_choose else "",
    }  # fmt: skip
    return render(request, "office/polls/poll.html", context)


def _row(voice: Voice, answers: list[str], matrix: Matrix) -> dict[str, Any]:
    """A row of the table in words; an answer is a sign and a word, never a colour alone."""
    cells = []
    for one, said in zip(matrix.times, answers, strict=True):
        when = f"{words.day(one.time.starts_local, weekday=False)} {words.clock(one.time.starts_local)}"
        cells.append((when, Answer(said).label, *MARKS[Answer(said)]) if said else (when, "–", "", ""))
    return {"voice": voice, "name": shown_name(voice.person) if voice.person else voice.name, "cells": cells}


def _poll(request: HttpRequest, code: str, *, to_choose: bool = False) -> Poll:
    visible = polls_visible_to(request.user).select_related("activity__programme", "session")
    found = get_object_or_404(visible, code=code)
    if to_choose and not may_ask_for_a_time(request.user, found.activity):
        raise PermissionDenied
    return found


@require_POST
def poll_choose(request: HttpRequest, code: str) -> HttpResponse:
    """A time becomes a session; who was asked is told in a minute."""
    found = _poll(request, code, to_choose=True)
    number = request.POST.get("time", "")
    time = found.times.filter(pk=int(number) if number.isdecimal() and len(number) < 12 else 0).first()
    if time is None:
        flash.tell(request, _("Choose one of the times."), kind="bad")
        return redirect("office:poll", code)
    try:
        chosen = commands.choose_time(found, time, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(
            request, _("The time is chosen. Who was asked is told in a minute."), undo=undo_address(chosen)
        )
    return redirect("office:poll", code)


@require_POST
def poll_close(request: HttpRequest, code: str) -> HttpResponse:
    found = _poll(request, code, to_choose=True)
    commands.close_poll(found, by=actor_of(request))
    flash.tell(request, _("The question is closed."), kind="info")
    return redirect(reverse("office:poll", args=[code]))
