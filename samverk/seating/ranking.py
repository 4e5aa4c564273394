"""Ranked choice: people rank up to three options with few places each, and everybody gets at most one of theirs.

First as many people as possible get one of their options, then as many points as possible (first choice 3, second 2,
third 1), then whoever stands earlier in the order gets the better one. Solved exactly, and explained to each person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MOST_RANKED = 3
POINTS = (3, 2, 1)


@dataclass(frozen=True)
class Missed:
    """An option somebody ranked higher than what they got, and why it could not be.

    `capacity` places were taken; `wanted_first` people had it as their first choice, `wanted` at any rank. Giving it to
    this person all the same would leave `unplaced` more people with nothing, or lose `points` in all.
    """

    option: str
    rank: int
    capacity: int
    wanted_first: int
    wanted: int
    unplaced: int
    points: int


@dataclass(frozen=True)
class Place:
    """What one person gets: the option and its rank (1 for the first choice), or None; and what was missed above it."""

    person: str
    option: str | None
    rank: int | None
    missed: tuple[Missed, ...]


@dataclass(frozen=True)
class Ranking:
    """The whole assignment, in the order people stand in."""

    places: tuple[Place, ...]
    taken: Mapping[str, int]

    def by_rank(self) -> dict[int | None, int]:
        """How many got their first, second, third choice, and none."""
        counted: dict[int | None, int] = dict.fromkeys((1, 2, 3, None), 0)
        for place in self.places:
            counted[place.rank] = counted.get(place.rank, 0) + 1
        return counted


def assign_ranked(
    choices: Mapping[str, Sequence[str]],
    capacities: Mapping[str, int],
    *,
    order: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
) -> Ranking:
    """Give each person one of the options they ranked, best first, at most `capacities[option]` people in each.

    `order` says who comes first where two are alike (the order of registration, or one drawn by lot); those not in it
    follow by name. `fixed` keeps people where somebody put them by hand; it may be an option they did not rank, and it
    takes a place first. Same input, same answer, whatever the order of the mappings.

    Raises ValueError: an unknown option, one ranked twice, more than three, a negative capacity, or more people fixed
    in an option than it has places.
    """
    fixed = dict(fixed or {})
    _check(choices, capacities, fixed)
    people = [person for person in dict.fromkeys(order) if person in choices]
    people += sorted(set(choices) - set(people))
    options = sorted(capacities)
    free = {option: capacities[option] - list(fixed.values()).count(option) for option in options}
    movable = [person for person in people if person not in fixed]
    given = _solve(movable, choices, options, free)
    given |= fixed
    taken = {option: list(given.values()).count(option) for option in options}
    places = tuple(_place(person, given, choices, capacities, fixed) for person in people)
    return Ranking(places, taken)


def _check(
    choices: Mapping[str, Sequence[str]], capacities: Mapping[str, int], fixed: Mapping[str, str]
) -> None:
    for option, capacity in capacities.items():
        if capacity < 0:
            raise ValueError(f"{option} has a negative number of places")
        if list(fixed.values()).count(option) > capacity:
            raise ValueError(f"more people are fixed in {option} than it has places")
    for person, ranked in choices.items():
        if len(ranked) > MOST_RANKED or len(set(ranked)) < len(ranked):
            raise ValueError(f"{person} may rank up to {MOST_RANKED} different options")
    for option in [*(option for ranked in choices.values() for option in ranked), *fixed.values()]:
        if option not in capacities:
            raise ValueError(f"{option} is not one of the options")
    if not set(fixed) <= set(choices):
        raise ValueError("somebody is fixed who has not chosen")


def _solve(
    people: Sequence[str],
    choices: Mapping[str, Sequence[str]],
    options: Sequence[str],
    free: Mapping[str, int],
) -> dict[str, str]:
    """One column for each place that could be used, and one of their own for each person who gets nothing."""
    from scipy.optimize import linear_sum_assignment

    wanted = {option: sum(option in choices[person] for person in people) for option in options}
    columns = [option for option in options for _place in range(min(free[option], wanted[option]))]
    n = len(people)
    if not n or not columns:
        return {}
    # Being placed outweighs all points, a point outweighs all orders: n people can lose at most 2 points each.
    order_step = n * (n + 1) + 1
    placed = (2 * n + 1) * order_step
    worth = np.zeros((n, len(columns) + n))
    first = {option: columns.index(option) for option in set(columns)}
    for at, person in enumerate(people):
        for rank, option in enumerate(choices[person]):
            if option in first:
                start = first[option]
                value = placed + (POINTS[rank] - 1) * order_step + (n - at) * (2 - rank) / 1.0
                worth[at, start : start + columns.count(option)] = value
    worth[:, : len(columns)][worth[:, : len(columns)] == 0] = -1.0
    rows, chosen = linear_sum_assignment(worth, maximize=True)
    return {
        people[row]: columns[column]
        for row, column in zip(rows.tolist(), chosen.tolist(), strict=True)
        if column < len(columns) and worth[row, column] > 0
    }


def _place(
    person: str,
    given: Mapping[str, str],
    choices: Mapping[str, Sequence[str]],
    capacities: Mapping[str, int],
    fixed: Mapping[str, str],
) -> Place:
    option = given.get(person)
    ranked = list(choices[person])
    rank = ranked.index(option) + 1 if option in ranked else None
    better = ranked[: rank - 1] if rank else ([] if person in fixed else ranked)
    missed = []
    for at, wish in enumerate(better):
        unplaced, points = _price(person, wish, given, choices, capacities, fixed)
        firsts = sum(list(others)[:1] == [wish] for others in choices.values())
        wanted = sum(wish in others for others in choices.values())
        missed.append(Missed(wish, at + 1, capacities[wish], firsts, wanted, unplaced, points))
    return Place(person, option, rank, tuple(missed))


def _price(
    person: str,
    wish: str,
    given: Mapping[str, str],
    choices: Mapping[str, Sequence[str]],
    capacities: Mapping[str, int],
    fixed: Mapping[str, str],
) -> tuple[int, int]:
    """What a forced change would cost the others: people with nothing, else points. Longest chains, exactly.

    A chain: somebody in `wish` makes room by going to another option of theirs, and so on, until one with a free place,
    the place this person leaves, or nothing.
    """
    options = sorted(capacities)
    free = {option: capacities[option] - list(given.values()).count(option) for option in options}
    left = given.get(person)
    if left is not None:
        free[left] += 1
    big = 1000
    worst = -(10**9)
    ends = {option: (0 if free[option] > 0 else worst) for option in options}
    moves: list[tuple[str, str | None, int]] = []
    for other, has in given.items():
        if other == person or other in fixed:
            continue
        ranked = list(choices[other])
        own = POINTS[ranked.index(has)]
        moves.append((has, None, -big - own))
        moves += [(has, to, POINTS[at] - own) for at, to in enumerate(ranked) if to != has]
    best = dict(ends)
    for _round in range(len(options) + 1):
        for has, to, change in moves:
            value = change + (0 if to is None else best[to])
            best[has] = max(best[has], value)
    ranked = list(choices[person])
    own = 0 if left is None or left not in ranked else big + POINTS[ranked.index(left)]
    total = own - (big + POINTS[ranked.index(wish)] + best[wish])
    unplaced = (total + big // 2) // big
    return max(unplaced, 0), total - big * unplaced
