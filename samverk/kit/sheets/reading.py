"""From somebody's file to rows: a guess that can be shown and corrected, then one row after the other."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from samverk.kit.sheets import layout
from samverk.kit.sheets.delimited import csv_rows, guess_delimiter
from samverk.kit.sheets.encodings import CHUNK, Encoding, detect_encoding, named_encoding
from samverk.kit.sheets.errors import SheetError
from samverk.kit.sheets.source import Source, kind_of, opened
from samverk.kit.sheets.workbooks import Merge, SheetName, Workbook
from samverk.kit.spreadsheets import unguarded

PREVIEW = 300
SAMPLES = 40


@dataclass(frozen=True)
class Decided:
    """What a person has decided about a file; None is left to the guess. `fill_down` holds column indexes."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    header_height: int | None = None
    fill_down: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Column:
    """A column: index from 0, letter as Excel shows it, its name (the letter when it has none), first values.

    `fills_down` says that an empty cell takes the value above it.
    """

    index: int
    letter: str
    name: str
    samples: tuple[str, ...] = ()
    fills_down: bool = False


@dataclass(frozen=True)
class SheetGuess:
    """How a file will be read. `doubts` are sentences about what the person should look at."""

    kind: str
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[SheetName, ...]
    header_row: int
    header_height: int
    columns: tuple[Column, ...]
    rows_about: int
    doubts: tuple[str, ...] = ()

    @property
    def first_entry(self) -> int:
        """Number of the first row below the header."""
        return self.header_row + self.header_height if self.header_row else 1


class Row(NamedTuple):
    """One row. `number` is the one Excel shows; `cells` are as many as there are columns.

    `filled` holds the columns whose value came from the row above. A row with `skipped` is no entry, and that is the
    reason; one with `error` cannot be read as it stands.
    """

    number: int
    cells: tuple[str, ...]
    filled: tuple[int, ...] = ()
    skipped: str = ""
    error: SheetError | None = None


def guess_sheet(
    source: Source, decided: Decided | None = None, *, header_words: Collection[str] = ()
) -> SheetGuess:
    """Look at a file and say how to read it. `header_words` are names of columns the caller would know."""
    decided = decided or Decided()
    words = frozenset(map(layout.fold_word, header_words))
    with opened(source) as file:
        kind = kind_of(file)
        return (
            _guess_text(file, decided, words)
            if kind == "csv"
            else _guess_workbook(file, kind, decided, words)
        )


def sheet_rows(source: Source, guess: SheetGuess) -> Iterator[Row]:
    """The rows below the header, as guessed. Empty rows are left out; text files are read row by row."""
    with opened(source) as file:
        if guess.kind == "csv":
            raw = csv_rows(file, named_encoding(guess.encoding).codec, guess.delimiter)
        else:
            raw = Workbook(file, guess.kind).rows(guess.sheet)
        yield from _entries(raw, guess)


def _guess_text(file: BinaryIO, decided: Decided, words: frozenset[str]) -> SheetGuess:
    encoding = named_encoding(decided.encoding) if decided.encoding else detect_encoding(file)
    delimiter = decided.delimiter or guess_delimiter(file, encoding.codec)
    preview = list(islice(csv_rows(file, encoding.codec, delimiter), PREVIEW))
    header, columns = _layout(preview, [], decided, words)
    # A row with line breaks in its cells takes several lines of the file.
    breaks = sum(cell.count("\n") for _number, cells in preview for cell in cells)
    rows = round(_count_lines(file) / (1 + breaks / max(1, len(preview))))
    return SheetGuess(
        kind="csv",
        encoding=encoding.name,
        delimiter=delimiter,
        sheet="",
        sheets=(),
        header_row=header.row,
        header_height=header.height,
        columns=columns,
        rows_about=max(0, rows - header.first_entry + 1),
        doubts=(*_encoding_doubts(encoding), *_layout_doubts(header, columns)),
    )


def _count_lines(file: BinaryIO) -> int:
    file.seek(0)
    lines, last = 0, b"\n"
    while chunk := file.read(CHUNK):
        lines += chunk.count(b"\n") or chunk.count(b"\r")
        last = chunk[-1:]
    return lines + (last not in (b"\n", b"\r", b"\0"))


def _guess_workbook(file: BinaryIO, kind: str, decided: Decided, words: frozenset[str]) -> SheetGuess:
    book = Workbook(file, kind)
    if not book.sheets:
        raise SheetError(
            _("The file"), _("The workbook has no sheet with cells."), _("Send the file with the list.")
        )
    name = decided.sheet or _best_sheet(book, words)
    preview, merges = _preview(book, name), book.merges(name)
    header, columns = _layout(preview, merges, decided, words, where=name)
    return SheetGuess(
        kind=kind,
        encoding="",
        delimiter="",
        sheet=name,
        sheets=book.sheets,
        header_row=header.row,
        header_height=header.height,
        columns=columns,
        rows_about=max(0, book.height(name) - header.first_entry + 1),
        doubts=_layout_doubts(header, columns),
    )


def _preview(book: Workbook, name: str) -> list[tuple[int, list[str]]]:
    return list(islice(book.rows(name), PREVIEW))


def _best_sheet(book: Workbook, words: frozenset[str]) -> str:
    """The sheet with the most cells under the most telling header. Explanations and code lists are narrow or short."""
    if len(book.sheets) == 1:
        return book.sheets[0].name

    def worth(place: int) -> float:
        sheet = book.sheets[place]
        header = layout.find_header(_preview(book, sheet.name), words=words)
        known = sum(layout.fold_word(name) in words for name in header.names)
        size = min(1000, book.height(sheet.name)) * max(1, sum(1 for name in header.names if name))
        return (
            size * (1 + known) * (0.1 if sheet.is_hidden else 1) * (1 if header.row else 0.2) - place * 0.01
        )

    return book.sheets[max(range(len(book.sheets)), key=worth)].name


