from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import activities_in_office
from samverk.evaluation.models import Evaluation
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import has_seat


def evaluations_visible_to(person: Any) -> QuerySet[Evaluation]:
    """Evaluations of the activities a person works with: the team's, and those she leads."""
    return Evaluation.objects.filter(activity__in=activities_in_office(person))


def may_evaluate(person: Any, activity: Activity) -> bool:
    """Coordinators and trainers choose the questions, open and close."""
    return has_seat(person, activity.programme, [SeatRole.COORDINATOR, SeatRole.TRAINER])
