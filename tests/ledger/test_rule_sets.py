"""The shipped rule sets: each can be read by the engine, says where it comes from and how sure it is."""

from __future__ import annotations

import json
import tomllib

import pytest

from samverk.programmes.commands import RULE_SETS
from samverk.programmes.rule_documents import complete
from samverk.reckoning import parse_rule_set

FILES = sorted(RULE_SETS.glob("*.toml"))


def _document(path):
    return json.loads(json.dumps(tomllib.loads(path.read_text())["rule_set"], default=str))


def test_rule_sets_of_all_five_programmes_are_shipped():
    codes = {_document(path)["code"] for path in FILES}
    assert codes >= {
        "SE-ESF-2014-PO1",
        "SE-ESF-2014-PO2",
        "SE-ESF-2021-1720",
        "PL-ASOS-VOLUNTEERS",
        "PL-TEACHING-45",
        "EEA-ACF-IN-KIND",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_rule_set_can_be_read(path):
    rules = parse_rule_set(complete(_document(path)))
    assert rules.reference == f"{_document(path)['code']}@{_document(path)['version']}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_rule_set_names_its_source_and_how_sure_it_is(path):
    shipped = tomllib.loads(path.read_text())
    assert len(shipped["source"]) > 80
    assert 20 < len(shipped["how_sure"]) <= 200


def test_a_rule_set_without_confirmed_amounts_says_so_and_counts_nothing():
    unpriced = [path for path in FILES if not _document(path)["rates"]]
    assert unpriced
    for path in unpriced:
        assert "enter" in tomllib.loads(path.read_text())["how_sure"], path.name


def test_the_swedish_rule_set_is_the_one_of_the_specification():
    path = next(path for path in FILES if _document(path)["code"] == "SE-ESF-2014-PO1")
    rules = parse_rule_set(complete(_document(path)))
    assert (rules.hour_minutes, rules.attestation, rules.minimum_evidence) == (
        60,
        "person_and_employer",
        "signed_list",
    )
    assert (rules.rounding.unit, rules.rounding.mode, rules.rounding.per) == ("hour", "down", "person_month")
    assert [(cap.per, str(cap.hours)) for cap in rules.caps] == [("person_year", "1662")]
