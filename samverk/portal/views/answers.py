"""My answers to what an activity asks: read and changed by the person herself, signed in; others hold a link only.

Protected answers come by POST alone, so that neither history nor a screen left open shows them.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samverk.activities.choices import LIVE
from samverk.activities.messages import PLACE_LINK
from samverk.activities.models import Registration
from samverk.asking.commands.answering import change_given
from samverk.asking.forms import Questionnaire
from samverk.asking.models import Sealed
from samverk.asking.queries import answers_of, items_for
from samverk.asking.rules import Item, changing_refusal
from samverk.asking.sealing import opened
from samverk.asking.wording import promise_of
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import read_link
from samverk.kit.forms import Form
from samverk.questions.answers import open_file, shown


class GivenForm(Form):
    """What one answered, to be changed."""

    def __init__(self, *args: Any, questions: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.fields.update(questions.fields())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name, why in self.questions.missing(values).items():
            self.add_error(name, why)
        return values

    @property
    def open_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.questions.open_names]

    @property
    def protected_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.questions.protected_names]


@never_cache
def place_answers(request: HttpRequest, token: str) -> HttpResponse:
    """What I answered. What is protected stands here after "Show" only."""
    found = _own(request, token)
    items = items_for(found)
    if not items:
        return redirect("portal:place", token=token)
    sealed = Sealed.objects.filter(registration=found).first()
    shows = request.method == "POST" and "show" in request.POST
    with_protected = sealed is None or shows or "protected" in request.POST
    kept = answers_of(found) | (opened(sealed.content) if sealed and shows else {})
    questions = _questions(items, kept, found.comes_as, with_protected=with_protected)
    sent = request.method == "POST" and not shows
    form = GivenForm(request.POST if sent else None, request.FILES if sent else None, questions=questions)
    refusal = changing_refusal(found, timezone.now())
    if sent and refusal is None and form.is_valid():
        try:
            change_given(
                found, _with_files(questions, form.cleaned_data, kept), by=actor_of(request),
                with_protected=with_protected,
            )  # fmt: skip
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("Your answers are saved."))
            return redirect("portal:place", token=token)
    plain = [one.question for one in items if not one.question.is_sensitive]
    context = {
        "registration": found, "activity": found.activity, "token": token, "form": form, "refusal": refusal,
        "sealed": sealed, "hides": not with_protected, "shows": with_protected,
        "promise": promise_of(found.activity, items),
        "files": [one for one in shown(plain, answers_of(found)) if one.is_file and one.value],
        "shown": shown(plain, answers_of(found)) if refusal else [],
    }  # fmt: skip
    return render(request, "portal/answers/answers.html", context, status=422 if form.errors else 200)


def _questions(items: list[Item], kept: dict[str, Any], role: str, *, with_protected: bool) -> Questionnaire:
    asked = [one for one in items if with_protected or not one.question.is_sensitive]
    # Her role is settled: the questions are those of it already.
    return Questionnaire(asked, role=role, says_last=False, last=kept)


def _with_files(questions: Questionnaire, cleaned: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """A file that was sent before stays where no other is sent."""
    keys = {one.question.key for one in questions.items}
    before = {key: value for key, value in kept.items() if key in keys and isinstance(value, dict)}
    return before | questions.answers(cleaned)


@never_cache
@require_safe
def place_answer_file(request: HttpRequest, token: str, key: str) -> FileResponse:
    """A file that I sent."""
    kept = answers_of(_own(request, token)).get(key)
    if not isinstance(kept, dict):
        raise Http404
    return uploads.download(open_file(kept), kept["name"], kept["media_type"])


def _own(request: HttpRequest, token: str) -> Registration:
    """The registration of the link, for the person herself and nobody else."""
    link = read_link(PLACE_LINK, token)
    if link is None:
        raise Http404
    mine = Registration.objects.filter(person=request.user, state__in=LIVE)
    related = mine.select_related("activity__programme", "given", "organisation")
    return get_object_or_404(related, pk=link[0], link_version=link[1])
