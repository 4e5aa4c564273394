"""Times, lengths and amounts as people write them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from samverk.kit import words

FIRM = "\u00a0"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 h"), (45, "45 min"), (60, "1 h"), (390, "6 h 30 min"), (-30, "−30 min")],
)
def test_minutes_are_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    with override("en"):
        assert words.hours(minutes) == said.replace(" ", FIRM)


def test_a_day_is_written_in_the_language_of_the_page() -> None:
    when = dt.date(2026, 3, 19)
    with override("en"):
        assert words.day(when) == "Thursday 19 March"
    with override("sv"):
        assert words.day(when, year=True).lower() == "torsdag 19 mars 2026"
    with override("pl"):
        assert words.day(when).lower() == "czwartek, 19 marca"


def test_a_time_is_said_in_the_zone_of_the_centre(settings) -> None:
    settings.TIME_ZONE = "Europe/Stockholm"
    winter = dt.datetime(2026, 1, 19, 17, 0, tzinfo=dt.UTC)
    assert words.span(winter, winter + dt.timedelta(hours=2)) == "18:00–20:00"


@pytest.mark.parametrize(
    ("amount", "said"), [(Decimal("38200.00"), "38,200 SEK"), (Decimal("12.5"), "12.50 SEK"), (0, "0 SEK")]
)
def test_money_shows_hundredths_only_where_there_are_any(amount: Decimal, said: str) -> None:
    with override("en"):
        assert words.money(amount, "SEK") == said.replace(" ", FIRM)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Łucja Åkesson", "ŁÅ"),
        ("Korpen", "KO"),
        ("", "?"),
        ("Gun-Britt  Lindqvist", "GL"),
        ("Żaneta (ordförande)", "ŻA"),
    ],
)
def test_initials_stand_for_a_name(name: str, letters: str) -> None:
    assert words.initials(name) == letters
