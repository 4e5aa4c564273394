"""The best matching is the best, its prices prove it, and ranked choices are given fairly."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samverk.seating import assign_ranked, match_rows, match_scores
from samverk.seating.matching.answer import to_json
from samverk.seating.matching.edges import NOBODY
from samverk.seating.matching.stable import blocking_pairs

SCORES = st.dictionaries(
    st.tuples(st.sampled_from(["m1", "m2", "m3"]), st.sampled_from(["o1", "o2", "o3", "o4", "o5"])),
    st.one_of(st.integers(0, 1000), st.sampled_from([0, 500, 1000])),
)
PLACES = st.fixed_dictionaries({mentor: st.integers(0, 3) for mentor in ("m1", "m2", "m3")})
ORGANISATIONS = ["o1", "o2", "o3", "o4", "o5"]


def best_of_all(scores, places) -> int:
    best = 0
    for chosen in product([None, *places], repeat=len(ORGANISATIONS)):
        if any(chosen.count(mentor) > room for mentor, room in places.items()):
            continue
        pairs = [(mentor, o) for mentor, o in zip(chosen, ORGANISATIONS, strict=True) if mentor]
        if all(pair in scores for pair in pairs):
            best = max(best, sum(scores[pair] for pair in pairs))
    return best


@given(SCORES, PLACES)
@settings(max_examples=60, deadline=None)
def test_no_other_matching_is_better_and_the_prices_prove_it(scores, places):
    found = match_scores(places, ORGANISATIONS, scores)
    assert found.score == found.bound == best_of_all(scores, places)
    held = np.bincount(found.assigned[found.assigned != NOBODY], minlength=3)
    assert (held <= found.places).all()


@given(SCORES, PLACES)
@settings(max_examples=40, deadline=None)
def test_what_a_forced_change_loses_is_never_less_than_it_says(scores, places):
    found = match_scores(places, ORGANISATIONS, scores)
    for at, organisation in enumerate(found.organisation_ids):
        for place, mentor in enumerate(found.mentor_ids):
            why = found.why_not(at, place)
            if why is None or found.assigned[at] == place:
                continue
            own = (
                0
                if found.assigned[at] == NOBODY
                else scores[found.mentor_ids[found.assigned[at]], organisation]
            )
            own -= 0 if found.assigned[at] == NOBODY else int(found.price[found.assigned[at]])
            assert why["loss"] == own - (why["score"] - why["price"]) >= 0
            forced = {pair: score for pair, score in scores.items() if pair[1] != organisation}
            room = {**places, mentor: places[mentor] - 1}
            if room[mentor] >= 0:
                others = [o for o in ORGANISATIONS if o != organisation]
                assert found.score - (match_scores(room, others, forced).score + why["score"]) >= why["loss"]


@given(SCORES, PLACES)
@settings(max_examples=40, deadline=None)
def test_a_stable_matching_has_no_pair_that_would_both_rather_have_each_other(scores, places):
    found = match_scores(places, ORGANISATIONS, scores, "stable")
    assert blocking_pairs(found.edges, found.places, found.assigned) == 0
    assert to_json(found)["price_of_stability"] >= 0


def mentors(**changes):
    rows = [
        {
            "id": "m1",
            "places": "1",
            "topics": "finance:3",
            "languages": "sv",
            "region": "Malmö",
            "remote": "no",
        },
        {
            "id": "m2",
            "places": "2",
            "topics": "boards:2|finance:1",
            "languages": "sv|en",
            "region": "Lund",
            "remote": "yes",
        },
    ]
    return [{**row, **changes.get(row["id"], {})} for row in rows]


def test_every_score_is_the_sum_of_parts_that_are_shown():
    organisations = [
        {"id": "o1", "topics": "finance:3", "languages": "sv", "region": "Malmö", "prefers": "m2"},
        {"id": "o2", "topics": "boards", "languages": "en", "region": "Malmö", "prefers": ""},
    ]
    answer = to_json(match_rows(mentors(), organisations))
    assert {pair["organisation"] for pair in answer["pairs"]} == {"o1", "o2"}
    for pair in answer["pairs"]:
        assert pair["score"] == sum(pair["parts"].values())
        assert 0 <= pair["score"] <= 1000


def test_who_gets_nobody_reads_which_filter_took_how_many():
    organisations = [
        {"id": "o1", "topics": "law", "languages": "sv", "region": "Malmö"},
        {"id": "o2", "topics": "finance", "languages": "pl", "region": "Malmö"},
        {"id": "o3", "topics": "finance", "languages": "sv", "region": "Kiruna", "avoids": "m2"},
    ]
    answer = to_json(match_rows(mentors(), organisations))
    reasons = {one["organisation"]: one["removed"] for one in answer["unserved"]}
    assert reasons["o1"]["no topic in common"] == 2
    assert reasons["o2"]["no language in common"] == 2
    assert reasons["o3"] == {"another region, and not remote": 1, "avoided": 1}


def test_equal_mentors_are_not_fought_over_for_ever():
    places = {f"m{at:02d}": 1 for at in range(20)}
    organisations = [f"o{at:02d}" for at in range(60)]
    scores = {(mentor, organisation): 500 for mentor in places for organisation in organisations}
    found = match_scores(places, organisations, scores)
    assert found.score == found.bound == 10_000


def test_a_list_without_mentors_leaves_everybody_without():
    assert to_json(match_rows([], [{"id": "o1"}]))["pairs"] == []


CHOICES = st.dictionaries(
    st.sampled_from([f"p{at}" for at in range(6)]),
    st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3),
    max_size=6,
)


@given(CHOICES, st.fixed_dictionaries({option: st.integers(0, 3) for option in "abc"}))
@settings(max_examples=60, deadline=None)
def test_as_many_as_possible_get_an_option_and_then_as_good_a_one_as_possible(choices, capacities):
    found = assign_ranked(choices, capacities)
    people = sorted(choices)

    def quality(given):
        placed = [(person, option) for person, option in zip(people, given, strict=True) if option]
        points = sum(3 - choices[person].index(option) for person, option in placed)
        return len(placed), points

    best = max(
        quality(given)
        for given in product([None, "a", "b", "c"], repeat=len(people))
        if all(
            option is None or option in choices[person] for person, option in zip(people, given, strict=True)
        )
        and all(given.count(option) <= room for option, room in capacities.items())
    )
    mine = {place.person: place.option for place in found.places}
    assert quality([mine[person] for person in people]) == best
    for place in found.places:
        for missed in place.missed:
            assert missed.unplaced >= 0
            assert missed.unplaced > 0 or missed.points >= 0


def test_who_registered_first_gets_the_better_one_of_two_equal_wishes():
    choices = {"late": ["mon", "tue"], "early": ["mon", "tue"]}
    found = assign_ranked(choices, {"mon": 1, "tue": 1}, order=["early", "late"])
    assert {place.person: place.option for place in found.places} == {"early": "mon", "late": "tue"}
    missed = found.places[1].missed[0]
    assert (missed.option, missed.capacity, missed.wanted_first, missed.unplaced, missed.points) == (
        "mon",
        1,
        2,
        0,
        0,
    )


def test_somebody_put_by_hand_stays_there_and_takes_a_place():
    found = assign_ranked({"a": ["mon"], "b": ["mon"]}, {"mon": 1, "tue": 1}, fixed={"b": "mon"})
    assert {place.person: place.option for place in found.places} == {"a": None, "b": "mon"}
    assert found.by_rank() == {1: 1, 2: 0, 3: 0, None: 1}


@pytest.mark.parametrize(
    ("choices", "capacities", "fixed"),
    [
        ({"a": ["x"]}, {"y": 1}, {}),
        ({"a": ["y", "y"]}, {"y": 1}, {}),
        ({"a": ["y"]}, {"y": -1}, {}),
        ({"a": ["y"], "b": []}, {"y": 1}, {"a": "y", "b": "y"}),
        ({"a": ["y"]}, {"y": 1}, {"c": "y"}),
    ],
)
def test_choices_that_make_no_sense_are_refused(choices, capacities, fixed):
    with pytest.raises(ValueError):
        assign_ranked(choices, capacities, fixed=fixed)
