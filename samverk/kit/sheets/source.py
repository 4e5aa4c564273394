"""What kind of file came in, by its content: names and endings of files lie."""

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from samverk.kit.sheets.errors import SheetError

SIZE_LIMIT = 50 * 1024 * 1024

Source = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes of a file, or an open binary file that can seek."""


@contextlib.contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The source as an open binary file at its start; closed afterwards only when it was opened here."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, str | os.PathLike):
        try:
            file = Path(source).open("rb")  # noqa: SIM115 closed below, the error is about opening alone
        except OSError as fault:
            raise SheetError(
                str(source), _("The file cannot be opened."), _("Check its name and folder.")
            ) from fault
        with file:
            yield file
    else:
        source.seek(0)
        yield source


def kind_of(file: BinaryIO) -> str:
    """csv, xlsx or xls. SheetError for everything else, with what to do instead."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise SheetError(_("The file"), _("It is empty."), _("Save the list again and send that file."))
    if size > SIZE_LIMIT:
        raise SheetError(
            _("The file"), _("It is larger than 50 MB."), _("Split the list into smaller files.")
        )
    start = file.read(4096)
    file.seek(0)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file)
    if _is_text(start):
        return "csv"
    raise _not_a_list(_("It is not a spreadsheet."))


def _kind_of_zip(file: BinaryIO) -> str:
    """Told by the list of entries at the end of the zip; the entries themselves are checked later."""
    file.seek(max(0, file.seek(0, io.SEEK_END) - (1 << 20)))
    listing = file.read()
    file.seek(0)
    if b"xl/workbook.xml" in listing or b"xl/worksheets/" in listing:
        return "xlsx"
    if b"xl/workbook.bin" in listing:
        raise _not_a_list(_("It is a binary Excel workbook (XLSB)."))
    if b"content.xml" in listing:
        raise _not_a_list(_("It is an OpenDocument file."))
    if b"word/document.xml" in listing:
        raise _not_a_list(_("It is a Word document."))
    raise _not_a_list(_("It is a zip archive without a workbook."))


def _is_text(start: bytes) -> bool:
    if start.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff")):
        return False
    lead = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lead.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise _not_a_list(_("It is a web page or XML that calls itself a spreadsheet."))
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    half = len(start) // 2
    if start.count(0) > half * 0.6 and min(start[::2].count(0), start[1::2].count(0)) < half * 0.1:
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c" for byte in start)
    return controls * 100 <= len(start) and 0 not in start


def _not_a_list(what: str) -> SheetError:
    return SheetError(
        _("The file"),
        what,
        _("Open the list in Excel or LibreOffice, save it as XLSX or CSV, and send that file."),
    )
