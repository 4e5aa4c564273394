"""Plain sentences in five languages, for fresh rows and for rows stored long ago."""

from __future__ import annotations

import string
from importlib import import_module
from typing import Any

import pytest

from samverk.reckoning import LANGUAGES, Refusal, explain

from .examples import claim, document, judge, presence, rules

CAPS = ["person_year", "person_period", "organisation_period", "funding_line"]

REFUSALS: list[dict[str, Any]] = [
    {"reason": "outside_period", "from": "2017-03-01", "to": "2017-03-31"},
    {"reason": "rule_not_valid", "valid_from": "2017-03-01", "valid_to": "2017-03-31"},
    {"reason": "rule_not_valid", "valid_from": "2017-03-01", "valid_to": None},
    {"reason": "employment_not_eligible", "employment": "volunteer", "eligible": ["employee", "board"]},
    {"reason": "employment_not_eligible", "employment": "night_owl", "eligible": ["a", "b", "c", "d"]},
    {"reason": "employment_not_eligible", "employment": "volunteer", "eligible": []},
    {"reason": "excluded_role", "flags": ["programme_owner_staff", "paid_by_programme"]},
    {"reason": "excluded_role", "flags": ["own_flag"]},
    {"reason": "evidence_too_weak", "evidence": "facilitator_mark", "minimum": "signed_list"},
    {"reason": "evidence_too_weak", "evidence": "self_check_in", "minimum": "staff_scan"},
    {"reason": "not_attested", "missing": ["person", "employer"]},
    {"reason": "too_short", "attended": 30, "minimum": 60},
    {"reason": "group_too_small", "group_size": 2, "minimum": 3},
    {"reason": "share_too_low", "attended": 100, "planned": 180, "minimum": "66.67"},
    {"reason": "no_rate", "category": "expert"},
    {"reason": "already_claimed", "with": [{"programme": "KCM", "starts": "2017-03-02T10:00"}]},
    {
        "reason": "overlap",
        "with": [
            {"programme": "KCM", "starts": "2017-03-02T10:00", "presence": "a2"},
            {"programme": "SAS", "starts": "2017-03-02T10:30"},
            {"programme": "FED", "starts": "2017-03-02T10:45"},
        ],
    },
    *(
        {
            "reason": "cap_reached",
            "per": per,
            "year": 2017 if per == "person_year" else None,
            "cap_minutes": 99721,
            "claimed_minutes": 90,
        }
        for per in CAPS
    ),
]


def sentences_in(language: str) -> dict[str, str]:
    sentences: dict[str, str] = import_module(f"samverk.reckoning.languages.{language}").SENTENCES
    return sentences


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_facts(language: str) -> None:
    english, other = sentences_in("en"), sentences_in(language)
    assert list(other) == list(english)
    assert {key: gaps(text) for key, text in other.items()} == {
        key: gaps(text) for key, text in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["reason"])
def test_a_refusal_is_one_short_sentence_without_gaps_or_codes(row: dict[str, Any], language: str) -> None:
    sentence = explain({"presence": "a1", "minutes": 60, **row}, language)
    assert len(sentence.split()) <= 20
    assert sentence.startswith("a1, ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    for sign in ("…", "{", "}", "_", "None", ".."):
        assert sign not in sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["reason"])
def test_a_stored_refusal_is_explained_without_its_presence(row: dict[str, Any], language: str) -> None:
    facts = {name: value for name, value in row.items() if name != "reason"}
    sentence = explain({"reason": row["reason"], "facts": facts}, language)
    whole = explain(Refusal("a1", row["reason"], facts, 60), language)
    assert whole.startswith("a1, ")
    assert whole.casefold().endswith(sentence.casefold())
    assert sentence[0].isupper()


def test_languages_differ() -> None:
    for row in REFUSALS:
        assert len({explain(row, language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["reason"])
def test_every_fact_is_in_the_sentence(row: dict[str, Any]) -> None:
    sentence = explain(row, "en")
    for name, value in row.items():
        if isinstance(value, int) and name not in ("cap_minutes", "claimed_minutes"):
            assert str(value) in sentence
    if row["reason"] == "cap_reached":
        assert "1662:01 h" in sentence
        assert "1:30 h" in sentence


def test_english_sentences_read_as_we_mean_them() -> None:
    assert explain(REFUSALS[3]) == "The role is volunteer; the rules accept employee and board member."
    assert explain(REFUSALS[6]) == (
        "Excluded, as the person works for the programme owner and is paid by the programme."
    )
    assert explain(REFUSALS[16]) == "This time is already held elsewhere (KCM, 2017-03-02 10:00 and 2 more)."
    assert explain(REFUSALS[10]) == "Attestation is missing from the person and the employer."


def test_numbers_follow_the_language() -> None:
    assert "66.67 %" in explain(REFUSALS[13], "en")
    assert "66,67 %" in explain(REFUSALS[13], "pl")


def test_a_line_says_what_it_comes_to() -> None:
    line = judge(document(presence(minutes=90))).lines[0]
    assert explain(line) == "A for o7, 2017-03: 90 min count as 1 h; at 300.00 that is 300.00."
    assert explain(line.to_json(), "sv", currency="SEK") == (
        "A för o7, 2017-03: 90 min räknas som 1 tim; à 300,00 blir det 300,00 SEK."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_of_a_whole_period_is_short_too(language: str) -> None:
    rule_set = rules(rounding={"unit": "hour", "mode": "down", "per": "person_period"})
    sentence = explain(judge(document(presence(), rule_set=rule_set)).lines[0], language, currency="SEK")
    assert len(sentence.split()) <= 20
    assert "None" not in sentence


def test_a_fresh_refusal_and_its_stored_form_say_the_same() -> None:
    refusal = judge(document(presence(), claims=[claim()])).refused[0]
    stored = {"presence": refusal.presence, "reason": refusal.reason, "facts": refusal.facts, "minutes": 60}
    assert explain(refusal, "sv") == explain(refusal.to_json(), "sv") == explain(stored, "sv")


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["reason"])
def test_facts_that_were_taken_out_leave_a_gap_and_no_error(row: dict[str, Any]) -> None:
    for language in LANGUAGES:
        assert explain({"reason": row["reason"], "facts": {}}, language).endswith(".")
    bare = {"reason": row["reason"], "facts": {"with": [{}]}}
    assert explain(bare, "en")


def test_a_source_hidden_from_the_reader_is_another_programme() -> None:
    hidden = {"reason": "overlap", "with": [{"starts": "2017-03-02T10:00"}]}
    assert explain(hidden) == "This time is already held elsewhere (another programme, 2017-03-02 10:00)."


def test_an_unknown_reason_and_an_unknown_language_are_still_readable() -> None:
    assert explain({"reason": "new_rule"}, "xx") == "The rules do not count this time (new_rule)."
    assert explain(REFUSALS[0], "pl-PL") == explain(REFUSALS[0], "pl")
    assert explain(REFUSALS[0], "nb_NO") == explain(REFUSALS[0], "nb")


def test_ids_are_text_never_templates_and_stay_on_one_line() -> None:
    row = {"presence": "{reason}\nx", "minutes": 5, **REFUSALS[0]}
    assert explain(row).startswith("{reason} x, 5 min refused: ")
