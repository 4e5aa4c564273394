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
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from samverk.kit.sheets.errors import SheetError

UNPACKED_LIMIT = 300 * 1024 * 1024
CELLS_LIMIT = 10_400_000
ENTRIES_LIMIT = 2000
PIECE = 1 << 18

# Far right, far down, or both: only then are cells counted one by one. Below these, no sheet passes the limit
# (26 columns of 399,999 rows, 702 columns of 9,999 rows).
FAR = re.compile(rb"""["'](?:[A-Za-z]{3}\d|[A-Za-z]{2}\d{5}|[A-Za-z](?:[4-9]\d{5}|\d{7}))""")
# A cell with something in it; a cell that is only coloured closes itself and takes no room.
CELL = re.compile(rb"""r\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'][^<>]{0,300}+(?:(?<!/)>|[^<>])""")
LONGEST_TAG = 4096


def check_archive(file: BinaryIO) -> None:
    """Refuse a workbook that is damaged or would take more room than a workbook may. SheetError says why."""
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise damaged_workbook() from fault
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise _too_large()
    room = UNPACKED_LIMIT
    for entry in entries:
        has_far_cells = False
        for text in _overlapping(_pieces(file, entry)):
            room -= len(text)
            if room < 0:
                raise _too_large()
            has_far_cells = has_far_cells or FAR.search(text) is not None
        if has_far_cells:
            _refuse_distant_cells(_overlapping(_pieces(file, entry)))
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


def _overlapping(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces that each begin with the end of the one before, so that no tag is cut in two."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        yield text
        rest = text[-LONGEST_TAG:]


def _refuse_distant_cells(texts: Iterable[bytes]) -> None:
    """Refuse when the rectangle from the first cell of the sheet to the last one is too large."""
    right = bottom = 1
    for text in texts:
        for letters, digits in CELL.findall(text):
            # Longer letters and numbers are larger ones; only those can move the corner.
            if len(digits) >= 4 and int(digits) > bottom:
                bottom = int(digits)
            if len(letters) >= 2 and (column := _column_number(letters)) > right:
                right = column
        if max(right, 26) * max(bottom, 999) > CELLS_LIMIT:
            raise SheetError(
                _("The file"),
                _("A sheet has cells very far apart: the last one is in row %(row)s.") % {"row": bottom},
                _("Delete what stands far below or to the right of the list, save, and send the file again."),
            )


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
