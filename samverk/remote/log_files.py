"""Log-in lists of video meetings: Zoom's participants, Teams' attendance report (old and new), BigBlueButton's dashboard.

They differ in columns, languages and what stands above the list, so a list is found by its shape: rows with a name
and the times of coming and leaving, or a name, an act and its time. Where a report has several such tables, the last
says most: Teams ends with each stay for itself. Words of headers are asked only where the shape leaves a choice.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.kit.fold import fold
from samverk.kit.sheets.encodings import detect_encoding
from samverk.remote.written_times import has_time, order_of, seconds_in, time_in

MOST_BYTES, MOST_ROWS, MOST_CELLS = 5 * 1024 * 1024, 20_000, 60
ZOOM, TEAMS, BIG_BLUE_BUTTON, OTHER = "zoom", "teams", "bigbluebutton", "other"

# Headers folded. English as the programs write them; Polish and Swedish where lists of people have shown them.
_NAMES = (
    "name (original name)", "name (original)", "full name", "name", "participant", "display name", "imie i nazwisko",
    "nazwa", "nazwisko", "fullstandigt namn", "namn", "deltagare",
)  # fmt: skip
_JOINS = (
    "join time", "first join", "join", "joined", "pierwsze dolaczenie", "godzina dolaczenia", "czas dolaczenia",
    "forsta anslutning", "anslutningstid", "anslot",
)  # fmt: skip
_LEAVES = (
    "leave time", "last leave", "left", "leave", "ostatnie wyjscie", "godzina wyjscia", "czas wyjscia",
    "senaste utgang", "tidpunkt for att lamna", "lamnade",
)  # fmt: skip
_LENGTHS = ("duration", "czas trwania", "czas udzialu", "varaktighet", "langd")
# What an act in the old Teams list says when somebody goes; every other act is a coming.
_GOES = ("left", "lamna", "opusci", "wyszed", "wyszl", "hat verlassen", "forlot")


@dataclass(frozen=True)
class Entry:
    """One line: who, from when to when (None: still there at the end), how many seconds of it, where it stood."""

    name: str
    email: str
    joined: datetime
    left: datetime | None
    seconds: int | None
    row: int


@dataclass(frozen=True)
class LogFile:
    """What a list says, and which program seems to have written it."""

    kind: str
    entries: list[Entry]


@dataclass
class _Table:
    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    def column(self, place: int) -> list[str]:
        return [row[place] if place < len(row) else "" for _number, row in self.rows]

    @property
    def width(self) -> int:
        return max((len(row) for _number, row in self.rows), default=0)

    @property
    def times(self) -> list[int]:
        return [place for place in range(self.width) if any(has_time(cell) for cell in self.column(place))]

    @property
    def is_about_meeting(self) -> bool:
        """Zoom's lines above the list: the meeting itself, from when to when."""
        return "meeting id" in self.header and not any(words in self.header for words in _NAMES)


def read_log(content: bytes, day: date) -> LogFile:
    """The entries of a list of about ``day``. Times without a zone stay bare: whoever asks knows the clock.

    Raises Refusal (field `file`) where there is no list, or one without times.
    """
    lines = _lines(content)
    tables = list(_tables(lines))
    stays = [
        table for table in tables if len(table.times) >= 2 and table.width >= 3 and not table.is_about_meeting
    ]
    acts = [table for table in tables if len(table.times) == 1 and table.width >= 3]
    if stays:
        return LogFile(_kind(lines), _stays(stays[-1], day))
    if acts:
        return LogFile(TEAMS, _from_acts(acts[-1], day))
    if any(_has_only_lengths(row) for row in lines[:50]):
        said = _(
            "The list says how long each person was there, but not when. Export it with join and leave times."
        )
        raise Refusal(said, code="no_times", field="file")
    said = _(
        "No list of people with times was found. Send the participants file of Zoom, Teams or BigBlueButton."
    )
    raise Refusal(said, code="no_list", field="file")


def _lines(content: bytes) -> list[list[str]]:
    encoding = detect_encoding(io.BytesIO(content))
    text = content.decode(encoding.codec, errors="replace").lstrip("\ufeff").replace("\0", "")
    start = text[:20_000]
    sign = max("\t,;", key=lambda one: sum(line.count(one) for line in start.splitlines()[:60]))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    lines: list[list[str]] = []
    try:
        for row in reader:
            lines.append([cell.strip() for cell in row[:MOST_CELLS]])
            if len(lines) > MOST_ROWS:
                raise Refusal(_("The list has more than 20,000 lines."), code="too_long", field="file")
    except csv.Error:
        raise Refusal(
            _("This file is no list. Send it as the program wrote it."), code="no_list", field="file"
        ) from None
    return lines


