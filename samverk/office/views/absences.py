"""Who had a place and did not come: one person's absences in the programmes one coordinates, and their correction."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.absences import commands
from samverk.absences.choices import ExcuseState
from samverk.absences.permissions import absences_visible_to, programmes_coordinated_by
from samverk.absences.queries import numbers_of
from samverk.activities.models import Registration
from samverk.activities.permissions import people_visible_to
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.views.undo import undo_address
from samverk.people.models import Person
from samverk.people.rules import shown_name


def missed_by(request: HttpRequest, rows: list[Registration]) -> dict[int, int]:
    """{person: absences} for a list, in the programmes one coordinates; one query. Protected people have none."""
    people = [one.person_id for one in rows if one.person_id and one.person and not one.person.is_protected]
    return numbers_of(people, programmes_coordinated_by(request.user))


@require_safe
def absences(request: HttpRequest, code: str) -> HttpResponse:
    """Each absence, with what was said about it and two buttons."""
    person = _person(request, code)
    found = absences_visible_to(request.user).filter(person=person)
    rows = list(
        found.select_related("activity", "excuse__decided_by").order_by("-activity__ends_at", "-pk")[:200]
    )
    context = {
        "person": person, "name": shown_name(person), "rows": [_row(one) for one in rows],
        "number": sum(not _is_excused(one) for one in rows), "hidden": person.is_protected,
    }  # fmt: skip
    return render(request, "office/people/absences.html", context)


def _row(one: Registration) -> dict[str, Any]:
    excuse = getattr(one, "excuse", None)
    return {"registration": one, "activity": one.activity, "excuse": excuse, "is_excused": _is_excused(one)}


def _is_excused(one: Registration) -> bool:
    excuse = getattr(one, "excuse", None)
    return excuse is not None and excuse.state == ExcuseState.GRANTED


def _person(request: HttpRequest, code: str) -> Person:
    if not programmes_coordinated_by(request.user).exists():
        raise Http404
    return get_object_or_404(people_visible_to(request.user), code=code)


def _absence(request: HttpRequest, code: str) -> Registration:
    found = absences_visible_to(request.user).filter(person__isnull=False)
    return get_object_or_404(found.select_related("activity__programme", "person"), code=code)


@require_POST
def absence_excuse(request: HttpRequest, code: str) -> HttpResponse:
    """It does not count, because."""
    found = _absence(request, code)
    try:
        commands.excuse_absence(found, because=request.POST.get("because", ""), by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("It does not count any more."), undo=undo_address(found))
    return _back(found)


@require_POST
def absence_count(request: HttpRequest, code: str) -> HttpResponse:
    """It counts again, or all the same."""
    found = _absence(request, code)
    commands.let_count(found, by=actor_of(request))
    flash.tell(request, _("It counts."), undo=undo_address(found))
    return _back(found)


def _back(found: Registration) -> HttpResponse:
    person: Any = found.person
    return redirect(reverse("office:absences", args=[person.code]))
