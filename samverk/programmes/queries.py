"""Reads of programmes for screens."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from samverk.programmes.models import Enrolment, Programme, TeamSeat
from samverk.programmes.permissions import programmes_visible_to


def programmes_for(person: Any) -> QuerySet[Programme]:
    """Programmes of a person's seats, with how many organisations and activities each has."""
    return programmes_visible_to(person).annotate(
        organisation_count=Count("enrolments__organisation", filter=Q(enrolments__ends=None), distinct=True),
        activity_count=Count("activities", distinct=True),
    )


def team_of(programme: Programme) -> QuerySet[TeamSeat]:
    """Seats in force today, by role and name."""
    return (
        TeamSeat.objects.on(timezone.localdate())
        .filter(programme=programme)
        .select_related("person", "organisation")
        .order_by("role", "person__sort_key")
    )


def organisations_enrolled(programme: Programme) -> QuerySet[Enrolment]:
    """Enrolments of organisations, those that ended included, by name."""
    return (
        Enrolment.objects.filter(programme=programme, organisation__isnull=False, person=None)
        .select_related("organisation")
        .order_by("organisation__sort_key", "starts")
    )
