"""Again, when people come late or leave: later rounds with the least change, earlier ones as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .chance import Chance, Floats, Ints
from .contacts import RHO, weights_of
from .cooling import settle
from .effort import Clock
from .kernels import kernel_named
from .people import WHOLE, People, distance
from .plan import Seating, Wish, history_of, random_splits, value_of
from .rounds import Evening
from .rules import Rules
from .slots import Problem, Slots
from .starting import Room, broken, room_for

#: What it costs to move somebody who has been told a table: three meetings that are repeats.
MOVED = 3 * RHO

Tables = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Change:
    """A seating made again. `moved` are the people of each round who sit elsewhere than they were told."""

    seating: Seating
    moved: tuple[tuple[str, ...], ...]


def reseat(
    people: People,
    wish: Wish,
    earlier: Sequence[Tables],
    planned: Sequence[Tables],
    *,
    moved_costs: int = MOVED,
) -> Change:
    """Seat the people who are here now in the rounds that are left.

    `earlier` are the rounds that have been sat, whoever sat there; `planned` those that were told and are still to come,
    as ids per table. The wish's `rounds` are those to come; sizes that were not asked for may differ by one from the
    even split, because that moves fewer. Raises `Impossible`.
    """
    clock, chance = Clock(wish.time_limit), Chance(wish.seed)
    rules = _with_history(wish.rules, earlier)
    rules = replace(rules, rounds=len(planned))
    d, history = distance(people, wish.mix), history_of(people, rules)
    rooms = tuple(_easy_room(people, rules, round_, chance) for round_ in range(len(planned)))
    told = [_told(people, tables) for tables in planned]
    worth = [_staying(room, was, moved_costs) for room, was in zip(rooms, told, strict=True)]
    starts = [kept_start(room, A, chance) for room, A in zip(rooms, worth, strict=True)]
    evening = Evening(rooms, weights_of(d, WHOLE * sum(wish.mix.values())), history, starts, worth)
    evening.settle(chance)
    seats = tuple(evening.seats(at) for at in range(len(rooms)))
    base = random_splits(people, rules, wish.seed)
    value, mean = value_of(seats, d, history, wish, base, False)
    wish = replace(wish, rules=rules)
    seating = Seating(
        people, wish, seats, value, mean, d, history, rooms, kernel_named(wish.kernel), clock.seconds(), False
    )
    moved = tuple(
        tuple(people.ids[person] for person in np.flatnonzero((was >= 0) & (was != now)))
        for was, now in zip(told, seats, strict=True)
    )
    return Change(seating, moved)


def _with_history(rules: Rules, earlier: Sequence[Tables]) -> Rules:
    met: dict[tuple[str, str], int] = dict(rules.met)
    for tables in earlier:
        for members in tables:
            ordered = sorted(members)
            for at, one in enumerate(ordered):
                for other in ordered[at + 1 :]:
                    met[one, other] = met.get((one, other), 0) + 1
    return replace(rules, met=met)


def _easy_room(people: People, rules: Rules, round_: int, chance: Chance) -> Room:
    """The round's room; sizes that nobody asked for may be one off the even split."""
    if rules.size_min is None and rules.size_max is None:
        low, high = rules.sizes(len(people))
        rules = replace(rules, size_min=max(low - 1, 0), size_max=high + 1)
    return room_for(people, rules, round_, chance)


def _told(people: People, tables: Tables) -> Ints:
    """The table each person was told; -1 where none."""
    was: Mapping[str, int] = {id_: at for at, members in enumerate(tables) for id_ in members}
    return np.array([was.get(id_, -1) for id_ in people.ids], dtype=np.int64)


def _staying(room: Room, told: Ints, moved_costs: int) -> Floats:
    """What each unit's old table is worth: the price of moving, for each of its people who was told it."""
    tables = len(room.allowed)
    each = np.zeros((tables, len(told)))
    known = np.flatnonzero((told >= 0) & (told < tables))
    each[told[known], known] = moved_costs
    return room.blocks.contract_rows(each)


def kept_start(room: Room, worth: Floats, chance: Chance) -> Ints:
    """Everybody where they were told, newcomers at the smallest tables, sizes put right by the cheapest moves.

    Where that breaks a rule, the room's own seating with the told tables as a wish.
    """
    problem = room.problem(-room.conflict * 0, worth)
    seats = _placed(problem)
    slots = Slots(problem, seats)
    if broken(room, slots.seats()):
        slots = Slots(problem, room.start)
    settle(slots, chance)
    return slots.seats()


def _placed(problem: Problem) -> Ints:
    """The told first; then the rest, the heaviest first, to the smallest table that lets them; then the sizes."""
    tables, n = problem.tables, problem.units
    seats = np.full(n, -1, dtype=np.int64)
    sizes = np.zeros(tables, dtype=np.int64)
    best = problem.A.argmax(axis=0)
    told = problem.A.max(axis=0) > 0
    for unit in np.lexsort((np.arange(n), -problem.weights, ~told)):
        wanted = int(best[unit])
        if told[unit] and sizes[wanted] + problem.weights[unit] <= problem.hi[wanted]:
            seats[unit] = wanted
        else:
            wish = problem.A[:, unit].copy()
            wish[sizes + problem.weights[unit] > problem.hi] -= float(1 << 40)
            apart = np.array([problem.d[unit, seats == table].sum() for table in range(tables)])
            seats[unit] = np.lexsort((np.arange(tables), sizes, -(wish + apart)))[0]
        sizes[seats[unit]] += problem.weights[unit]
    return _filled(problem, seats, sizes)


def _filled(problem: Problem, seats: Ints, sizes: Ints) -> Ints:
    """Move single people from the largest tables to those that are too small."""
    while (sizes < problem.lo).any():
        short = int((sizes - problem.lo).argmin())
        givers = np.flatnonzero((sizes > problem.lo) & (sizes > sizes[short] + 1))
        movable = np.flatnonzero(np.isin(seats, givers) & (problem.weights == 1))
        if not len(movable):
            return seats
        apart = problem.d[np.ix_(movable, np.flatnonzero(seats == short))].sum(axis=1)
        cost = problem.A[seats[movable], movable] - problem.A[short, movable] - apart
        chosen = int(movable[np.lexsort((movable, -sizes[seats[movable]], cost))[0]])
        sizes[seats[chosen]] -= 1
        sizes[short] += 1
        seats[chosen] = short
    return seats
