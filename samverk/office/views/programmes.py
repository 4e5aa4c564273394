"""Programmes: list, facts, team, partners, components, money, enrolments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.directory.models import Organisation
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.programmes import (
    ComponentForm,
    EnrolForm,
    FundingLineForm,
    PartnerForm,
    ProgrammeForm,
    SeatForm,
)
from samverk.people.models import Person
from samverk.programmes import commands
from samverk.programmes.models import Enrolment, Programme, TeamSeat
from samverk.programmes.permissions import (
    is_in_a_team,
    may_create_programme,
    may_edit_programme,
    programmes_visible_to,
)
from samverk.programmes.queries import organisations_enrolled, programmes_for, team_of

ROWS = 25
PARTS: dict[str, tuple[type, Callable]] = {
    "seat": (SeatForm, lambda programme, values, by: _seat(programme, values, by)),
    "partner": (
        PartnerForm,
        lambda programme, values, by: commands.add_partner_role(programme, by=by, **values),
    ),
    "component": (
        ComponentForm,
        lambda programme, values, by: commands.add_component(
            programme, values["code"], values["name"], by=by
        ),
    ),
    "funding_line": (
        FundingLineForm,
        lambda programme, values, by: commands.add_funding_line(programme, by=by, **values),
    ),
    "enrolment": (
        EnrolForm,
        lambda programme, values, by: commands.enrol_organisation(programme, by=by, **values),
    ),
}


def programmes(request: HttpRequest) -> HttpResponse:
    """The keeper sees the page too: she makes the first programme of an installation."""
    if not is_in_a_team(request.user) and not may_create_programme(request.user):
        raise Http404
    context = {
        "programmes": programmes_for(request.user),
        "may_create": may_create_programme(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "office/programmes/list.html", context)


def programme_of(request: HttpRequest, code: str, *, to_edit: bool = False) -> Programme:
    """The programme, if the person sits in its team; 403 where she may only look."""
    programme = get_object_or_404(programmes_visible_to(request.user), code=code)
    if to_edit and not may_edit_programme(request.user, programme):
        raise PermissionDenied
    return programme


def programme(request: HttpRequest, code: str) -> HttpResponse:
    return _detail(request, programme_of(request, code))


def _detail(request: HttpRequest, programme: Programme, *, form: Any = None, part: str = "") -> HttpResponse:
    forms = {name: form_class(prefix=name) for name, (form_class, _add) in PARTS.items()}
    if form is not None:
        forms[part] = form
    enrolled = organisations_enrolled(programme)
    page = Paginator(enrolled, ROWS).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "forms": forms,
        "form": form,
        "open_part": part,
        "team": team_of(programme),
        "partners": programme.partner_roles.select_related("organisation"),
        "components": programme.components.all(),
        "lines": programme.funding_lines.prefetch_related("line_rules__rule_set"),
        "page": page,
        "enrolled_count": enrolled.filter(ends=None).count(),
        "may_edit": may_edit_programme(request.user, programme),
        "suggestions": Organisation.objects.alive().order_by("sort_key")[:300],
    }
    return render(request, "office/programmes/detail.html", context, status=422 if form is not None else 200)


def programme_create(request: HttpRequest) -> HttpResponse:
    if not may_create_programme(request.user):
        if is_in_a_team(request.user):
            raise PermissionDenied
        raise Http404
    form = ProgrammeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            made = commands.create_programme(values.pop("code"), by=actor_of(request), **values)
        except Refusal as no:
            form.add_error(no.field or None, str(no.reason))
        else:
            return redirect("office:programme", made.code)
    context = {"form": form, "back": reverse("office:programmes"), "editing": None}
    return render(request, "office/programmes/edit.html", context, status=422 if form.errors else 200)


def programme_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = programme_of(request, code, to_edit=True)
    form = ProgrammeForm(request.POST or None, instance=Programme.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        values = form.values()
        values.pop("code")
        try:
            commands.edit_programme(found, by=actor_of(request), **values)
        except Refusal as no:
            form.add_error(no.field or None, str(no.reason))
        else:
            flash.tell(request, _("The programme is saved."))
            return redirect("office:programme", code)
    context = {
        "form": form,
        "back": reverse("office:programme", args=[code]),
        "editing": found,
        "programme": found,
    }
    return render(request, "office/programmes/edit.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, code: str, part: str) -> HttpResponse:
    programme = programme_of(request, code, to_edit=True)
    form_class, add = PARTS[part]
    form = form_class(request.POST, prefix=part)
    if form.is_valid():
        try:
            add(programme, form.cleaned_data, actor_of(request))
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("Added."))
            return redirect(reverse("office:programme", args=[code]) + f"#{part}")
    return _detail(request, programme, form=form, part=part)


def _seat(programme: Programme, values: dict[str, Any], by: Any) -> TeamSeat:
    person = Person.objects.alive().filter(email=values["email"].lower()).first()
    if person is None:
        raise Refusal(
            _("Nobody signs in with this address yet. Ask the person to sign in once, then add the seat."),
            code="unknown_address",
            field="email",
        )
    return commands.give_seat(
        programme, person, values["role"], organisation=values["organisation"],
        sees_protected=values["sees_protected"], by=by,
    )  # fmt: skip


@require_POST
def seat_give(request: HttpRequest, code: str) -> HttpResponse:
    return _add(request, code, "seat")


@require_POST
def partner_add(request: HttpRequest, code: str) -> HttpResponse:
    return _add(request, code, "partner")


@require_POST
def component_add(request: HttpRequest, code: str) -> HttpResponse:
    return _add(request, code, "component")


@require_POST
def funding_line_add(request: HttpRequest, code: str) -> HttpResponse:
    return _add(request, code, "funding_line")


@require_POST
def organisation_enrol(request: HttpRequest, code: str) -> HttpResponse:
    return _add(request, code, "enrolment")


@require_POST
def seat_end(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    programme = programme_of(request, code, to_edit=True)
    found = get_object_or_404(TeamSeat, pk=seat, programme=programme)
    try:
        commands.end_seat(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    return redirect("office:programme", code)


@require_POST
def enrolment_end(request: HttpRequest, code: str, enrolment: int) -> HttpResponse:
    programme = programme_of(request, code, to_edit=True)
    found = get_object_or_404(Enrolment, pk=enrolment, programme=programme)
    ends = max(found.starts, timezone.localdate())
    commands.end_enrolment(
        found, ends=ends, because=request.POST.get("because", "")[:200], by=actor_of(request)
    )
    flash.tell(request, _("%(name)s has left the programme.") % {"name": found.organisation})
    return redirect("office:programme", code)
