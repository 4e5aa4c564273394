"""Organisations: list with saved views, profile, numbers, people who belong and who may act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.activities.permissions import people_visible_to
from samverk.directory import commands
from samverk.directory.models import Affiliation, Mandate, Organisation
from samverk.directory.queries import doubtful_pairs_of, missing_parts, organisations_like
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.spreadsheets import csv_lines
from samverk.office.doors import for_team
from samverk.office.forms.organisations import (
    AffiliationForm,
    IdentifierForm,
    MandateForm,
    OrganisationFilter,
    OrganisationForm,
)
from samverk.office.views.saved_views import views_bar
from samverk.people.models import Person
from samverk.programmes.models import Enrolment
from samverk.programmes.permissions import (
    is_in_a_team,
    may_edit_directory,
    organisations_visible_to,
    programmes_visible_to,
)
from samverk.trail.queries import entries_of

ROWS = 50
PARTS: dict[str, type] = {
    "identifier": IdentifierForm,
    "affiliation": AffiliationForm,
    "mandate": MandateForm,
}


def _asked(request: HttpRequest) -> tuple[OrganisationFilter, Any]:
    form = OrganisationFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    visible = organisations_visible_to(request.user)
    found = organisations_like(
        visible, text=asked.get("q", ""), sector=asked.get("sector", ""), place=asked.get("place", ""),
        country=asked.get("country", ""), sort=asked.get("sort", ""),
    )  # fmt: skip
    return form, found


@for_team
def organisations(request: HttpRequest) -> HttpResponse:
    form, found = _asked(request)
    context = {
        "filter": form,
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "may_edit": may_edit_directory(request.user),
        "export": f"{reverse('office:organisations_export')}?{request.GET.urlencode()}",
        **views_bar(request, "office:organisations"),
    }
    return render(request, "office/organisations/list.html", context)


@for_team
def organisations_export(request: HttpRequest) -> HttpResponse:
    """The filtered list as CSV, streamed."""
    _form, found = _asked(request)
    header = [
        _("Code"),
        _("Name"),
        _("Sector"),
        _("Legal form"),
        _("Place"),
        _("Region"),
        _("Country"),
        _("E-mail"),
        _("Phone"),
        _("Web"),
    ]

    def rows() -> Iterator[list[Any]]:
        for one in found.iterator(chunk_size=1000):
            yield [one.code, one.name, one.get_sector_display(), one.legal_form, one.place, one.region, one.country, one.email, one.phone, one.web]  # fmt: skip

    answer = StreamingHttpResponse(csv_lines(header, rows()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    return answer


def organisation_of(request: HttpRequest, code: str, *, to_edit: bool = False) -> Organisation:
    """A visible organisation; an address of a merged one leads to its survivor's row."""
    if not is_in_a_team(request.user):
        raise Http404
    merged = Organisation.objects.filter(code=code, merged_into__isnull=False).values_list(
        "merged_into", flat=True
    )
    by_code = {"pk": merged[0]} if merged else {"code": code}
    organisation = get_object_or_404(organisations_visible_to(request.user), **by_code)
    if to_edit and not may_edit_directory(request.user):
        raise PermissionDenied
    return organisation


@for_team
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    return _detail(request, organisation_of(request, code))


def _detail(
    request: HttpRequest, organisation: Organisation, *, form: Any = None, part: str = ""
) -> HttpResponse:
    forms = {name: form_class(prefix=name) for name, form_class in PARTS.items()}
    if form is not None:
        forms[part] = form
    known = people_visible_to(request.user).filter(is_protected=False)
    context = {
        "organisation": organisation,
        "forms": forms,
        "form": form,
        "open_part": part,
        "identifiers": organisation.identifiers.order_by("scheme"),
        "affiliations": Affiliation.objects.filter(organisation=organisation, person__in=known)
        .select_related("person")
        .order_by("ends", "person__sort_key"),
        "mandates": Mandate.objects.filter(organisation=organisation)
        .select_related("person")
        .order_by("ends", "id"),
        "enrolments": Enrolment.objects.filter(
            organisation=organisation, person=None, programme__in=programmes_visible_to(request.user)
        ).select_related("programme"),
        "missing": missing_parts(organisation),
        "doubts": doubtful_pairs_of(organisation).count(),
        "may_edit": may_edit_directory(request.user),
        "entries": entries_of(organisation)[:10],
        "today": timezone.localdate(),
    }
    return render(
        request, "office/organisations/detail.html", context, status=422 if form is not None else 200
    )


