"""What an app holds about one person: for her page of years, and for the archive she may download.

Each app puts a function (person) -> Part into `kit.registers.export_parts`, in its `ready()`. It is asked with the
reader's language active, and only for the person herself. A part holds what is hers: her own answers where they were
not given without a name, never what others wrote about her in confidence, and never anything about somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

from samverk.kit.registers import export_parts

Words = str | Promise


@dataclass(frozen=True)
class Table:
    """Rows as CSV and as JSON: a name for the files (small letters and dashes), a title, (key, label) of each column.

    A row is a dictionary of text, whole numbers, dates, moments, booleans or None; numbers of minutes stay whole.
    """

    name: str
    title: Words
    columns: list[tuple[str, Words]]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class File:
    """A file of its own: its path in the archive, what it is called, and how its bytes are made when they are wanted."""

    path: str
    title: Words
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Line:
    """One thing of a year: its day, what, a few words about it, minutes where it has some, where to read more."""

    day: date
    title: str
    words: str = ""
    href: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Part:
    """What one app holds. `lines` stand on the page of years, `tables` and `files` in the archive."""

    title: Words
    tables: list[Table] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def parts_of(person: Any) -> list[Part]:
    """Every app's part, in the order the apps were started."""
    return [function(person) for _name, function in export_parts]
