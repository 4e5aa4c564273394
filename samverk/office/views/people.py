"""People: the list, and one person's story within the programmes one works with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import LIVE
from samverk.activities.models import Registration
from samverk.activities.office_queries import attendances_of, people_found, person_rows, programmes_of_person
from samverk.activities.permissions import activities_in_office, people_visible_to
from samverk.directory.models import Affiliation
from samverk.kit.acting import actor_of
from samverk.kit.fold import fold
from samverk.kit.spreadsheets import csv_lines
from samverk.ledger.models import HourEntry
from samverk.ledger.permissions import hour_entries_visible_to
from samverk.office.doors import for_staff, for_team
from samverk.office.forms.people import OpenForm, PeopleFilter
from samverk.office.views.saved_views import views_bar
from samverk.people.commands import open_protected
from samverk.people.models import Person
from samverk.people.rules import alias_of
from samverk.programmes.permissions import may_open_protected, programmes_visible_to

ROWS = 50
STORY_ROWS = 50


def _asked(request: HttpRequest) -> tuple[PeopleFilter, Any]:
    form = PeopleFilter(request.GET or None, programmes=programmes_visible_to(request.user))
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = people_found(
        people_visible_to(request.user), text=asked.get("q", ""), programme=asked.get("programme"),
        organisation=fold(asked.get("organisation", "")),
    )  # fmt: skip
    return form, found


@for_team
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    form, found = _asked(request)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = person_rows(page, alias_of)
    context = {
        "filter": form,
        "page": page,
        "rows": rows,
        "as_text": "\n".join("\t".join([row.name, row.organisations, row.email, row.phone]) for row in rows),
        "export": f"{reverse('office:people_csv')}?{request.GET.urlencode()}",
        **views_bar(request, "office:people"),
    }
    return render(request, "office/people/list.html", context)


@for_team
@require_safe
def people_csv(request: HttpRequest) -> HttpResponseBase:
    """The filtered list, streamed; protected people by alias."""
    _form, found = _asked(request)
    header = [_("Code"), _("Name"), _("Organisation"), _("E-mail"), _("Phone"), _("Place"), _("Came last")]

    def rows() -> Iterator[list[Any]]:
        for page in Paginator(found, 500):
            for row in person_rows(page, alias_of):
                yield [
                    row.code,
                    row.name,
                    row.organisations,
                    row.email,
                    row.phone,
                    row.place,
                    row.last_came_at,
                ]

    answer = StreamingHttpResponse(csv_lines(header, rows()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


def _person_of(request: HttpRequest, code: str) -> Person:
    """A visible person; the address of a merged one leads to the survivor."""
    survivor = Person.objects.filter(code=code, merged_into__isnull=False).values_list(
        "merged_into", flat=True
    )
    by_code = {"pk": survivor[0]} if survivor else {"code": code}
    return get_object_or_404(people_visible_to(request.user), **by_code)


@for_staff
@require_safe
def person(request: HttpRequest, code: str) -> HttpResponse:
    return _story(request, _person_of(request, code))


@for_staff
@require_POST
def person_open(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is hidden of somebody with protected identity: by POST, with a reason, in the log, once."""
    found = _person_of(request, code)
    programmes = programmes_of_person(found, request.user)
    opening = next((one for one in programmes if may_open_protected(request.user, one)), None)
    if opening is None:
        raise PermissionDenied
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _story(request, found, form=form)
    open_protected(found, by=actor_of(request), scope=opening.scope, reason=form.cleaned_data["reason"])
    return _story(request, found, is_open=True)


def _story(
    request: HttpRequest, found: Person, *, is_open: bool = False, form: OpenForm | None = None
) -> HttpResponse:
    hidden = found.is_protected and not is_open
    programmes = programmes_of_person(found, request.user)
    mine = activities_in_office(request.user)
    registrations = Registration.objects.filter(person=found, activity__in=mine).select_related(
        "activity", "organisation"
    )
    visits = attendances_of(found, request.user)
    minutes = HourEntry.objects.live().filter(
        pk__in=hour_entries_visible_to(request.user).filter(person=found).values("pk")
    )
    context = {
        "person": found,
        "name": alias_of(found.code) if hidden else str(found),
        "hidden": hidden,
        "is_open": is_open,
        "may_open": any(may_open_protected(request.user, one) for one in programmes),
        "open_form": form or OpenForm(),
        "form": form,
        "programmes": programmes,
        "registrations": list(registrations.order_by("-pk")[:STORY_ROWS]),
        "live": LIVE,
        "visits": list(visits[:STORY_ROWS]),
        "came": visits.filter(mark__in=["here", "part"]).count(),
        "minutes": minutes.aggregate(total=Sum("minutes"))["total"] or 0,
        "affiliations": []
        if hidden
        else Affiliation.objects.filter(person=found)
        .select_related("organisation")
        .order_by("ends", "organisation__sort_key"),
    }
    return render(request, "office/people/person.html", context, status=422 if form is not None else 200)
