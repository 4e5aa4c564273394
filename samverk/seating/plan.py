"""The whole of it: people, rules and what to mix in; seats, figures and reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .annealing import improve
from .chance import Chance, Floats, Ints
from .contacts import together, weights_of, worth_of_meetings
from .effort import Clock
from .fairness import raise_worst
from .kernels import kernel_named
from .people import WHOLE, People, distance
from .rounds import arrange_rounds
from .rules import Rules
from .starting import Room, broken, room_for

RANDOM_SPLITS = 200


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: everything that decides the answer, together with the people."""

    rules: Rules
    mix: Mapping[str, int]
    seed: int = 1
    effort: str | float = "normal"
    time_limit: float | None = None
    kernel: str = "auto"


@dataclass(frozen=True)
class Seating:
    """The answer. `seats[round][person]` is a table from 0; `distances` are between people, in thousandths."""

    people: People
    wish: Wish
    seats: tuple[Ints, ...]
    value: int
    random_mean: float
    distances: Floats
    history: Floats
    rooms: tuple[Room, ...]
    kernel: str
    seconds: float
    truncated: bool

    @property
    def whole(self) -> int:
        """The distance of two people who differ in everything that is mixed."""
        return WHOLE * sum(self.wish.mix.values())

    def tables(self) -> list[list[list[str]]]:
        """Rounds, tables, ids."""
        ids = self.people.ids
        return [
            [
                [ids[person] for person in np.flatnonzero(seats == table)]
                for table in range(self.wish.rules.tables)
            ]
            for seats in self.seats
        ]

    def meetings(self) -> Floats:
        """How often each pair meets in these rounds."""
        return sum((together(seats) for seats in self.seats), np.zeros_like(self.distances))

    def crosses(self) -> np.ndarray:
        """Which pairs have nothing in common in the first attribute that is mixed."""
        n = len(self.people)
        first = next(iter(self.wish.mix), None)
        if first is None:
            return np.zeros((n, n), dtype=bool)
        attribute = self.people.attributes[first]
        words = sorted({word for person in range(n) for word in attribute.set_of(person)})
        has = np.array(
            [[word in attribute.set_of(person) for word in words] for person in range(n)], dtype=float
        )
        known = has.any(axis=1)
        return (has @ has.T == 0) & known[:, None] & known[None, :]

    def counts(self) -> dict[str, int]:
        """New pairs, new pairs across, and repeats: meetings that were not a pair's first."""
        met = np.triu(self.meetings(), 1)
        new = (met > 0) & (self.history == 0)
        return {
            "repeats": int(met.sum() - new.sum()),
            "new_pairs": int(new.sum()),
            "new_cross_pairs": int((new & self.crosses()).sum()),
        }


def seat(people: People, wish: Wish) -> Seating:
    """Seat everybody in every round. Raises `Impossible` where the rules cannot hold, ValueError on a wrong wish."""
    clock = Clock(wish.time_limit)
    kernel = kernel_named(wish.kernel)
    rules, chance = wish.rules, Chance(wish.seed)
    if rules.tables < 1 or rules.rounds < 1:
        raise ValueError("at least one table and one round are needed")
    d = distance(people, wish.mix)
    history = history_of(people, rules)
    rooms = tuple(room_for(people, rules, round_, chance) for round_ in range(rules.rounds))
    base = random_splits(people, rules, wish.seed)
    one = rules.rounds == 1 and not history.any()
    if one:
        seats, truncated = _one_round(rooms[0], d, chance, wish, clock, kernel, base)
    else:
        w = weights_of(d, WHOLE * sum(wish.mix.values()))
        found = arrange_rounds(rooms, w, history, chance, wish.effort, clock, kernel)
        seats, truncated = found.seats, clock.truncated
    value, random_mean = value_of(seats, d, history, wish, base, one)
    return Seating(
        people, wish, seats, value, random_mean, d, history, rooms, kernel, clock.seconds(), truncated
    )


def history_of(people: People, rules: Rules) -> Floats:
    """How often each pair met earlier, as weighted by whoever asks."""
    index = people.index()
    met = np.zeros((len(people), len(people)))
    for (a, b), times in rules.met.items():
        if a in index and b in index and a != b:
            met[index[a], index[b]] += times
            met[index[b], index[a]] += times
    return met


def _one_round(
    room: Room, d: Floats, chance: Chance, wish: Wish, clock: Clock, kernel: str, base: list[Ints]
) -> tuple[tuple[Ints, ...], bool]:
    n = len(d)
    mean = float(np.rint(d.sum() / (n * (n - 1)))) if n > 1 else 0.0
    even = room.high - room.low <= 1
    centred = d if even and room.blocks.trivial else d - mean * (1 - np.eye(n))
    problem = room.problem(room.blocks.contract(centred))
    found = improve(problem, room.start, chance, wish.effort, clock, kernel=kernel)
    by_chance = np.mean([problem_value(centred, seats) for seats in base])
    best = found.seats if not broken(room, found.seats) else room.start
    above = problem_value(centred, room.people(best)) - float(by_chance)
    seats = raise_worst(problem, room.blocks.contract(d), best, above)
    return (room.people(seats if not broken(room, seats) else best),), clock.truncated


def problem_value(d: Floats, seats: Ints) -> float:
    """The sum of distances of people at one table."""
    at = np.zeros((int(seats.max(initial=0)) + 1, len(seats)))
    at[seats, np.arange(len(seats))] = 1
    return float(((at @ d) * at).sum() / 2)


def random_splits(people: People, rules: Rules, seed: int) -> list[Ints]:
    """Splits by chance alone into even tables, for comparison; rules play no part."""
    chance = Chance(seed, 1)
    dealt = np.arange(len(people)) % rules.tables
    return [dealt[order] for order in chance.orders(len(people), RANDOM_SPLITS)]


def value_of(
    seats: tuple[Ints, ...], d: Floats, history: Floats, wish: Wish, base: list[Ints], one: bool
) -> tuple[int, float]:
    """What was reached, and what chance alone reaches in the mean: distances for one round, contacts for several."""
    if one:
        return int(problem_value(d, seats[0])), float(np.mean([problem_value(d, split) for split in base]))
    w = weights_of(d, WHOLE * sum(wish.mix.values()))

    def contacts(rounds: tuple[Ints, ...] | list[Ints]) -> float:
        met = history + sum(together(split) for split in rounds)
        return float((worth_of_meetings(w, met) - worth_of_meetings(w, history)).sum() / 2 / 1000)

    count = len(seats)
    drawn = [contacts(base[first : first + count]) for first in range(0, len(base) - count + 1, count)]
    return round(contacts(seats)), float(np.mean(drawn or [0.0]))


def prices(people: People, wish: Wish) -> dict[str, int]:
    """What each kind of rule costs: the value without it, less the value with all of them."""
    rules = wish.rules
    without = {
        "apart": replace(rules, apart=()),
        "together": replace(rules, together=()),
        "keep-apart": replace(rules, keep_apart=()),
        "keep-together": replace(rules, keep_together=()),
        "languages": replace(rules, languages=None, table_languages={}),
        "fixed": replace(rules, fixed=()),
    }
    reached = seat(people, wish).value
    return {
        name: seat(people, replace(wish, rules=fewer)).value - reached
        for name, fewer in without.items()
        if fewer != rules
    }
