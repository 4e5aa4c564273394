"""Rows of a text file: which sign parts the cells, and the cells themselves."""

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from samverk.kit.sheets.errors import SheetError

DELIMITERS = (";", ",", "\t", "|")
SAMPLE = 1 << 18
SAMPLE_ROWS = 300


def guess_delimiter(file: BinaryIO, codec: str) -> str:
    """The sign that parts most rows into the same number of cells. A comma for a list with one column."""
    text = _sample(file, codec)
    announced = _announced(text.partition("\n")[0])
    if announced:
        return announced
    scores = {delimiter: _evenness(text, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=scores.__getitem__)
    return best if scores[best] > 0 else ","


def csv_rows(file: BinaryIO, codec: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells, one row at a time, numbered as a spreadsheet shows them.

    A line break inside quotation marks stays inside its cell and starts no row. A quotation mark that is never
    closed would swallow the rest of the list, so it is an error with its row.
    """
    file.seek(0)
    # Not TextIOWrapper: it closes the caller's file when it is collected.
    lines = codecs.getreader(codec)(file, "replace")
    reader = csv.reader(_lines(lines), delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1 and len(cells) < 3 and _announced(delimiter.join(cells)):
                yield number, []
                continue
            if any("\n" in cell for cell in cells):
                _refuse_swallowed(number, cells, delimiter)
            yield number, cells
    except csv.Error as fault:
        raise _open_quote(number + 1) from fault


def _lines(text: codecs.StreamReader) -> Iterator[str]:
    """Lines with their ends, split at line feeds and carriage returns only (a name may hold U+2028 or U+0085)."""
    rest = ""
    while block := text.read(SAMPLE):
        lines = io.StringIO(rest + block, newline="").readlines()
        # The last line may go on in the next block, and a carriage return may belong to its line feed.
        rest = lines.pop() if lines else ""
        yield from lines
    if rest:
        yield from io.StringIO(rest, newline="")


def _sample(file: BinaryIO, codec: str) -> str:
    file.seek(0)
    text = codecs.getincrementaldecoder(codec)(errors="replace").decode(file.read(SAMPLE))
    file.seek(0)
    return text.removeprefix("\ufeff")


def _announced(line: str) -> str:
    """The sign that Excel's own first line names: `sep=;`."""
    found = re.fullmatch(r'"?sep=(.)"?;?', line.strip("\r\n\ufeff "), flags=re.IGNORECASE)
    return found[1] if found and found[1] in DELIMITERS else ""


def _evenness(text: str, delimiter: str) -> float:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = Counter(len(cells) for cells in itertools.islice(reader, SAMPLE_ROWS) if any(cells))
    except csv.Error:
        return 0.0
    rows = widths.total()
    del widths[1]
    if not widths:
        return 0.0
    width, same = max(widths.items(), key=lambda item: (item[1], item[0]))
    # Commas followed by a space are commas of a sentence.
    spaced = text.count(delimiter + " ") / max(1, text.count(delimiter))
    return (same / rows) ** 2 * (1 - 1 / width) * (1 - spaced / 2)


def _refuse_swallowed(number: int, cells: list[str], delimiter: str) -> None:
    """A cell that holds many lines, each as full of delimiters as a row, is not a cell."""
    for cell in cells:
        breaks = cell.count("\n")
        if breaks >= 2 and cell.count(delimiter) >= breaks * max(1, len(cells) - 1):
            raise _open_quote(number)


def _open_quote(number: int) -> SheetError:
    return SheetError(
        _("Row %(row)s") % {"row": number},
        _("A quotation mark is opened and never closed."),
        _("Remove or close it there, or save the list as XLSX."),
    )
