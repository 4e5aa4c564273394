"""Evaluations of an activity: chosen, opened, closed; their results as charts and as PDF."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Activity
from samverk.evaluation.charts import change_chart, chart_of
from samverk.evaluation.commands import evaluations as commands
from samverk.evaluation.documents import results_document
from samverk.evaluation.models import Evaluation
from samverk.evaluation.named import named_answers
from samverk.evaluation.permissions import evaluations_visible_to, may_evaluate
from samverk.evaluation.queries import evaluations_of
from samverk.evaluation.results import answers_of, breakdown_of, can_divide, changes_of, results_of
from samverk.evaluation.rules import showing_refusal
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.evaluations import EvaluationForm
from samverk.office.views.activities import activity_of
from samverk.questions.commands.sets import take_shipped
from samverk.questions.models import QuestionSet
from samverk.questions.queries import questions_of, sets_to_use
from samverk.questions.wording import label_of, page_language

OPEN_DAYS = 14


def _activity(request: HttpRequest, code: str) -> Activity:
    found = activity_of(request, code)
    if not may_evaluate(request.user, found):
        raise PermissionDenied
    return found


def _evaluation(request: HttpRequest, code: str, *, to_write: bool = False) -> Evaluation:
    related = ("activity__programme", "question_set", "session", "compared_with__question_set")
    found = get_object_or_404(evaluations_visible_to(request.user).select_related(*related), code=code)
    if to_write and not may_evaluate(request.user, found.activity):
        raise PermissionDenied
    return found


@require_safe
def evaluations(request: HttpRequest, code: str) -> HttpResponse:
    """What was asked and how many answered."""
    found = activity_of(request, code)
    context = {
        "activity": found, "programme": found.programme, "evaluations": list(evaluations_of(found)),
        "may_write": may_evaluate(request.user, found),
    }  # fmt: skip
    return render(request, "office/evaluations/list.html", context)


def evaluation_create(request: HttpRequest, code: str) -> HttpResponse:
    found = _activity(request, code)
    end = timezone.localdate(found.ends_at) if found.ends_at else timezone.localdate()
    closes_on = max(end, timezone.localdate()) + timedelta(days=OPEN_DAYS)
    start = {"moment": "after", "promise": "yes", "closes_on": closes_on}
    form = EvaluationForm(request.POST or None, activity=found, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _make(request, found, form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return redirect("office:evaluations", code)
    context = {"form": form, "activity": found, "programme": found.programme}
    return render(request, "office/evaluations/create.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, found: Activity, asked: dict[str, Any]) -> Evaluation:
    session = found.sessions.filter(code=asked["session"]).first() if asked["session"] else None
    return commands.create_evaluation(
        found, _set(request, found, asked["questions"]), by=actor_of(request), closes_on=asked["closes_on"],
        moment=asked["moment"], is_anonymous=asked["promise"] == "yes", session=session,
    )  # fmt: skip


def _set(request: HttpRequest, found: Activity, chosen: str) -> QuestionSet:
    """The set that was chosen; a ready one is taken once into the programme, and then used again."""
    way, _colon, key = chosen.partition(":")
    usable = sets_to_use(found.programme, "evaluation")
    if way == "set":
        return get_object_or_404(usable, code=key)
    taken = usable.filter(programme=found.programme, shipped_key=key).first()
    return taken or take_shipped(
        key, language=found.language, programme=found.programme, by=actor_of(request)
    )


@require_POST
def evaluation_open(request: HttpRequest, code: str) -> HttpResponse:
    found = _evaluation(request, code, to_write=True)
    return _done(request, found, commands.open_evaluation, _("Open. People are asked when the moment comes."))


@require_POST
def evaluation_close(request: HttpRequest, code: str) -> HttpResponse:
    found = _evaluation(request, code, to_write=True)
    return _done(request, found, commands.close_evaluation, _("Closed. The results stand here."))


@require_POST
def evaluation_remove(request: HttpRequest, code: str) -> HttpResponse:
    found = _evaluation(request, code, to_write=True)
    return _done(request, found, commands.remove_evaluation, _("The evaluation is thrown away."))


def _done(request: HttpRequest, found: Evaluation, command: Any, said: str) -> HttpResponse:
    try:
        command(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, said, kind="info")
    return redirect("office:evaluations", found.activity.code)


@require_safe
def evaluation_results(request: HttpRequest, code: str) -> HttpResponse:
    """Sums and charts; where answers are anonymous only what names nobody."""
    found = _evaluation(request, code)
    answers, language = answers_of(found), page_language()
    refusal = showing_refusal(found, len(answers))
    context = {
        "evaluation": found, "activity": found.activity, "programme": found.activity.programme,
        "number": len(answers), "asked": found.invitations.count(), "refusal": refusal,
    }  # fmt: skip
    if refusal is None and answers:
        context |= _shown(request, found, answers, language)
    return render(request, "office/evaluations/results.html", context)


def _shown(
    request: HttpRequest, found: Evaluation, answers: list[dict[str, Any]], language: str
) -> dict[str, Any]:
    results = results_of(found, answers, language)
    dividers = can_divide(questions_of(found.question_set))
    by = next((one for one in dividers if one.key == request.GET.get("by")), None)
    changes = changes_of(found, language)
    address = reverse("office:evaluation_results", args=[found.code])
    return {
        "results": [{"result": one, "chart": chart_of(one)} for one in results],
        "dividers": [
            {"text": label_of(one, language), "href": f"{address}?by={one.key}#groups", "here": one == by}
            for one in dividers
        ],
        "breakdown": breakdown_of(found, by, answers, language) if by else None,
        "changes": changes, "change_chart": change_chart(changes),
        "named": named_answers(found, request.user),
    }  # fmt: skip


@require_safe
def evaluation_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper; where nothing may be shown, back to the page that says why."""
    found = _evaluation(request, code)
    if showing_refusal(found, found.answers.count()):
        return redirect("office:evaluation_results", code)
    answer = HttpResponse(results_document(found), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"evaluation-{found.code}.pdf")
    return answer
