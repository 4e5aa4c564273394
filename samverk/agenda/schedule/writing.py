"""A programme in the form of schedule.json, strictly by its published schema; schedule.xml is made from the same form.

What a file brought in goes out again; what would break the schema is put right: short names and slugs in small
letters, numbers that are missing, kinds of links nobody knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from samverk.agenda.models import Agenda, AgendaItem, Appearance
from samverk.agenda.queries import Placed
from samverk.agenda.rules import bounds_of_day
from samverk.kit.fold import fold

SCHEMA = "https://c3voc.de/schedule/schema.json"
GENERATOR = {"name": "Samverk", "version": "1"}
# Fields of an event that the schema knows and that have no column of ours.
EVENT_FIELDS = (
    "code", "logo", "slug", "url", "recording_license", "do_not_record", "do_not_stream", "feedback_url",
    "origin_url", "links", "attachments",
)  # fmt: skip
CONFERENCE_FIELDS = ("description", "logo", "colors", "keywords", "url", "meta")
ROOM_FIELDS = ("slug", "type", "stream_id", "description", "url", "features", "assembly")
LINK_TYPES = {"slides", "paper", "web", "blog", "article", "media", "related", "activitypub"}
ROOM_TYPES = {
    "lecturehall",
    "stage",
    "workshop",
    "outside",
    "online",
    "project",
    "bbb",
    "hangar",
    "other",
}
_ACRONYM = re.compile(r"[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?")
_SLUG = re.compile(r"[a-z0-9_-]+[a-z0-9]")
_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+|UTC")
Address = Callable[[AgendaItem], str]


def schedule_form(agenda: Agenda, placed: list[Placed], *, page: str, item_page: Address) -> dict[str, Any]:
    """The whole programme. ``page`` is its address, ``item_page`` that of an item; words are loaded."""
    kept = agenda.extra
    conference = dict(kept.get("conference") or {})
    rest = {key: value for key, value in (kept.get("schedule") or {}).items() if key != "rooms"}
    return {
        "$schema": SCHEMA,
        "generator": _generator((kept.get("form") or {}).get("generator")),
        "schedule": {
            **rest,
            "version": edition(agenda),
            "base_url": rest.get("base_url") or conference.get("base_url") or page,
            "conference": _conference(agenda, placed, conference, page, item_page),
        },
    }


def schedule_json(form: dict[str, Any]) -> bytes:
    """The form as a file. What only schedule.xml knows stays out."""
    form = json.loads(json.dumps(form))
    for day in form["schedule"]["conference"]["days"]:
        for events in day["rooms"].values():
            for event in events:
                event.pop("xml", None)
    return json.dumps(form, ensure_ascii=False, indent=1).encode()


def edition(agenda: Agenda) -> str:
    """The edition somebody wrote, else when the programme changed last."""
    return agenda.version or agenda.changed_at.astimezone(agenda.zone).strftime("%Y-%m-%d %H:%M")


def acronym_of(agenda: Agenda) -> str:
    """A short name as the schema wants it: small letters, four at least."""
    said = agenda.acronym or agenda.activity.code
    plain = said.lower()
    if _ACRONYM.fullmatch(plain):
        return plain
    plain = re.sub(r"[^a-z0-9_]", "_", fold(said))[:40]
    return plain.ljust(4, "_")


def _generator(kept: Any) -> dict[str, Any]:
    known = {key: value for key, value in kept.items() if isinstance(value, str)} if kept else {}
    return known if known.get("name") else GENERATOR


def _conference(
    agenda: Agenda, placed: list[Placed], kept: dict[str, Any], page: str, item_page: Address
) -> dict[str, Any]:
    days = sorted({one.item.day for one in placed})
    starts, ends = _span(days, kept, agenda)
    found = {
        "acronym": acronym_of(agenda), "title": str(kept.get("title") or agenda.activity.title),
        "start": starts, "end": ends, "daysCount": len(days),
        "timeslot_duration": _length(agenda.timeslot_minutes), "time_zone_name": _zone_name(agenda, kept),
        "url": page,
    }  # fmt: skip
    found |= {key: kept[key] for key in CONFERENCE_FIELDS if kept.get(key)}
    if agenda.acronym and found["acronym"] != agenda.acronym:
        found["meta"] = {**_dict(found.get("meta")), "acronym": agenda.acronym}
    found["rooms"] = [_room(room) for room in agenda.rooms.all()]
    if tracks := [_track(track) for track in agenda.tracks.all()]:
        found["tracks"] = tracks
    found["days"] = [_day(agenda, day, number, placed, item_page) for number, day in enumerate(days, 1)]
    return found


def _span(days: list[date], kept: dict[str, Any], agenda: Agenda) -> tuple[str, str]:
    """First and last day; a file's own where all days still lie between them."""
    if not days:
        today = agenda.changed_at.astimezone(agenda.zone).date().isoformat()
        return today, today
    first, last = days[0].isoformat(), days[-1].isoformat()
    said_start, said_end = str(kept.get("start") or ""), str(kept.get("end") or "")
    keeps_start = re.match(r"\d{4}-\d{2}-\d{2}", said_start) and said_start[:10] <= first
    keeps_end = re.match(r"\d{4}-\d{2}-\d{2}", said_end) and said_end[:10] >= last
    return said_start if keeps_start else first, said_end if keeps_end else last


