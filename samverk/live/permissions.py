from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.activities.permissions import sessions_visible_to
from samverk.live.models import FloorQuestion, LiveQuestion


def questions_visible_to(person: Any) -> QuerySet[LiveQuestion]:
    """Live questions of the sessions a person works with."""
    return LiveQuestion.objects.filter(room__session__in=sessions_visible_to(person))


def floor_visible_to(person: Any) -> QuerySet[FloorQuestion]:
    return FloorQuestion.objects.filter(question__in=questions_visible_to(person))
