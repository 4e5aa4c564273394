"""Who may see hours, statements and evidence."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samverk.directory.choices import MandateScope
from samverk.directory.permissions import organisation_ids_under_mandate
from samverk.ledger.models import Evidence, HourEntry, Statement
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import has_seat, seats_of

READING = (SeatRole.COORDINATOR, SeatRole.VIEWER)


def hour_entries_visible_to(person: Any) -> QuerySet[HourEntry]:
    """Own hours; those of programmes one coordinates or may read; those of an employer one confirms hours for."""
    employers = organisation_ids_under_mandate(person, MandateScope.CONFIRM_HOURS)
    return HourEntry.objects.filter(
        Q(person=person)
        | Q(programme__in=seats_of(person, READING).values("programme"))
        | Q(organisation__in=employers)
    )


def statements_visible_to(person: Any) -> QuerySet[Statement]:
    """Own statements, and those with hours of a programme one coordinates."""
    programmes = seats_of(person, READING).values("programme")
    people = HourEntry.objects.filter(programme__in=programmes).values("person")
    return Statement.objects.filter(Q(person=person) | Q(person__in=people))


def evidence_visible_to(person: Any) -> QuerySet[Evidence]:
    return Evidence.objects.filter(programme__in=seats_of(person, READING).values("programme"))


def may_file_evidence(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR])


def may_seal(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR])
