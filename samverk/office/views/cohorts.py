"""Groups of an activity: making them, and who is in which."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import LIVE
from samverk.activities.commands import cohorts as commands
from samverk.activities.commands.activities import edit_activity
from samverk.activities.models import Activity, Cohort
from samverk.activities.permissions import may_edit_activity, registrations_visible_to
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.cohorts import CohortForm, PutForm
from samverk.office.registration_rows import row_of
from samverk.office.views.activities import activity_of

ROWS = 100


@require_safe
def cohorts(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, activity_of(request, code))


def _page(
    request: HttpRequest, found: Activity, form: CohortForm | None = None, put_form: PutForm | None = None
) -> HttpResponse:
    mine = registrations_visible_to(request.user).filter(activity=found, state__in=LIVE)
    people = mine.select_related("person", "organisation", "cohort")
    page = Paginator(people.order_by("cohort", "family_name", "given_name", "pk"), ROWS).get_page(
        request.GET.get("page")
    )
    context = {
        "activity": found, "programme": found.programme, "cohorts": list(found.cohort_of.values()),
        "rows": [row_of(one, found) | {"cohort": one.cohort} for one in page], "page": page,
        "cohort_form": form or CohortForm(), "put_form": put_form or PutForm(activity=found), "form": form or put_form,
        "may_edit": may_edit_activity(request.user, found),
    }  # fmt: skip
    status = 422 if form is not None or put_form is not None else 200
    return render(request, "office/cohorts/cohorts.html", context, status=status)


def cohort_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Name, place and number of places of one group."""
    cohort = _cohort_of(request, code)
    facts = {"name": cohort.name, "place": cohort.place, "capacity": cohort.capacity}
    form = CohortForm(request.POST or None, initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_cohort(cohort, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("office:cohorts", cohort.activity.code)
    context = {
        "form": form, "cohort": cohort, "activity": cohort.activity, "programme": cohort.activity.programme,
    }  # fmt: skip
    return render(request, "office/cohorts/edit.html", context, status=422 if form.errors else 200)


def _cohort_of(request: HttpRequest, code: str) -> Cohort:
    cohort = get_object_or_404(Cohort.objects.select_related("activity"), code=code)
    cohort.activity = activity_of(request, cohort.activity.code, to_edit=True)
    return cohort


@require_POST
def cohort_add(request: HttpRequest, code: str) -> HttpResponse:
    found = activity_of(request, code, to_edit=True)
    form = CohortForm(request.POST)
    if form.is_valid():
        try:
            made = commands.add_cohort(found, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is added.") % {"name": made.name})
            return redirect("office:cohorts", code)
    return _page(request, found, form)


@require_POST
def cohort_remove(request: HttpRequest, code: str) -> HttpResponse:
    cohort = _cohort_of(request, code)
    try:
        commands.remove_cohort(cohort, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("%(name)s is removed.") % {"name": cohort.name})
    return redirect("office:cohorts", cohort.activity.code)


@require_POST
def cohorts_asked(request: HttpRequest, code: str) -> HttpResponse:
    """Whether people choose their group when they register."""
    found = activity_of(request, code, to_edit=True)
    asks = "asks" in request.POST
    edit_activity(found, asks_cohort=asks, asks_wishes=False, by=actor_of(request))
    said = _("People choose their group when they register.") if asks else _("You put people into groups.")
    flash.tell(request, said)
    return redirect("office:cohorts", code)


@require_POST
def cohort_put(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody ticked goes into one group, as far as its places reach."""
    found = activity_of(request, code, to_edit=True)
    form = PutForm(request.POST, activity=found)
    if not form.is_valid():
        return _page(request, found, put_form=form)
    mine = registrations_visible_to(request.user).filter(activity=found)
    moved, refused = 0, ""
    for one in mine.filter(code__in=request.POST.getlist("pick")).order_by("pk"):
        try:
            commands.put_into_cohort(one, form.chosen, by=actor_of(request))
            moved += 1
        except Refusal as no:
            refused = str(no.reason)
    _tell(request, moved, refused)
    return redirect("office:cohorts", code)


def _tell(request: HttpRequest, moved: int, refused: str) -> None:
    number: dict[str, Any] = {"n": moved}
    said = ngettext("%(n)s person has changed group.", "%(n)s people have changed group.", moved) % number
    if refused:
        flash.tell(request, f"{said} {refused}" if moved else refused, kind="bad")
    else:
        flash.tell(request, said if moved else _("Choose somebody first."), kind="ok" if moved else "wait")
