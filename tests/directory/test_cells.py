"""What a cell of somebody's list means for an organisation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverk.directory.cells import read_cell, split_postcode
from samverk.directory.columns import FIELDS
from samverk.directory.identifiers import guess_scheme, normalise
from samverk.directory.legal_forms import form_of_name


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("name", "  Möllevångens\n båtklubb ", "Möllevångens båtklubb"),
        ("name", "0", "0"),
        ("description", "Vi ror.\n\nVarje dag. \n", "Vi ror.\n\nVarje dag."),
        ("email", "mailto:a@example.org", "a@example.org"),
        ("email", "a@example.org; b@example.org", "a@example.org"),
        ("web", "www.example.org", "https://www.example.org"),
        ("web", "http://example.org/om", "http://example.org/om"),
        ("web", "['https://example.org/', 'https://www.example.org/b']", "https://example.org/"),
        ("phone", "040-000 00 00", "040-000 00 00"),
        ("phone", "+48 85 000 00 00 w. 12", "+48 85 000 00 00 w. 12"),
        ("postcode", "S-211 40", "211 40"),
        ("postcode", "21140.0", "21140"),
        ("postcode", "5-001", "05-001"),
        ("country", "Szwecja", "SE"),
        ("country", "Polen", "PL"),
        ("country", "Atlantis", "XX"),
        ("founded", "2001-05-03", 2001),
        ("founded", "3.05.1998 r.", 1998),
        ("founded", "1976.0", 1976),
        ("size", "0", "micro"),
        ("size", "7", "small"),
        ("size", "10–49", "medium"),
        ("size", "120.0", "large"),
        ("sector", "stowarzyszenie", "association"),
        ("themes", "Idrott, Kultur , idrott för äldre", ["Idrott", "Kultur", "idrott för äldre"]),
        ("themes", "sport, kultura; ekologia", ["sport, kultura", "ekologia"]),
        ("themes", "#arbetsliv, #feminism", ["arbetsliv", "feminism"]),
        ("language", "Svenska and English", ["sv", "en"]),
        ("language", "polski, esperanto", ["pl"]),
        ("legal_form", "Ideell förening", "Ideell förening"),
        ("street", "brak", None),
        ("email", "–", None),
        ("name", "   ", None),
    ],
)
def test_cells_become_values(field, typed, value):
    cell = read_cell(field, typed)
    assert cell.value == value
    assert not str(cell.problem)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "x" * 301),
        ("email", "fråga Kim"),
        ("email", "a@b"),
        ("web", "kommer snart"),
        ("web", "javascript:alert(1)"),
        ("phone", "finns ej"),
        ("founded", "länge sedan"),
        ("founded", "2999"),
        ("size", "många"),
        ("sector", "hej hopp"),
    ],
)
def test_what_cannot_be_read_says_why_and_gives_no_value(field, typed):
    cell = read_cell(field, typed)
    assert cell.value is None
    assert str(cell.problem)


def test_what_was_changed_or_left_out_is_said():
    assert "first" in str(read_cell("email", "a@example.org, b@example.org").note)
    assert "esperanto" in str(read_cell("language", "polski, esperanto").note)
    assert "Atlantis" in str(read_cell("country", "Atlantis").note)
    assert "zero" in str(read_cell("postcode", "5-001").note)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("211 40 Malmö", ("211 40", "Malmö")),
        ("15-001 Białystok", ("15-001", "Białystok")),
        ("10115 Berlin", ("10115", "Berlin")),
        ("SE-211 40  Malmö", ("SE-211 40", "Malmö")),
        ("Malmö", ("", "Malmö")),
    ],
)
def test_postcode_and_place_in_one_cell_are_parted(typed, parts):
    assert split_postcode(typed) == parts


@given(st.sampled_from(list(FIELDS)), st.text(max_size=60))
def test_no_cell_makes_it_fall(field, typed):
    cell = read_cell(field, typed)
    assert not (cell.value and str(cell.problem))


@pytest.mark.parametrize(
    "text", ["a" * 130_000, "1" * 130_000, "a." * 60_000, "a@" * 60_000, "1-" * 60_000, " ;" * 60_000]
)
def test_cells_built_to_be_slow_are_read_in_a_moment(text):
    for field in FIELDS:
        read_cell(field, text)
        normalise(field, text)
    form_of_name(text)
    guess_scheme(text)
