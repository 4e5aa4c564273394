"""Minutes on one line: a moment is minutes since day 0, a span is `(start, end)` with the end left out.

A day has 1,440 minutes: wall clock, as people sign it. Nothing here loops over minutes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache

DAY = 1440

Span = tuple[int, int]


def minute_of(moment: datetime) -> int:
    """The moment's place on the line, by its wall clock."""
    return moment.toordinal() * DAY + moment.hour * 60 + moment.minute


def stamp(moment: datetime) -> str:
    """The moment as it stands in files: `2017-03-02T09:00`."""
    return moment.isoformat(timespec="minutes")[:16]


@lru_cache(maxsize=4096)
def month_of(day: int) -> str:
    """`YYYY-MM` of a day (ordinal)."""
    return date.fromordinal(day).isoformat()[:7]


@lru_cache(maxsize=4096)
def year_of(day: int) -> int:
    """Calendar year of a day (ordinal)."""
    return date.fromordinal(day).year


def by_day(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The span cut at midnights, as day, start, end: period, month, year and rate are all one within a day."""
    while start < end:
        day = start // DAY
        until = min(end, (day + 1) * DAY)
        yield day, start, until
        start = until


def length(spans: Iterable[Span]) -> int:
    """Minutes in spans that do not overlap."""
    return sum(end - start for start, end in spans)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same minutes, each once, as spans in order that neither overlap nor touch."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        elif start < end:
            result.append((start, end))
    return result


def uncovered(start: int, end: int, covers: Iterable[Span]) -> list[Span]:
    """What is left of a span when the covers are taken out of it."""
    free = []
    for cover_start, cover_end in sorted(covers):
        if cover_start >= end:
            break
        if cover_start > start:
            free.append((start, cover_start))
        start = max(start, cover_end)
    if start < end:
        free.append((start, end))
    return free


class Occupied[Source]:
    """Spans in order of their start, each with its source; finds those that touch a given span without looking at all."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._rows: list[tuple[int, int, Source]] = []
        self._longest = 0

    def add(self, start: int, end: int, source: Source) -> None:
        """Occupy a span; spans may overlap."""
        place = bisect_right(self._starts, start)
        self._starts.insert(place, start)
        self._rows.insert(place, (start, end, source))
        self._longest = max(self._longest, end - start)

    def covering(self, start: int, end: int) -> list[tuple[int, int, Source]]:
        """Spans that share at least one minute with this one."""
        first = bisect_right(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [row for row in self._rows[first:last] if row[1] > start]
