"""The questions of a set: added, changed, moved, removed; one address for each button."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.doors import for_team
from samverk.office.forms.questions import QuestionForm
from samverk.office.views.question_sets import set_of
from samverk.office.views.undo import undo_address
from samverk.questions.choices import KINDS_OF_SET, QuestionKind
from samverk.questions.commands import questions as commands
from samverk.questions.models import Question, QuestionSet
from samverk.questions.permissions import may_edit_set, questions_visible_to
from samverk.questions.wording import label_of, page_language


def _question(request: HttpRequest, code: str) -> Question:
    visible = questions_visible_to(request.user).select_related("question_set__programme")
    found = get_object_or_404(visible, code=code)
    if not may_edit_set(request.user, found.question_set):
        raise PermissionDenied
    return found


def _to(request: HttpRequest, before: QuestionSet, now: QuestionSet) -> HttpResponse:
    """Back to the set; where answers had come in, it is a new version, and that is said."""
    if now.pk != before.pk:
        said = _("Answers had come in, so a new version is made. Earlier answers keep their questions.")
        flash.tell(request, said, kind="info")
    return redirect("office:question_set", now.code)


@for_team
def question_add(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = set_of(request, code, to_edit=True)
    if kind not in KINDS_OF_SET[found.kind]:  # type: ignore[index]
        raise Http404
    form = QuestionForm(request.POST or None, kind=kind, question_set=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.add_question(found, kind=kind, by=actor_of(request), **form.fields_for_command)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return _to(request, found, made.question_set)
    context = {"form": form, "set": found, "programme": found.programme, "kind": QuestionKind(kind).label}
    return render(request, "office/questions/question.html", context, status=422 if form.errors else 200)


@for_team
def question_edit(request: HttpRequest, question: str) -> HttpResponse:
    found = _question(request, question)
    before = found.question_set
    form = QuestionForm(request.POST or None, kind=found.kind, question_set=before, question=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.edit_question(found, by=actor_of(request), **form.fields_for_command)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return _to(request, before, made.question_set)
    context = {
        "form": form, "set": before, "programme": before.programme, "is_there": True,
        "kind": QuestionKind(found.kind).label,
    }  # fmt: skip
    return render(request, "office/questions/question.html", context, status=422 if form.errors else 200)


@require_POST
def question_raise(request: HttpRequest, question: str) -> HttpResponse:
    return _move(request, question, up=True)


@require_POST
def question_lower(request: HttpRequest, question: str) -> HttpResponse:
    return _move(request, question, up=False)


def _move(request: HttpRequest, question: str, *, up: bool) -> HttpResponse:
    found = _question(request, question)
    before = found.question_set
    try:
        moved = commands.move_question(found, up=up, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return redirect("office:question_set", before.code)
    answer = _to(request, before, moved.question_set)
    answer["Location"] += f"#{moved.code}"
    return answer


@require_POST
def question_remove(request: HttpRequest, question: str) -> HttpResponse:
    found = _question(request, question)
    before, label = found.question_set, str(label_of(found, page_language()))
    try:
        removed = commands.remove_question(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return redirect("office:question_set", before.code)
    undo = undo_address(found) if removed.pk == before.pk else ""
    flash.tell(request, _("Removed: %(question)s") % {"question": label}, undo=undo)
    return _to(request, before, removed)
