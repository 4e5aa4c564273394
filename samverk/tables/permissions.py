"""Who sees and who makes table plans: whoever works with the session; making is for who takes attendance."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.activities.choices import RegistrationState
from samverk.activities.models import Registration
from samverk.activities.permissions import may_take_attendance, sessions_visible_to
from samverk.tables.models import TablePhoto, TablePlan, TableSeat


def plans_visible_to(person: Any) -> QuerySet[TablePlan]:
    return TablePlan.objects.filter(session__in=sessions_visible_to(person))


def seats_visible_to(person: Any) -> QuerySet[TableSeat]:
    return TableSeat.objects.filter(plan__session__in=sessions_visible_to(person))


def photos_visible_to(person: Any) -> QuerySet[TablePhoto]:
    return TablePhoto.objects.filter(plan__session__in=sessions_visible_to(person), removed_at=None)


def may_make_tables(person: Any, plan: TablePlan) -> bool:
    return may_take_attendance(person, plan.session)


def seats_shown_to(registration: Registration) -> QuerySet[TableSeat]:
    """One's own seats, once the coordinator shows them."""
    if registration.state != RegistrationState.CONFIRMED:
        return TableSeat.objects.none()
    return TableSeat.objects.filter(attendance__registration=registration, plan__shown_at__isnull=False)
