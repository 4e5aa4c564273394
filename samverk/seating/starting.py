"""The first stage: a seating that keeps every rule, before anything is made better; or the proof that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .annealing import even_start
from .blocks import Blocks, blocks_of
from .chance import Chance, Floats, Ints
from .cooling import settle
from .impossible import Impossible, explain_impossible, plainly_impossible
from .people import People
from .proving import IMPOSSIBLE, POSSIBLE, Court, seats_in
from .rules import (
    APART,
    FIXED,
    SIZES,
    SPEAKS,
    SPREAD,
    TABLE_LANGUAGE,
    TOGETHER,
    Demand,
    Rules,
    demands,
)
from .slots import FORBIDDEN, Heat, Problem, Slots

ATTEMPTS = 6
SEARCH = 4000.0  # microseconds at each temperature
WIDEST_SIZES = 3  # how far an even split may be widened where nobody asked for sizes


@dataclass(frozen=True)
class Room:
    """A round that can be seated: units, who may not meet, who may sit where, and one seating of the units."""

    blocks: Blocks
    low: int
    high: int
    conflict: Floats
    allowed: np.ndarray
    languages: tuple[str, ...]
    demands: tuple[Demand, ...]
    start: Ints

    def problem(self, d: Floats, A: Floats | None = None) -> Problem:
        """The problem of these distances between units, with every rule as a cost that nothing outweighs."""
        worth = np.where(self.allowed, 0.0, -FORBIDDEN)
        tables = len(self.allowed)
        return Problem(
            d - FORBIDDEN * self.conflict,
            worth if A is None else worth + A,
            self.blocks.weights,
            np.full(tables, self.low, dtype=np.int64),
            np.full(tables, self.high, dtype=np.int64),
        )

    def people(self, seats: Ints) -> Ints:
        """The table of every person, from that of every unit."""
        return seats[self.blocks.of]


def room_for(people: People, rules: Rules, round_: int, chance: Chance) -> Room:
    """A round's room. Raises `Impossible`; widens the sizes only where they were not asked for."""
    low, high = rules.sizes(len(people))
    free = rules.size_min is None and rules.size_max is None
    doubt: Impossible | None = None
    for wider in range(WIDEST_SIZES + 1 if free else 1):
        asked = demands(people, rules, round_, (max(low - wider, 0), high + wider))
        try:
            return _room(people, rules, asked, round_, chance)
        except Impossible as impossible:
            doubt = impossible
            if not any(demand.kind == SIZES for demand in impossible.demands):
                break
    raise doubt or RuntimeError


def _room(people: People, rules: Rules, asked: list[Demand], round_: int, chance: Chance) -> Room:
    if plainly_impossible(len(people), rules.tables, asked):
        raise explain_impossible(people, rules.tables, asked, round_)
    size = asked[0]
    blocks = blocks_of(len(people), [demand.people for demand in asked if demand.kind == TOGETHER])
    conflict = _conflicts(blocks, asked)
    languages = _table_languages(people, rules, asked)
    if languages is None:
        raise explain_impossible(people, rules.tables, asked, round_)
    allowed = _allowed(blocks, rules.tables, asked, languages)
    room = Room(
        blocks, size.low, size.high, conflict, allowed, tuple(languages), tuple(asked), blocks.weights
    )
    for _attempt in range(ATTEMPTS):
        seats = _search(room, chance)
        if seats is not None:
            return _with_start(room, seats)
    return _proved(people, rules, room, round_)


def _with_start(room: Room, seats: Ints) -> Room:
    return Room(
        room.blocks, room.low, room.high, room.conflict, room.allowed, room.languages, room.demands, seats
    )


def _proved(people: People, rules: Rules, room: Room, round_: int) -> Room:
    """What the search did not find, exactly."""
    verdict, model, values = Court(len(people), rules.tables).solve(room.demands)
    if verdict == IMPOSSIBLE:
        raise explain_impossible(people, rules.tables, room.demands, round_)
    if verdict != POSSIBLE or values is None:
        raise Impossible(people, rules.tables, room.demands, round_, proven=False)
    seats, languages = seats_in(model, values)
    first = np.unique(room.blocks.of, return_index=True)[1]
    allowed = _allowed(room.blocks, rules.tables, list(room.demands), languages)
    conflict = room.conflict
    return Room(
        room.blocks, room.low, room.high, conflict, allowed, tuple(languages), room.demands, seats[first]
    )


def _conflicts(blocks: Blocks, asked: Sequence[Demand]) -> Floats:
    pairs = np.zeros((len(blocks.of), len(blocks.of)))
    for demand in asked:
        if demand.kind in (APART, SPREAD):
            pairs[np.ix_(demand.people, demand.people)] += 1
    np.fill_diagonal(pairs, 0)
    return blocks.contract(pairs)


def _allowed(blocks: Blocks, tables: int, asked: Sequence[Demand], languages: Sequence[str]) -> np.ndarray:
    allowed = np.ones((tables, len(blocks.weights)), dtype=bool)
    for demand in asked:
        unit = blocks.of[demand.people[0]] if demand.people else 0
        if demand.kind == FIXED:
            allowed[np.arange(tables) != demand.table, unit] = False
        elif demand.kind == SPEAKS and languages:
            words = demand.value.split("|")
            allowed[[table for table, word in enumerate(languages) if word and word not in words], unit] = (
                False
            )
    return allowed


