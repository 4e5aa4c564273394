"""Programmes for tests: an agenda with a few items, and small files in the dialects that others write."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any

from samverk.activities.models import Activity
from samverk.agenda.commands.agendas import add_room, open_agenda
from samverk.agenda.commands.import_writing import write_import
from samverk.agenda.commands.imports import ask_write, start_import
from samverk.agenda.commands.items import Slot, add_item
from samverk.agenda.models import Agenda, AgendaImport, AgendaItem
from samverk.agenda.queries import placed_items
from samverk.agenda.schedule.writing import schedule_form
from tests.cast import as_person

PAGE = "https://example.org/programme/"


def agenda_of(cast: Any) -> Agenda:
    return open_agenda(cast.activity, by=as_person(cast.coordinator))


def slot(cast: Any, after: int, minutes: int = 30, room: Any = None) -> Slot:
    """So many minutes after the session begins."""
    return Slot(cast.session.starts_at + timedelta(minutes=after), minutes, room)


def item(cast: Any, title: str, after: int, minutes: int = 30, room: str = "", **words: Any) -> AgendaItem:
    by = as_person(cast.coordinator)
    agenda = agenda_of(cast)
    place = add_room(agenda, room, by=by) if room else None
    reason = words.pop("reason", "")
    return add_item(agenda, slot(cast, after, minutes, place), title=title, by=by, reason=reason, **words)


def event(number: int, title: str, date: str, **fields: Any) -> dict[str, Any]:
    """An event as frab writes it."""
    starts = datetime.fromisoformat(date)
    made = {
        "id": number, "guid": f"00000000-0000-4000-8000-{number:012d}", "logo": None, "date": date,
        "start": f"{starts:%H:%M}", "duration": "00:45", "room": "Hall", "slug": f"Fest-{number}-talk", "title": title,
        "subtitle": "", "track": "Society", "type": "lecture", "language": "en", "abstract": "<p>In short</p>",
        "description": "", "recording_license": "", "do_not_record": False, "persons": [], "links": [],
        "attachments": [], "url": f"https://example.org/events/{number}.html",
    }  # fmt: skip
    return made | fields


def form_of(*events: dict[str, Any], zone: str = "Europe/Stockholm", **conference: Any) -> dict[str, Any]:
    """schedule.json with the events on the days of their dates (until four in the morning: the day before)."""
    days: dict[str, dict[str, list]] = {}
    for one in events:
        day = (datetime.fromisoformat(one["date"]) - timedelta(hours=4)).date().isoformat()
        days.setdefault(day, {}).setdefault(one["room"], []).append(one)
    offset = events[0]["date"][19:] if events else "+01:00"
    about = {
        "acronym": "fest", "title": "The feast", "start": min(days, default="2026-01-01"),
        "end": max(days, default="2026-01-01"), "daysCount": len(days), "timeslot_duration": "00:15",
        "time_zone_name": zone,
        "days": [
            {"index": n, "date": day, "day_start": f"{day}T09:00:00{offset}",
             "day_end": f"{datetime.fromisoformat(day) + timedelta(days=1):%Y-%m-%d}T04:00:00{offset}", "rooms": rooms}
            for n, (day, rooms) in enumerate(sorted(days.items()), 1)
        ],
    }  # fmt: skip
    return {
        "schedule": {"version": "1.0", "base_url": "https://example.org/", "conference": about | conference}
    }


def taken_in(activity: Activity, content: dict[str, Any] | bytes, cast: Any, **options: Any) -> AgendaImport:
    """A file read and written."""
    by = as_person(cast.coordinator)
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return write_import(ask_write(start_import(activity, io.BytesIO(raw), "a.json", by=by), by=by, **options))


def exported(agenda: Agenda, *, is_public: bool = False) -> dict[str, Any]:
    """The whole programme as the office writes it."""
    agenda = Agenda.objects.select_related("activity").get(pk=agenda.pk)
    placed = placed_items(agenda, is_public=is_public, with_words=True)
    return schedule_form(agenda, placed, page=PAGE, item_page=lambda one: f"{PAGE}{one.code}/")


def events_of(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Events by guid, with the day and room they stand under."""
    return {
        one["guid"]: one | {"_day": day["date"], "_room": room}
        for day in form["schedule"]["conference"]["days"]
        for room, events in day["rooms"].items()
        for one in events
    }
