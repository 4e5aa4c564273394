"""Lists from CSV files, strictly: what is wrong is named by file, row, column and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST = 50 * 1024 * 1024
DELIMITERS = ",;\t"


class BadInput(ValueError):
    """A file or an option that cannot be used. The text is one line: file, row, column, reason."""

    def __init__(self, file: str, reason: str, row: int | None = None, column: str | None = None) -> None:
        self.file, self.row, self.column, self.reason = file, row, column, reason
        where = [file, *([f"row {row}"] if row else []), *([f"column {column}"] if column else [])]
        super().__init__(f"{', '.join(where)}: {reason}")


@dataclass(frozen=True)
class Table:
    """A file read. `rows` are (row number as a spreadsheet shows it, cells by column)."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]

    def bad(self, reason: str, row: int | None = None, column: str | None = None) -> BadInput:
        return BadInput(self.file, reason, row, column)


def read_table(name: str, needed: Sequence[str], known: Sequence[str] | None = None) -> Table:
    """The file with a header that has at least the needed columns. Raises `BadInput`."""
    text = _text(name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    columns: tuple[str, ...] = ()
    for number, cells in _numbered(name, reader):
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = _header(name, cells, number, needed, known)
        elif len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            raise BadInput(name, f"has {len(cells)} cells under {len(columns)} columns", number)
        else:
            padded = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
            rows.append((number, dict(zip(columns, padded, strict=False))))
    if not columns:
        raise BadInput(name, f"is empty; it needs a header with {', '.join(needed)}")
    return Table(name, columns, tuple(rows))


def _text(name: str) -> str:
    try:
        path = Path(name)
        if path.stat().st_size > LARGEST:
            raise BadInput(name, "is larger than 50 MB")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise BadInput(name, "is not UTF-8 text", row) from None
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        reason = getattr(error, "strerror", None) or "no such name"
        raise BadInput(name, f"cannot be read: {reason.lower()}") from None


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: (first.count(sign), -DELIMITERS.index(sign)))


def _numbered(name: str, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(name, f"cannot be read as CSV: {error}", number) from None
        if any("\0" in cell for cell in cells):
            raise BadInput(name, "holds a character that is no text", number)
        yield number, cells


def _header(
    name: str, cells: list[str], number: int, needed: Sequence[str], known: Sequence[str] | None
) -> tuple[str, ...]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    plain = [column.partition(":")[0].strip() for column in columns]
    for place, column in enumerate(plain):
        if not column:
            raise BadInput(name, f"column {place + 1} has no name", number)
        if column in plain[:place]:
            raise BadInput(name, "stands twice in the header", number, column)
        if known is not None and column not in known:
            raise BadInput(name, f"is not a column of this file ({', '.join(known)})", number, column)
    for column in needed:
        if column not in plain:
            raise BadInput(name, "is missing in the header", number, column)
    return tuple(columns)


def whole(table: Table, row: int, column: str, cell: str, least: int, most: int) -> int:
    """A cell that must be a whole number between the two. Raises `BadInput`."""
    if not cell.isascii() or not cell.isdigit() or len(cell) > 12 or not least <= int(cell) <= most:
        raise table.bad(f"must be a whole number from {least} to {most}, not {cell or 'empty'}", row, column)
    return int(cell)


def unique_ids(table: Table) -> list[str]:
    """The ids of the rows, each there and each once. Raises `BadInput`."""
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        id_ = cells["id"]
        if not id_:
            raise table.bad("is empty", number, "id")
        if id_ in seen:
            raise table.bad(f"{id_} stands in row {seen[id_]} already", number, "id")
        seen[id_] = number
    return list(seen)


def known_id(table: Table, row: int, column: str, cells: dict[str, str], ids: set[str]) -> str:
    """A cell that must name one of these ids. Raises `BadInput`."""
    id_ = cells[column]
    if id_ not in ids:
        raise table.bad(
            f"{id_ or 'empty'} is not among the people" if column != "mentor" else f"{id_} is no mentor",
            row,
            column,
        )
    return id_
