"""Rows of Excel workbooks, XLSX and XLS alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from samverk.kit.sheets.archive import check_archive, damaged_workbook
from samverk.kit.sheets.errors import SheetError

Merge = tuple[int, int, int, int]
"""First row (1-based), first column (0-based), last row, last column of cells joined into one."""


@dataclass(frozen=True)
class SheetName:
    """A sheet of a workbook. Hidden sheets are offered last."""

    name: str
    is_hidden: bool = False


class Workbook:
    """An open workbook: names of its sheets, and one sheet at a time as rows of text."""

    def __init__(self, file: BinaryIO, kind: str) -> None:
        if kind == "xlsx":
            check_archive(file)
        file.seek(0)
        with _damage_explained():
            self._book = CalamineWorkbook.from_filelike(file)
        self._kept: CalamineSheet | None = None
        self.sheets = tuple(
            SheetName(sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        )

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Row number as Excel shows it, and the cells from column A on."""
        sheet = self._sheet(name)
        # The reader counts rows from the top of the sheet, but cells from the first column that has any.
        indent = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, indent + [cell_text(cell) for cell in cells]

    def height(self, name: str) -> int:
        """Number of the last row with something in it."""
        end = self._sheet(name).end
        return end[0] + 1 if end else 0

    def merges(self, name: str) -> list[Merge]:
        """Cells joined into one. Only the first of them holds a value."""
        ranges = self._sheet(name).merged_cell_ranges or []
        return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges]

    def _sheet(self, name: str) -> CalamineSheet:
        # One sheet is kept: reading it again would parse it again, keeping all would hold all in memory.
        if self._kept is None or self._kept.name != name:
            self._kept = None
            if name not in {sheet.name for sheet in self.sheets}:
                names = ", ".join(sheet.name for sheet in self.sheets)
                raise SheetError(
                    _("The file"),
                    _("It has no sheet “%(name)s”.") % {"name": name},
                    _("Choose one of: %(names)s.") % {"names": names},
                )
            with _damage_explained():
                self._kept = self._book.get_sheet_by_name(name)
        return self._kept


@contextmanager
def _damage_explained() -> Iterator[None]:
    """Whatever the reader trips over becomes one sentence. It panics on some damaged files, outside Exception."""
    try:
        yield
    except (SheetError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError as fault:
        raise SheetError(
            _("The file"),
            _("The workbook is locked with a password."),
            _("Save it without a password, then send it."),
        ) from fault
    except BaseException as fault:
        raise damaged_workbook() from fault


def cell_text(value: object) -> str:
    """A cell as a person reads it: whole numbers without .0, dates as 2024-02-29, durations as hours:minutes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return "" if value is None else str(value)
