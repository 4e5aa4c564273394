"""Who sees polls and their answers: the team of the activity. Those who are asked see sums, never each other."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import activities_in_office
from samverk.polls.models import Poll
from samverk.programmes.permissions import RUNNING, has_seat


def polls_visible_to(person: Any) -> QuerySet[Poll]:
    return Poll.objects.filter(activity__in=activities_in_office(person))


def may_ask_for_a_time(person: Any, activity: Activity) -> bool:
    """Coordinators, trainers and mentors: each may look for a time with her people."""
    return has_seat(person, activity.programme, RUNNING)
