"""Workbooks that are damaged, locked, old, or built to eat a machine."""

import contextlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from samverk.kit.sheets import SheetError, guess_sheet, sheet_rows

OLD_EXCEL = Path(__file__).parents[1] / "directory" / "files" / "rejestr.xls"


def workbook(*cells):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Lista")
        for row, column, value in cells:
            sheet.write(row, column, value)
    return stream.getvalue()


LIST = ((0, 0, "Nazwa"), (0, 1, "KRS"), (1, 0, "Klub Rzeka"), (1, 1, "0000000168"))


@pytest.fixture(scope="module")
def bomb():
    """A workbook of half a megabyte with an entry of 301 MB: the content's size and checksum, and the file."""
    content = bytes(301 * 1024 * 1024)
    stream = io.BytesIO(workbook(*LIST))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/media/big.bin", content)
    return struct.pack("<I", len(content)), struct.pack("<I", zlib.crc32(content)), stream.getvalue()


def test_a_workbook_that_says_it_unpacks_to_gigabytes_is_refused(bomb):
    assert len(bomb[2]) < 2_000_000
    with pytest.raises(SheetError, match="300 MB"):
        guess_sheet(bomb[2])


def test_a_workbook_that_lies_about_its_size_is_refused(bomb):
    size, checksum, data = bomb
    assert data.count(size) >= 2
    lie = data.replace(size, struct.pack("<I", 1000)).replace(
        checksum, struct.pack("<I", zlib.crc32(bytes(1000)))
    )
    with pytest.raises(SheetError, match="300 MB"):
        guess_sheet(lie)


def test_two_cells_at_the_corners_of_a_sheet_do_not_eat_the_memory():
    with pytest.raises(SheetError, match="1048576"):
        guess_sheet(workbook(*LIST, (1_048_575, 16_383, "x")))


def test_a_wide_row_above_and_a_stray_cell_far_below_are_refused_together():
    wide = [(2, column, "x") for column in range(600)]
    with pytest.raises(SheetError, match="far apart"):
        guess_sheet(workbook(*LIST, *wide, (999_999, 0, "x")))


def test_a_stray_cell_far_below_a_narrow_list_is_read():
    data = workbook(*LIST, (99_999, 0, "Klub Most"))
    rows = list(sheet_rows(data, guess_sheet(data)))
    assert [(row.number, row.cells[0]) for row in rows] == [(2, "Klub Rzeka"), (100_000, "Klub Most")]


def test_coloured_empty_cells_far_away_do_no_harm():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Lista")
        for row, column, value in LIST:
            sheet.write(row, column, value)
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bg_color": "red"}))
    assert guess_sheet(stream.getvalue()).rows_about == 1


def test_damage_anywhere_in_a_workbook_is_a_sentence_not_a_crash():
    data = workbook(*LIST)
    for place in range(0, len(data), 97):
        broken = bytearray(data)
        broken[place : place + 40] = bytes(40)
        with contextlib.suppress(SheetError):
            list(sheet_rows(bytes(broken), guess_sheet(bytes(broken))))
    for length in (10, 100, 1000, len(data) - 30):
        with pytest.raises(SheetError):
            guess_sheet(data[:length])


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", "XLSB"),
        ("a.txt", "zip archive"),
    ],
)
def test_other_zips_are_named(entry, word):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, "x" * 100)
    with pytest.raises(SheetError, match=word):
        guess_sheet(stream.getvalue())


def test_an_old_excel_file_is_read():
    guess = guess_sheet(OLD_EXCEL)
    assert (guess.kind, guess.sheet, guess.header_row) == ("xls", "Rejestr", 3)
    assert [column.name for column in guess.columns] == ["Powiat", "Nazwa", "REGON", "Data"]
    assert [column.fills_down for column in guess.columns] == [True, False, False, False]
    rows = list(sheet_rows(OLD_EXCEL, guess))
    assert rows[0].cells == ("augustowski", "Stowarzyszenie Łąka", "10337146", "2001-05-03")
    assert rows[1].cells[0] == "augustowski"
    assert rows[-1].skipped


def test_a_damaged_old_excel_file_says_so():
    with pytest.raises(SheetError, match="damaged"):
        guess_sheet(OLD_EXCEL.read_bytes()[:2000])
