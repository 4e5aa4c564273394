"""Sets of questions: the list, a new one, one set with its questions, a look at it as it is asked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.choices import Language
from samverk.office.doors import for_team
from samverk.office.forms.questions import CENTRE, NewSetForm, SetForm
from samverk.office.question_places import places_of
from samverk.office.views.undo import undo_address
from samverk.programmes.models import Programme
from samverk.programmes.permissions import may_run_activities, programmes_visible_to
from samverk.questions.choices import KINDS_OF_SET, QuestionKind, SetKind
from samverk.questions.commands import sets as commands
from samverk.questions.forms import form_of
from samverk.questions.models import QuestionSet
from samverk.questions.permissions import may_edit_set, may_write_sets, sets_visible_to
from samverk.questions.queries import questions_of, sets_listed
from samverk.questions.wording import NAMES, hint_of, label_of, option_label, page_language, step_label

ROWS = 50


def set_of(request: HttpRequest, code: str, *, to_edit: bool = False) -> QuestionSet:
    """The set, if the person sees it; 403 where she may only look."""
    found = get_object_or_404(
        sets_visible_to(request.user).select_related("programme", "replaced_by"), code=code
    )
    if to_edit and not may_edit_set(request.user, found):
        raise PermissionDenied
    return found


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in SetKind.values else ""


@require_safe
@for_team
def question_sets(request: HttpRequest) -> HttpResponse:
    """Shared sets of one's programmes and of the centre, by what they are for."""
    kind = _kind(request)
    listed = sets_listed(request.user)
    if kind:
        listed = listed.filter(kind=kind)
    address = reverse("office:question_sets")
    context = {
        "page": Paginator(listed, ROWS).get_page(request.GET.get("page")),
        "kind": kind,
        "tabs": [
            {"text": _("All"), "href": address, "count": None, "here": not kind},
            *(
                {"text": label, "href": f"{address}?kind={key}", "count": None, "here": key == kind}
                for key, label in SetKind.choices
            ),
        ],
        "may_write": bool(_programmes(request)) or may_write_sets(request.user, None),
    }
    return render(request, "office/questions/list.html", context)


def _programmes(request: HttpRequest) -> list[Programme]:
    """Programmes for which the person writes sets."""
    return [one for one in programmes_visible_to(request.user) if may_run_activities(request.user, one)]


@for_team
def question_set_create(request: HttpRequest) -> HttpResponse:
    programmes, of_centre = _programmes(request), may_write_sets(request.user, None)
    if not programmes and not of_centre:
        raise PermissionDenied
    kind = _kind(request)
    if not kind:
        return render(request, "office/questions/which.html", {"kinds": SetKind.choices})
    own = list(sets_listed(request.user).filter(kind=kind))
    start = {"language": page_language(), "programme": request.GET.get("programme")}
    form = NewSetForm(
        request.POST or None, kind=kind, own=own, programmes=programmes, of_centre=of_centre, initial=start
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, kind, form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return redirect("office:question_set", made.code)
    context = {"form": form, "kind": SetKind(kind).label}
    return render(request, "office/questions/create.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, kind: str, asked: dict[str, Any]) -> QuestionSet:
    programme = None
    if asked["programme"] != CENTRE:
        programme = get_object_or_404(programmes_visible_to(request.user), code=asked["programme"])
    way, _colon, key = asked["start"].partition(":")
    fields = {"programme": programme, "by": actor_of(request), "name": asked["name"]}
    if way == "shipped":
        return commands.take_shipped(key, language=asked["language"], **fields)
    if way == "set":
        source = set_of(request, key)
        return commands.copy_set(source, **(fields | {"name": asked["name"] or source.name}))
    return commands.create_set(kind=kind, language=asked["language"], **fields)


@require_safe
@for_team
def question_set(request: HttpRequest, code: str) -> HttpResponse:
    """The questions in their order, each with its buttons."""
    found = set_of(request, code)
    language = page_language()
    may_edit = may_edit_set(request.user, found) and not found.replaced_by_id
    context = {
        "set": found, "programme": found.programme, "may_edit": may_edit,
        "questions": [_row(one, language) for one in questions_of(found)],
        "kinds": [(kind.value, kind.label) for kind in QuestionKind if kind in KINDS_OF_SET[found.kind]],
        "places": places_of(found, request.user), "language_name": NAMES.get(found.language, found.language),
    }  # fmt: skip
    return render(request, "office/questions/set.html", context)


def _row(question: Any, language: str) -> dict[str, Any]:
    """A question as the list of a set shows it."""
    missing = [str(NAMES[key]) for key in Language.values if not question.texts.get(key)]
    if question.kind == QuestionKind.SCALE:
        ends = (question.steps.start, question.steps.stop - 1)
        options = [step_label(question, step, language) for step in ends]
    else:
        options = [option_label(question, key, language) for key in question.option_keys]
    return {
        "question": question, "label": label_of(question, language), "options": options,
        "hint": hint_of(question, language), "missing": ", ".join(missing),
    }  # fmt: skip


def question_set_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = set_of(request, code, to_edit=True)
    form = SetForm(request.POST or None, initial={"name": found.name, "language": found.language})
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_set(found, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return redirect("office:question_set", code)
    context = {"form": form, "set": found, "programme": found.programme}
    return render(request, "office/questions/edit.html", context, status=422 if form.errors else 200)


@require_POST
def question_set_archive(request: HttpRequest, code: str) -> HttpResponse:
    found = commands.archive_set(set_of(request, code, to_edit=True), by=actor_of(request))
    said = _("“%(name)s” is offered no longer. Where it is asked it stays.") % {"name": found.name}
    flash.tell(request, said, undo=undo_address(found))
    return redirect("office:question_sets")


@require_safe
@for_team
def question_set_preview(request: HttpRequest, code: str) -> HttpResponse:
    """The set as somebody meets it, in a language to choose. Nothing is sent."""
    found = set_of(request, code)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in Language.values else found.language
    address = reverse("office:question_set_preview", args=[code])
    with override(language):
        preview = form_of(questions_of(found), language)
    context = {
        "set": found, "programme": found.programme, "preview": preview,
        "tabs": [
            {"text": name, "href": f"{address}?language={key}", "count": None, "here": key == language}
            for key, name in Language.choices
        ],
        "language": language,
    }  # fmt: skip
    return render(request, "office/questions/preview.html", context)
