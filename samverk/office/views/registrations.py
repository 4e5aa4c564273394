"""Registrations of an activity: tabs, on behalf of somebody, giving up, organisations to confirm, lists to take along."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import RegistrationState, Representation
from samverk.activities.commands.registrations import cancel_registration, register_for
from samverk.activities.commands.representation import confirm_representation, decline_representation
from samverk.activities.models import Activity, Registration
from samverk.activities.office_queries import claims_in
from samverk.activities.permissions import (
    activities_in_office,
    may_confirm_representation,
    may_edit_activity,
    people_visible_to,
    registrations_visible_to,
)
from samverk.activities.queries import organisation_named, registration_tabs, registrations_of
from samverk.asking.commands.answering import register_with_answers
from samverk.asking.forms import Questionnaire
from samverk.asking.queries import items_of
from samverk.asking.wording import promise_of
from samverk.directory.choices import AffiliationRole
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import typed_code
from samverk.kit.spreadsheets import Sheet, csv_lines, xlsx_file
from samverk.office.doors import for_staff
from samverk.office.forms.activities import RegistrationForm
from samverk.office.forms.registrations import RepresentationForm
from samverk.office.registration_rows import row_of
from samverk.office.views.absences import missed_by
from samverk.office.views.undo import undo_address
from samverk.people.models import Person
from samverk.people.rules import alias_of
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import coordinates_somewhere, has_seat, organisations_visible_to

ROWS = 50


def _activity_of(request: HttpRequest, code: str) -> Activity:
    visible = activities_in_office(request.user).select_related("programme")
    return get_object_or_404(visible, code=code)


def _asked(request: HttpRequest, activity: Activity) -> QuerySet[Registration]:
    """The rows of the tab and search that the address names; a search never finds protected people."""
    search = request.GET.get("q", "")
    found = registrations_of(activity, request.GET.get("people", "going"), search)
    return found.exclude(person__is_protected=True) if search else found


def registrations_part(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """What an activity's page shows of its registrations."""
    here = request.GET.get("people", "going")
    may_confirm = has_seat(request.user, activity.programme, [SeatRole.COORDINATOR])
    page = Paginator(_asked(request, activity), ROWS).get_page(request.GET.get("page"))
    missed = missed_by(request, list(page)) if may_confirm else {}
    rows = [row_of(one, activity) | {"missed": missed.get(one.person_id or 0, 0)} for one in page]
    query = request.GET.urlencode()
    return {
        "people_tabs": [
            {
                "text": tab.text,
                "href": f"?people={tab.key}#people",
                "count": tab.count,
                "here": tab.key == here,
            }
            for tab in registration_tabs(activity)
            if tab.count or tab.key == here or tab.key not in ("applied", "declined")
        ],
        "people_tab": here,
        "page": page,
        "rows": rows,
        "asked": request.GET.get("q", ""),
        "claims": may_confirm and any(row["is_claimed"] for row in rows),
        "may_confirm": may_confirm,
        "as_text": "\n".join(_as_text(row) for row in rows),
        "csv": reverse("office:registrations_csv", args=[activity.code]) + f"?{query}",
        "xlsx": reverse("office:registrations_xlsx", args=[activity.code]) + f"?{query}",
        "may_register": may_edit_activity(request.user, activity),
    }


def _as_text(row: dict[str, Any]) -> str:
    return "\t".join(str(row[name]) for name in ("name", "organisation", "email", "state"))


# ---------- on behalf of somebody ----------


