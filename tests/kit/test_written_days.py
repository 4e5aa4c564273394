"""Days as people write them."""

from datetime import date

import pytest
from django.utils import translation

from samverk.kit.written_days import WrittenDayField, read_day

TODAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("sv", "14/3"), ("sv", "14 mars"), ("sv", "14 mar"), ("pl", "14.3."), ("pl", "14 marca"), ("pl", "14 marzec 2026"),
        ("en", "14 March 2026"), ("sv", "2026-03-14"), ("pl", " 14.03.2026 "), ("sv", "14 march"), ("en", "14-3-2026"),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_of_each_language_write_it(language, written):
    with translation.override(language):
        assert read_day(written, TODAY) == date(2026, 3, 14)


def test_without_a_year_the_nearest_such_day_is_meant():
    assert read_day("20/12", TODAY) == date(2025, 12, 20)
    assert read_day("29/2", date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    "written", ["31/2", "14", "14/13", "soon", "14 banana", "9" * 400, "14/3/26/1", "٣/٣"]
)
def test_what_is_no_day_is_refused_with_an_example(written):
    with pytest.raises(Exception, match="for example 14/3"):
        WrittenDayField().clean(written)
