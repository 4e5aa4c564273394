"""A programme file of another system: uploaded, seen before it is written, written, taken back for seven days."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from samverk.agenda.commands import imports
from samverk.agenda.models import AgendaImport
from samverk.agenda.permissions import agenda_imports_visible_to, may_edit_agenda
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.agenda import ProgrammeFileForm
from samverk.office.views.activities import activity_of

# Longer ones the worker writes, and the page says how it goes.
AT_ONCE = 100
PROBLEMS = {
    "no_title": gettext_noop("has no title and is left out"),
    "no_time": gettext_noop("has no time and is left out"),
    "no_length": gettext_noop("has no length; thirty minutes are taken"),
    "long_title": gettext_noop("has a very long title, which is cut"),
    "no_guid": gettext_noop("has no name of its own; one is made"),
    "guid_twice": gettext_noop("has a name that another item has; a new one is made"),
    "number_twice": gettext_noop("has a number that another item has; a new one is given"),
    "too_many": gettext_noop("is one too many and is left out"),
    "zone": gettext_noop("is a clock we do not know"),
}


def agenda_imports(request: HttpRequest, code: str) -> HttpResponse:
    """The form for a file, and what was taken in before."""
    found = activity_of(request, code)
    if not may_edit_agenda(request.user, found):
        raise PermissionDenied
    form = ProgrammeFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = imports.start_import(found, file, file.name, by=actor_of(request))
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            return redirect("office:agenda_import", made.code)
    context = {
        "activity": found, "programme": found.programme, "form": form,
        "imports": agenda_imports_visible_to(request.user).filter(activity=found).defer("content", "written"),
    }  # fmt: skip
    return render(request, "office/agenda/imports.html", context, status=422 if form.errors else 200)


@require_safe
def agenda_import(request: HttpRequest, code: str) -> HttpResponse:
    """What the file would do, or has done."""
    one = _import(request, code)
    report = one.report
    context = {
        "activity": one.activity, "programme": one.activity.programme, "one": one, "report": report,
        "sessions": [tuple(map(datetime.fromisoformat, pair)) for pair in report["sessions"]],
        "problems": [(where, _(PROBLEMS.get(kind, kind)), what) for kind, where, what in report["problems"]],
        "more_problems": sum(report["problem_counts"].values()) - len(report["problems"]),
        "can_undo": imports.undoing_refusal(one) is None,
    }  # fmt: skip
    return render(request, "office/agenda/import.html", context)


def _import(request: HttpRequest, code: str) -> AgendaImport:
    visible = agenda_imports_visible_to(request.user).select_related("activity__programme")
    one = get_object_or_404(visible.defer("content"), code=code)
    if not may_edit_agenda(request.user, one.activity):
        raise PermissionDenied
    return one


@require_POST
def agenda_import_write(request: HttpRequest, code: str) -> HttpResponse:
    """Say yes. A short file stands on the programme at once."""
    one = _import(request, code)
    imports.ask_write(one, by=actor_of(request), names_are_public="names_are_public" in request.POST)
    if one.report["items"] <= AT_ONCE:
        imports.write_waiting_imports()
    return redirect("office:agenda_import", code)


@require_POST
def agenda_import_undo(request: HttpRequest, code: str) -> HttpResponse:
    one = _import(request, code)
    try:
        imports.undo_import(one, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("The programme is as it was before."), kind="info")
    return redirect("office:agenda_import", code)