def _tables(lines: Sequence[list[str]]) -> Iterator[_Table]:
    """Runs of lines with times; what stands directly above a run is its header."""
    table: _Table | None = None
    for number, row in enumerate(lines, start=1):
        if any(has_time(cell) for cell in row):
            if table is None:
                above = lines[number - 2] if number > 1 else []
                table = _Table([fold(cell) for cell in above])
            table.rows.append((number, row))
        elif table is not None:
            yield table
            table = None
    if table is not None:
        yield table


def _stays(table: _Table, day: date) -> list[Entry]:
    times = table.times
    join = _by_header(table, _JOINS, times, times[-2])
    leave = _by_header(table, _LEAVES, [place for place in times if place != join], times[-1])
    email, name = _email_of(table), _name_of(table)
    length = next((place for place, head in enumerate(table.header) if _speaks_of(head, _LENGTHS)), -1)
    order = order_of([*table.column(join), *table.column(leave)], day)
    entries = []
    for number, row in table.rows:
        joined, left = time_in(_cell(row, join), order), time_in(_cell(row, leave), order)
        if joined is None or not (_cell(row, name) or _cell(row, email)):
            continue
        seconds = seconds_in(_cell(row, length)) if length > leave or length > join else None
        entries.append(
            Entry(_cell(row, name)[:200], _cell(row, email).lower()[:254], joined, left, seconds, number)
        )
    return entries


def _from_acts(table: _Table, day: date) -> list[Entry]:
    """The older Teams list: a line for each coming and going."""
    when = table.times[0]
    act = next((place for place in range(table.width) if place not in (when, _name_of(table))), -1)
    order = order_of(table.column(when), day)
    by_name: dict[str, list[tuple[datetime, bool, int, str]]] = {}
    for number, row in table.rows:
        moment, name = time_in(_cell(row, when), order), _cell(row, _name_of(table))[:200]
        if moment and name:
            goes = _speaks_of(fold(_cell(row, act)), _GOES)
            by_name.setdefault(fold(name), []).append((moment, goes, number, name))
    return [entry for acts in by_name.values() for entry in _paired(sorted(acts))]


def _paired(acts: list[tuple[datetime, bool, int, str]]) -> Iterator[Entry]:
    came: tuple[datetime, int, str] | None = None
    for moment, goes, number, name in acts:
        if goes and came:
            yield Entry(came[2], "", came[0], moment, None, came[1])
            came = None
        elif not goes and came is None:
            came = (moment, number, name)
    if came:
        yield Entry(came[2], "", came[0], None, None, came[1])


def _by_header(table: _Table, words: Sequence[str], among: Sequence[int], otherwise: int) -> int:
    named = [place for place in among if place < len(table.header) and _speaks_of(table.header[place], words)]
    # A report may repeat the meeting's own times on each line, before the person's.
    return named[-1] if named else otherwise


def _email_of(table: _Table) -> int:
    """The column with most addresses; of two alike the first."""
    counts = [sum("@" in cell for cell in table.column(place)) for place in range(table.width)]
    return max(range(len(counts)), key=lambda place: (counts[place], -place)) if any(counts) else -1


def _name_of(table: _Table) -> int:
    for words in _NAMES:
        if words in table.header:
            return len(table.header) - 1 - table.header[::-1].index(words)
    taken = {*table.times, _email_of(table)}
    return next((place for place in range(table.width) if place not in taken), 0)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if 0 <= place < len(row) else ""


def _speaks_of(text: str, words: Sequence[str]) -> bool:
    return any(text.startswith(word) for word in words) or any(f" {word}" in text for word in words)


def _has_only_lengths(row: Sequence[str]) -> bool:
    """The header of a list that says how long, not when."""
    heads = [fold(cell) for cell in row]
    named = any(head in _NAMES for head in heads)
    return named and any(word in head for head in heads for word in _LENGTHS) and not set(heads) & set(_JOINS)


def _kind(lines: Sequence[list[str]]) -> str:
    text = fold(" ".join(cell for row in lines[:60] for cell in row)[:8000])
    if "activity score" in text or "webcam time" in text:
        return BIG_BLUE_BUTTON
    if (
        "(upn)" in text
        or "in-meeting" in text
        or "full name" in text
        or text.startswith(("1. ", "meeting summary"))
    ):
        return TEAMS
    return ZOOM if "original name" in text or "user email" in text or "meeting id" in text else OTHER
