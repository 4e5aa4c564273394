"""What those who register are asked: chosen, counted, read; and the protected answers, opened by name and noted."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Activity
from samverk.activities.permissions import may_see_registrations
from samverk.asking.commands import asking as commands
from samverk.asking.commands.opening import read_protected, sealed_in
from samverk.asking.models import Asked
from samverk.asking.permissions import asked_visible_to, may_ask, openable, readable, reading_roles
from samverk.asking.queries import answers_of, given_in, items_of
from samverk.asking.rules import Item, erased_on
from samverk.asking.sealing import opened
from samverk.asking.tables import Answers, count_of
from samverk.asking.wording import reader_words, readers_of
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.spreadsheets import Sheet, csv_lines, xlsx_file
from samverk.office.forms.asking import OWN, AskingAddForm, AskingForm
from samverk.office.views.activities import activity_of
from samverk.office.views.undo import undo_address
from samverk.people.rules import alias_of
from samverk.questions.answers import open_file, words_of
from samverk.questions.commands.sets import create_set, take_shipped
from samverk.questions.models import QuestionSet
from samverk.questions.queries import newest_of, sets_to_use
from samverk.questions.wording import label_of, page_language

ROWS = 50


def _read(request: HttpRequest, code: str) -> tuple[Activity, list[Item]]:
    """An activity whose registrations one may see, and everything that was ever asked there."""
    found = activity_of(request, code)
    if not may_see_registrations(request.user, found):
        raise PermissionDenied
    return found, items_of(found, with_stopped=True)


def _asked(request: HttpRequest, code: str) -> Asked:
    related = asked_visible_to(request.user).select_related("activity__programme", "question_set")
    found = get_object_or_404(related, code=code)
    if not may_ask(request.user, found.activity):
        raise PermissionDenied
    return found


# ---------- what is asked ----------


@require_safe
def asking(request: HttpRequest, code: str) -> HttpResponse:
    """The sets that are asked, and how many answered what."""
    found, items = _read(request, code)
    roles = reading_roles(request.user, found)
    answers = Answers(found, readable(items, roles))
    now = list(Asked.objects.filter(activity=found, stopped_at=None).select_related("question_set"))
    context = {
        "activity": found, "programme": found.programme, "may_write": may_ask(request.user, found),
        "askings": [_asking_row(one, items) for one in now],
        "counted": answers.counted(answers.going), "people": len(answers.going),
        "answered": sum(bool(answers_of(one)) for one in answers.going),
        "has_protected": any(one.question.is_sensitive for one in items),
        "may_open": bool(openable(items, roles)),
    }  # fmt: skip
    return render(request, "office/asking/asking.html", context)


def _asking_row(asked: Asked, items: list[Item]) -> dict[str, Any]:
    mine = [one for one in items if one.asked == asked]
    latest = mine[0].question.question_set if mine else newest_of(asked.question_set)
    names = {value: str(label) for value, label in AskingForm.base_fields["comes_as"].choices}  # type: ignore[attr-defined]
    return {
        "asked": asked, "set": latest, "number": len(mine),
        "roles": ", ".join(names[role] for role in asked.comes_as),
        "is_old": bool(asked.question_set.replaced_by_id) and asked.question_set.is_shared,
        "protected": reader_words(readers_of(mine)),
    }  # fmt: skip


def asking_add(request: HttpRequest, code: str) -> HttpResponse:
    """A shared set, a ready one, or an empty one of this activity's own."""
    found = activity_of(request, code)
    if not may_ask(request.user, found):
        raise PermissionDenied
    form = AskingAddForm(request.POST or None, activity=found, initial={"leaders_read": True})
    if request.method == "POST" and form.is_valid():
        try:
            chosen = _set(request, found, form.cleaned_data["questions"])
            commands.ask_set(found, chosen, by=actor_of(request), **form.fields_for_command)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            if form.cleaned_data["questions"] == OWN:
                return redirect("office:question_set", chosen.code)
            return redirect("office:asking", code)
    context = {"form": form, "activity": found, "programme": found.programme}
    return render(request, "office/asking/edit.html", context, status=422 if form.errors else 200)


def _set(request: HttpRequest, found: Activity, chosen: str) -> QuestionSet:
    by = actor_of(request)
    if chosen == OWN:
        return create_set(
            found.title[:120], kind="registration", language=found.language, programme=found.programme,
            is_shared=False, by=by,
        )  # fmt: skip
    way, _colon, key = chosen.partition(":")
    usable = sets_to_use(found.programme, "registration")
    if way == "set":
        return get_object_or_404(usable, code=key)
    taken = usable.filter(programme=found.programme, shipped_key=key).first()
    return taken or take_shipped(key, language=found.language, programme=found.programme, by=by)


