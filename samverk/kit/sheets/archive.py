"""Is this XLSX safe to open? Answered before the reader of workbooks sees a byte of it.

An XLSX is a zip. Three tricks make a small one eat a machine, and the reader, which is not ours, stops the whole
process when memory ends:
- entries that say they unpack to gigabytes: refused from the zip's own list, nothing is unpacked;
- entries that say they are small and are not: unpacked here in pieces, counted, and thrown away;
- two cells at opposite corners of a sheet: the reader reserves every cell between them. Cells are located here.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from samverk.kit.sheets.errors import SheetError

UNPACKED_LIMIT = 300 * 1024 * 1024
CELLS_LIMIT = 10_000_000
ENTRIES_LIMIT = 2000
PIECE = 1 << 18

# A cell with something in it; a cell that is only coloured closes itself and takes no room.
CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'][^<>]*[^/<>]>""")
LONGEST_TAG = 4096


def check_archive(file: BinaryIO) -> None:
    """Refuse a workbook that is damaged or would take more room than a workbook may. SheetError says why."""
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise damaged_workbook() from fault
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise _too_large()
    unpacked = 0
    for entry in entries:
        corner = _Corner()
        for piece in _pieces(file, entry):
            unpacked += len(piece)
            if unpacked > UNPACKED_LIMIT:
                raise _too_large()
            corner.see(piece)
    file.seek(0)


def damaged_workbook() -> SheetError:
    return SheetError(
        _("The file"),
        _("The workbook is damaged and cannot be opened."),
        _("Open it in Excel or LibreOffice, save it again as XLSX, and send that file."),
    )


def _too_large() -> SheetError:
    return SheetError(
        _("The file"),
        _("The workbook unpacks to more than 300 MB."),
        _("Copy the list to a new workbook, or save the sheet as CSV, and send that file."),
    )


class _Corner:
    """Follows the cells of one entry and refuses when their rectangle grows too large."""

    def __init__(self) -> None:
        self.rest = b""
        self.left = self.top = 1 << 30
        self.right = self.bottom = 0

    def see(self, piece: bytes) -> None:
        text = self.rest + piece
        for letters, digits in CELL.findall(text):
            column, row = _column_number(letters), int(digits)
            self.left, self.right = min(self.left, column), max(self.right, column)
            self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        if (self.right - self.left + 1) * (self.bottom - self.top + 1) > CELLS_LIMIT and self.bottom:
            raise SheetError(
                _("The file"),
                _("A sheet has cells very far apart: the last one is in row %(row)s.") % {"row": self.bottom},
                _("Delete what stands far below or to the right of the list, save, and send the file again."),
            )
        self.rest = text[-LONGEST_TAG:] if len(text) > LONGEST_TAG else text


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _pieces(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What an entry really unpacks to, whatever size it claims: zipfile would stop at the claim."""
    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged_workbook()
    file.seek(entry.header_offset)
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise damaged_workbook()
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    packed = entry.compress_size
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while packed > 0 and (raw := file.read(min(PIECE, packed))):
        packed -= len(raw)
        if inflate is None:
            yield raw
            continue
        try:
            while raw and not inflate.eof:
                yield inflate.decompress(raw, PIECE)
                raw = inflate.unconsumed_tail
        except zlib.error as fault:
            raise damaged_workbook() from fault
