"""The programme as a whole: opening it, its settings, its rooms and tracks, showing it to the public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity
from samverk.agenda import rules
from samverk.agenda.models import Agenda, ProgrammeRoom, Track
from samverk.directory.models import Room
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

UNDO_PUBLISHING, UNDO_WITHDRAWING = "agenda.publish", "agenda.withdraw"
SETTINGS = ("day_change", "acronym", "version", "timeslot_minutes")


def open_agenda(activity: Activity, *, by: Actor) -> Agenda:
    """The activity's programme, made where there is none; the rooms of its venue's card stand ready."""
    with transaction.atomic():
        zone = activity.programme.time_zone
        agenda, is_new = Agenda.objects.get_or_create(activity=activity, defaults={"time_zone": zone})
        if is_new:
            rooms = activity.venue_card.rooms.filter(archived_at=None) if activity.venue_card else []
            for position, room in enumerate(rooms):
                ProgrammeRoom.objects.create(
                    agenda=agenda, name=room.name, card=room, capacity=room.capacity, position=position
                )
            log("open_agenda", agenda, by=by, scope=activity.programme.scope)
    return agenda


def set_up_agenda(agenda: Agenda, *, by: Actor, **fields: Any) -> Agenda:
    """Change when a day ends and how files name the programme. Items keep their moments; their days follow."""
    if unknown := set(fields) - set(SETTINGS):
        raise TypeError(f"not settings of an agenda: {sorted(unknown)}")
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        changed = [name for name, value in fields.items() if getattr(agenda, name) != value]
        for name in changed:
            setattr(agenda, name, fields[name])
        if "day_change" in changed:
            _count_days_anew(agenda)
        if changed:
            touch(agenda, *changed)
            log("set_up", agenda, by=by, scope=agenda.activity.programme.scope, changed=changed)
    return agenda


def publish_agenda(agenda: Agenda, *, by: Actor) -> Agenda:
    """Show it on the activity's page, in feeds and files. Whoever sees the activity sees it."""
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        if agenda.published_at is not None:
            return agenda
        if refusal := rules.publishing_refusal(agenda):
            raise refusal
        agenda.published_at, agenda.published_by = timezone.now(), by.person
        touch(agenda, "published_at", "published_by")
        scope = agenda.activity.programme.scope
        log("publish", agenda, by=by, scope=scope, changed=["published_at"], undo_with=UNDO_PUBLISHING)
    return agenda


def withdraw_agenda(agenda: Agenda, *, by: Actor) -> Agenda:
    """Only the team sees it again."""
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        if agenda.published_at is None:
            return agenda
        agenda.published_at, agenda.published_by = None, None
        touch(agenda, "published_at", "published_by")
        scope = agenda.activity.programme.scope
        log("withdraw", agenda, by=by, scope=scope, changed=["published_at"], undo_with=UNDO_WITHDRAWING)
    return agenda


