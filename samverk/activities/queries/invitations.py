"""Invitations of an activity: who has answered how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from samverk.activities.choices import LIVE, RegistrationState
from samverk.activities.models import Activity, Registration
from samverk.activities.models.invitations import Invitation


def invitations_of(activity: Activity) -> Any:
    """The activity's invitations, newest last; ``answer`` is the state of the registration made by it."""
    return activity.invitations.annotate(answer=Coalesce(_answer(), Value(""))).select_related(
        "person", "organisation"
    )


def place_by_invitation(activity: Activity, invitation: Invitation) -> Registration | None:
    """The live registration of whoever is invited: made by the link, or by the address it came to."""
    mine = Q(invitation=invitation) | Q(email=invitation.email)
    found = activity.registrations.filter(mine, state__in=LIVE).select_related("organisation").first()
    if found:
        found.activity = activity
    return found


def _answer() -> Subquery:
    """The latest registration by this invitation, or by its address."""
    mine = Q(invitation=OuterRef("pk")) | Q(activity=OuterRef("activity"), email=OuterRef("email"))
    return Subquery(Registration.objects.filter(mine).order_by("-pk").values("state")[:1])


def unanswered(activity: Activity) -> QuerySet[Invitation]:
    """Who is invited and has said neither yes nor no."""
    said = [*LIVE, RegistrationState.CANCELLED, RegistrationState.DECLINED]
    return invitations_of(activity).standing().filter(declined_at=None).exclude(answer__in=said)


@dataclass(frozen=True)
class Answers:
    """How many are invited, come or wait for a place, cannot come, have not answered."""

    invited: int
    coming: int
    declined: int
    silent: int


def answers_of(activity: Activity) -> Answers:
    """The sum of all standing invitations, by one query."""
    coming = Q(answer__in=list(LIVE))
    no = Q(declined_at__isnull=False) | Q(answer__in=["cancelled", "declined"])
    found = invitations_of(activity).standing().aggregate(
        invited=Count("pk"), coming=Count("pk", filter=coming), declined=Count("pk", filter=no & ~coming)
    )  # fmt: skip
    silent = found["invited"] - found["coming"] - found["declined"]
    return Answers(found["invited"], found["coming"], found["declined"], silent)