def broken(room: Room, seats: Ints) -> int:
    """How many rules a seating of the units breaks, by how much."""
    count, tables = 0, len(room.allowed)
    at = room.people(seats)
    sizes = np.bincount(at, minlength=tables)
    count += int(np.maximum(sizes - room.high, 0).sum() + np.maximum(room.low - sizes, 0).sum())
    for demand in room.demands:
        if demand.kind in (APART, SPREAD):
            here = np.bincount(at[list(demand.people)], minlength=tables)
            count += int(np.maximum(here - demand.high, 0).sum())
    return count + int((~room.allowed[seats, np.arange(len(seats))]).sum())


def _search(room: Room, chance: Chance) -> Ints | None:
    """Fewer and fewer broken rules; None where some are left."""
    n = len(room.blocks.weights)
    problem = Problem(
        -room.conflict,
        np.where(room.allowed, 0.0, -8.0),
        room.blocks.weights,
        np.full(len(room.allowed), room.low, dtype=np.int64),
        np.full(len(room.allowed), room.high, dtype=np.int64),
    )
    seats = even_start(problem, chance)
    if not broken(room, seats):
        return seats
    slots = Slots(problem, seats)
    heat = Heat(chance, slots.tables, slots.width)
    for temperature in (1.0, 0.5, 0.3, 0.2):
        settle(slots, chance)
        if n and not broken(room, slots.seats()):
            return slots.seats()
        if heat.pairs:
            heat.run(slots, temperature, SEARCH)
    settle(slots, chance)
    return None if broken(room, slots.seats()) else slots.seats()


def _table_languages(people: People, rules: Rules, asked: Sequence[Demand]) -> list[str] | None:
    """The language of each table: as given, the rest chosen so that most people may sit at most tables.

    None where no choice seats everybody.
    """
    if rules.languages is None:
        return []
    given = {demand.table: demand.value for demand in asked if demand.kind == TABLE_LANGUAGE}
    spoken = [frozenset(d.value.split("|")) for d in asked if d.kind == SPEAKS]
    if not spoken:
        return [given.get(table, "") for table in range(rules.tables)]
    if len(given) < rules.tables:
        blocks = blocks_of(len(people), [demand.people for demand in asked if demand.kind == TOGETHER])
        of_unit: dict[int, frozenset[str]] = {}
        for demand in asked:
            if demand.kind == SPEAKS:
                unit = int(blocks.of[demand.people[0]])
                words = frozenset(demand.value.split("|"))
                of_unit[unit] = of_unit.get(unit, words) & words
        counts = _counts_of_languages(rules.tables, asked[0], of_unit, blocks, list(given.values()))
        if not counts:
            return None
        rest = [language for language in sorted(counts) for _each in range(counts[language])]
        for language in given.values():
            if language in rest:
                rest.remove(language)
        free = iter(rest)
        return [given[table] if table in given else next(free, "") for table in range(rules.tables)]
    return [given[table] for table in range(rules.tables)]


def _counts_of_languages(
    tables: int, size: Demand, of_unit: dict[int, frozenset[str]], blocks: Blocks, given: Sequence[str]
) -> dict[str, int]:
    """How many tables of each language, by a small whole-number programme over the kinds of people there are."""
    everywhere = frozenset.intersection(*of_unit.values()) if of_unit else frozenset()
    if everywhere and not given:
        return {min(everywhere): tables}
    from scipy.optimize import Bounds, LinearConstraint, milp

    words = sorted({word for kind in of_unit.values() for word in kind} | set(given))
    kinds: dict[frozenset[str], int] = {}
    silent = len(blocks.of)
    for unit, kind in of_unit.items():
        weight = int(blocks.weights[unit])
        kinds[kind] = kinds.get(kind, 0) + weight
        silent -= weight
    if silent > 0:
        kinds[frozenset(words)] = kinds.get(frozenset(words), 0) + silent
    order = sorted(kinds, key=sorted)
    count = len(words) * (1 + len(order))
    rows, low, high = [], [], []

    def row(cells: dict[int, float], least: float, most: float) -> None:
        line = np.zeros(count)
        for column, sign in cells.items():
            line[column] = sign
        rows.append(line)
        low.append(least)
        high.append(most)

    def seats_of(kind: int, word: int) -> int:
        return len(words) * (1 + kind) + word

    row(dict.fromkeys(range(len(words)), 1.0), tables, tables)
    for word in range(len(words)):
        column = {seats_of(kind, word): 1.0 for kind in range(len(order))}
        row({**column, word: -float(size.high)}, -np.inf, 0)
        row({**column, word: -float(size.low)}, 0, np.inf)
    most = np.full(count, np.inf)
    for number, spoken in enumerate(order):
        row({seats_of(number, word): 1.0 for word in range(len(words))}, kinds[spoken], kinds[spoken])
        for word, name in enumerate(words):
            if name not in spoken:
                most[seats_of(number, word)] = 0
    least = np.zeros(count)
    for word, name in enumerate(words):
        least[word] = list(given).count(name)
    wish = np.zeros(count)
    for word, name in enumerate(words):
        wish[word] = -sum(kinds[kind] for kind in order if name in kind)
    whole = np.concatenate([np.ones(len(words)), np.zeros(count - len(words))])
    answer = milp(wish, constraints=LinearConstraint(np.array(rows), low, high), integrality=whole,
                  bounds=Bounds(least, most), options={"time_limit": 5.0})  # fmt: skip
    if answer.x is None:
        return {}
    return {name: round(float(answer.x[word])) for word, name in enumerate(words)}
