"""From a file somebody sent to a dictionary in the form of schedule.json. Nothing in it is trusted.

XML is read with document types and entities refused, so that nothing can be expanded or fetched; size, depth and
number of elements have limits.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from samverk.agenda.schedule.xml_form import Element, as_json_form
from samverk.kit.acting import Refusal

MOST_BYTES = 20 * 1024 * 1024
MOST_DEPTH = 40
MOST_ELEMENTS = 400_000


def read_schedule(file: BinaryIO) -> dict[str, Any]:
    """The file as a dictionary in the form of schedule.json.

    Raises Refusal (field `file`): too_large, empty, broken, doctype, not_a_schedule.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _refusal("too_large", _("The file is larger than 20 MB. Send a smaller one."))
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n\x00\xff\xfe")[:1]
    if not start:
        raise _refusal("empty", _("The file is empty. Choose another one."))
    found = as_json_form(parse_xml(content)) if start == b"<" else _parse_json(content)
    if not isinstance(found.get("schedule"), dict) or not isinstance(
        found["schedule"].get("conference"), dict
    ):
        raise _refusal("not_a_schedule", _("This is no programme file. Send schedule.json or schedule.xml."))
    _list_rooms(found["schedule"]["conference"])
    return found


def _list_rooms(conference: dict[str, Any]) -> None:
    """The rooms of each day as a list: a database may not keep the order of names in a dictionary."""
    days = conference.get("days")
    for day in days if isinstance(days, list) else []:
        if isinstance(day, dict) and isinstance(day.get("rooms"), dict):
            day["rooms"] = [{"name": name, "events": events} for name, events in day["rooms"].items()]


def _parse_json(content: bytes) -> dict[str, Any]:
    try:
        found = _storable(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        raise _broken() from None
    if not isinstance(found, dict):
        raise _refusal("not_a_schedule", _("This is no programme file. Send schedule.json or schedule.xml."))
    # Some systems write the inner part alone.
    return found if "schedule" in found or "conference" not in found else {"schedule": found}


def _storable(value: Any) -> Any:
    """Without halves of letters and zero signs, which JSON may hold and no database keeps."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value if not isinstance(value, float) or value == value and abs(value) != float("inf") else None


def parse_xml(content: bytes) -> Element:
    """The root of an XML document. Raises Refusal where it is broken, too deep, or carries a document type."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.ExternalEntityRefHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise _broken() from None
    if builder.root is None:
        raise _broken()
    return builder.root


class _Builder:
    """Makes a tree of elements, within limits."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._number = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._number += 1
        if self._number > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise _broken()
        element = Element(name, dict(attributes))
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def end(self, name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)


def _refuse_doctype(*_about: Any) -> int:
    raise _refusal(
        "doctype", _("The file declares a document type, which we do not read. Export it as schedule.xml.")
    )


def _broken() -> Refusal:
    return _refusal("broken", _("The file is broken: it ends too early, or is neither JSON nor XML."))


def _refusal(code: str, reason: str) -> Refusal:
    return Refusal(reason, code=code, field="file")
