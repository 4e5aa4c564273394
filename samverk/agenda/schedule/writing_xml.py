"""schedule.xml from the form of schedule.json, strictly by its published schema."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

# Signs that XML 1.0 cannot hold at all.
_FOREIGN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")
_CODE = re.compile(r"[0-9A-Z]{6}")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def schedule_xml(form: dict[str, Any]) -> bytes:
    """The form as schedule.xml. Addresses are written whole; what the schema has no place for stays out."""
    schedule = form["schedule"]
    conference = schedule["conference"]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<schedule>"]
    lines.append(_empty("generator", form["generator"], ("name", "system", "version")))
    if address := _http(schedule.get("url") or conference.get("url") or "", ""):
        lines.append(_words("url", address))
    lines.append(_words("version", schedule["version"]))
    lines += _conference(conference, schedule.get("base_url", ""))
    guids = {room["name"]: room["guid"] for room in conference["rooms"]}
    for day in conference["days"]:
        lines += _day(day, guids, schedule.get("base_url", ""))
    lines.append("</schedule>")
    return "\n".join(lines).encode()


def _conference(conference: dict[str, Any], base: str) -> list[str]:
    lines = ["<conference>", _words("title", conference["title"]), _words("acronym", conference["acronym"])]
    lines += [_words("start", conference["start"]), _words("end", conference["end"])]
    lines += [_words("days", conference["daysCount"])]
    lines += [_words("timeslot_duration", conference["timeslot_duration"])]
    for name, said in (("base_url", base), ("logo", conference.get("logo")), ("url", conference.get("url"))):
        if address := _http(said, base):
            lines.append(_words(name, address))
    lines.append(_words("time_zone_name", conference["time_zone_name"]))
    colors = {
        name: value
        for name, value in (conference.get("colors") or {}).items()
        if isinstance(value, str) and _HEX.fullmatch(value)
    }
    if "primary" in colors:
        lines.append(_empty("color", colors, tuple(colors)))
    for track in conference.get("tracks", []):
        about = dict(track)
        if not re.fullmatch(r"[a-z][a-z0-9-]+", str(about.get("slug", ""))):
            about.pop("slug", None)
        lines.append(_empty("track", about, ("name", "color", "slug")))
    return [*lines, "</conference>"]


def _day(day: dict[str, Any], guids: dict[str, str], base: str) -> list[str]:
    about = {"date": day["date"], "start": day["day_start"], "end": day["day_end"], "index": day["index"]}
    lines = [_open("day", about)]
    for room, events in day["rooms"].items():
        lines.append(_open("room", {"name": room, "guid": guids.get(room, "")}))
        for event in events:
            lines += _event(event, base)
        lines.append("</room>")
    return [*lines, "</day>"]


def _event(event: dict[str, Any], base: str) -> list[str]:
    code = event.get("code") if _CODE.fullmatch(str(event.get("code", ""))) else ""
    only_xml = event.get("xml", {})
    lines = [_open("event", {"guid": event["guid"], "id": event["id"], "code": code})]
    lines += [_words(name, event[name]) for name in ("room", "title", "subtitle", "type", "date", "start")]
    lines += [_words(name, event[name]) for name in ("duration", "abstract")]
    if _SLUG.fullmatch(event["slug"]):
        lines.append(_words("slug", event["slug"]))
    lines.append(_words("track", event["track"]))
    lines.append(_words("logo", _http(event.get("logo"), base)))
    lines += _persons(event["persons"])
    lines += [_words(name, event[name]) for name in ("language", "description")]
    lines += _recording(event, only_xml)
    lines += _references("links", "link", event["links"], base)
    lines += _references("attachments", "attachment", event["attachments"], base)
    for name in ("video_download_url", "url", "feedback_url", "origin_url"):
        if address := _http(event.get(name) or only_xml.get(name), base):
            lines.append(_words(name, address))
    return [*lines, "</event>"]


def _persons(persons: list[dict[str, Any]]) -> list[str]:
    lines = ["<persons>"]
    for one in persons:
        name = one.get("public_name") or one.get("name")
        lines.append(_words("person", name, {"id": one.get("id", ""), "guid": one.get("guid", "")}))
    return [*lines, "</persons>"]


def _recording(event: dict[str, Any], only_xml: dict[str, Any]) -> list[str]:
    lines = ["<recording>", _words("license", event.get("recording_license") or "")]
    lines.append(_words("optout", "true" if event.get("do_not_record") else "false"))
    for name in ("url", "link"):
        if address := _http(only_xml.get(f"recording_{name}"), ""):
            lines.append(_words(name, address))
    return [*lines, "</recording>"]


def _references(outer: str, inner: str, rows: list[dict[str, Any]], base: str) -> list[str]:
    lines = [f"<{outer}>"]
    for row in rows:
        about = {"href": urljoin(base, row["url"]) if base else row["url"], "type": row.get("type", "")}
        lines.append(_words(inner, row.get("title", ""), about))
    return [*lines, f"</{outer}>"]


def _http(said: Any, base: str) -> str:
    """A whole web address, or nothing."""
    if not isinstance(said, str) or not said.strip():
        return ""
    address = urljoin(base, said.strip()) if base else said.strip()
    return address if re.match(r"https?://", address) else ""


def _clean(value: Any) -> str:
    return _FOREIGN.sub("", str(value if value is not None else ""))


def _attributes(about: dict[str, Any]) -> str:
    return "".join(
        f" {name}={quoteattr(_clean(value))}" for name, value in about.items() if value not in ("", None)
    )


def _open(name: str, about: dict[str, Any]) -> str:
    # A room without a name is named all the same: the schema wants it.
    named = ' name=""' if name == "room" and not about.get("name") else ""
    return f"<{name}{named}{_attributes(about)}>"


def _empty(name: str, about: dict[str, Any], known: tuple[str, ...]) -> str:
    return f"<{name}{_attributes({key: about[key] for key in known if key in about})}/>"


def _words(name: str, said: Any, about: dict[str, Any] | None = None) -> str:
    return f"<{name}{_attributes(about or {})}>{escape(_clean(said))}</{name}>"