def undo_publishing(agenda_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    withdraw_agenda(Agenda.objects.get(pk=agenda_id), by=by)


def undo_withdrawing(agenda_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    publish_agenda(Agenda.objects.get(pk=agenda_id), by=by)


# ---------- rooms and tracks ----------


def add_room(
    agenda: Agenda, name: str, *, by: Actor, capacity: int | None = None, card: Room | None = None
) -> ProgrammeRoom:
    """A room of the programme; one of this name is taken as it is."""
    name = _named(name)
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        if standing := agenda.rooms.filter(name=name).first():
            return standing
        room = ProgrammeRoom.objects.create(
            agenda=agenda, name=name, capacity=capacity or (card.capacity if card else None), card=card,
            position=agenda.rooms.count(),
        )  # fmt: skip
        touch(agenda)
        log("add_room", room, by=by, scope=agenda.activity.programme.scope, changed=["name"])
    return room


def edit_room(
    room: ProgrammeRoom, *, by: Actor, name: str, capacity: int | None, card: Room | None
) -> ProgrammeRoom:
    """Rename a room, say how many it holds, or tie it to the card of a venue's room."""
    name = _named(name)
    with transaction.atomic():
        agenda = lock_agenda(room.agenda_id)
        room = ProgrammeRoom.objects.get(pk=room.pk)
        _refuse_twice(agenda.rooms.filter(name=name).exclude(pk=room.pk))
        room.name, room.capacity, room.card = name, capacity, card
        room.save(update_fields=["name", "capacity", "card"])
        touch(agenda)
        scope = agenda.activity.programme.scope
        log("edit", room, by=by, scope=scope, changed=["name", "capacity", "card"])
    return room


def remove_room(room: ProgrammeRoom, *, by: Actor) -> None:
    """Take a room off the programme; what was in it stands without a room."""
    with transaction.atomic():
        agenda = lock_agenda(room.agenda_id)
        agenda.items.filter(room=room).update(room=None)
        log("remove_room", agenda, by=by, scope=agenda.activity.programme.scope, changed=["rooms"])
        ProgrammeRoom.objects.filter(pk=room.pk).delete()
        touch(agenda)


def move_room_up(room: ProgrammeRoom, *, by: Actor) -> None:
    """One place to the front: rooms stand in this order side by side."""
    with transaction.atomic():
        agenda = lock_agenda(room.agenda_id)
        rooms = list(agenda.rooms.all())
        place = next(number for number, one in enumerate(rooms) if one.pk == room.pk)
        if place == 0:
            return
        rooms[place - 1], rooms[place] = rooms[place], rooms[place - 1]
        for position, one in enumerate(rooms):
            one.position = position
        ProgrammeRoom.objects.bulk_update(rooms, ["position"])
        touch(agenda)
        log("order_rooms", agenda, by=by, scope=agenda.activity.programme.scope, changed=["rooms"])


def add_track(agenda: Agenda, name: str, *, by: Actor, colour: str = "") -> Track:
    """A thread through the programme; one of this name is taken as it is."""
    name = _named(name)
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        if standing := agenda.tracks.filter(name=name).first():
            return standing
        track = Track.objects.create(agenda=agenda, name=name, colour=colour, position=agenda.tracks.count())
        touch(agenda)
        log("add_track", track, by=by, scope=agenda.activity.programme.scope, changed=["name"])
    return track


def edit_track(track: Track, *, by: Actor, name: str) -> Track:
    """Rename a track."""
    name = _named(name)
    with transaction.atomic():
        agenda = lock_agenda(track.agenda_id)
        track = Track.objects.get(pk=track.pk)
        _refuse_twice(agenda.tracks.filter(name=name).exclude(pk=track.pk))
        track.name = name
        track.save(update_fields=["name"])
        touch(agenda)
        log("edit", track, by=by, scope=agenda.activity.programme.scope, changed=["name"])
    return track


def remove_track(track: Track, *, by: Actor) -> None:
    """Take a track away; its items stand without one."""
    with transaction.atomic():
        agenda = lock_agenda(track.agenda_id)
        agenda.items.filter(track=track).update(track=None)
        log("remove_track", agenda, by=by, scope=agenda.activity.programme.scope, changed=["tracks"])
        Track.objects.filter(pk=track.pk).delete()
        touch(agenda)


# ---------- shared by the commands of this app ----------


def lock_agenda(agenda_id: int) -> Agenda:
    """The agenda under its lock, activity and programme loaded."""
    locked = Agenda.objects.select_for_update(of=("self",)).select_related("activity__programme")
    return locked.get(pk=agenda_id)


def touch(agenda: Agenda, *fields: str) -> None:
    """Something of it changed: files and feeds say when."""
    agenda.changed_at = timezone.now()
    agenda.save(update_fields=["changed_at", *fields])


def _count_days_anew(agenda: Agenda) -> None:
    items = list(agenda.items.all())
    for item in items:
        item.day = rules.programme_day(item.starts_at, agenda.zone, agenda.day_change)
    agenda.items.bulk_update(items, ["day"], batch_size=500)


def _named(name: str) -> str:
    name = " ".join(name.split())[:200]
    if not name:
        raise Refusal(_("Write a name."), code="no_name", field="name")
    return name


def _refuse_twice(same_name: Any) -> None:
    if same_name.exists():
        raise Refusal(_("The programme has one of that name already."), code="twice", field="name")
