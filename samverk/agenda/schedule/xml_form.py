"""schedule.xml said in the form of schedule.json, so that one reader understands both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# Elements of an event that are plain words, under the name schedule.json has for them.
WORDS = (
    "room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "logo", "language",
    "description", "video_download_url", "url", "feedback_url", "origin_url",
)  # fmt: skip
PROSE = ("abstract", "description")


@dataclass
class Element:
    """An element of XML: name, attributes, children, and the text directly in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def all(self, name: str) -> Iterator[Element]:
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        return next(self.all(name), None)

    def words(self, name: str) -> str:
        """The text of a child: whole where it is prose, else without the white space around it."""
        found = self.first(name)
        if found is None:
            return ""
        return "".join(found.parts) if name in PROSE and found.text else found.text


def as_json_form(root: Element) -> dict[str, Any]:
    """The whole document; something without a conference gives an empty form, which the reader refuses."""
    conference = root.first("conference")
    if root.name != "schedule" or conference is None:
        return {}
    form: dict[str, Any] = {
        "schedule": {
            "version": root.words("version"),
            "conference": _conference(conference)
            | {"days": [_day(day, number) for number, day in enumerate(root.all("day"), 1)]},
        }
    }
    if url := root.words("url"):
        form["schedule"]["url"] = url
    if generator := root.first("generator"):
        form["generator"] = dict(generator.attributes)
    return form


def _conference(element: Element) -> dict[str, Any]:
    plain = (
        "title",
        "acronym",
        "start",
        "end",
        "timeslot_duration",
        "base_url",
        "logo",
        "url",
        "time_zone_name",
    )
    found: dict[str, Any] = {name: element.words(name) for name in plain if element.first(name) is not None}
    if color := element.first("color"):
        found["colors"] = dict(color.attributes)
    if tracks := list(element.all("track")):
        found["tracks"] = [dict(track.attributes) for track in tracks]
    return found


def _day(element: Element, number: int) -> dict[str, Any]:
    about = element.attributes
    index = about.get("index", "")
    rooms: dict[str, list[dict[str, Any]]] = {}
    guids: dict[str, str] = {}
    for room in element.all("room"):
        name = room.attributes.get("name", "")
        rooms.setdefault(name, []).extend(_event(event, name) for event in room.all("event"))
        if guid := room.attributes.get("guid"):
            guids[name] = guid
    return {
        "index": int(index) if index.isdecimal() and len(index) < 6 else number, "date": about.get("date", ""),
        "day_start": about.get("start", ""), "day_end": about.get("end", ""), "rooms": rooms, "room_guids": guids,
    }  # fmt: skip


def _event(element: Element, room: str) -> dict[str, Any]:
    event: dict[str, Any] = {name: element.words(name) for name in WORDS if element.first(name) is not None}
    event.setdefault("room", room)
    for name in ("guid", "code"):
        if element.attributes.get(name):
            event[name] = element.attributes[name]
    event["id"] = _number(element.attributes.get("id", ""))
    event["persons"] = [_person(one) for one in _inside(element, "persons", "person")]
    event["links"] = [_reference(one) for one in _inside(element, "links", "link")]
    event["attachments"] = [_reference(one) for one in _inside(element, "attachments", "attachment")]
    if recording := element.first("recording"):
        event["recording_license"] = recording.words("license")
        event["do_not_record"] = recording.words("optout").lower() in ("true", "1")
        event |= {
            f"recording_{name}": recording.words(name) for name in ("url", "link") if recording.words(name)
        }
    return event


def _inside(element: Element, outer: str, inner: str) -> list[Element]:
    found = element.first(outer)
    return list(found.all(inner)) if found else []


def _person(element: Element) -> dict[str, Any]:
    person: dict[str, Any] = {"public_name": element.text}
    if (number := _number(element.attributes.get("id", ""))) is not None:
        person["id"] = number
    if element.attributes.get("guid"):
        person["guid"] = element.attributes["guid"]
    return person


def _reference(element: Element) -> dict[str, Any]:
    rest = {name: value for name, value in element.attributes.items() if name != "href"}
    return {"url": element.attributes.get("href", ""), "title": element.text, **rest}


def _number(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 12 else None
