"""What an import would do, before anybody says so: counts, what the reader changed, what fights over what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from samverk.activities.models import Activity, Session
from samverk.agenda.choices import ClashKind, ItemKind
from samverk.agenda.models import Agenda
from samverk.agenda.rules import Use, clashes_of, programme_day, session_for
from samverk.agenda.schedule.understanding import FileEvent, FileSchedule

SHOWN = 40
_KINDS = {
    ItemKind.WORKSHOP: ("workshop", "hands-on", "tutorial", "warsztat", "verkstad"),
    ItemKind.PANEL: ("panel", "discussion", "podium", "debat", "samtal"),
    ItemKind.BREAK: ("break", "pause", "lunch", "coffee", "fika", "przerwa"),
    ItemKind.WELCOME: ("welcome", "opening", "powitanie", "inledning"),
    ItemKind.NETWORKING: ("network", "social", "meet", "mingel"),
}


@dataclass(frozen=True)
class PlannedSession:
    """A session the import makes, because a day of the file has none."""

    day: date
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


def kind_of(said: str) -> str:
    """Our kind for a file's word; a word nobody knows is a talk."""
    plain = said.casefold()
    if plain in ItemKind.values:
        return plain
    for kind, words in _KINDS.items():
        if any(word in plain for word in words):
            return kind.value
    return ItemKind.TALK.value


def planned_sessions(activity: Activity, schedule: FileSchedule) -> list[PlannedSession]:
    """One for each day of the file on which the activity has no session, from the first start to the last end."""
    living = activity.sessions.exclude(state=Session.State.CANCELLED)
    held = {programme_day(one.starts_at, one.zone, schedule.day_change) for one in living}
    days: dict[date, list[FileEvent]] = {}
    for event in schedule.events:
        days.setdefault(event.day, []).append(event)
    found = []
    for day, events in sorted(days.items()):
        if day not in held:
            starts = min(event.starts_at for event in events)
            ends = max(_end(event) for event in events)
            found.append(PlannedSession(day, starts, min(ends, starts + timedelta(hours=24))))
    return found


def report_of(activity: Activity, schedule: FileSchedule) -> dict[str, Any]:
    """The dry run: how many of what, which sessions are made, which doubts there are."""
    agenda = Agenda.objects.filter(activity=activity).first()
    standing = set(map(str, agenda.items.standing().values_list("guid", flat=True))) if agenda else set()
    guids = {event.guid for event in schedule.events}
    people = {person.key for event in schedule.events for person in event.persons}
    planned = planned_sessions(activity, schedule)
    sessions = list(activity.sessions.exclude(state=Session.State.CANCELLED))
    days = {one.day for one in planned}
    outside = [
        event.title
        for event in schedule.events
        if event.day not in days and session_for(sessions, event.starts_at, _end(event)) is None
    ]
    clashes = _file_clashes(schedule)
    return {
        "title": schedule.title, "version": schedule.version, "zone": schedule.time_zone,
        "items": len(guids), "new": len(guids - standing), "known": len(guids & standing),
        "left": len(standing - guids), "people": len(people), "rooms": len(schedule.rooms),
        "tracks": len(schedule.tracks), "days": len({event.day for event in schedule.events}),
        "sessions": [
            [moment.astimezone(ZoneInfo(schedule.time_zone)).isoformat() for moment in (one.starts_at, one.ends_at)]
            for one in planned
        ],
        "outside": outside[:SHOWN], "outside_number": len(outside), "clash_list": clashes[:SHOWN],
        "clash_number": len(clashes), "free": _free_places(activity),
        "problems": [[one.code, one.where, one.what] for one in schedule.problems[:SHOWN]],
        "problem_counts": dict(Counter(one.code for one in schedule.problems)),
    }  # fmt: skip


def _free_places(activity: Activity) -> int | None:
    return activity.places_left


def _file_clashes(schedule: FileSchedule) -> list[list[str]]:
    """[kind, whose, first title, second title] of what overlaps within the file."""
    numbers: dict[str, int] = {}
    ids = count(1)
    names: dict[int, str] = {}
    rooms, people = [], []
    for place, event in enumerate(schedule.events):
        if event.room:
            subject = numbers.setdefault(f"room {event.room}", next(ids))
            names[subject] = event.room
            rooms.append(Use(place, subject, event.starts_at, _end(event)))
        for person in event.persons:
            subject = numbers.setdefault(f"person {person.key}", next(ids))
            names[subject] = person.name
            people.append(Use(place, subject, event.starts_at, _end(event)))
    found = [*clashes_of(ClashKind.ROOM, rooms), *clashes_of(ClashKind.PERSON, people)]
    return [
        [
            one.kind,
            names[one.subject],
            schedule.events[one.first].title,
            schedule.events[one.second].title,
        ]
        for one in found
    ]


def _end(event: FileEvent) -> datetime:
    return event.starts_at + timedelta(minutes=event.minutes)
