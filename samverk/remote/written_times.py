"""Times as Zoom, Teams and BigBlueButton write them: in the order, the clock and the words of whoever downloaded the list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

YEAR_FIRST, MONTH_FIRST, DAY_FIRST = "ymd", "mdy", "dmy"
_DATE = re.compile(r"(?<!\d)(\d{4}|\d{1,2})([./-])\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*(a\.?m\.?|p\.?m\.?|fm|em)?(?![\d])",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:(Z)|([+-])(\d{2}):?(\d{2}))\s*$")
_PARTS = (
    (re.compile(r"(\d+)\s*(?:h|hr|hrs|hours?|tim\w*|t|godz\w*|std\w*)\b\.?", re.IGNORECASE), 3600),
    (re.compile(r"(\d+)\s*(?:m|min|mins|minut\w*)\b\.?", re.IGNORECASE), 60),
    (re.compile(r"(\d+)\s*(?:s|sek\w*|sec\w*)\b\.?", re.IGNORECASE), 1),
)
_COLONS = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})")


def has_time(cell: str) -> bool:
    """Whether a cell holds a day and a clock."""
    return _read(cell, DAY_FIRST) is not None or _read(cell, MONTH_FIRST) is not None


def order_of(cells: Iterable[str], day: date) -> str:
    """In which order the days of these cells are written. Where both orders are days, the one nearer to ``day``."""
    sure = [cell for cell in cells if has_time(cell)]
    found = {}
    for order in (MONTH_FIRST, DAY_FIRST):
        read = [_read(cell, order) for cell in sure]
        days = [moment.date() for moment in read if moment]
        near = sum(abs((one - day).days) <= 1 for one in days)
        found[order] = (len(days), near)
    return max(found, key=lambda order: found[order])


def time_in(cell: str, order: str) -> datetime | None:
    """The moment in a cell: with a zone where one is written, else the bare clock; None where there is none."""
    return _read(cell, order)


def seconds_in(cell: str) -> int | None:
    """A length as people's programs write it: 57 (minutes), 1h 30m 51s, 1 godz. 5 min, 01:23:45."""
    text = cell.strip()
    if text.isdecimal() and text.isascii() and len(text) < 6:
        return int(text) * 60
    if found := _COLONS.fullmatch(text):
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    parts = [(pattern.search(text), weight) for pattern, weight in _PARTS]
    if len(text) > 60 or not any(found for found, _weight in parts):
        return None
    return sum(int(found[1][:6]) * weight for found, weight in parts if found)


def _read(cell: str, order: str) -> datetime | None:
    text = cell.strip()
    if len(text) > 60:
        return None
    day = _DATE.search(text)
    clock = _CLOCK.search(text, day.end()) if day else None
    if day is None or clock is None:
        return None
    try:
        moment = datetime(*_day(day, order), *_clock(clock))
    except ValueError:
        return None
    zone = _OFFSET.search(text, clock.end())
    return _with_zone(moment, zone) if zone else moment


def _day(found: re.Match[str], order: str) -> tuple[int, int, int]:
    first, sign, second, third = found[1], found[2], int(found[3]), found[4]
    if len(first) == 4:
        return int(first), second, int(third)
    year = int(third) + (2000 if len(third) == 2 else 0)
    # A full stop between them is European everywhere.
    is_month_first = order == MONTH_FIRST and sign != "."
    return (year, int(first), second) if is_month_first else (year, second, int(first))


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(found[1]), (found[4] or "").casefold().replace(".", "")
    if half and not 1 <= hour <= 12:
        raise ValueError(hour)
    if half in ("pm", "em"):
        hour = hour % 12 + 12
    elif half in ("am", "fm"):
        hour %= 12
    return hour, int(found[2]), int(found[3] or 0)


def _with_zone(moment: datetime, found: re.Match[str]) -> datetime:
    if found[1]:
        return moment.replace(tzinfo=UTC)
    away = timedelta(hours=int(found[3]), minutes=int(found[4]))
    return (moment - (away if found[2] == "+" else -away)).replace(tzinfo=UTC)
