"""Where the list stands: titles, headers of two rows, groups, totals, several sheets. CSV and XLSX alike."""

import io
from datetime import date

import pytest
import xlsxwriter

from samverk.kit.sheets import Decided, SheetError, guess_sheet, sheet_rows


def text(rows, delimiter=";"):
    return "\n".join(delimiter.join(map(str, row)) for row in rows).encode()


def book(*sheets, merges=(), hidden=()):
    """An XLSX of sheets (name, rows); merges are (first row, first column, last row, last column), 0-based."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(
                            number, column, cell, workbook.add_format({"num_format": "yyyy-mm-dd"})
                        )
                    elif cell != "":
                        sheet.write(number, column, cell)
            for top, left, bottom, right in merges:
                sheet.merge_range(top, left, bottom, right, rows[top][left])
            if name in hidden:
                sheet.hide()
    return stream.getvalue()


BOTH = pytest.mark.parametrize("made", [text, lambda rows: book(("Lista", rows))], ids=["csv", "xlsx"])

REGISTER = [
    ["Nazwa", "KRS", "Miejscowość"],
    ["Stowarzyszenie Łąka", "0000000168", "Białystok"],
    ["Fundacja Sad", "0000000291", "Radom"],
    ["Klub Rzeka", "0000002989", "Mikołów"],
]


def names(guess):
    return [column.name for column in guess.columns]


def entries(data, guess):
    return [row for row in sheet_rows(data, guess) if not row.skipped]


@BOTH
def test_titles_above_the_header_are_passed_over(made):
    data = made([["Wykaz organizacji 2024", "", ""], ["", "", ""], ["stan na 1 marca", "", ""], *REGISTER])
    guess = guess_sheet(data)
    assert (guess.header_row, guess.header_height) == (4, 1)
    assert names(guess) == REGISTER[0]
    assert [row.number for row in entries(data, guess)] == [5, 6, 7]


@BOTH
def test_a_header_of_two_rows_is_joined(made):
    data = made(
        [
            ["Nazwa", "Adres", "", "", "Kontakt", ""],
            ["", "Ulica", "Kod", "Miejscowość", "Telefon", "E-mail"],
            ["Stowarzyszenie Łąka", "Lipowa 1", "15-001", "Białystok", "85 000 00 00", "laka@example.org"],
            ["Fundacja Sad", "Polna 2", "26-600", "Radom", "48 000 00 00", "sad@example.org"],
        ]
    )
    guess = guess_sheet(data)
    assert (guess.header_row, guess.header_height) == (1, 2)
    assert names(guess) == [
        "Nazwa",
        "Adres / Ulica",
        "Adres / Kod",
        "Adres / Miejscowość",
        "Kontakt / Telefon",
        "Kontakt / E-mail",
    ]
    assert len(entries(data, guess)) == 2


def test_merged_header_cells_reach_as_far_as_they_are_merged():
    rows = [
        ["Lista organizacji", "", "", ""],
        ["Nazwa", "Adres", "", "Telefon"],
        ["", "Ulica", "Miejscowość", ""],
        ["Klub Rzeka", "Lipowa 1", "Radom", "48 000 00 00"],
        ["Fundacja Sad", "Polna 2", "Radom", "48 000 00 01"],
    ]
    data = book(("Lista", rows), merges=[(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)])
    guess = guess_sheet(data)
    assert (guess.header_row, guess.header_height) == (2, 2)
    assert names(guess) == ["Nazwa", "Adres / Ulica", "Adres / Miejscowość", "Telefon"]


@BOTH
def test_a_title_over_a_full_header_is_not_joined_to_it(made):
    data = made([["Wykaz organizacji", "", ""], *REGISTER])
    assert names(guess_sheet(data)) == REGISTER[0]


@BOTH
def test_a_list_of_words_only_keeps_its_first_entry(made):
    rows = [["Namn", "Ort"], ["Klubben", "Lund"], ["Laget", "Eslöv"], ["Kören", "Malmö"]]
    data = made(rows)
    guess = guess_sheet(data)
    assert (guess.header_row, guess.header_height) == (1, 1)
    assert [list(row.cells) for row in entries(data, guess)] == rows[1:]


@BOTH
def test_a_list_without_a_header_loses_no_row_and_says_so(made):
    data = made(
        [["Klubben", "802000-0001", "klubben@example.org"], ["Laget", "802000-0002", "laget@example.org"]]
    )
    guess = guess_sheet(data)
    assert guess.header_row == 0
    assert names(guess) == ["A", "B", "C"]
    assert any("No header" in doubt for doubt in guess.doubts)
    assert len(entries(data, guess)) == 2


@BOTH
def test_a_person_says_where_the_header_is(made):
    data = made([["a", "b", "c"], *REGISTER])
    guess = guess_sheet(data, Decided(header_row=2))
    assert names(guess) == REGISTER[0]
    assert [row.number for row in entries(data, guess)] == [3, 4, 5]
    assert len(entries(data, guess_sheet(data, Decided(header_row=0)))) == 5


@BOTH
def test_words_the_caller_knows_mark_the_header(made):
    rows = [
        ["Föreningar i Lund", "och i Eslöv", "år"],
        ["Namn", "Ort", "Ordförande"],
        ["Klubben", "Lund", "Kim"],
    ]
    assert guess_sheet(made(rows), header_words={"namn", "ort"}).header_row == 2


GROUPS = [
    ["Powiat", "Nazwa", "KRS", "Telefon"],
    ["augustowski", "Klub Rzeka", "0000000168", ""],
    ["", "Fundacja Sad", "0000000291", "87 000 00 00"],
    ["", "Koło Las", "0000002989", ""],
    ["bielski", "Koło Łan", "0000003866", ""],
    ["", "Klub Most", "0000003968", "85 000 00 00"],
    ["", "Klub Brzeg", "0000004792", ""],
]


@BOTH
def test_a_value_on_the_first_row_of_a_group_is_carried_down_and_marked(made):
    data = made(GROUPS)
    guess = guess_sheet(data)
    assert [column.fills_down for column in guess.columns] == [True, False, False, False]
    assert any("Powiat" in doubt for doubt in guess.doubts)
    rows = entries(data, guess)
    assert [row.cells[0] for row in rows] == ["augustowski"] * 3 + ["bielski"] * 3
    assert [row.filled for row in rows] == [(), (0,), (0,), (), (0,), (0,)]


@BOTH
def test_carrying_down_can_be_switched_off(made):
    data = made(GROUPS)
    rows = entries(data, guess_sheet(data, Decided(fill_down=())))
    assert [row.cells[0] for row in rows] == ["augustowski", "", "", "bielski", "", ""]


@BOTH
def test_a_rare_phone_number_is_never_carried_down(made):
    rows = [["Telefon", "Nazwa", "KRS"]] + [
        [["85 000 00 00", "", ""][n % 3], f"Klub {n}", f"000000{n:04}"] for n in range(12)
    ]
    assert not any(column.fills_down for column in guess_sheet(made(rows)).columns)


@BOTH
def test_a_rare_short_name_is_not_carried_down(made):
    rows = [["Namn", "Kortnamn", "Ort"]] + [
        [f"Klubben {n}", "" if n % 4 else f"K{n}", "Lund"] for n in range(12)
    ]
    assert not any(column.fills_down for column in guess_sheet(made(rows)).columns)


def test_cells_merged_downwards_are_carried_down_wherever_they_stand():
    rows = [["Nazwa", "Gmina", "KRS"]] + [[f"Klub {n}", "", f"000000{n:04}"] for n in range(6)]
    rows[1][1], rows[4][1] = "Sejny", "Suwałki"
    data = book(("Lista", rows), merges=[(1, 1, 3, 1), (4, 1, 6, 1)])
    guess = guess_sheet(data)
    assert [column.fills_down for column in guess.columns] == [False, True, False]
    assert [row.cells[1] for row in entries(data, guess)] == ["Sejny"] * 3 + ["Suwałki"] * 3


@BOTH
@pytest.mark.parametrize(
    "total", [["Razem", 3, ""], ["SUMMA:", "", ""], ["Totalt 3", "", ""], ["Ogółem:", "3", "12"]]
)
def test_a_row_that_sums_up_is_no_organisation(made, total):
    data = made([*REGISTER, total])
    rows = list(sheet_rows(data, guess_sheet(data)))
    assert [bool(row.skipped) for row in rows] == [False, False, False, True]
    assert "sums up" in rows[-1].skipped


@BOTH
@pytest.mark.parametrize(
    "name", ["Razem dla regionu", "Suma Serc", "Total Football Malmö", "Stowarzyszenie Razem"]
)
def test_an_organisation_may_be_called_together(made, name):
    data = made([*REGISTER, [name, "0000004502", "Radom"], [name, "", ""]])
    assert len(entries(data, guess_sheet(data))) == 5


@BOTH
def test_header_again_column_numbers_and_notes_are_passed_over(made):
    data = made(
        [REGISTER[0], ["1", "2", "3"], REGISTER[1], REGISTER[0], REGISTER[2], ["Źródło: rejestr", "", ""]]
    )
    rows = list(sheet_rows(data, guess_sheet(data)))
    assert [row.number for row in rows if row.skipped] == [2, 4, 6]
    assert len({row.skipped for row in rows if row.skipped}) == 3


@BOTH
def test_empty_rows_keep_the_numbers_of_the_others(made):
    data = made([*REGISTER[:2], ["", "", ""], *REGISTER[2:]])
    assert [row.number for row in entries(data, guess_sheet(data))] == [2, 4, 5]


def test_the_sheet_with_the_list_is_chosen():
    data = book(
        ("Instruktion", [["Fyll i bladet Lista.", ""], ["Skicka den i mars.", ""]]),
        ("Koder", [["Kod", "Namn"], ["1", "Idrott"], ["2", "Kultur"]]),
        ("Lista", REGISTER),
        ("Gammal", REGISTER * 5),
        hidden=["Gammal"],
    )
    guess = guess_sheet(data)
    assert guess.sheet == "Lista"
    assert [sheet.name for sheet in guess.sheets] == ["Instruktion", "Koder", "Lista", "Gammal"]
    assert [sheet.is_hidden for sheet in guess.sheets] == [False, False, False, True]
    assert guess_sheet(data, Decided(sheet="Koder")).columns[0].name == "Kod"
    with pytest.raises(SheetError, match="Instruktion, Koder"):
        guess_sheet(data, Decided(sheet="Blad9"))


def test_a_list_that_starts_in_the_middle_of_a_sheet_keeps_letters_and_numbers():
    rows = [["", "", "", "", ""]] * 4 + [["", "", *row] for row in REGISTER]
    data = book(("Lista", rows))
    guess = guess_sheet(data)
    assert guess.header_row == 5
    assert [column.letter for column in guess.columns][2:] == ["C", "D", "E"]
    row = entries(data, guess)[0]
    assert (row.number, row.cells[2]) == (6, "Stowarzyszenie Łąka")


def test_numbers_and_dates_of_excel_become_what_people_typed():
    data = book(
        ("Lista", [["Org.nr", "Antal", "Sedan"], [8020031230, 2.5, date(2024, 2, 29)], [168020031230, 3, ""]])
    )
    assert [row.cells for row in entries(data, guess_sheet(data))] == [
        ("8020031230", "2.5", "2024-02-29"),
        ("168020031230", "3", ""),
    ]


def test_an_empty_workbook_says_so():
    with pytest.raises(SheetError, match="no rows"):
        guess_sheet(book(("Blad1", [])))


@BOTH
def test_two_columns_of_one_name_are_told_apart(made):
    data = made(
        [
            ["Nazwa", "w tym", "KRS", "w tym"],
            ["Klub", "a", "0000000168", "b"],
            ["Koło", "c", "0000000291", "d"],
        ]
    )
    assert names(guess_sheet(data)) == ["Nazwa", "w tym (B)", "KRS", "w tym (D)"]
