"""Plain rows of a programme file, read leniently: published files do not always keep to their own schema.

What could not be taken as it stood is said in ``problems``, by code, so that a report can tell it in any language.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from samverk.agenda.models.agenda import DAY_CHANGE
from samverk.agenda.models.items import LONGEST_MINUTES
from samverk.kit.fold import fold

MOST_ITEMS = 5000
# What stands in columns of ours; everything else is kept as it came.
EVENT_COLUMNS = {
    "id", "guid", "date", "start", "end", "duration", "room", "track", "type", "title", "subtitle", "abstract",
    "description", "language", "persons",
}  # fmt: skip
PERSON_COLUMNS = {"id", "guid", "name", "public_name", "full_public_name", "biography"}
ROOM_COLUMNS = {"name", "guid", "capacity"}
TRACK_COLUMNS = {"name", "color", "slug"}
CONFERENCE_COLUMNS = {"days", "daysCount", "rooms", "tracks", "acronym", "timeslot_duration"}
_DURATION = re.compile(r"(\d{1,4}):(\d{2})(?::\d{1,2})?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Problem:
    """Something that was not taken as it stood: a code, where, and what was there."""

    code: str
    where: str = ""
    what: str = ""


@dataclass
class FilePerson:
    name: str
    number: int | None = None
    guid: str = ""
    biography: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Who this is within the file: by guid, by number, by code, else by name."""
        code = str(self.extra.get("code") or "")
        known = self.guid or (f"n{self.number}" if self.number is not None else "") or (code and f"c{code}")
        return known or f"name {fold(self.name)}"


@dataclass
class FileEvent:
    guid: str
    number: int | None
    title: str
    starts_at: datetime
    minutes: int
    day: date
    room: str = ""
    track: str = ""
    type: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    language: str = ""
    persons: list[FilePerson] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class FileRoom:
    name: str
    guid: str = ""
    capacity: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class FileTrack:
    name: str
    colour: str = ""
    slug: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class FileSchedule:
    """Everything a programme file says."""

    title: str
    acronym: str
    version: str
    time_zone: str
    day_change: int
    timeslot_minutes: int
    rooms: list[FileRoom] = field(default_factory=list)
    tracks: list[FileTrack] = field(default_factory=list)
    events: list[FileEvent] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def understand(form: dict[str, Any], *, zone: str) -> FileSchedule:
    """Rows of a dictionary in the form of schedule.json. ``zone`` is the clock used where the file names none."""
    root = _dict(form.get("schedule"))
    conference = _dict(root.get("conference"))
    reader = _Reader(zone)
    days = [_dict(day) for day in _list(conference.get("days"))]
    for day in days:
        reader.read_day(day)
    time_zone = reader.time_zone(_text(conference.get("time_zone_name"), 60))
    reader.settle_days(days)
    return FileSchedule(
        title=_text(conference.get("title"), 200), acronym=_acronym(conference),
        version=_text(root.get("version"), 100), time_zone=time_zone, day_change=reader.day_change,
        timeslot_minutes=_minutes(conference.get("timeslot_duration")) or 5,
        rooms=reader.rooms(conference), tracks=reader.tracks(conference), events=reader.events,
        extra=_kept(form, root, conference, days), problems=reader.problems,
    )  # fmt: skip


