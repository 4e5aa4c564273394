"""Numbers of organisations as people and spreadsheets write them. All numbers are made up from check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.pl import nip, regon

from samverk.directory.identifiers import SCHEMES, guess_scheme, missing, normalise


def swedish(nine):
    return nine + luhn.calc_check_digit(nine)


ASSOCIATION = swedish("802000111")
DASHED = f"{ASSOCIATION[:6]}-{ASSOCIATION[6:]}"
REGON_9 = next(f"01000000{digit}" for digit in range(10) if regon.is_valid(f"01000000{digit}"))
REGON_14 = next(f"{REGON_9}{tail:05}" for tail in range(100) if regon.is_valid(f"{REGON_9}{tail:05}"))
TAX = next(f"542000{tail:04}" for tail in range(100) if nip.is_valid(f"542000{tail:04}"))
PERSON = swedish("640823323")
COORDINATION = swedish("640883323")


@pytest.mark.parametrize(
    "typed",
    [
        ASSOCIATION,
        DASHED,
        f"16{ASSOCIATION}",
        f"16{DASHED}",
        f" {DASHED} ",
        f"SE-ON-{DASHED}",
        f"Org.nr: {DASHED}",
        f"orgnr {ASSOCIATION}",
        f"{ASSOCIATION}.0",
        f"{ASSOCIATION},0",
        f"SE{ASSOCIATION}01",
        f"'{DASHED}",
        f"{ASSOCIATION[:6]}\u2013{ASSOCIATION[6:]}",
        f"{ASSOCIATION[:6]}\xa0{ASSOCIATION[6:]}",
        f"{ASSOCIATION[0]}.{ASSOCIATION[1:]}E+09",
        f"{ASSOCIATION[0]},{ASSOCIATION[1:]}e9",
    ],
)
def test_a_swedish_number_is_read_however_it_is_written(typed):
    found = normalise("SE-ON", typed)
    assert (found.value, found.is_valid, found.is_personal) == (DASHED, True, False)
    assert found.typed == typed


def test_a_wrong_check_digit_is_kept_and_named():
    wrong = ASSOCIATION[:9] + str((int(ASSOCIATION[9]) + 1) % 10)
    found = normalise("SE-ON", wrong)
    assert not found.is_valid
    assert "check digit" in str(found.problem)
    assert found.value.replace("-", "") == wrong


@pytest.mark.parametrize("typed", ["8.02E+09", "8,02E+09", "1.68E11", "4.2E+9"])
def test_a_number_that_a_spreadsheet_rounded_is_never_guessed(typed):
    found = normalise("SE-ON", typed)
    assert not found.is_valid
    assert found.is_doubtful
    assert "rounded" in str(found.problem)
    assert found.value == typed


@pytest.mark.parametrize("number", [PERSON, COORDINATION])
@pytest.mark.parametrize("form", ["{0}", "19{0}", "{1}-{2}", "19{1}-{2}", "{0}.0"])
def test_a_personal_number_used_as_organisation_number_is_flagged(number, form):
    found = normalise("SE-ON", form.format(number, number[:6], number[6:]))
    assert found.is_personal
    assert found.is_valid
    assert found.value == f"{number[:6]}-{number[6:]}"
    assert "public" in str(found.note)


def test_a_personal_number_that_lost_its_zero_is_still_a_persons():
    young = swedish("050305123")
    found = normalise("SE-ON", young[1:])
    assert (found.is_personal, found.value) == (True, f"{young[:6]}-{young[6:]}")


@given(st.integers(2, 9), st.integers(0, 9999999))
def test_no_number_of_an_organisation_is_taken_for_a_persons(third, rest):
    number = swedish(f"80{third}{rest:07}"[:9])
    assert not normalise("SE-ON", number).is_personal


def test_an_organisation_number_with_a_figure_missing_gets_no_zero():
    assert not normalise("SE-ON", ASSOCIATION[1:]).is_valid
    assert not any(normalise("SE-ON", f"{n:09}").is_valid for n in range(802000000, 802000300))


def test_a_court_register_number_gets_its_zeros_back_with_a_note():
    found = normalise("PL-KRS", "168")
    assert (found.value, found.is_valid) == ("0000000168", True)
    assert "zeros" in str(found.note)
    assert normalise("PL-KRS", "0000000168").note == ""
    assert normalise("PL-KRS", "KRS 0000000168").value == "0000000168"
    assert normalise("PL-KRS", "168.0").value == "0000000168"


def test_a_tax_number_in_the_court_register_column_is_doubtful():
    found = normalise("PL-KRS", TAX)
    assert found.is_doubtful
    assert "NIP" in str(found.note)


@pytest.mark.parametrize(
    "typed", [TAX, f"PL{TAX}", f"PL {TAX}", f"{TAX[:3]}-{TAX[3:6]}-{TAX[6:8]}-{TAX[8:]}", f"NIP: {TAX}"]
)
def test_a_polish_tax_number_is_read(typed):
    found = normalise("PL-NIP", typed)
    assert (found.value, found.is_valid) == (TAX, True)


def test_a_statistical_number_gets_its_zero_back_only_when_the_check_digit_agrees():
    found = normalise("PL-REGON", REGON_9[1:])
    assert (found.value, found.is_valid, found.is_doubtful) == (REGON_9, True, True)
    assert "check digit" in str(found.note)
    assert normalise("PL-REGON", REGON_14[1:]).value == REGON_14
    wrong = f"{int(REGON_9) + 1}"
    assert not normalise("PL-REGON", wrong).is_valid


def test_a_pesel_is_no_number_of_an_organisation():
    found = normalise("PL-NIP", "44051401458")
    assert (found.is_personal, found.is_valid) == (True, False)


@pytest.mark.parametrize(
    ("scheme", "typed", "value"),
    [
        ("NO-BRC", "974 760 673", "974760673"),
        ("NO-BRC", "NO 974760673 MVA", "974760673"),
        ("DE-CR", "Berlin VR 12345", "Berlin (Charlottenburg) VR 12345"),
        ("DE-CR", "VR 12345 Köln", "Köln VR 12345"),
        ("GB-CHC", "GB-CHC-1015648", "1015648"),
        ("GB-CHC", "514479.0", "514479"),
        ("GB-MPR", "gb-mpr-10002r", "10002R"),
        ("GB-COH", "IP10002R", "IP10002R"),
    ],
)
def test_numbers_of_other_countries_are_read(scheme, typed, value):
    found = normalise(scheme, typed)
    assert (found.value, found.is_valid) == (value, True)


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [("SE-ON", ""), ("SE-ON", "  "), ("SE-ON", "abc"), ("PL-KRS", "0000000000"), ("PL-KRS", "12345678901"),
     ("DE-CR", "VR 12345"), ("DE-CR", "Atlantis VR 1"), ("GB-CHC", "12"), ("SE-ON", "<script>"), ("PL-NIP", "٣٤٥")],
)  # fmt: skip
def test_what_cannot_be_a_number_says_why(scheme, typed):
    found = normalise(scheme, typed)
    assert not found.is_valid
    assert str(found.problem)


@given(st.sampled_from([*SCHEMES, "XX-ANY"]), st.text(max_size=40))
def test_nothing_typed_makes_it_fall(scheme, typed):
    found = normalise(scheme, typed)
    assert found.typed == typed
    assert found.is_valid != bool(found.problem)
    guess_scheme(typed)


def test_reading_its_own_writing_changes_nothing():
    for scheme, typed in [
        ("SE-ON", ASSOCIATION),
        ("PL-KRS", "168"),
        ("PL-REGON", REGON_9[1:]),
        ("DE-CR", "Berlin VR 12345"),
    ]:
        value = normalise(scheme, typed).value
        again = normalise(scheme, value)
        assert (again.value, again.is_valid) == (value, True)


@pytest.mark.parametrize(
    ("typed", "country", "scheme"),
    [
        (DASHED, "", "SE-ON"),
        (ASSOCIATION, "SE", "SE-ON"),
        ("0000000168", "", "PL-KRS"),
        ("KRS 0000000168", "PL", "PL-KRS"),
        (TAX, "PL", "PL-NIP"),
        (REGON_14, "PL", "PL-REGON"),
        ("974760673", "NO", "NO-BRC"),
        ("Berlin VR 12345", "", "DE-CR"),
        ("GB-MPR-10002R", "", "GB-MPR"),
        ("1069969", "GB", "GB-CHC"),
        ("1069969", "", ""),
        ("211 40", "", ""),
        ("Malmö", "", ""),
        ("", "", ""),
    ],
)
def test_the_register_is_guessed_from_the_number(typed, country, scheme):
    assert guess_scheme(typed, country) == scheme


def test_ways_of_saying_that_there_is_no_number():
    assert all(map(missing, ["", " - ", "brak", "Saknas", "n/a", "0"]))
    assert not missing(DASHED)
