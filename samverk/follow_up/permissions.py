"""Who sees what stands after an activity, and who writes it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samverk.activities.choices import Mark, RegistrationState
from samverk.activities.models import Activity, Attendance, Registration
from samverk.activities.permissions import activities_in_office, activities_public
from samverk.follow_up.choices import MaterialAudience
from samverk.follow_up.models import Material, Summary, Task
from samverk.programmes.permissions import RUNNING, has_seat

_HERE = (Mark.HERE, Mark.PART)
_HAD_PLACE = (RegistrationState.CONFIRMED,)


def tasks_visible_to(person: Any) -> QuerySet[Task]:
    """Tasks of activities one works with, and one's own."""
    return Task.objects.filter(Q(activity__in=activities_in_office(person)) | Q(owner_id=person.pk))


def materials_in_office(person: Any) -> QuerySet[Material]:
    return Material.objects.filter(activity__in=activities_in_office(person), removed_at=None)


def materials_public() -> QuerySet[Material]:
    """What the whole world may have."""
    return Material.objects.filter(
        audience=MaterialAudience.PUBLIC, removed_at=None, activity__in=activities_public()
    )


def materials_for(registration: Registration) -> QuerySet[Material]:
    """What whoever holds this place may have: more, when she was there."""
    allowed = [MaterialAudience.PUBLIC]
    if registration.state in _HAD_PLACE:
        allowed.append(MaterialAudience.REGISTERED)
    if Attendance.objects.filter(registration=registration, mark__in=_HERE).exists():
        allowed += [MaterialAudience.PRESENT, MaterialAudience.REGISTERED]
    return Material.objects.filter(
        activity_id=registration.activity_id, audience__in=allowed, removed_at=None
    )


def summaries_public() -> QuerySet[Summary]:
    return Summary.objects.filter(published_at__isnull=False, activity__in=activities_public())


def may_follow_up(person: Any, activity: Activity) -> bool:
    """The team that runs activities; a viewer and a guest leader read."""
    return has_seat(person, activity.programme, RUNNING)
