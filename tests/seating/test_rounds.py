"""Rounds without repeats, history that counts, and the least change when people come late or leave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samverk.seating import Rules, Wish, field_plan, people_from, reseat, seat, to_json

from . import examples


def plain(count: int):
    return people_from([{"id": f"p{at:03d}"} for at in range(count)])


def golfers(tables: int, seats: int, rounds: int, effort: str = "normal"):
    return seat(plain(tables * seats), Wish(Rules(tables, rounds), {}, effort=effort, kernel="numpy"))


@pytest.mark.parametrize("q", [2, 3, 4, 5, 7, 8, 9, 16])
def test_the_plan_of_a_field_never_seats_two_together_twice(q):
    for seats in {2, q // 2, q} - {0, 1}:
        plan = field_plan(q, seats, q + 1)
        assert plan is not None
        assert len(plan) == q + (1 if q % seats == 0 else 0)
        met = sum((one[:, None] == one[None, :]).astype(int) for one in plan)
        np.fill_diagonal(met, 0)
        assert met.max() == 1
        assert all(set(np.bincount(one)) == {seats} for one in plan)


def test_no_plan_where_there_is_no_field_or_too_few_tables():
    assert field_plan(6, 3, 2) is None
    assert field_plan(4, 5, 2) is None


@pytest.mark.parametrize("rounds", [5, 9])
def test_eight_tables_of_four_meet_without_repeats(rounds):
    assert golfers(8, 4, rounds).counts()["repeats"] == 0


def test_ten_rounds_of_eight_tables_of_four_repeat_little():
    assert golfers(8, 4, 10).counts()["repeats"] <= 40


def test_ten_tables_of_six_in_four_rounds_meet_only_new_people():
    found = golfers(10, 6, 4, "quick")
    assert found.counts() == {"repeats": 0, "new_pairs": 600, "new_cross_pairs": 0}


def test_people_who_met_at_earlier_events_meet_others_now():
    people = plain(24)
    first = seat(people, Wish(Rules(6, 2), {}, effort="quick", kernel="numpy"))
    met = {}
    for tables in first.tables():
        for members in tables:
            for at, one in enumerate(members):
                for other in members[at + 1 :]:
                    met[one, other] = 1
    again = seat(people, Wish(Rules(6, 2, met=met), {}, effort="quick", kernel="numpy", seed=9))
    assert again.counts()["repeats"] == 0


def test_rules_hold_in_every_round():
    people = examples.people_of(examples.crowd(40))
    rules = Rules(
        8,
        3,
        apart=("organisation",),
        keep_together=(("p001", "p002"),),
        fixed=(("p005", 2, 7),),
        languages="speaks",
    )
    orgs = people.attributes["organisation"]
    if orgs.shared(1, 2):
        rules = Rules(8, 3, apart=("organisation",), fixed=(("p005", 2, 7),), languages="speaks")
    found = seat(people, Wish(rules, {"sector": 1}, effort="quick", kernel="numpy"))
    for round_, seats in enumerate(found.seats):
        for members in orgs.groups().values():
            here = np.bincount(seats[members], minlength=8)
            assert here.max() <= -(-len(members) // 8)
        assert round_ != 1 or seats[5] == 6


def test_the_answer_explains_itself():
    people = examples.people_of(examples.crowd(30))
    found = seat(people, Wish(Rules(5, 2), {"sector": 1, "experience": 2}, effort="quick", kernel="numpy"))
    answer = to_json(found)
    assert len(answer["tables"]) == 10
    assert sum(answer["tables"][0]["counts"]["sector"].values()) == 6
    person = answer["people"]["p003"]
    assert person["tables"] == [int(seats[3]) + 1 for seats in found.seats]
    assert person["new"] == len(person["contacts"])
    assert answer["contacts_at_most"] == 10
    assert 0 <= answer["spread"]["sector"] <= 1


@given(st.permutations(range(30)))
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_rows_changes_nothing(order):
    rows = examples.crowd(30)
    usual = seat(examples.people_of(rows), Wish(Rules(5, 2), {"sector": 1}, effort="quick", kernel="numpy"))
    turned = seat(
        examples.people_of([rows[at] for at in order]),
        Wish(Rules(5, 2), {"sector": 1}, effort="quick", kernel="numpy"),
    )
    assert usual.tables() == turned.tables()


def remaining(found, gone: set[str]):
    return [[[one for one in members if one not in gone] for members in tables] for tables in found.tables()]


def test_late_people_find_a_seat_and_nobody_else_moves():
    rows = examples.crowd(40)
    people = examples.people_of(rows[:37])
    wish = Wish(Rules(6, 3), {"sector": 1}, effort="quick", kernel="numpy")
    first = seat(people, wish)
    change = reseat(examples.people_of(rows), wish, first.tables()[:1], first.tables()[1:])
    assert change.moved == ((), ())
    for tables in change.seating.tables():
        assert sorted(one for members in tables for one in members) == sorted(row["id"] for row in rows)


def test_when_people_leave_only_as_many_move_as_the_sizes_need():
    rows = examples.crowd(36)
    wish = Wish(Rules(6, 2, size_min=5, size_max=7), {"sector": 1}, effort="quick", kernel="numpy")
    first = seat(examples.people_of(rows), wish)
    gone = set(first.tables()[0][0][:3])
    here = [row for row in rows if row["id"] not in gone]
    change = reseat(examples.people_of(here), wish, [], remaining(first, gone))
    assert len(change.moved[0]) == 2  # the table of three must have five again
    sizes = [len(members) for members in change.seating.tables()[0]]
    assert min(sizes) >= 5


def test_meetings_of_rounds_that_were_sat_still_count_when_later_ones_are_made_again():
    people = plain(16)
    wish = Wish(Rules(4, 2), {}, effort="quick", kernel="numpy")
    first = seat(people, wish)
    change = reseat(plain(17), wish, first.tables()[:1], first.tables()[1:])
    assert change.seating.counts()["repeats"] == 0