def registration_create(request: HttpRequest, code: str) -> HttpResponse:
    """Staff fill in the form for somebody on the phone or at the desk."""
    activity = _activity_of(request, code)
    if not may_edit_activity(request.user, activity):
        raise PermissionDenied
    items = items_of(activity)
    form = RegistrationForm(
        request.POST or None, request.FILES or None, questions=Questionnaire(items, is_forced=False),
        cohorts=activity.cohort_of.values(),
        initial={"language": activity.language, "form_key": uuid.uuid4()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        answers = form.take_answers()
        try:
            made = _register(request, activity, dict(form.cleaned_data), answers)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _said(made), undo=undo_address(made))
            return redirect("office:activity", code)
    context = {
        "form": form, "activity": activity, "programme": activity.programme, "promise": promise_of(activity, items),
    }  # fmt: skip
    return render(request, "office/activities/register.html", context, status=422 if form.errors else 200)


def _register(
    request: HttpRequest, activity: Activity, asked: dict[str, Any], answers: dict[str, Any]
) -> Registration:
    typed = asked.pop("organisation").strip()
    person = _known(request, asked.pop("who").strip())
    organisation = organisation_named(typed) if typed else None
    asked["form_key"] = asked["form_key"] or uuid.uuid4()
    return register_with_answers(
        register_for,
        activity,
        answers,
        by=actor_of(request),
        is_forced=False,
        person=person,
        organisation=organisation,
        organisation_typed=typed,
        **asked,
    )


def _known(request: HttpRequest, who: str) -> Person | None:
    """By exact e-mail or code, among the people one works with."""
    if not who:
        return None
    visible = people_visible_to(request.user)
    found = visible.filter(email=who.lower()).first() or visible.filter(code=typed_code(who)).first()
    if found is None:
        raise Refusal(
            _("Nobody you work with has this e-mail or code. Write the name instead."),
            code="unknown",
            field="who",
        )
    return found


def _said(made: Registration) -> str:
    name = {"name": alias_of(made.person.code) if made.person and made.person.is_protected else made.name}
    if made.state == RegistrationState.CONFIRMED:
        return _("%(name)s has a place.") % name
    return _("%(name)s stands on the waiting list.") % name


def _registration_of(request: HttpRequest, code: str) -> Registration:
    """A registration of an activity one runs. One's own, seen elsewhere, is changed on one's own page."""
    mine = registrations_visible_to(request.user).filter(activity__in=activities_in_office(request.user))
    return get_object_or_404(mine.select_related("activity__programme", "person", "organisation"), code=code)


@require_POST
def registration_cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Give up a place for somebody; the next in the queue moves up, and undo is real."""
    found = _registration_of(request, code)
    if not may_edit_activity(request.user, found.activity):
        raise PermissionDenied
    try:
        cancelled = cancel_registration(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        name = alias_of(found.person.code) if found.person and found.person.is_protected else found.name
        flash.tell(
            request,
            _("%(name)s has given up the place. A mail goes out in one minute.") % {"name": name},
            undo=undo_address(cancelled),
        )
    return redirect(reverse("office:activity", args=[found.activity.code]) + "#people")


# ---------- organisations to confirm ----------


@for_staff
@require_safe
def representations(request: HttpRequest) -> HttpResponse:
    """All claims to stand for an organisation that wait for a word."""
    claims = claims_in(request.user).exclude(person__is_protected=True)
    page = Paginator(claims, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "office/activities/representations.html",
        {"page": page, "number": page.paginator.count, "may_confirm": coordinates_somewhere(request.user)},
    )


@for_staff
@require_POST
def representations_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the chosen ones; what cannot be confirmed says why."""
    visible = claims_in(request.user).filter(code__in=request.POST.getlist("pick"))
    done, reasons = 0, []
    for one in visible:
        if not may_confirm_representation(request.user, one):
            reasons.append(f"{one.name}: {_('only a coordinator can confirm this.')}")
            continue
        try:
            confirm_representation(
                one,
                by=actor_of(request),
                organisation=one.organisation or organisation_named(one.organisation_typed),
            )
            done += 1
        except Refusal as no:
            reasons.append(f"{one.name}: {no.reason}")
    if done:
        flash.tell(
            request,
            ngettext("%(n)s organisation is confirmed.", "%(n)s organisations are confirmed.", done)
            % {"n": done},
        )
    for reason in reasons[:5]:
        flash.tell(request, reason, kind="wait")
    if not done and not reasons:
        flash.tell(request, _("Choose somebody first."), kind="wait")
    back = request.POST.get("activity", "")
    if back and activities_in_office(request.user).filter(code=back).exists():
        return redirect(reverse("office:activity", args=[back]) + "#people")
    return redirect("office:representations")


def representation(request: HttpRequest, code: str) -> HttpResponse:
    """One claim: which organisation is it, in which role; or she comes for herself."""
    found = _registration_of(request, code)
    if not may_confirm_representation(request.user, found):
        raise PermissionDenied
    if found.person and found.person.is_protected:
        return redirect("office:activity", found.activity.code)
    named = found.organisation or organisation_named(found.organisation_typed)
    initial = {"organisation": named.name if named else found.organisation_typed, "role": found.role}
    form = RepresentationForm(
        request.POST or None, initial=initial, organisations=organisations_visible_to(request.user)
    )
    if request.method == "POST" and ("decline" in request.POST or form.is_valid()):
        try:
            _settle(request, found, form)
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            return redirect(reverse("office:activity", args=[found.activity.code]) + "#people")
    context = {
        "form": form,
        "registration": found,
        "activity": found.activity,
        "programme": found.activity.programme,
    }
    return render(
        request, "office/activities/representation.html", context, status=422 if form.errors else 200
    )


def _settle(request: HttpRequest, found: Registration, form: RepresentationForm) -> None:
    by = actor_of(request)
    if "decline" in request.POST:
        decline_representation(found, by=by)
        flash.tell(request, _("%(name)s comes for herself or himself.") % {"name": found.name})
        return
    organisation = form.cleaned_data["organisation"]
    confirm_representation(found, by=by, organisation=organisation, role=form.cleaned_data["role"])
    flash.tell(
        request,
        _("%(name)s stands for %(organisation)s.") % {"name": found.name, "organisation": organisation},
    )


# ---------- lists to take along ----------

COLUMNS = (
    "code", "given_name", "family_name", "email", "organisation__name", "organisation_typed", "role",
    "representation", "state", "registered_at", "language", "note", "person__is_protected", "person__code",
)  # fmt: skip


def _header() -> list[str]:
    return [
        _("Code"), _("Given name"), _("Family name"), _("E-mail"), _("Organisation"), _("Role"), _("Represents"),
        _("State"), _("Registered"), _("Language"), _("Note"),
    ]  # fmt: skip


def _lines(found: QuerySet[Registration]) -> Iterator[list[Any]]:
    """Rows without building objects: a list of 5,000 costs a fraction of a second."""
    states = {value: str(label) for value, label in RegistrationState.choices}
    roles = {value: str(label) for value, label in AffiliationRole.choices}
    stands = {value: str(label) for value, label in Representation.choices}
    for (code, given, family, email, organisation, typed, role, representation, state, at, language, note, hidden, person) in (
        found.select_related(None).values_list(*COLUMNS).iterator(chunk_size=2000)
    ):  # fmt: skip
        if hidden:
            yield [code, alias_of(person), "", "", "", "", "", states[state], at, language, ""]
        else:
            yield [code, given, family, email, organisation or typed, roles.get(role, ""), stands[representation], states[state], at, language, note]  # fmt: skip


def _file_name(activity: Activity, ending: str) -> str:
    return content_disposition_header(True, f"{activity.title}.{ending}") or "attachment"


@require_safe
def registrations_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    activity = _activity_of(request, code)
    answer = StreamingHttpResponse(
        csv_lines(_header(), _lines(_asked(request, activity))), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = _file_name(activity, "csv")
    return answer


@require_safe
def registrations_xlsx(request: HttpRequest, code: str) -> HttpResponseBase:
    activity = _activity_of(request, code)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    xlsx_file(file, [Sheet(name=activity.title, header=_header(), rows=_lines(_asked(request, activity)))])
    file.seek(0)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = FileResponse(file, content_type=media_type)
    answer["Content-Disposition"] = _file_name(activity, "xlsx")
    return answer
