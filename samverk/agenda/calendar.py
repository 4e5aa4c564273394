"""A programme as a calendar file: each item an event with a name of its own for life."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC

from icalendar import Calendar, Event, vText, vUri

from samverk.agenda.models import Agenda, AgendaItem
from samverk.agenda.queries import Placed


def items_file(agenda: Agenda, placed: Iterable[Placed], link: Callable[[AgendaItem], str]) -> bytes:
    """An iCalendar file of items whose words are loaded; ``link`` gives the page of an item."""
    calendar = Calendar()
    calendar.add("prodid", "-//Samverk//Programme//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", agenda.activity.title)
    for one in placed:
        calendar.add_component(_event(one, link))
    return calendar.to_ical()


def _event(placed: Placed, link: Callable[[AgendaItem], str]) -> Event:
    item, event = placed.item, Event()
    event.add("uid", str(item.guid))
    event.add("sequence", item.sequence)
    event.add("dtstamp", item.changed_at.astimezone(UTC))
    event.add("dtstart", item.starts_at.astimezone(UTC))
    event.add("dtend", item.ends_at.astimezone(UTC))
    event.add("summary", item.title)
    if item.room is not None:
        event["location"] = vText(item.room.name)
    people = ", ".join(str(one.speaker) for one in placed.people)
    if told := "\n\n".join(part for part in (item.subtitle, people, item.abstract) if part):
        event.add("description", told)
    event["url"] = vUri(link(item))
    return event
