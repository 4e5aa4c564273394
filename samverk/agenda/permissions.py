"""Who sees a programme and who writes it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import (
    activities_in_office,
    activities_public,
    activities_visible_to,
    may_edit_activity,
)
from samverk.agenda.models import Agenda, AgendaImport, AgendaItem, Speaker


def agendas_visible_to(person: Any) -> QuerySet[Agenda]:
    """Published ones of activities she sees, and all of those she works with."""
    shown = Q(published_at__isnull=False, activity__in=activities_visible_to(person))
    if person and person.is_authenticated:
        shown |= Q(activity__in=activities_in_office(person))
    return Agenda.objects.filter(shown)


def agendas_public() -> QuerySet[Agenda]:
    """What the whole world may see."""
    return Agenda.objects.filter(published_at__isnull=False, activity__in=activities_public())


def items_in_office(person: Any) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(agenda__activity__in=activities_in_office(person))


def speakers_in_office(person: Any) -> QuerySet[Speaker]:
    return Speaker.objects.filter(agenda__activity__in=activities_in_office(person))


def agenda_imports_visible_to(person: Any) -> QuerySet[AgendaImport]:
    return AgendaImport.objects.filter(activity__in=activities_in_office(person))


def may_edit_agenda(person: Any, activity: Activity) -> bool:
    """Coordinators and trainers of the programme, as with the activity itself."""
    return may_edit_activity(person, activity)
