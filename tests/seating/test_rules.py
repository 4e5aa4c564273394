"""Rules hold, or the smallest set that cannot is named; tried against every seating of a few people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samverk.seating import Impossible, Rules, Wish, people_from, seat
from samverk.seating.proving import Court
from samverk.seating.rules import SIZES

from . import examples

WORDS = ("", "a", "b", "c")


@st.composite
def small_cases(draw):
    n = draw(st.integers(2, 6))
    tables = draw(st.integers(1, 3))
    rows = [
        {
            "id": f"p{at}",
            "org": draw(st.sampled_from(WORDS)),
            "party": draw(st.sampled_from(("", "", "", "x", "y"))),
            "speaks": draw(st.sampled_from(("", "sv", "pl", "sv|pl"))),
        }
        for at in range(n)
    ]
    ids = [row["id"] for row in rows]
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda two: two[0] < two[1])
    low = draw(st.integers(0, n // tables))
    rules = Rules(
        tables=tables,
        size_min=low,
        size_max=draw(st.integers(-(-n // tables), n)),
        apart=("org",) if draw(st.booleans()) else (),
        together=("party",) if draw(st.booleans()) else (),
        keep_apart=tuple(draw(st.lists(pair, max_size=3))),
        keep_together=tuple(draw(st.lists(pair, max_size=2))),
        languages="speaks" if draw(st.booleans()) else None,
        fixed=tuple({draw(st.sampled_from(ids)): None for _at in range(draw(st.integers(0, 2)))}),
    )
    fixed = tuple((id_, 1, draw(st.integers(1, tables))) for id_ in rules.fixed)
    languages = {1: draw(st.sampled_from(("sv", "pl")))} if rules.languages and draw(st.booleans()) else {}
    return people_from(rows, columns=["org", "party", "speaks"]), replace(
        rules, fixed=fixed, table_languages=languages
    )


@given(small_cases())
@settings(max_examples=60, deadline=None)
def test_the_rules_hold_wherever_they_can_and_are_refused_wherever_they_cannot(case):
    people, rules = case
    low, high = rules.sizes(len(people))
    possible = any(
        examples.keeps(seats, people, rules, low, high)
        for seats in examples.every_seating(len(people), rules.tables)
    )
    try:
        found = seat(people, Wish(rules, {"org": 1}, effort=0.005, kernel="numpy"))
    except Impossible as impossible:
        found, refusal = None, impossible
    if found is None:
        assert not possible
        assert refusal.proven and refusal.demands and refusal.words()
    else:
        assert examples.keeps(tuple(found.seats[0].tolist()), people, rules, low, high)


@given(small_cases())
@settings(max_examples=60, deadline=None)
def test_of_the_named_rules_none_can_be_left_out(case):
    people, rules = case
    named = []
    try:
        seat(people, Wish(rules, {}, effort=0.005, kernel="numpy"))
    except Impossible as impossible:
        named = impossible.demands
    court = Court(len(people), rules.tables)
    assert not named or court.is_impossible(named)
    for left_out in named:
        rest = [one for one in named if one is not left_out]
        assert not court.is_impossible(rest), f"{left_out.kind} was not needed"


def test_people_of_one_organisation_sit_apart_and_too_many_of_them_are_spread_evenly():
    rows = [{"id": f"p{at:02d}", "org": "big" if at < 9 else f"o{at}"} for at in range(24)]
    people = people_from(rows, columns=["org"])
    found = seat(people, Wish(Rules(4, apart=("org",)), {"org": 1}, effort="quick", kernel="numpy"))
    big = np.bincount(found.seats[0][:9], minlength=4)
    assert sorted(big) == [2, 2, 2, 3]


def test_a_person_of_two_organisations_sits_apart_from_both():
    people = people_from(
        [
            {"id": "a", "org": "x|y"},
            {"id": "b", "org": "x"},
            {"id": "c", "org": "y"},
            {"id": "d", "org": "z"},
        ],
        columns=["org"],
    )
    found = seat(people, Wish(Rules(2, apart=("org",)), {}, effort="quick", kernel="numpy"))
    assert found.tables()[0] in ([["a", "d"], ["b", "c"]], [["b", "c"], ["a", "d"]])


def test_everybody_can_speak_at_their_table():
    people = examples.people_of(examples.crowd(60))
    found = seat(people, Wish(Rules(8, languages="speaks"), {"sector": 1}, effort="quick", kernel="numpy"))
    spoken = people.attributes["speaks"]
    for table in range(8):
        members = np.flatnonzero(found.seats[0] == table)
        assert all(found.rooms[0].languages[table] in spoken.set_of(int(person)) for person in members)


def test_even_tables_grow_where_nobody_asked_for_a_size_and_parties_do_not_fit():
    rows = [{"id": f"p{at:02d}", "party": f"t{at // 3}"} for at in range(12)]
    people = people_from(rows, columns=["party"])
    found = seat(people, Wish(Rules(3, together=("party",)), {}, effort="quick", kernel="numpy"))
    assert found.rooms[0].high > 4
    with pytest.raises(Impossible):
        seat(people, Wish(Rules(3, together=("party",), size_min=4, size_max=4), {}, effort="quick"))


@pytest.mark.parametrize(
    ("rules", "kinds", "words"),
    [
        (Rules(2, size_max=2), {SIZES}, "seats 2 to 2"),
        (
            Rules(2, keep_together=(("a", "b"),), keep_apart=(("a", "b"),)),
            {"together", "apart"},
            "sit together",
        ),
        (Rules(2, keep_apart=(("a", "b"), ("a", "c"), ("b", "c"))), {"apart"}, "sit apart"),
        (
            Rules(2, fixed=(("a", 1, 1), ("b", 1, 2)), keep_together=(("a", "b"),)),
            {"fixed", "together"},
            "table 1",
        ),
        (
            Rules(2, languages="speaks", table_languages={1: "de", 2: "de"}),
            {"speaks", "table-language"},
            "tables 1 and 2 speak de",
        ),
    ],
)
def test_what_cannot_hold_is_told_in_words_with_nothing_to_spare(rules, kinds, words):
    people = people_from([{"id": id_, "speaks": "sv"} for id_ in "abcdef"], columns=["speaks"])
    with pytest.raises(Impossible) as raised:
        seat(people, Wish(rules, {}, effort="quick"))
    assert {demand.kind for demand in raised.value.demands} == kinds
    assert words in raised.value.words()


def test_too_few_tables_for_a_language_are_found_by_proof():
    rows = [{"id": f"p{at:02d}", "speaks": "pl" if at < 5 else "sv"} for at in range(8)]
    people = people_from(rows, columns=["speaks"])
    rules = Rules(2, size_min=4, size_max=4, languages="speaks")
    with pytest.raises(Impossible) as raised:
        seat(people, Wish(rules, {}, effort="quick"))
    assert raised.value.proven
    assert "speak only pl (5)" in raised.value.words()
