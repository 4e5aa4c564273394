"""Imports: send a list, see how it is read, check it, decide doubts, write it, take it back."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from samverk.directory.columns import FIELDS
from samverk.directory.importing.checking import (
    KINDS,
    ask_check,
    decide_alike,
    reason_of,
    waits_for_a_person,
    will_write,
)
from samverk.directory.importing.conflicts import FILE, KEEP, answer_to, conflicts_by_field, in_conflict
from samverk.directory.importing.reading import correct_guess, start_import
from samverk.directory.importing.staging import STATUSES, CheckedRow, Staging, folder_of, staging_of
from samverk.directory.importing.undoing import ask_undo, may_undo
from samverk.directory.importing.working import STEPS, work_on
from samverk.directory.importing.writing import ask_write
from samverk.directory.models import Import
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.sheets import SheetError
from samverk.kit.spreadsheets import Sheet, xlsx_file
from samverk.kit.uploads import download
from samverk.office.doors import for_team
from samverk.office.forms.imports import GuessForm, ImportForm
from samverk.programmes.permissions import may_edit_directory

ROWS, SHOWN_KINDS = 50, 8
# A short list is worked on at once; a long one is left to the worker, and its page says how far it is.
AT_ONCE = 1500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Work:
    """What the page says while the worker is at it."""

    title: str
    step: str
    done: int
    total: int
    left: str
    finished: bool


def _keeps(request: HttpRequest) -> None:
    if not may_edit_directory(request.user):
        raise PermissionDenied


def _import_of(request: HttpRequest, code: str) -> Import:
    _keeps(request)
    return get_object_or_404(Import, code=code)


@for_team
def imports(request: HttpRequest) -> HttpResponse:
    return _list(request, ImportForm())


def _list(request: HttpRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    page = Paginator(Import.objects.select_related("started_by"), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "may_edit": may_edit_directory(request.user)}
    return render(request, "office/imports/list.html", context, status=status)


@require_POST
@for_team
def import_create(request: HttpRequest) -> HttpResponse:
    """Take in a file and show how it is read."""
    _keeps(request)
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            one = start_import(
                form.cleaned_data["file"], form.cleaned_data["file"].name, by=actor_of(request)
            )
            return redirect("office:import", one.code)
        except (SheetError, Refusal) as fault:
            form.add_error("file", str(fault))
    return _list(request, form, 422)


@for_team
def import_template(request: HttpRequest) -> Any:
    """An empty list with the columns we know by name."""
    left_out = ("postcode_place", "identifier", "language")
    header = [str(name) for code, name in FIELDS.items() if code not in left_out]
    buffer = io.BytesIO()
    xlsx_file(buffer, [Sheet(_("Organisations"), header, [])])
    buffer.seek(0)
    return download(buffer, "organisations.xlsx", XLSX)


@for_team
def one_import(request: HttpRequest, code: str) -> HttpResponse:
    """The guess, the progress, the dry run or the result: where the import stands."""
    one = _import_of(request, code)
    if one.state == Import.State.READ or (one.state == Import.State.FAILED and folder_of(one).exists()):
        return _guess(request, one, GuessForm(one))
    if one.state in STEPS:
        return render(request, "office/imports/work.html", {"one": one, "work": _work(one)})
    if not folder_of(one).exists():
        return render(request, "office/imports/result.html", _about(one))
    with staging_of(one) as staging:
        return render(request, "office/imports/report.html", _about(one) | _report(request, one, staging))


def _guess(request: HttpRequest, one: Import, form: GuessForm, status: int = 200) -> HttpResponse:
    return render(request, "office/imports/guess.html", {"one": one, "form": form}, status=status)


def _work(one: Import) -> Work:
    titles = {
        Import.State.CHECKING: (
            _("Checking the list"),
            _("Every row is compared with the directory. Nothing is written."),
        ),
        Import.State.WRITING: (_("Writing the list"), _("Nothing of it is seen before all of it is in.")),
        Import.State.UNDOING: (_("Taking the list back"), _("New rows go, changed ones are put back.")),
    }
    title, step = titles[Import.State(one.state)]
    total = max(one.rows_total, one.rows_done, 1)
    left = _("Waits for the worker.") if one.leased_until is None or one.leased_until < timezone.now() else ""
    return Work(title, step, min(one.rows_done, total), total, left, finished=False)


def _about(one: Import) -> dict[str, Any]:
    undone = one.options.get("undo", {})
    return {
        "one": one,
        "written": one.options.get("written", {"new": 0, "changed": 0}),
        "undone": undone,
        "may_undo": may_undo(one),
        "is_open": one.state == Import.State.CHECKED,
    }


def _report(request: HttpRequest, one: Import, staging: Staging) -> dict[str, Any]:
    counts = staging.counts()
    status = request.GET.get("status", "")
    if status not in STATUSES:
        status = next(
            (name for name in ("doubtful", "error", "conflict", "new", "changed") if counts[name]), "same"
        )
    page = Paginator(range(counts[status]), ROWS).get_page(request.GET.get("page"))
    start = (page.number - 1) * ROWS
    rows = [_row(one, row) for row in staging.rows(status=status, limit=ROWS, offset=start)]
    address = reverse("office:import", args=[one.code])
    tabs = [
        {"text": words, "href": f"{address}?status={name}", "count": counts[name], "here": name == status}
        for name, words in _status_words().items()
    ]
    return {
        "counts": counts, "tabs": tabs, "status": status, "page": page, "rows": rows,
        "kinds": _kinds(one, staging) if one.state == Import.State.CHECKED else [],
        "will_write": will_write(one, staging), "waits": waits_for_a_person(one, staging),
    }  # fmt: skip


def _status_words() -> dict[str, str]:
    return {
        "new": _("New"), "changed": _("Changed"), "conflict": _("Hand edits"), "doubtful": _("Doubtful"),
        "error": _("Faults"), "same": _("Same"), "skipped": _("Left out"),
    }  # fmt: skip


def _row(one: Import, row: CheckedRow) -> dict[str, Any]:
    """A row for the table: what it is called, why, what would change."""
    names = {**FIELDS, "languages": _("Languages")}
    changes = [
        {
            "name": names.get(name, name),
            "before": _plain(change[0]),
            "after": _plain(change[1]),
            "stays": len(change) == 3 and answer_to(one.decisions, row.row, name) != FILE,
            "goes": len(change) == 3 and answer_to(one.decisions, row.row, name) == FILE,
        }
        for name, change in row.fields.items()
    ]
    entry = row.entry.get("fields", {})
    known = row.code if row.organisation else ""
    return {
        "number": row.row, "name": row.name or "–", "place": entry.get("place", ""), "reason": reason_of(row),
        "changes": changes, "known": known, "named": row.named, "kind": f"row:{row.row}",
        "answers": _answers(one, f"row:{row.row}") if one.state == Import.State.CHECKED and in_conflict(row) else [],
    }  # fmt: skip


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


def _answers(one: Import, kind: str) -> list[dict[str, Any]]:
    texts = {FILE: _("Take the file’s value"), KEEP: _("Keep the hand edit")}
    return [
        {"value": value, "text": text, "here": one.decisions.get(kind) == value}
        for value, text in texts.items()
    ]


def _hand_edits(one: Import, staging: Staging) -> list[dict[str, Any]]:
    """Hand edits by field, so that like ones are decided together."""
    names = {**FIELDS, "languages": _("Languages")}
    return [
        {
            "kind": f"hand:{field}", "count": count, "answers": _answers(one, f"hand:{field}"), "examples": [],
            "words": _("Edited by hand: %(field)s") % {"field": names.get(field, field)},
        }
        for field, count in conflicts_by_field(staging).most_common()
    ]  # fmt: skip


def _kinds(one: Import, staging: Staging) -> list[dict[str, Any]]:
    """Like doubts, each kind with its count and the answers it may get."""
    answers = {
        "new": _("They are new"), "same": _("They are the known ones"), "skip": _("Leave them out"),
    }  # fmt: skip
    found = []
    for status in ("doubtful", "error"):
        for kind, count in staging.kinds(status).items():
            words, possible = KINDS.get(kind, (kind, ()))
            texts = answers | ({"new": _("Take them without that cell")} if kind == "unreadable_cell" else {})
            examples = [
                f"{row.name} – {row.named}" if row.named else row.name
                for row in staging.rows(status=status, kind=kind, limit=2)
            ]
            found.append({
                "kind": kind, "words": words, "count": count, "decided": one.decisions.get(kind, ""), "examples": examples,
                "answers": [{"value": value, "text": texts[value], "here": one.decisions.get(kind) == value} for value in possible],
            })  # fmt: skip
    return [*found[:SHOWN_KINDS], *_hand_edits(one, staging)]


@require_POST
@for_team
def import_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Read the file anew as the person says, and show it again."""
    return _corrected(request, code, lambda one: None)


