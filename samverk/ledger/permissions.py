"""Who may see hours, statements and evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from samverk.directory.choices import MandateScope
from samverk.directory.permissions import organisation_ids_under_mandate
from samverk.ledger.models import Evidence, HourEntry, HourEntryQuerySet, Statement
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import has_role, has_seat, programmes_of

READING = (SeatRole.COORDINATOR, SeatRole.VIEWER)


def hour_entries_visible_to(person: Any) -> QuerySet[HourEntry]:
    """Own hours; those of programmes one coordinates or may read; those of an employer one confirms hours for."""
    employers = organisation_ids_under_mandate(person, MandateScope.CONFIRM_HOURS)
    return HourEntry.objects.filter(
        Q(person=person) | Q(programme__in=programmes_of(person, READING)) | Q(organisation__in=employers)
    )


def reads_hours(person: Any) -> bool:
    """Whether the person reads the hours of some programme: coordinators and viewers do."""
    return has_role(person, READING)


def programmes_with_hours(person: Any) -> QuerySet[Programme]:
    """Programmes whose hours the person may read in the office."""
    return Programme.objects.filter(pk__in=programmes_of(person, READING))


def hour_entries_in_office(person: Any) -> HourEntryQuerySet:
    """Lines of those programmes; never others because one happens to be the person or her employer."""
    return HourEntry.objects.filter(programme__in=programmes_of(person, READING))


def statements_in_office(person: Any) -> QuerySet[Statement]:
    """Statements with a line of those programmes; the page shows those lines only."""
    theirs = hour_entries_in_office(person).filter(
        reversed_at=None, person=OuterRef("person"), month=OuterRef("month")
    )
    return Statement.objects.filter(Exists(theirs))


def statements_visible_to(person: Any) -> QuerySet[Statement]:
    """Own statements, and those with hours of a programme one coordinates."""
    programmes = programmes_of(person, READING)
    people = HourEntry.objects.filter(programme__in=programmes).values("person")
    return Statement.objects.filter(Q(person=person) | Q(person__in=people))


def evidence_visible_to(person: Any) -> QuerySet[Evidence]:
    """Proofs of programmes whose hours the person may read."""
    return Evidence.objects.filter(programme__in=programmes_of(person, READING))


def may_file_evidence(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR])


def may_seal(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR])


def programmes_to_seal(person: Any) -> QuerySet[Programme]:
    """Programmes whose months the person may seal."""
    return Programme.objects.filter(pk__in=programmes_of(person, [SeatRole.COORDINATOR]))


def may_ask_for_hours(person: Any, programmes: Iterable[int]) -> bool:
    """Sending, reminding, filing and settling take a coordinator's seat in one of the programmes."""
    return programmes_to_seal(person).filter(pk__in=programmes).exists()
