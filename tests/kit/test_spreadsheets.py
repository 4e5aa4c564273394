"""CSV and XLSX for people: nothing runs, nothing is lost, types stay types."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from samverk.kit.sheets import Decided, guess_sheet, sheet_rows
from samverk.kit.spreadsheets import Sheet, csv_lines, guarded, unguarded, xlsx_file

HOSTILE = [
    "=1+1",
    "+46 70",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "'=1",
    '=HYPERLINK("http://a")',
]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_cells(text, delimiter=";"):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def xlsx_rows(*sheets):
    stream = io.BytesIO()
    xlsx_file(stream, sheets)
    book = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe_in_csv(text):
    cell = csv_cells("".join(csv_lines(["Namn"], [[text]], bom=False)))[1][0]
    assert not cell.startswith(FORMULA_STARTS)
    assert cell == "'" + text


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_run_stays_text_in_xlsx(text):
    sheet = xlsx_rows(Sheet("Lista", ["Namn"], [[text]]))["Lista"]
    assert sheet[1] == [text]


@given(st.text())
@example("'=1")
@example("''=1")
def test_our_import_takes_off_what_our_export_put_on(text):
    assert unguarded(guarded(text)) == text


def test_an_apostrophe_that_is_part_of_a_name_stays():
    assert unguarded("'t Hooft") == guarded("'t Hooft") == "'t Hooft"


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp")), min_size=1),
        min_size=1,
    )
)
def test_what_we_export_as_csv_we_read_again(texts):
    rows = [["Klubben", text] for text in texts]
    data = "".join(csv_lines(["Namn", "Text"], rows)).encode()
    guess = guess_sheet(data, Decided(header_row=1, header_height=1, delimiter=";", fill_down=()))
    assert guess.encoding == "utf-8-sig"
    assert [list(row.cells) for row in sheet_rows(data, guess)] == rows


def test_numbers_dates_and_durations_look_as_people_write_them():
    row = [
        None,
        7,
        2.5,
        Decimal("1.25"),
        date(2024, 2, 29),
        datetime(2024, 2, 29, 18, 0),
        time(9, 5),
        timedelta(minutes=90),
    ]
    assert csv_cells("".join(csv_lines(list("abcdefgh"), [row], bom=False)))[1] == [
        "", "7", "2,5", "1,25", "2024-02-29", "2024-02-29 18:00", "09:05", "1:30",
    ]  # fmt: skip
    assert csv_cells("".join(csv_lines(["a"], [[-2.5]], delimiter=",", bom=False)), ",")[1] == ["-2.5"]


def test_the_first_piece_begins_with_the_mark_excel_needs():
    assert next(csv_lines(["Namn"], [])).startswith("\ufeffNamn")
    assert next(csv_lines(["Namn"], [], bom=False)).startswith("Namn")


def test_csv_comes_in_pieces_before_the_last_row_is_known():
    def rows():
        for number in range(1000):
            yield [number]
        raise AssertionError("asked for more than was needed")

    pieces = csv_lines(["n"], rows())
    assert next(pieces).count("\r\n") < 1000


def test_xlsx_keeps_types():
    row = [
        "Klubben",
        "0012",
        7,
        2.5,
        True,
        date(2024, 2, 29),
        datetime(2024, 2, 29, 18, 0),
        timedelta(hours=30),
        None,
        "x",
    ]
    (_header, cells) = xlsx_rows(Sheet("Lista", list("abcdefghij"), [row]))["Lista"]
    assert cells == [
        "Klubben", "0012", 7.0, 2.5, True, date(2024, 2, 29), datetime(2024, 2, 29, 18, 0), timedelta(hours=30), "", "x",
    ]  # fmt: skip


def test_moments_are_written_in_the_time_of_the_centre(settings):
    settings.TIME_ZONE = "Europe/Stockholm"
    moment = datetime(2024, 2, 29, 17, 0, tzinfo=UTC)
    assert xlsx_rows(Sheet("Lista", ["När"], [[moment]]))["Lista"][1] == [datetime(2024, 2, 29, 18, 0)]
    assert "2024-02-29 18:00" in "".join(csv_lines(["När"], [[moment]]))


def test_a_number_too_long_for_excel_stays_whole():
    assert xlsx_rows(Sheet("Lista", ["Nr"], [[12345678901234567890]]))["Lista"][1] == ["12345678901234567890"]


def test_sheets_get_names_that_excel_accepts():
    names = [
        "Närvaro 2024/25: alla [utkast] och mycket mer",
        "History",
        "Blad",
        "blad",
        "",
        "💔" * 40,
        "💔" * 40,
    ]
    got = list(xlsx_rows(*(Sheet(name, ["a"], [["b"]]) for name in names)))
    assert len(got) == 7
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in got)
    assert len({name.casefold() for name in got}) == 7


def test_control_signs_and_very_long_texts_do_not_break_the_file():
    cells = xlsx_rows(Sheet("Lista", ["a", "b"], [["tab\tand\x00zero", "x" * 40_000]]))["Lista"][1]
    assert len(cells[1]) == 32_767


def test_an_xlsx_can_go_to_a_path(tmp_path):
    xlsx_file(tmp_path / "list.xlsx", [Sheet("Lista", ["Namn"], [["Klubben"]])])
    assert guess_sheet(tmp_path / "list.xlsx").columns[0].name == "Namn"
