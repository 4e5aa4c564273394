"""What the clock looks for and what the doctor finds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from samverk.activities import rules
from samverk.activities.choices import TAKES_PLACE
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Registration


def holds_over(now: datetime) -> QuerySet[Registration]:
    """Unconfirmed registrations whose hour is over."""
    return Registration.objects.filter(state__in=[State.HELD, State.QUEUED_HELD], held_until__lte=now)


def offers_over(now: datetime) -> QuerySet[Registration]:
    """Offers whose deadline has passed."""
    return Registration.objects.filter(state=State.OFFERED, offered_until__lte=now)


def is_a_hold_over() -> bool:
    return holds_over(timezone.now()).exists()


def is_an_offer_over() -> bool:
    return offers_over(timezone.now()).exists()


def registration_faults() -> list[str]:
    """Places counted wrong, holds and offers that nobody ended, people who wait beside a free place."""
    now = timezone.now()
    late = now - timedelta(minutes=10)
    found = []
    counted = Activity.objects.annotate(
        taken=Count("registrations", filter=Q(registrations__state__in=TAKES_PLACE)),
        waiting=Count("registrations", filter=Q(registrations__state=State.WAITING)),
    )
    for activity in counted.exclude(places_taken=F("taken")):
        found.append(
            f"activity {activity.code}: {activity.places_taken} places written, {activity.taken} taken"
        )
    for registration in holds_over(late) | offers_over(late):
        found.append(f"registration {registration.code}: {registration.state} after its time")
    for activity in counted.filter(waiting__gt=0).filter(Q(capacity=None) | Q(capacity__gt=F("taken"))):
        if rules.waiting_list_moves(activity, now):
            found.append(f"activity {activity.code}: {activity.waiting} wait although places are free")
    return found
