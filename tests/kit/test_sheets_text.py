"""Text files as people send them: encodings, signs between cells, rows."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverk.kit.sheets import Decided, SheetError, guess_sheet, sheet_rows

POLISH = [
    ("Nazwa", "Województwo", "Miejscowość"),
    ("Stowarzyszenie Przyjaciół Łąk", "podlaskie", "Białystok"),
    ("Fundacja „Źródło”", "śląskie", "Mikołów"),
    ("Koło Gospodyń Wiejskich Gołąb", "świętokrzyskie", "Pińczów"),
]
SWEDISH = [
    ("Förening", "Ort", "Län"),
    ("Möllevångens båtklubb", "Malmö", "Skåne län"),
    ("Hela människan i Åmål", "Åmål", "Västra Götalands län"),
    ("Ängelholms föreningsråd", "Ängelholm", "Skåne län"),
]
NORWEGIAN = [
    ("Navn", "Sted", "Fylke"),
    ("Bærum frivilligsentral", "Bærum", "Akershus"),
    ("Røde Kors Ålesund", "Ålesund", "Møre og Romsdal"),
]


def lines(rows, delimiter=";"):
    return "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


def read(source, decided=None):
    guess = guess_sheet(source, decided)
    return guess, [row.cells for row in sheet_rows(source, guess)]


@pytest.mark.parametrize(
    ("rows", "codec", "name"),
    [
        (POLISH, "utf-8", "utf-8"),
        (POLISH, "utf-8-sig", "utf-8-sig"),
        (SWEDISH, "utf-16", "utf-16"),
        (SWEDISH, "utf-16-le", "utf-16-le"),
        (SWEDISH, "utf-16-be", "utf-16-be"),
        (POLISH, "cp1250", "windows-1250"),
        (SWEDISH, "cp1252", "windows-1252"),
        (NORWEGIAN, "cp1252", "windows-1252"),
        (SWEDISH, "mac-roman", "mac-roman"),
    ],
)
def test_every_encoding_gives_the_same_letters(rows, codec, name):
    guess, cells = read(lines(rows).encode(codec))
    assert guess.encoding == name
    assert [column.name for column in guess.columns] == list(rows[0])
    assert cells == rows[1:]


def test_polish_on_the_old_iso_encoding_is_not_taken_for_windows():
    rows = [tuple(cell.replace("„", '"').replace("”", '"') for cell in row) for row in POLISH]
    guess, cells = read(lines(rows).encode("iso8859-2"))
    assert guess.encoding == "iso-8859-2"
    assert cells[1][0] == 'Fundacja "Źródło"'


def test_accents_far_down_a_long_list_are_seen():
    text = "Namn;Ort\n" + "Klubben;Lund\n" * 90_000 + "Båtklubben;Malmö\n"
    guess, cells = read(text.encode("cp1252"))
    assert guess.encoding == "windows-1252"
    assert cells[-1] == ("Båtklubben", "Malmö")


def test_one_broken_byte_does_not_ruin_a_utf8_list():
    data = lines(SWEDISH + SWEDISH[1:] * 20).encode() + b"Br\xf6derna;Lund;Sk\xc3\xa5ne\n"
    guess, cells = read(data)
    assert guess.encoding == "utf-8"
    assert guess.doubts
    assert cells[0][1] == "Malmö"
    assert cells[-1] == ("Br�derna", "Lund", "Skåne")


def test_a_person_may_choose_another_encoding():
    data = lines(POLISH).encode("cp1250")
    guess, cells = read(data, Decided(encoding="windows-1252"))
    assert guess.encoding == "windows-1252"
    assert cells[0][0] != POLISH[1][0]
    with pytest.raises(SheetError, match="windows-1250"):
        read(data, Decided(encoding="klingon"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(delimiter):
    rows = [("Name", "Town", "Note")] + [(f"Club {n}", "Lund", "a b") for n in range(5)]
    guess, cells = read(lines(rows, delimiter).encode())
    assert guess.delimiter == delimiter
    assert cells == rows[1:]


def test_commas_in_names_do_not_win_over_semicolons():
    rows = [("Name", "Themes")] + [(f"Club {n}", "sport, culture, youth") for n in range(5)]
    assert read(lines(rows).encode())[0].delimiter == ";"


def test_excels_own_first_line_names_the_sign():
    guess, cells = read(b"sep=|\r\nName|Town, county\r\nClub|Lund, Scania\r\n")
    assert (guess.delimiter, guess.header_row) == ("|", 2)
    assert cells == [("Club", "Lund, Scania")]


def test_a_line_break_inside_a_name_starts_no_row():
    guess, _cells = read('Name;Town\n"Club\nof Lund";Lund\nOther;Eslöv\n'.encode())
    rows = list(sheet_rows('Name;Town\n"Club\nof Lund";Lund\nOther;Eslöv\n'.encode(), guess))
    assert [(row.number, row.cells) for row in rows] == [
        (2, ("Club\nof Lund", "Lund")),
        (3, ("Other", "Eslöv")),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_works(end):
    _guess, cells = read(end.join(["Name;Town", "Club;Lund", "Other;Kivik"]).encode())
    assert cells == [("Club", "Lund"), ("Other", "Kivik")]


def test_a_file_may_come_as_an_open_file_and_stays_open():
    file = io.BytesIO(lines(SWEDISH).encode())
    _guess, cells = read(file)
    assert len(cells) == 3
    assert not file.closed


def test_a_path_is_read_and_a_missing_one_named(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(lines(SWEDISH), encoding="utf-8")
    assert len(read(path)[1]) == 3
    with pytest.raises(SheetError, match="gone.csv"):
        read(tmp_path / "gone.csv")


def test_a_row_with_too_many_cells_says_so_and_the_others_come_in():
    data = (
        b"Name;Town;Web\nClub;Lund;example.org\nClub; the second;Lund;example.org\nThird;Lund;example.org\n"
    )
    rows = list(sheet_rows(data, guess_sheet(data)))
    assert [bool(row.error) for row in rows] == [False, True, False]
    assert "Row 3" in str(rows[1].error)
    assert "4" in rows[1].error.what


def test_a_short_row_is_filled_up():
    _guess, cells = read(b"Name;Town;Web\nClub;Lund\nOther;Kivik;example.org\n")
    assert cells[0] == ("Club", "Lund", "")


def test_a_quotation_mark_that_is_never_closed_is_an_error_with_its_row():
    data = 'Name;Town;Web\nClub;Lund;a\n"Open;Lund;b\n' + "Club;Lund;c\n" * 40
    with pytest.raises(SheetError, match="Row 3") as fault:
        read(data.encode())
    assert "quotation mark" in fault.value.what


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\n\n;;\n", "no rows"),
        (b"%PDF-1.7 something", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "not a spreadsheet"),
        (bytes(range(256)) * 20, "not a spreadsheet"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "web page"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data, word):
    with pytest.raises(SheetError) as fault:
        guess_sheet(data)
    assert word in fault.value.what
    assert fault.value.do


def test_a_file_over_fifty_megabytes_is_refused():
    with pytest.raises(SheetError, match="50 MB"):
        guess_sheet(b"Name;Town\n" * 5_300_000)


@given(st.binary(max_size=3000))
def test_no_bytes_make_it_fall(data):
    with contextlib.suppress(SheetError):
        list(sheet_rows(data, guess_sheet(data)))


@given(
    st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), min_size=1, max_size=12),
    st.sampled_from(";,\t|"),
)
def test_no_text_makes_it_fall(rows, delimiter):
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    with contextlib.suppress(SheetError):
        guess = guess_sheet(data)
        assert all(len(row.cells) == len(guess.columns) for row in sheet_rows(data, guess))


@pytest.mark.parametrize(
    "text", ["a" * 3_000_000, "é" * 1_500_000, '"' * 400_000, "a\n" * 50_000, ";" * 100_000]
)
def test_text_built_to_be_slow_is_read_in_a_moment(text):
    with contextlib.suppress(SheetError):
        list(sheet_rows(text.encode("cp1252"), guess_sheet(text.encode("cp1252"))))
