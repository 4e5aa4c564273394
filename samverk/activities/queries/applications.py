"""Those who ask to come to an activity, and those who were answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from samverk.activities.choices import Decision
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Registration


@dataclass(frozen=True)
class Applications:
    """How many ask, were approved, were declined."""

    open: int
    approved: int
    declined: int


def applications_of(activity: Activity) -> Applications:
    found = activity.registrations.aggregate(
        open=Count("pk", filter=Q(state=State.APPLIED)),
        approved=Count("pk", filter=Q(decision=Decision.APPROVED)),
        declined=Count("pk", filter=Q(state=State.DECLINED)),
    )
    return Applications(**found)


def applications_in(activity: Activity, answer: str) -> QuerySet[Registration]:
    """Those who ask in the order they asked; those who were answered, the latest answer first."""
    related = ("person", "organisation", "decided_by")
    found = activity.registrations.select_related(*related)
    if answer == "approved":
        return found.filter(decision=Decision.APPROVED).order_by("-decided_at", "pk")
    if answer == "declined":
        return found.filter(state=State.DECLINED).order_by("-decided_at", "pk")
    return found.filter(state=State.APPLIED).order_by("registered_at", "pk")
