from __future__ import annotations

import pytest

from samverk.directory.models import Organisation
from samverk.directory.regions import (
    all_regions,
    is_within,
    places_within,
    region_codes,
    region_name,
    regions_of_organisation,
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Malmö", {"SE1280"}), ("malmö stad", {"SE1280"}), ("MALMO", {"SE1280"}), ("Skåne", {"SE12"}),
        ("Östergötland", {"SE05"}), ("Kalmar", {"SE0880"}), ("Kalmar län", {"SE08"}), ("Podlasie", {"PL20"}),
        ("woj. podlaskie", {"PL20"}), ("Białystok", {"PL2061"}), ("Supraśl", {"PL2002"}), ("PL20", {"PL20"}),
        ("powiat białostocki", {"PL2002"}), ("Średzki", {"PL0218", "PL3025"}), ("", set()), ("Atlantis", set()),
    ],
)  # fmt: skip
def test_a_place_is_found_as_people_write_it(typed, codes):
    assert region_codes(typed) == codes


def test_a_name_in_two_countries_is_looked_for_in_the_one_that_is_said():
    assert region_codes("Malmö", "PL") == set() and region_codes("Malmö", "SE") == {"SE1280"}


def test_every_region_lies_in_one_that_stands_before_it():
    seen = set()
    for code, region in all_regions().items():
        assert region.is_top or code[:4] in seen
        seen.add(code)
    assert sum(region.is_top for region in all_regions().values()) == 21 + 16
    assert len(all_regions()) == 21 + 290 + 16 + 380


def test_lying_within_is_known_outside_or_doubtful():
    assert is_within({"PL2061"}, ["PL20"]) is True
    assert is_within({"SE1280"}, ["PL20"]) is False
    assert is_within(region_codes("Kolno"), ["PL20"]) is None, "one Kolno lies in podlaskie, another does not"
    assert is_within(set(), ["PL20"]) is None


def test_a_form_offers_what_lies_in_the_regions():
    [(name, places)] = places_within(["PL20"])
    assert name == "podlaskie" and len(places) == 17 and ("PL2061", "Białystok") in places
    assert places_within(["SE1280"]) == [("Skåne län", [("SE1280", "Malmö")])]


def test_an_organisation_lies_where_its_number_its_place_or_its_region_says():
    assert regions_of_organisation(Organisation(country="SE", municipality_code="1280", place="Lund")) == {
        "SE1280"
    }
    assert regions_of_organisation(Organisation(country="PL", place="Supraśl")) == {"PL2002"}
    assert regions_of_organisation(Organisation(country="PL", place="?", region="podlaskie")) == {"PL20"}
    assert regions_of_organisation(Organisation(country="SE")) == set()


def test_a_region_is_written_with_what_it_lies_in():
    assert region_name("SE1280") == "Malmö (Skåne län)" and region_name("PL20") == "podlaskie"
