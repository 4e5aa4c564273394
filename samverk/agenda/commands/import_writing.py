"""Writing an import that somebody said yes to.

An item is known by its guid, so the same file twice changes what changed and makes nothing twice. What fights over one
room or one person is reported and never refused. Each transaction is short; a write that was broken off is begun
again and ends the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from samverk.activities.commands.sessions import schedule_session
from samverk.activities.models import Activity, Registration, Session
from samverk.agenda import rules
from samverk.agenda.clashing import all_clashes
from samverk.agenda.commands.agendas import lock_agenda, open_agenda, touch
from samverk.agenda.commands.items import next_number
from samverk.agenda.commands.speakers import Who, place_for
from samverk.agenda.importing import kind_of, planned_sessions
from samverk.agenda.models import (
    Agenda,
    AgendaImport,
    AgendaItem,
    Appearance,
    ProgrammeRoom,
    Speaker,
    Track,
)
from samverk.agenda.schedule.understanding import FileEvent, FilePerson, FileSchedule, understand
from samverk.kit.acting import IMPORT, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.people.models import Person
from samverk.trail.commands import log

SPEAKERS_AT_ONCE = 25
ITEMS_AT_ONCE = 100


def write_import(one: AgendaImport) -> AgendaImport:
    """Make the programme as the file says it; what stands already is changed where the file differs."""
    if one.state != AgendaImport.State.WRITING:
        return one
    person = Person.objects.filter(pk=one.options.get("by")).first()
    by = Actor(person=person, through=IMPORT)
    activity = Activity.objects.select_related("programme", "venue_card").get(pk=one.activity_id)
    schedule = understand(one.content, zone=activity.programme.time_zone)
    writing = _Writing(one, open_agenda(activity, by=by), schedule, by)
    writing.settings()
    fault_point("agenda_import.after_settings")
    # Before the sessions: a session that comes later puts everybody on its sheet at once.
    writing.speakers(bool(one.options.get("names_are_public")))
    fault_point("agenda_import.after_speakers")
    writing.sessions()
    writing.items()
    return writing.finish()


@dataclass
class _Writing:
    """One import being written: by guid, so that it may be begun again."""

    one: AgendaImport
    agenda: Agenda
    schedule: FileSchedule
    by: Actor
    rooms: dict[str, ProgrammeRoom] = field(default_factory=dict)
    tracks: dict[str, Track] = field(default_factory=dict)
    people: dict[str, Speaker] = field(default_factory=dict)
    made: dict[str, list[Any]] = field(default_factory=dict)

    def settings(self) -> None:
        """Clock, edition, rooms and tracks."""
        schedule, one = self.schedule, self.one
        self.made = {
            name: list(one.written.get(name, []))
            for name in ("items", "before", "people", "speakers", "rooms", "tracks")
        }
        with transaction.atomic():
            agenda = self.agenda = lock_agenda(self.agenda.pk)
            agenda.time_zone, agenda.day_change = schedule.time_zone, schedule.day_change
            agenda.timeslot_minutes = min(schedule.timeslot_minutes, 1440)
            agenda.acronym, agenda.version = schedule.acronym, schedule.version
            agenda.extra = schedule.extra
            touch(agenda, "time_zone", "day_change", "timeslot_minutes", "acronym", "version", "extra")
            self._rooms_and_tracks()
            self._keep()

    def sessions(self) -> None:
        """One for each day of the file that has none."""
        schedule = self.schedule
        for planned in planned_sessions(self.agenda.activity, schedule):
            schedule_session(
                self.agenda.activity, starts_at=planned.starts_at, ends_at=planned.ends_at,
                planned_minutes=planned.minutes, time_zone=schedule.time_zone, by=self.by,
            )  # fmt: skip

    def _rooms_and_tracks(self) -> None:
        agenda = self.agenda
        self.rooms = {room.name: room for room in agenda.rooms.all()}
        for position, row in enumerate(self.schedule.rooms):
            if row.name in self.rooms:
                room = self.rooms[row.name]
                room.extra, room.position = row.extra, position
                if row.guid:
                    room.guid = uuid.UUID(row.guid)
                room.capacity = row.capacity or room.capacity
                room.save()
                continue
            self.rooms[row.name] = ProgrammeRoom.objects.create(
                agenda=agenda, name=row.name, guid=uuid.UUID(row.guid) if row.guid else uuid.uuid4(),
                capacity=row.capacity, extra=row.extra, position=position,
            )  # fmt: skip
            self.made["rooms"].append(self.rooms[row.name].pk)
        self.tracks = {track.name: track for track in agenda.tracks.all()}
        for position, mark in enumerate(self.schedule.tracks):
            if mark.name in self.tracks:
                continue
            self.tracks[mark.name] = Track.objects.create(
                agenda=agenda, name=mark.name, colour=mark.colour, slug=mark.slug, extra=mark.extra,
                position=position,
            )  # fmt: skip
            self.made["tracks"].append(self.tracks[mark.name].pk)

    def speakers(self, names_are_public: bool) -> None:
        """Everybody the file names: known by guid, number, code or name; each with one place."""
        standing = {_key(one): one for one in self.agenda.speakers.all()}
        by_name = {one.name: one for one in standing.values() if one.name}
        wanted: dict[str, FilePerson] = {}
        for event in self.schedule.events:
            for person in event.persons:
                wanted.setdefault(person.key, person)
        rest = list(wanted.values())
        for start in range(0, len(rest), SPEAKERS_AT_ONCE):
            with transaction.atomic():
                for person in rest[start : start + SPEAKERS_AT_ONCE]:
                    found = standing.get(person.key) or by_name.get(person.name)
                    self.people[person.key] = self._speaker(person, found, names_are_public)
                self._keep()

    def _speaker(self, person: FilePerson, found: Speaker | None, names_are_public: bool) -> Speaker:
        speaker = found or Speaker(agenda=self.agenda)
        speaker.name, speaker.number, speaker.extra = person.name, person.number, person.extra
        speaker.guid = uuid.UUID(person.guid) if person.guid else None
        speaker.biography = person.biography or speaker.biography
        if speaker.registration_id is None:
            speaker.registration = self._place(person)
        if names_are_public and not speaker.confirmed_at and not speaker.is_protected:
            speaker.confirmed_at, speaker.confirmed_by = timezone.now(), self.by.person
        speaker.save()
        if found is None:
            self.made["speakers"].append(speaker.pk)
            log("add_speaker", speaker, by=self.by, scope=self.agenda.activity.programme.scope)
        return speaker

    def _place(self, person: FilePerson) -> Registration | None:
        given, _space, family = person.name.rpartition(" ")
        who = Who(given_name=given or family, family_name=family if given else "")
        try:
            return place_for(self.agenda.activity, who, by=self.by)
        except Refusal:
            return None  # no place is left; the report says so, and the page of the speaker

    def items(self) -> None:
        """Every event by its guid, in batches; the sessions it lies in are found anew."""
        sessions = list(self.agenda.activity.sessions.exclude(state=Session.State.CANCELLED))
        events = self.schedule.events
        for start in range(0, len(events), ITEMS_AT_ONCE):
            with transaction.atomic():
                agenda = lock_agenda(self.agenda.pk)
                standing = {str(item.guid): item for item in agenda.items.all()}
                number = next_number(agenda)
                taken = {item.number for item in standing.values()}
                for event in events[start : start + ITEMS_AT_ONCE]:
                    item = standing.get(event.guid) or AgendaItem(agenda=agenda, guid=event.guid)
                    if item.pk is None:
                        wished = event.number if event.number not in taken else None
                        item.number = wished or max(number, 1)
                        taken.add(item.number)
                        number = max(number, item.number + 1)
                    self._item(item, event, sessions)
                self._keep()

    def _item(self, item: AgendaItem, event: FileEvent, sessions: list[Session]) -> None:
        ends_at = event.starts_at + timedelta(minutes=event.minutes)
        session = rules.session_for(sessions, event.starts_at, ends_at)
        kind = kind_of(event.type)
        values = {
            "kind": kind, "kind_typed": event.type if event.type != kind else "", "title": event.title,
            "subtitle": event.subtitle, "abstract": event.abstract, "description": event.description,
            "language": event.language, "starts_at": event.starts_at, "ends_at": ends_at, "minutes": event.minutes,
            "day": event.day, "room": self.rooms.get(event.room), "track": self.tracks.get(event.track),
            "session": session or rules.nearest_session(sessions, event.starts_at), "extra": event.extra,
        }  # fmt: skip
        is_new = item.pk is None
        changed = [name for name, value in values.items() if is_new or getattr(item, name) != value]
        if not is_new and changed:
            self.made["before"].append(_before(item, changed))
            item.sequence += 1
        for name in changed:
            setattr(item, name, values[name])
        if changed or item.removed_at is not None:
            item.removed_at, item.changed_at = None, timezone.now()
            item.save()
            scope = self.agenda.activity.programme.scope
            log("add_item" if is_new else "edit", item, by=self.by, scope=scope, changed=changed)
        if is_new:
            self.made["items"].append(item.pk)
        self._people(item, event.persons, is_new)

    def _people(self, item: AgendaItem, persons: Iterable[FilePerson], is_new: bool) -> None:
        """Whoever the file names stands on it, in its order; roles that somebody gave here stay."""
        wanted = list(dict.fromkeys(self.people[person.key].pk for person in persons))
        rows = {row.speaker_id: row for row in item.appearances.all()}
        if not is_new and list(rows) != wanted:
            before = [[pk, row.role, row.position] for pk, row in rows.items()]
            self.made["people"].append({"item": item.pk, "rows": before})
        gone = [row.pk for pk, row in rows.items() if pk not in wanted]
        if gone:
            Appearance.objects.filter(pk__in=gone).delete()
        for position, pk in enumerate(wanted):
            if pk not in rows:
                Appearance.objects.create(item=item, speaker_id=pk, position=position)
            elif rows[pk].position != position:
                Appearance.objects.filter(pk=rows[pk].pk).update(position=position)

    def finish(self) -> AgendaImport:
        """The report of what was written, with the clashes that stand now."""
        with transaction.atomic():
            agenda = lock_agenda(self.agenda.pk)
            one = AgendaImport.objects.select_for_update().get(pk=self.one.pk)
            one.report |= {
                "made_items": len(self.made["items"]), "changed_items": len(self.made["before"]),
                "made_speakers": len(self.made["speakers"]), "clashes": len(all_clashes(agenda)),
                "without_place": agenda.speakers.filter(registration=None).count(),
            }  # fmt: skip
            one.state, one.written_at, one.content = AgendaImport.State.WRITTEN, timezone.now(), {}
            one.leased_until = None
            one.save()
            touch(agenda)
            log("write_import", one, by=self.by, scope=agenda.activity.programme.scope, changed=["state"])
        return one

    def _keep(self) -> None:
        """What is made so far, in the transaction that makes it: an undo after a power cut knows it."""
        lease = timezone.now() + timedelta(minutes=5)
        AgendaImport.objects.filter(pk=self.one.pk).update(written=self.made, leased_until=lease)


def _key(speaker: Speaker) -> str:
    guid = str(speaker.guid) if speaker.guid else ""
    person = FilePerson(str(speaker.name), speaker.number, guid, extra=speaker.extra)
    return person.key


def _before(item: AgendaItem, changed: list[str]) -> dict[str, Any]:
    plain = {
        name: getattr(item, f"{name}_id" if name in ("room", "track", "session") else name)
        for name in changed
    }
    return {
        "item": item.pk,
        "values": {
            name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in plain.items()
        },
    }