class _Reader:
    """Gathers events day by day, and what was wrong with them."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.events: list[FileEvent] = []
        self.problems: list[Problem] = []
        self.day_change = DAY_CHANGE
        self._guids: set[str] = set()
        self._numbers: set[int] = set()
        self._room_guids: dict[str, str] = {}

    def read_day(self, day: dict[str, Any]) -> None:
        date_said = _day(day.get("date"))
        self._room_guids |= {str(name): _guid(guid) for name, guid in _dict(day.get("room_guids")).items()}
        rooms = day.get("rooms")
        # pretalx and frab write {room: [events]}; some write a list of rooms.
        pairs = rooms.items() if isinstance(rooms, dict) else _listed_rooms(rooms)
        for room, events in pairs:
            for event in _list(events):
                self._read_event(_dict(event), str(room), date_said)

    def _read_event(self, event: dict[str, Any], room: str, day: date | None) -> None:
        title = _text(event.get("title"), 500)
        if len(self.events) >= MOST_ITEMS:
            self._say("too_many", title)
            return
        starts_at = self._start(event, day)
        if not title or starts_at is None:
            self._say("no_title" if starts_at else "no_time", title or str(event.get("id", "")))
            return
        if len(str(event.get("title")).strip()) > 500:
            self._say("long_title", title)
        self.events.append(
            FileEvent(
                guid=self._own_guid(event, title), number=self._own_number(event, title), title=title,
                starts_at=starts_at, minutes=self._length(event, title),
                day=day or starts_at.date(), room=_text(event.get("room"), 200) or _text(room, 200),
                track=_text(event.get("track"), 200), type=_text(event.get("type"), 100),
                subtitle=_text(event.get("subtitle"), 500), abstract=_long(event.get("abstract")),
                description=_long(event.get("description")), language=_text(event.get("language"), 20),
                persons=_persons(event.get("persons")),
                extra={key: value for key, value in event.items() if key not in EVENT_COLUMNS},
            )
        )  # fmt: skip

    def _start(self, event: dict[str, Any], day: date | None) -> datetime | None:
        """The moment as the file says it; a time without a zone is in the clock of the place."""
        found = _moment(event.get("date"))
        if found is None and day is not None and (clock := _minutes(event.get("start"))) is not None:
            night = timedelta(days=1) if clock < self.day_change * 60 else timedelta(0)
            found = datetime.combine(day, datetime.min.time()) + timedelta(minutes=clock) + night
        if found is not None and found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(self.zone))
        return found

    def _length(self, event: dict[str, Any], title: str) -> int:
        minutes = _minutes(event.get("duration"))
        if minutes is not None and 1 <= minutes <= LONGEST_MINUTES:
            return minutes
        self._say("no_length", title, str(event.get("duration", "")))
        return 30

    def _own_guid(self, event: dict[str, Any], title: str) -> str:
        guid = _guid(event.get("guid"))
        if not guid or guid in self._guids:
            self._say("guid_twice" if guid else "no_guid", title)
            told = f"{event.get('guid')} {event.get('id')} {event.get('date')} {title}"
            guid = str(uuid.uuid5(uuid.NAMESPACE_URL, told))
            while guid in self._guids:
                guid = str(uuid.uuid5(uuid.UUID(guid), title))
        self._guids.add(guid)
        return guid

    def _own_number(self, event: dict[str, Any], title: str) -> int | None:
        number = _positive(event.get("id"))
        if number is None:
            return None
        if number in self._numbers:
            self._say("number_twice", title, str(number))
            return None
        self._numbers.add(number)
        return number

    def time_zone(self, said: str) -> str:
        """The clock in which the file's own times read as they are written; else the nearest fixed one."""
        offsets = {one.starts_at.utcoffset() for one in self.events}
        for name in (said, self.zone):
            if name in available_timezones() and _fits(ZoneInfo(name), self.events):
                return self._told_of_zone(said, name)
        if len(offsets) == 1 and (offset := next(iter(offsets))) is not None:
            hours = offset / timedelta(hours=1)
            fixed = f"Etc/GMT{-int(hours):+d}" if hours else "UTC"
            if hours == int(hours) and fixed in available_timezones():
                return self._told_of_zone(said, fixed)
        return self._told_of_zone(said, said if said in available_timezones() else self.zone)

    def _told_of_zone(self, said: str, taken: str) -> str:
        if said and said != taken:
            self._say("zone", said, taken)
        return taken

    def settle_days(self, days: list[dict[str, Any]]) -> None:
        """The hour a day changes at, where the file's days begin in the night; moments counted in UTC from here on."""
        hours = Counter(start.hour for day in days if (start := _moment(day.get("day_start"))) is not None)
        if hours and (hour := hours.most_common(1)[0][0]) <= 6:
            self.day_change = hour
        for event in self.events:
            event.starts_at = event.starts_at.astimezone(UTC)

    def rooms(self, conference: dict[str, Any]) -> list[FileRoom]:
        """Rooms in the file's order, then those that only events name."""
        found: dict[str, FileRoom] = {}
        for row in map(_dict, _list(conference.get("rooms"))):
            name = _text(row.get("name"), 200)
            if name and name not in found:
                found[name] = FileRoom(
                    name, _guid(row.get("guid")), _positive(row.get("capacity")),
                    {key: value for key, value in row.items() if key not in ROOM_COLUMNS},
                )  # fmt: skip
        for name in [event.room for event in self.events if event.room]:
            found.setdefault(name, FileRoom(name, self._room_guids.get(name, "")))
        return list(found.values())

    def tracks(self, conference: dict[str, Any]) -> list[FileTrack]:
        """Tracks in the file's order, then those that only events name."""
        found: dict[str, FileTrack] = {}
        for row in map(_dict, _list(conference.get("tracks"))):
            name, colour = _text(row.get("name"), 200), _text(row.get("color"), 7)
            if name and name not in found:
                found[name] = FileTrack(
                    name, colour if _COLOUR.fullmatch(colour) else "", _text(row.get("slug"), 100),
                    {key: value for key, value in row.items() if key not in TRACK_COLUMNS},
                )  # fmt: skip
        for name in [event.track for event in self.events if event.track]:
            found.setdefault(name, FileTrack(name))
        return list(found.values())

    def _say(self, code: str, where: str = "", what: str = "") -> None:
        self.problems.append(Problem(code, where[:200], what[:100]))