def _layout(
    preview: layout.Rows, merges: list[Merge], decided: Decided, words: frozenset[str], where: str = ""
) -> tuple[layout.Header, tuple[Column, ...]]:
    if not any(sign.isalnum() for _number, cells in preview for cell in cells for sign in cell):
        raise SheetError(
            where or _("The file"), _("It has no rows."), _("Choose the sheet or file with the list.")
        )
    if decided.header_row is not None:
        height = decided.header_height if decided.header_height is not None else 1
        header = layout.header_at(preview, decided.header_row, height if decided.header_row else 0, merges)
    else:
        header = layout.find_header(preview, merges, words)
    below = [(number, cells) for number, cells in preview if number >= header.first_entry]
    width = max((_width(cells) for _number, cells in below[:PREVIEW]), default=0)
    names = header.names[: _width(header.names)] or ("",) * width
    header = layout.Header(header.row, header.height, names, header.is_sure)
    entries = [(number, cells) for number, cells in below if not _skip_reason(cells, header.names)]
    fill = layout.group_columns(entries, merges, header) if decided.fill_down is None else decided.fill_down
    return header, tuple(
        _column(index, name, entries, index in fill) for index, name in enumerate(_distinct(names))
    )


def _distinct(names: tuple[str, ...]) -> list[str]:
    """Two columns of one name are told apart by their letters: a mapping by name would lose one."""
    letters = map(column_letter, range(len(names)))
    return [
        f"{name} ({letter})" if name and names.count(name) > 1 else name
        for name, letter in zip(names, letters, strict=True)
    ]


def _width(cells: layout.Sequence[str]) -> int:
    return max((index for index, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _name_in_file(column: Column) -> str:
    return column.name.removesuffix(f" ({column.letter})")


def _column(index: int, name: str, entries: layout.Rows, fills_down: bool) -> Column:
    values = (
        cells[index].strip() for _number, cells in entries if index < len(cells) and cells[index].strip()
    )
    samples = tuple(islice(dict.fromkeys(values), SAMPLES))
    letter = column_letter(index)
    return Column(index, letter, name or letter, samples, fills_down)


def column_letter(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _encoding_doubts(encoding: Encoding) -> tuple[str, ...]:
    if encoding.has_faults:
        return (_("Some letters are damaged in the file; they are shown as �."),)
    if not encoding.is_sure:
        return (_("The encoding is a guess. Look at names with accented letters."),)
    return ()


def _layout_doubts(header: layout.Header, columns: tuple[Column, ...]) -> tuple[str, ...]:
    doubts = []
    if not header.row:
        doubts.append(_("No header was found. The columns are called A, B, C."))
    elif not header.is_sure:
        doubts.append(_("The header is a guess. Look at the names of the columns."))
    for column in columns:
        if column.fills_down:
            name = {"name": column.name}
            doubts.append(
                _("“%(name)s” seems to be given once per group. Empty cells take the value above.") % name
            )
    return tuple(doubts)


def _skip_reason(cells: layout.Sequence[str], names: tuple[str, ...]) -> str:
    if layout.is_total(cells, len(names)):
        return _("A row that sums up.")
    if layout.is_footnote(cells):
        return _("A note below the list.")
    if layout.is_numbering(cells):
        return _("A row that numbers the columns.")
    if _same_names(cells, names):
        return _("The header again.")
    return ""


def _same_names(cells: layout.Sequence[str], names: tuple[str, ...]) -> bool:
    found = 0
    for cell, name in zip(cells, names, strict=False):
        if cell and not cell.isspace():
            if not name or layout.fold_word(cell) != layout.fold_word(name):
                return False
            found += 1
    return found >= 2


def _entries(raw: Iterator[tuple[int, list[str]]], guess: SheetGuess) -> Iterator[Row]:
    width = len(guess.columns)
    names = tuple(_name_in_file(column) if guess.header_row else "" for column in guess.columns)
    fill = [column.index for column in guess.columns if column.fills_down]
    above = dict.fromkeys(fill, "")
    for number, cells in raw:
        if number < guess.first_entry:
            continue
        clean = [_clean(cell) for cell in cells]
        if not any(clean):
            continue
        surplus = any(clean[width:])
        clean = (clean + [""] * width)[:width] if len(clean) < width else clean
        if reason := _skip_reason(clean, names):
            yield Row(number, tuple(clean[:width]), skipped=reason)
            continue
        error = _ragged(number, _width(clean), width) if surplus else None
        filled = tuple(index for index in fill if not clean[index] and above[index])
        for index in fill:
            clean[index] = above[index] = clean[index] or above[index]
        yield Row(number, tuple(clean[:width]), filled, error=error)


UNSEEN = re.compile("[\u200b\u200c\u200d\ufeff\u00ad\u2060]")


def _clean(cell: str) -> str:
    """Without outer spaces, spaces of other widths, invisible signs and the apostrophe our own CSV adds."""
    if not cell.isascii():
        cell = UNSEEN.sub("", cell).replace("\xa0", " ")
    cell = cell.strip()
    return unguarded(cell).strip() if cell[:1] == "'" else cell


def _ragged(number: int, found: int, width: int) -> SheetError:
    return SheetError(
        _("Row %(row)s") % {"row": number},
        _("It has %(found)s cells, but the header names %(width)s.") % {"found": found, "width": width},
        _("Put quotation marks around a name that holds the sign between cells."),
    )
