"""Lists for people: CSV and XLSX that open well in Excel and LibreOffice and never carry a formula.

Text from a form may begin with = and would run as a formula on the coordinator's machine. In XLSX text is written
as text. CSV has no types, so there a dangerous cell starts with an apostrophe; our import takes it off again.
Official files, which must be exact, are not written here.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from os import PathLike, fspath
from typing import BinaryIO

import xlsxwriter
from django.utils.timezone import is_aware, make_naive
from django.utils.translation import gettext as _

RISKY = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
PIECE_ROWS = 200


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula. Already guarded text gets one more, so that none is lost."""
    return "'" + text if RISKY.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text[:1] == "'" and GUARDED.match(text) else text


def csv_lines(
    header: Sequence[object], rows: Iterable[Sequence[object]], *, delimiter: str = ";", bom: bool = True
) -> Iterator[str]:
    """CSV in pieces of text, for streaming. UTF-8 when encoded; the first piece begins with the mark Excel needs.

    Cells may be text, numbers, dates, times, durations (as hours:minutes), booleans or None. Where the semicolon
    parts cells, the comma is the decimal sign, as in the countries that use both.
    """
    decimal = "," if delimiter == ";" else "."
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if bom:
        buffer.write("\ufeff")
    writer.writerow([_csv_cell(cell, decimal) for cell in header])
    for count, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(cell, decimal) for cell in row])
        if count % PIECE_ROWS == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _csv_cell(value: object, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return str(value).replace(".", decimal)
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return _hours(value)
    return guarded(str(value))


def _local(moment: datetime) -> datetime:
    return make_naive(moment) if is_aware(moment) else moment


def _hours(duration: timedelta) -> str:
    minutes = round(abs(duration).total_seconds() / 60)
    sign = "-" if duration < timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, the header, and rows of the same cells that `csv_lines` takes."""

    name: str
    header: Sequence[object]
    rows: Iterable[Sequence[object]]


WIDEST = 60
LONGEST_TEXT = 32_767
EXACT_DIGITS = 10**15
FORMATS = {
    "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "time": {"num_format": "hh:mm"},
    "duration": {"num_format": "[h]:mm"},
}


def xlsx_file(target: str | PathLike[str] | BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write a workbook in constant memory: rows go to disk as they come.

    Text stays text, whatever it looks like. Numbers longer than 15 digits are written as text too, because Excel
    keeps no more. Header rows are bold, stay in view and carry filters; columns are as wide as their first rows.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
    }
    path = fspath(target) if isinstance(target, str | PathLike) else target
    with xlsxwriter.Workbook(path, options) as workbook:
        formats = {name: workbook.add_format(look) for name, look in FORMATS.items()}
        taken: set[str] = set()
        for sheet in sheets:
            name = _free_name(sheet.name, taken)
            taken.add(name.casefold())
            _write_sheet(workbook.add_worksheet(name), sheet, formats)


def _free_name(wanted: str, taken: set[str]) -> str:
    """A name Excel accepts: at most 31 signs, none of []:*?/\\, no apostrophe at the ends, not used twice."""
    clean = _cut(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '"), 31).strip(" '") or _("Sheet")
    name, number = clean, 2
    # Excel keeps the name History for itself.
    while name.casefold() in taken or name.casefold() == "history":
        name = f"{_cut(clean, 27)} {number}"
        number += 1
    return name


def _cut(text: str, most: int) -> str:
    """The beginning of a text. Excel counts in UTF-16, where a picture sign is two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def _write_sheet(worksheet, sheet: Sheet, formats: dict) -> None:
    widths = [len(str(title)) for title in sheet.header]
    worksheet.freeze_panes(1, 0)
    for column, title in enumerate(sheet.header):
        worksheet.write_string(0, column, str(title), formats["header"])
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(worksheet, last, column, value, formats)
        if last <= PIECE_ROWS:
            widths = [max(pair) for pair in zip(widths, map(_width, row), strict=False)]
    if sheet.header:
        worksheet.autofilter(0, 0, last, len(sheet.header) - 1)
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, min(WIDEST, max(8, width + 2)))


def _width(value: object) -> int:
    return 16 if isinstance(value, datetime) else len(str(value)) if value is not None else 0


def _write_cell(worksheet, row: int, column: int, value: object, formats: dict) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        worksheet.write_string(row, column, value[:LONGEST_TEXT])
    elif isinstance(value, bool):
        worksheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        if -EXACT_DIGITS < value < EXACT_DIGITS:
            worksheet.write_number(row, column, value)
        else:
            worksheet.write_string(row, column, str(value))
    elif isinstance(value, datetime):
        worksheet.write_datetime(row, column, _local(value), formats["moment"])
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, time):
        worksheet.write_datetime(row, column, value, formats["time"])
    elif isinstance(value, timedelta):
        worksheet.write_number(row, column, value.total_seconds() / 86400, formats["duration"])
    else:
        worksheet.write_string(row, column, str(value)[:LONGEST_TEXT])
