"""One person's registrations, and the organisations she may come for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from samverk.activities.choices import LIVE, Representation
from samverk.activities.models import Activity, Registration
from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Organisation


def own_registration(person: Any, activity: Activity) -> Registration | None:
    """The person's live registration in an activity."""
    live = activity.registrations.filter(person=person, state__in=LIVE).select_related("organisation")
    found = live.first()
    if found:
        found.activity = activity
    return found


def registrations_of_person(person: Any) -> QuerySet[Registration]:
    """All of a person's registrations with their activities, soonest activity first."""
    related = ("activity__programme", "organisation", "cohort")
    return person.registrations.select_related(*related).order_by(
        F("activity__starts_at").asc(nulls_last=True), "pk"
    )


def activities_of_person(person: Any, activity_ids: Iterable[int]) -> set[int]:
    """Those of the activities in which the person stands now."""
    live = Registration.objects.filter(person=person, state__in=LIVE, activity__in=list(activity_ids))
    return set(live.values_list("activity_id", flat=True))


def organisations_to_come_for(person: Any) -> list[tuple[Organisation, bool]]:
    """Organisations a person is confirmed to belong to, or holds a mandate for; whether she may register colleagues."""
    today = timezone.localdate()
    in_force = Q(mandates__person=person) & _on(today, "mandates__")
    affiliated = (
        Affiliation.objects.on(today).filter(person=person, confirmed_at__isnull=False).values("organisation")
    )
    found = (
        Organisation.objects.alive()
        .annotate(own=FilteredRelation("mandates", condition=in_force))
        .filter(Q(own__isnull=False) | Q(pk__in=affiliated))
        .annotate(scopes=F("own__scopes"))
        .order_by("sort_key", "pk")
    )
    merged: dict[int, tuple[Organisation, bool]] = {}
    for organisation in found:
        before = merged.get(organisation.pk, (organisation, False))[1]
        merged[organisation.pk] = (
            organisation,
            before or MandateScope.REGISTER_COLLEAGUES in (organisation.scopes or []),
        )
    return list(merged.values())


def _on(day: date, path: str) -> Q:
    started = Q(**{f"{path}starts": None}) | Q(**{f"{path}starts__lte": day})
    return started & (Q(**{f"{path}ends": None}) | Q(**{f"{path}ends__gte": day}))


def claims_on(organisations: Iterable[int]) -> QuerySet[Registration]:
    """Live registrations of people who say to stand for one of these organisations, where nobody has answered."""
    claimed = Registration.objects.filter(
        organisation__in=list(organisations),
        representation=Representation.CLAIMED,
        state__in=LIVE,
        person__isnull=False,
    )
    return claimed.select_related("activity__programme", "person", "organisation").order_by(
        "-registered_at", "pk"
    )
