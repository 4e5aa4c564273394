"""Writing venues and their rooms. They are archived, never deleted: what was held there was held there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.directory.models import ACCESS_PARTS, Room, Venue
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

SCOPE = "directory"
UNDO_VENUE, UNDO_ROOM = "directory.unarchive_venue", "directory.unarchive_room"
ACCESS_FIELDS = tuple(name for part in ACCESS_PARTS for name in (part, f"{part}_note"))
VENUE_FIELDS = ("name", "address", "place", "country", "map_link", "directions", "capacity", *ACCESS_FIELDS)
ROOM_FIELDS = ("name", "capacity", *ACCESS_FIELDS)


def create_venue(name: str, *, by: Actor, **fields: Any) -> Venue:
    """Add a house. What nobody has said about its access is not known."""
    _only_known(fields, VENUE_FIELDS)
    venue = Venue(name=" ".join(name.split()), **fields)
    _refuse_nameless(venue)
    venue.write_keys()
    with transaction.atomic():
        venue.save()
        log("create", venue, by=by, scope=SCOPE, changed=["name", *fields])
    return venue


def edit_venue(venue: Venue, *, by: Actor, **fields: Any) -> Venue:
    """Change what is known of a house; only what differs is written and logged."""
    _only_known(fields, VENUE_FIELDS)
    with transaction.atomic():
        venue = Venue.objects.select_for_update().get(pk=venue.pk)
        changed = _set(venue, fields)
        _refuse_nameless(venue)
        if changed:
            venue.write_keys()
            venue.save()
            log("edit", venue, by=by, scope=SCOPE, changed=changed)
    return venue


def archive_venue(venue: Venue, *, by: Actor) -> Venue:
    """Nobody meets there any longer: it leaves the lists; what was held there keeps it."""
    with transaction.atomic():
        venue = Venue.objects.select_for_update().get(pk=venue.pk)
        if venue.archived_at is None:
            venue.archived_at = timezone.now()
            venue.save(update_fields=["archived_at"])
            log("archive", venue, by=by, scope=SCOPE, changed=["archived_at"], undo_with=UNDO_VENUE)
    return venue


def unarchive_venue(venue_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """The reverse of archive_venue."""
    venue = Venue.objects.select_for_update().get(pk=venue_id)
    venue.archived_at = None
    venue.save(update_fields=["archived_at"])
    log("unarchive", venue, by=by, scope=SCOPE, changed=["archived_at"])


def add_room(venue: Venue, name: str, *, by: Actor, **fields: Any) -> Room:
    """Add a room to a house. Raises Refusal `room_twice` where the house has one of this name."""
    _only_known(fields, ROOM_FIELDS)
    room = Room(venue=venue, name=" ".join(name.split()), position=venue.rooms.count(), **fields)
    _refuse_nameless(room)
    with transaction.atomic():
        _save_room(room)
        log("add_room", room, by=by, scope=SCOPE, changed=["name", *fields])
    return room


def edit_room(room: Room, *, by: Actor, **fields: Any) -> Room:
    """Change what is known of a room."""
    _only_known(fields, ROOM_FIELDS)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        changed = _set(room, fields)
        _refuse_nameless(room)
        if changed:
            _save_room(room)
            log("edit", room, by=by, scope=SCOPE, changed=changed)
    return room


def archive_room(room: Room, *, by: Actor) -> Room:
    """The room is no longer used."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if room.archived_at is None:
            room.archived_at = timezone.now()
            room.save(update_fields=["archived_at"])
            log("archive", room, by=by, scope=SCOPE, changed=["archived_at"], undo_with=UNDO_ROOM)
    return room


def unarchive_room(room_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """The reverse of archive_room. Refused where the house has another room of this name by now."""
    room = Room.objects.select_for_update().get(pk=room_id)
    room.archived_at = None
    _save_room(room)
    log("unarchive", room, by=by, scope=SCOPE, changed=["archived_at"])


def _set(thing: Venue | Room, fields: Mapping[str, Any]) -> list[str]:
    changed = [name for name, value in fields.items() if getattr(thing, name) != value]
    for name in changed:
        setattr(thing, name, fields[name])
    return changed


def _save_room(room: Room) -> None:
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError as twice:
        raise Refusal(
            _("This venue has a room of that name already."), code="room_twice", field="name"
        ) from twice


def _refuse_nameless(thing: Venue | Room) -> None:
    if not thing.name.strip():
        raise Refusal(_("Write a name."), code="no_name", field="name")


def _only_known(fields: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if unknown := set(fields) - set(known):
        raise TypeError(f"not fields that may be written: {sorted(unknown)}")
