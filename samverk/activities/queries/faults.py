"""What the clock looks for and what the doctor finds."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from samverk.activities import rules
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Cohort, Quota, Registration
from samverk.activities.queries.standing import waiting_in


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
    found = _miscounted()
    for registration in holds_over(late) | offers_over(late):
        found.append(f"registration {registration.code}: {registration.state} after its time")
    waits = Registration.objects.filter(state=State.WAITING).values("activity")
    for activity in Activity.objects.filter(pk__in=waits).prefetch_related("quotas", "cohorts"):
        if rules.waiting_list_moves(activity, now):
            found += [
                f"activity {activity.code}: somebody waits although places are free"
                for pool in activity.pools
                if not pool.is_full and waiting_in(activity, pool).exists()
            ]
    return found


def _miscounted_groups() -> list[str]:
    quotas = Quota.objects.filter(activity=OuterRef("activity"), comes_as=OuterRef("comes_as"))
    taking = Registration.objects.taking_places().filter(~Exists(quotas), cohort__isnull=False)
    counted = dict(taking.order_by().values_list("cohort").annotate(Count("pk")))
    return [
        f"group {cohort.code}: {cohort.taken} places written, {counted.get(cohort.pk, 0)} taken"
        for cohort in Cohort.objects.all()
        if cohort.taken != counted.get(cohort.pk, 0)
    ]


def _miscounted() -> list[str]:
    """Numbers that were written and are not what the registrations say, of activities and of their roles."""
    taking = Registration.objects.taking_places().order_by().values_list("activity", "comes_as")
    counted = {(activity, role): number for activity, role, number in taking.annotate(Count("pk"))}
    found = []
    for quota in Quota.objects.select_related("activity"):
        taken = counted.pop((quota.activity_id, quota.comes_as), 0)
        if taken != quota.taken:
            found.append(
                f"activity {quota.activity.code}: {quota.taken} places for {quota.comes_as} written, {taken} taken"
            )
    general: Counter[int] = Counter()
    for (activity_id, _role), number in counted.items():
        general[activity_id] += number
    found += _miscounted_groups()
    for pk, code, written in Activity.objects.values_list("pk", "code", "places_taken"):
        if written != general[pk]:
            found.append(f"activity {code}: {written} places written, {general[pk]} taken")
    return found