def asking_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Of whom it is asked, and who reads."""
    asked = _asked(request, code)
    initial = {name: getattr(asked, name) for name in commands.FIELDS}
    form = AskingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        commands.edit_asking(asked, by=actor_of(request), **form.fields_for_command)
        return redirect("office:asking", asked.activity.code)
    context = {
        "form": form, "activity": asked.activity, "programme": asked.activity.programme, "asked": asked,
    }  # fmt: skip
    return render(request, "office/asking/edit.html", context, status=422 if form.errors else 200)


@require_POST
def asking_stop(request: HttpRequest, code: str) -> HttpResponse:
    """Asked no longer; what was answered stays."""
    asked = commands.stop_asking(_asked(request, code), by=actor_of(request))
    flash.tell(request, _("Nobody is asked this any more. The answers stay."), undo=undo_address(asked))
    return redirect("office:asking", asked.activity.code)


# ---------- what was answered ----------


@require_safe
def asking_answers(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody's answers as a table, narrowed by one answer."""
    found, items = _read(request, code)
    answers = Answers(found, readable(items, reading_roles(request.user, found)))
    key, value = request.GET.get("question", ""), request.GET.get("answer", "")
    narrowed = answers.narrowed(key, value)
    page = Paginator(narrowed, ROWS).get_page(request.GET.get("page"))
    address, query = (
        reverse("office:asking_answers", args=[code]),
        urlencode({"question": key, "answer": value}),
    )
    counted = answers.counted(answers.registrations)
    context = {
        "activity": found, "programme": found.programme, "page": page, "number": len(narrowed),
        "rows": [answers.row(one) for one in page],
        "labels": [one.label for one in counted],
        "filters": [
            {
                "label": one.label,
                "choices": [
                    {
                        "text": choice.label, "number": choice.number, "here": (one.key, choice.value) == (key, value),
                        "href": f"{address}?{urlencode({'question': one.key, 'answer': choice.value})}",
                    }
                    for choice in one.choices
                ],
            }
            for one in counted if one.choices
        ],
        "is_narrowed": bool(key), "all": address,
        "csv": f"{reverse('office:asking_csv', args=[code])}?{query}",
        "xlsx": f"{reverse('office:asking_xlsx', args=[code])}?{query}",
    }  # fmt: skip
    return render(request, "office/asking/answers.html", context)


def _table(request: HttpRequest, code: str) -> tuple[Activity, list[str], Any]:
    found, items = _read(request, code)
    answers = Answers(found, readable(items, reading_roles(request.user, found)))
    narrowed = answers.narrowed(request.GET.get("question", ""), request.GET.get("answer", ""))
    return found, answers.header(), answers.lines(narrowed)


@require_safe
def asking_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    found, header, lines = _table(request, code)
    answer = StreamingHttpResponse(csv_lines(header, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{found.title}.csv") or "attachment"
    return answer


@require_safe
def asking_xlsx(request: HttpRequest, code: str) -> HttpResponseBase:
    found, header, lines = _table(request, code)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    xlsx_file(file, [Sheet(name=found.title, header=header, rows=lines)])
    file.seek(0)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = FileResponse(file, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"{found.title}.xlsx") or "attachment"
    return answer


@require_safe
def asking_file(request: HttpRequest, code: str, registration: str, key: str) -> FileResponse:
    """A file somebody sent, for whoever reads that question; never one of a person with protected identity."""
    found, items = _read(request, code)
    if key not in {one.question.key for one in readable(items, reading_roles(request.user, found))}:
        raise Http404
    sender = get_object_or_404(given_in(found).exclude(person__is_protected=True), code=registration)
    kept = answers_of(sender).get(key)
    if not isinstance(kept, dict):
        raise Http404
    return uploads.download(open_file(kept), kept["name"], kept["media_type"])


# ---------- allergies and access needs ----------


def _protected(request: HttpRequest, code: str) -> tuple[Activity, list[Item]]:
    found, items = _read(request, code)
    mine = openable(items, reading_roles(request.user, found))
    if not mine:
        raise PermissionDenied
    return found, mine


@never_cache
@require_safe
def asking_protected(request: HttpRequest, code: str) -> HttpResponse:
    """How many, without names and without a word of theirs."""
    found, mine = _protected(request, code)
    return _protected_page(request, found, mine)


@never_cache
@require_POST
def asking_names(request: HttpRequest, code: str) -> HttpResponse:
    """Who wrote what. Each name read stands in the log."""
    found, mine = _protected(request, code)
    rows = []
    for one in read_protected(found, mine, by=actor_of(request)):
        person = one.registration.person
        hidden = person is not None and person.is_protected
        said = [
            {"label": label_of(item.question, page_language()), "text": words_of(item.question, one.answers[item.question.key])}
            for item in mine if item.question.key in one.answers
        ]  # fmt: skip
        rows.append(
            {"name": alias_of(person.code) if person and hidden else one.registration.name, "said": said}
        )
    return _protected_page(request, found, mine, rows=rows)


def _protected_page(
    request: HttpRequest, found: Activity, mine: list[Item], rows: list[dict[str, Any]] | None = None
) -> HttpResponse:
    kept = [opened(content) for content in sealed_in(found).values_list("content", flat=True)]
    counted = [
        count_of(one.question, [given[one.question.key] for given in kept if one.question.key in given], page_language())
        for one in mine
    ]  # fmt: skip
    keys = {one.question.key for one in mine}
    context = {
        "activity": found, "programme": found.programme, "counted": counted, "rows": rows,
        "number": sum(bool(keys & set(given)) for given in kept), "erased_on": erased_on(found),
        "readers": reader_words(readers_of(mine)),
    }  # fmt: skip
    return render(request, "office/asking/protected.html", context)
