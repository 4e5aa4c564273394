"""Codes of rows: short ones are looked up before they are written, long ones never meet."""

from __future__ import annotations

import pytest

from samverk.directory.models import Organisation
from samverk.kit import codes


@pytest.mark.django_db
def test_a_short_code_that_is_taken_is_made_anew(monkeypatch):
    Organisation.objects.create(name="First", code="BBBBBBB")
    offered = iter(["BBBBBBB", "CCCCCCC"])
    monkeypatch.setattr(codes, "new_code", lambda length=7: next(offered))
    second = Organisation(name="Second", code="BBBBBBB")
    second.save()
    assert second.code == "CCCCCCC"
    second.name = "Second, renamed"
    second.save()
    assert second.code == "CCCCCCC"


@pytest.mark.django_db
def test_whoever_looked_codes_up_together_asks_nothing_more(django_assert_num_queries):
    rows = [Organisation(name=f"Row {number}", code=f"Z{number:06d}") for number in range(50)]
    for row in rows:
        row.code_is_free = True
    with django_assert_num_queries(1):
        Organisation.objects.bulk_create(rows)


def test_a_row_code_is_long_enough_for_millions():
    assert len(codes.new_row_code()) == 11 and codes.SHORT == 7
