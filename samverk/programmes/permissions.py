"""The frame of rights: seats in a programme's team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from samverk.directory.models import Organisation, Venue
from samverk.directory.permissions import organisations_of
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme, SavedView, TeamSeat

EVERY_ROLE = tuple(SeatRole)
# Who runs a programme's activities; a viewer only reads.
RUNNING = (SeatRole.COORDINATOR, SeatRole.TRAINER, SeatRole.MENTOR)


def seats_of(person: Any, roles: Iterable[str] = EVERY_ROLE) -> QuerySet[TeamSeat]:
    """A person's seats in force today."""
    if not person or not person.is_authenticated:
        return TeamSeat.objects.none()
    return TeamSeat.objects.on(timezone.localdate()).filter(person=person, role__in=list(roles))


def programmes_of(person: Any, roles: Iterable[str] = EVERY_ROLE) -> Any:
    """Programmes of a person's seats in force today, for ``__in``: a subquery.

    For the person who sent the request they are keys: her seats are read once for all questions about her rights.
    """
    seats = _seats_of_request(person)
    if seats is None:
        return seats_of(person, roles).values("programme")
    wanted = set(roles)
    return {programme for programme, role in seats if role in wanted}


def _seats_of_request(person: Any) -> list[tuple[int, str]] | None:
    kept = getattr(person, "kept_for_request", None)
    if kept is not None and "seats" not in kept:
        kept["seats"] = list(seats_of(person).values_list("programme_id", "role"))
    return None if kept is None else kept["seats"]


def has_role(person: Any, roles: Iterable[str] = EVERY_ROLE) -> bool:
    """Whether the person sits in any programme's team in one of these roles."""
    found = programmes_of(person, roles)
    return bool(found) if isinstance(found, set) else found.exists()


def programmes_visible_to(person: Any) -> QuerySet[Programme]:
    """Programmes in whose team the person sits today."""
    return Programme.objects.filter(pk__in=programmes_of(person))


def programmes_public() -> QuerySet[Programme]:
    return Programme.objects.filter(is_public=True)


def has_seat(person: Any, programme: Programme, roles: Iterable[str] = EVERY_ROLE) -> bool:
    found = programmes_of(person, roles)
    return programme.pk in found if isinstance(found, set) else found.filter(programme=programme).exists()


def is_in_a_team(person: Any) -> bool:
    return has_role(person)


def coordinates_somewhere(person: Any) -> bool:
    return has_role(person, [SeatRole.COORDINATOR])


def may_create_programme(person: Any) -> bool:
    """Coordinators, and the keeper, who makes the first one of an installation."""
    return coordinates_somewhere(person) or (person.is_authenticated and person.is_keeper)


def may_edit_programme(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR])


def may_run_activities(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR, SeatRole.TRAINER])


def may_edit_directory(person: Any) -> bool:
    """Organisations are shared: any coordinator keeps them."""
    return coordinates_somewhere(person)


def may_open_protected(person: Any, programme: Programme) -> bool:
    """Named staff open what is hidden of a person with protected identity."""
    return seats_of(person).filter(programme=programme, sees_protected=True).exists()


def organisations_visible_to(person: Any) -> QuerySet[Organisation]:
    """Teams see all living organisations; others the public ones and their own."""
    if is_in_a_team(person):
        return Organisation.objects.alive()
    if person and person.is_authenticated:
        return (Organisation.objects.public() | organisations_of(person)).distinct()
    return Organisation.objects.public()


def venues_visible_to(person: Any) -> QuerySet[Venue]:
    """Cards of houses are kept by teams; visitors read them on the pages of what is held there."""
    return Venue.objects.all() if is_in_a_team(person) else Venue.objects.none()


def scopes_visible_to(person: Any) -> list[str]:
    """Scopes of trail and post a person may read: programmes she coordinates, and herself."""
    codes = seats_of(person, [SeatRole.COORDINATOR]).values_list("programme__code", flat=True)
    scopes = [f"programme:{code}" for code in codes]
    if codes:
        scopes.append("directory")
    if person and person.is_authenticated:
        scopes.append(f"person:{person.code}")
        if person.is_keeper:
            scopes.append("accounts")
    return scopes


def saved_views_visible_to(person: Any, list_name: str) -> QuerySet[SavedView]:
    """A person's own views of a list, and those shared with teams she sits in."""
    shared = Q(programme__in=programmes_of(person))
    return SavedView.objects.filter(Q(person=person) | shared, list_name=list_name)