@for_team
def organisation_create(request: HttpRequest) -> HttpResponse:
    if not may_edit_directory(request.user):
        raise PermissionDenied
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = commands.create_organisation(by=actor_of(request), **form.cleaned_data)
        return redirect("office:organisation", made.code)
    context = {"form": form, "editing": None, "back": reverse("office:organisations")}
    return render(request, "office/organisations/edit.html", context, status=422 if form.errors else 200)


@for_team
def organisation_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = organisation_of(request, code, to_edit=True)
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        commands.edit_organisation(found, by=actor_of(request), **form.cleaned_data)
        flash.tell(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
        return redirect("office:organisation", code)
    context = {"form": form, "editing": found, "back": reverse("office:organisation", args=[code])}
    return render(request, "office/organisations/edit.html", context, status=422 if form.errors else 200)


def _add(
    request: HttpRequest, code: str, part: str, add: Callable[[Organisation, dict], Any]
) -> HttpResponse:
    organisation = organisation_of(request, code, to_edit=True)
    form = PARTS[part](request.POST, prefix=part)
    if form.is_valid():
        try:
            add(organisation, form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("Added."))
            return redirect(reverse("office:organisation", args=[code]) + f"#{part}")
    return _detail(request, organisation, form=form, part=part)


def _person(email: str) -> Person:
    person = Person.objects.alive().filter(email=email.lower()).first()
    if person is None:
        raise Refusal(
            _("Nobody signs in with this address yet. Ask the person to sign in or register first."),
            code="unknown_address",
            field="email",
        )
    return person


@require_POST
def identifier_set(request: HttpRequest, code: str) -> HttpResponse:
    def add(organisation: Organisation, values: dict) -> None:
        commands.set_identifier(
            organisation,
            values["scheme"],
            values["typed"],
            missing_because=values["missing_because"],
            by=actor_of(request),
        )

    return _add(request, code, "identifier", add)


@require_POST
def affiliation_add(request: HttpRequest, code: str) -> HttpResponse:
    def add(organisation: Organisation, values: dict) -> None:
        commands.add_affiliation(
            _person(values["email"]), organisation, values["role"], title=values["title"], starts=values["starts"],
            confirmed=True, by=actor_of(request),
        )  # fmt: skip

    return _add(request, code, "affiliation", add)


@require_POST
def affiliation_confirm(request: HttpRequest, code: str, affiliation: int) -> HttpResponse:
    organisation = organisation_of(request, code, to_edit=True)
    found = get_object_or_404(Affiliation, pk=affiliation, organisation=organisation)
    try:
        commands.confirm_affiliation(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    return redirect("office:organisation", code)


@require_POST
def affiliation_end(request: HttpRequest, code: str, affiliation: int) -> HttpResponse:
    organisation = organisation_of(request, code, to_edit=True)
    found = get_object_or_404(Affiliation, pk=affiliation, organisation=organisation)
    commands.end_affiliation(
        found, ends=max(found.starts or timezone.localdate(), timezone.localdate()), by=actor_of(request)
    )
    return redirect("office:organisation", code)


@require_POST
def mandate_give(request: HttpRequest, code: str) -> HttpResponse:
    def add(organisation: Organisation, values: dict) -> None:
        commands.give_mandate(
            organisation, _person(values["email"]), values["scopes"], starts=values["starts"], ends=values["ends"],
            is_deputy=values["is_deputy"], by=actor_of(request),
        )  # fmt: skip

    return _add(request, code, "mandate", add)


@require_POST
def mandate_end(request: HttpRequest, code: str, mandate: int) -> HttpResponse:
    organisation = organisation_of(request, code, to_edit=True)
    found = get_object_or_404(Mandate, pk=mandate, organisation=organisation)
    commands.end_mandate(
        found, ends=max(found.starts or timezone.localdate(), timezone.localdate()), by=actor_of(request)
    )
    return redirect("office:organisation", code)


@require_POST
def organisation_archive(request: HttpRequest, code: str) -> HttpResponse:
    organisation = organisation_of(request, code, to_edit=True)
    commands.archive_organisation(organisation, by=actor_of(request))
    entry = entries_of(organisation).first()
    undo = reverse("office:undo", args=[entry.code]) if entry else ""
    flash.tell(request, _("%(name)s is archived.") % {"name": organisation}, undo=undo)
    return redirect("office:organisations")