def _zone_name(agenda: Agenda, kept: dict[str, Any]) -> str:
    said = str(kept.get("time_zone_name") or agenda.time_zone)
    return said if _ZONE.match(said) else "UTC"


def _room(room: Any) -> dict[str, Any]:
    kept = {key: room.extra[key] for key in ROOM_FIELDS if key in room.extra}
    if kept.get("type") not in ROOM_TYPES:
        kept.pop("type", None)
    described = {key: value for key, value in room.extra.items() if key.startswith("description_")}
    return {"name": room.name, "guid": str(room.guid), "capacity": room.capacity, **kept, **described}


def _track(track: Any) -> dict[str, Any]:
    slug = track.slug if _SLUG.fullmatch(track.slug) else slug_of(track.name)
    found = {"name": track.name, "slug": slug, **track.extra}
    return found | {"color": track.colour} if track.colour else found


def _day(agenda: Agenda, day: date, number: int, placed: list[Placed], item_page: Address) -> dict[str, Any]:
    kept = _dict((agenda.extra.get("days") or {}).get(day.isoformat()))
    start, end = bounds_of_day(day, agenda.zone, agenda.day_change)
    items = [one for one in placed if one.item.day == day]
    said_start, said_end = _moment(kept.get("day_start")), _moment(kept.get("day_end"))
    # A file's own bounds hold as long as everything of the day lies between them.
    first, last = min(one.item.starts_at for one in items), max(one.item.ends_at for one in items)
    keeps = said_start and said_end and said_start <= first and last <= said_end
    rooms: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(items, key=lambda one: (one.column, one.item.starts_at, one.item.pk)):
        name = one.item.room.name if one.item.room else ""
        rooms.setdefault(name, []).append(_event(agenda, one, item_page(one.item)))
    return {
        "index": number, "date": day.isoformat(),
        "day_start": kept["day_start"] if keeps else start.isoformat(),
        "day_end": kept["day_end"] if keeps else end.isoformat(), "rooms": rooms,
    }  # fmt: skip


def _event(agenda: Agenda, one: Placed, address: str) -> dict[str, Any]:
    item, zone = one.item, agenda.zone
    starts = item.starts_at.astimezone(zone)
    kept = {key: item.extra[key] for key in EVENT_FIELDS if item.extra.get(key) not in (None, "", [])}
    if not re.fullmatch(r"[A-Z0-9]+", str(kept.get("code", ""))):
        kept.pop("code", None)
    event = {
        "guid": str(item.guid), "id": item.number, "date": starts.isoformat(), "start": f"{starts:%H:%M}",
        "end": item.ends_at.astimezone(zone).isoformat(), "duration": _length(item.minutes),
        "room": item.room.name if item.room else "", "url": address, "title": item.title,
        "subtitle": item.subtitle, "track": item.track.name if item.track else "",
        "type": item.kind_typed or item.kind, "language": item.language, "abstract": item.abstract,
        "description": item.description, "logo": "", "recording_license": "", "do_not_record": False,
        "links": [], "attachments": [], **kept,
        "slug": _event_slug(agenda, item), "persons": [_person(row) for row in one.people],
    }  # fmt: skip
    for name in ("links", "attachments"):
        event[name] = [_reference(row) for row in event[name] if _dict(row).get("url")]
    # What schedule.xml has and schedule.json has no word for.
    event["xml"] = {key: value for key, value in item.extra.items() if key not in EVENT_FIELDS}
    return event


def _event_slug(agenda: Agenda, item: AgendaItem) -> str:
    said = str(item.extra.get("slug") or "")
    if _SLUG.fullmatch(said):
        return said
    if said:
        plain = re.sub(r"[^a-z0-9_-]+", "-", fold(said)).strip("-_")
        if _SLUG.fullmatch(plain):
            return plain
    return f"{acronym_of(agenda)}-{item.number}-{slug_of(item.title)}"


def _person(row: Appearance) -> dict[str, Any]:
    """As frab writes people where they came with a number, else as pretalx does: the schema wants one of them."""
    speaker = row.speaker
    kept = {key: value for key, value in speaker.extra.items() if value not in (None, "")}
    guid = {"guid": str(speaker.guid)} if speaker.guid else {}
    biography = {"biography": speaker.biography} if speaker.biography else {}
    if speaker.number is not None:
        return {"id": speaker.number, "public_name": str(speaker), **kept, **guid, **biography}
    code = {"code": speaker.code} if "code" not in kept else {}
    return {"name": str(speaker), "public_name": str(speaker), **code, **kept, **guid, **biography}


def _reference(row: dict[str, Any]) -> dict[str, Any]:
    found = {"url": str(row["url"]), "title": str(row.get("title") or row["url"])}
    return found | {"type": row["type"]} if row.get("type") in LINK_TYPES else found


def slug_of(text: str) -> str:
    """Words joined by dashes, in small plain letters; something where nothing is left."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60].strip("-")
    return plain if len(plain) > 1 else "item"


def _length(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo("UTC"))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
