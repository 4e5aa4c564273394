"""Who writes to the people of an activity, and who reads what was written."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import activities_in_office
from samverk.mailings.models import LetterTemplate, Mailing
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import has_seat, programmes_visible_to


def mailings_visible_to(person: Any) -> QuerySet[Mailing]:
    """Messages of the activities a person works with."""
    return Mailing.objects.filter(activity__in=activities_in_office(person))


def templates_visible_to(person: Any) -> QuerySet[LetterTemplate]:
    """Templates of the programmes in whose team the person sits."""
    return LetterTemplate.objects.filter(programme__in=programmes_visible_to(person))


def may_write_to(person: Any, activity: Activity) -> bool:
    """Coordinators and trainers of the programme."""
    return has_seat(person, activity.programme, [SeatRole.COORDINATOR, SeatRole.TRAINER])
