"""A person sees her own; coordinators see those of their programmes, and correct them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.absences.choices import ExcuseState
from samverk.absences.queries import absences
from samverk.activities.models import Activity, Registration
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import has_seat, seats_of


def programmes_coordinated_by(person: Any) -> QuerySet[Programme]:
    return Programme.objects.filter(pk__in=seats_of(person, [SeatRole.COORDINATOR]).values("programme"))


def absences_visible_to(person: Any) -> QuerySet[Registration]:
    """Absences in the programmes that somebody coordinates. Nobody else reads the absences of others."""
    return absences().filter(activity__programme__in=programmes_coordinated_by(person))


def may_see_absences(person: Any, activity: Activity) -> bool:
    return has_seat(person, activity.programme, [SeatRole.COORDINATOR])


def corrections_asked_of(person: Any) -> QuerySet[Registration]:
    """Absences somebody wants corrected by this coordinator, the oldest wish first."""
    return absences_visible_to(person).filter(excuse__state=ExcuseState.ASKED).order_by("excuse__written_at")
