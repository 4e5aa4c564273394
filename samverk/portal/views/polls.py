"""Answering a question for a time, without an account. Opening a link changes nothing; sending is a POST."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.kit import flash
from samverk.kit.acting import LINK, Actor, Refusal, address_of
from samverk.kit.codes import read_link
from samverk.kit.errors import too_many
from samverk.polls.choices import OWN_LINK, SHARED_LINK, Answer
from samverk.polls.commands import add_voice, answer_poll
from samverk.polls.messages import voice_token
from samverk.polls.models import Poll, Voice
from samverk.polls.queries import matrix_of
from samverk.polls.rules import answering_refusal
from samverk.portal.forms.polls import AnswersForm, NameForm
from samverk.trail.limits import is_within


@login_not_required
@never_cache
@require_safe
def poll(request: HttpRequest, token: str) -> HttpResponse:
    """The times, what I said, and how many can come when; nobody is named."""
    return _page(request, token, _voice(token))


@login_not_required
@require_POST
def poll_answer(request: HttpRequest, token: str) -> HttpResponse:
    voice = _voice(token)
    form = _form(voice, request.POST)
    if not form.is_valid():
        return _page(request, token, voice, form)
    by = Actor(person=voice.person, through=LINK, address=address_of(request))
    try:
        answer_poll(voice, answers=form.answers(), note=form.cleaned_data["note"], by=by)
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(
            request, _("Thank you, your answer is saved. You can change it until the last day."), kind="info"
        )
    return redirect("portal:poll", token)


@login_not_required
@never_cache
def poll_shared(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address writes a name, and gets a page of her own."""
    found = read_link(SHARED_LINK, token)
    if found is None:
        raise Http404
    asked = get_object_or_404(
        Poll.objects.select_related("activity__programme"), pk=found[0], link_version=found[1]
    )
    refusal, form = answering_refusal(asked, timezone.now()), NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = Actor(person=None, through=LINK, address=address_of(request))
        if not is_within("poll", by.address, most=60, seconds=60):
            return too_many(request, minutes=1)
        try:
            language = get_language() or settings.LANGUAGE_CODE
            voice = add_voice(asked, name=form.cleaned_data["name"], language=language, by=by)
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            return redirect("portal:poll", voice_token(voice))
    context = {"poll": asked, "activity": asked.activity, "form": form, "refusal": refusal, "token": token}
    return render(request, "portal/polls/shared.html", context, status=422 if form.errors else 200)


def _voice(token: str) -> Voice:
    found = read_link(OWN_LINK, token)
    if found is None:
        raise Http404
    related = Voice.objects.select_related("poll__activity__programme", "poll__session", "person")
    return get_object_or_404(related, pk=found[0], link_version=found[1])


def _form(voice: Voice, typed: Any = None) -> AnswersForm:
    times = list(voice.poll.times.all())
    for time in times:
        time.poll = voice.poll
    said = {f"time-{time}": answer for time, answer in voice.answers.values_list("time_id", "answer")}
    return AnswersForm(typed, times=times, initial=said | {"note": voice.note})


def _page(request: HttpRequest, token: str, voice: Voice, form: AnswersForm | None = None) -> HttpResponse:
    matrix = matrix_of(voice.poll)
    refusal = answering_refusal(voice.poll, timezone.now())
    context = {
        "poll": voice.poll, "voice": voice, "activity": voice.poll.activity, "token": token, "refusal": refusal,
        "form": None if refusal else form or _form(voice), "times": matrix.times, "answered": matrix.answered,
        "yes": Answer.YES.label, "session": voice.poll.session,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "portal/polls/poll.html", context, status=status)