def _fits(zone: ZoneInfo, events: list[FileEvent]) -> bool:
    return all(one.starts_at.astimezone(zone).utcoffset() == one.starts_at.utcoffset() for one in events)


def _kept(
    form: dict[str, Any], root: dict[str, Any], conference: dict[str, Any], days: list[dict[str, Any]]
) -> dict[str, Any]:
    """What has no column of ours: it goes out again as it came in."""
    return {
        "form": {key: value for key, value in form.items() if key != "schedule"},
        "schedule": {key: value for key, value in root.items() if key not in ("conference", "version")},
        "conference": {key: value for key, value in conference.items() if key not in CONFERENCE_COLUMNS},
        "days": {
            str(day.get("date")): {
                key: value for key, value in day.items() if key in ("day_start", "day_end", "index")
            }
            for day in days
        },
    }


def _acronym(conference: dict[str, Any]) -> str:
    """As its makers write it: our own files keep capitals beside the small letters the schema wants."""
    said, kept = (
        _text(found, 60)
        for found in (conference.get("acronym"), _dict(conference.get("meta")).get("acronym"))
    )
    return kept if kept and kept.lower() == said.lower() else said


def _persons(rows: Any) -> list[FilePerson]:
    found: dict[str, FilePerson] = {}
    for row in map(_dict, _list(rows)):
        name = _text(row.get("public_name") or row.get("name") or row.get("full_public_name"), 300)
        if not name:
            continue
        extra = {key: value for key, value in row.items() if key not in PERSON_COLUMNS}
        person = FilePerson(
            name, _positive(row.get("id")), _guid(row.get("guid")), _long(row.get("biography")), extra
        )
        found.setdefault(person.key, person)
    return list(found.values())


def _listed_rooms(rooms: Any) -> list[tuple[str, Any]]:
    return [(str(row.get("name", "")), row.get("events")) for row in map(_dict, _list(rooms))]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any, most: int) -> str:
    """One line of at most so many letters, without signs that no database keeps."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    return " ".join(str(value).replace("\x00", "").split())[:most]


def _long(value: Any) -> str:
    return value.replace("\x00", "")[:100_000] if isinstance(value, str) else ""


def _guid(value: Any) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return ""


def _positive(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 < value < 2_000_000_000 else None


def _minutes(value: Any) -> int | None:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(found[1]) * 60 + int(found[2]) if found else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return found if found is not None and 1990 <= found.year <= 2200 else None


def _day(value: Any) -> date | None:
    try:
        found = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None
