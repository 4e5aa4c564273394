"""What is known of access at a venue, as rows for a page and as one line for a calendar or a mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from samverk.directory.choices import Known
from samverk.directory.models import ACCESS_PARTS, Room, Venue

MOST_LETTERS = 300


@dataclass(frozen=True)
class AccessRow:
    """One part of the access block: its name, the answer (yes, no or empty), the answer in words, the note."""

    part: str
    name: str
    answer: str
    words: str
    note: str


def access_rows(venue: Venue, room: Room | None = None) -> list[AccessRow]:
    """Every part with its answer. Where the room says nothing, the house's answer holds."""
    return [_row(part, venue, room) for part in ACCESS_PARTS]


def _row(part: str, venue: Venue, room: Room | None) -> AccessRow:
    source: Venue | Room = room if room is not None and getattr(room, part) != Known.UNKNOWN else venue
    answer = getattr(source, part)
    return AccessRow(
        part, str(ACCESS_PARTS[part]), answer, str(Known(answer).label), getattr(source, f"{part}_note")
    )


def known_rows(venue: Venue, room: Room | None = None) -> list[AccessRow]:
    """Only what somebody has answered."""
    return [row for row in access_rows(venue, room) if row.answer]


def access_line(venue: Venue, room: Room | None = None) -> str:
    """What is known, in one line: "Way in without steps; Lift; no: Hearing loop (note)". At most 300 letters."""
    said = []
    for row in known_rows(venue, room):
        name = row.name if row.answer == Known.YES else _("no: %(what)s") % {"what": row.name}
        said.append(f"{name} ({row.note})" if row.note else name)
    line = "; ".join(said)
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1].rstrip()}…"