@require_POST
@for_team
def import_check(request: HttpRequest, code: str) -> HttpResponse:
    """The dry run."""
    return _corrected(request, code, lambda one: _go_on(ask_check(one, by=actor_of(request))))


def _corrected(request: HttpRequest, code: str, then: Callable[[Import], None]) -> HttpResponse:
    one = _import_of(request, code)
    form = GuessForm(one, request.POST)
    if form.is_valid():
        try:
            corrections = form.corrections()
            one = correct_guess(one, corrections, by=actor_of(request))
            if "mapping" in corrections:
                then(one)
            return redirect("office:import", one.code)
        except (SheetError, Refusal) as fault:
            form.add_error(None, str(fault))
    return _guess(request, one, form, 422)


def _go_on(one: Import) -> None:
    """A short list at once; a long one waits for the worker."""
    if one.rows_total <= AT_ONCE:
        work_on(one)


@require_POST
@for_team
def import_reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Back from the dry run to the columns."""
    one = _import_of(request, code)
    read = one.options
    return _act(
        request,
        one,
        lambda: correct_guess(one, read["decided"] | {"mapping": read["mapping"]}, by=actor_of(request)),
    )


@require_POST
@for_team
def import_decide(request: HttpRequest, code: str) -> HttpResponse:
    """One answer for all doubts of a kind."""
    one = _import_of(request, code)
    kind, answer = request.POST.get("kind", ""), request.POST.get("answer", "")
    return _act(request, one, lambda: decide_alike(one, kind, answer, by=actor_of(request)))


@require_POST
@for_team
def import_write(request: HttpRequest, code: str) -> HttpResponse:
    """Write what the dry run found."""
    one = _import_of(request, code)
    return _act(request, one, lambda: _go_on(ask_write(one, by=actor_of(request))))


@require_POST
@for_team
def import_undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the whole import back."""
    one = _import_of(request, code)
    return _act(request, one, lambda: _go_on(ask_undo(one, by=actor_of(request))))


def _act(request: HttpRequest, one: Import, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        _tell(request, one)
    return redirect("office:import", one.code)


def _tell(request: HttpRequest, one: Import) -> None:
    """What was done, where it is done already."""
    before = one.state
    one.refresh_from_db()
    if one.state == Import.State.DONE and before != one.state:
        made = one.options["written"]["new"] + one.options["written"]["changed"]
        undo = reverse("office:import_undo", args=[one.code])
        words = ngettext("%(n)s organisation is in.", "%(n)s organisations are in.", made) % {"n": made}
        flash.tell(request, words, undo=undo)
    elif one.state == Import.State.UNDONE and before != one.state:
        flash.tell(request, _("The import is taken back."))
