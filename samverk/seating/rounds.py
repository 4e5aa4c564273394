"""Several rounds of tables in which people meet those they have not met, across what is mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .annealing import even_start
from .chance import Chance, Floats, Ints, noise, rounded
from .contacts import RHO, together, worth_of_meetings, worth_of_one_more
from .cooling import TRADES, settle
from .effort import Clock, seconds_of, work_of
from .fields import field_plan
from .kernels import stepper
from .slots import FORBIDDEN, Slots
from .starting import Room, broken
from .trades import Trades

HOT, COLD = 0.3, 0.08  # of rho
VISIT = 12  # changes a round may make, for each person, before another round is visited


@dataclass(frozen=True)
class Rounds:
    """Seats of every person in each round, and the value of all contacts in thousandths."""

    seats: tuple[Ints, ...]
    value: float
    steps: int


class Evening:
    """All rounds while they are being changed: one arrangement of units for each, and how often each pair meets."""

    def __init__(
        self,
        rooms: Sequence[Room],
        w: Floats,
        history: Floats,
        starts: Sequence[Ints],
        worth: Sequence[Floats | None],
    ) -> None:
        self.rooms, self.w, self.history = rooms, w, history
        nothing = np.zeros((len(rooms[0].blocks.weights),) * 2)
        self.slots = [
            Slots(room.problem(nothing, A), start)
            for room, start, A in zip(rooms, starts, worth, strict=True)
        ]
        self.met = history + sum(together(self.seats(at)) for at in range(len(rooms)))

    def seats(self, at: int) -> Ints:
        """The table of every person in a round."""
        return self.rooms[at].people(self.slots[at].seats())

    def open(self, at: int) -> Slots:
        """A round to change, all others being what they are; `close` it afterwards."""
        self.met -= together(self.seats(at))
        room, slots = self.rooms[at], self.slots[at]
        worth = room.blocks.contract(worth_of_one_more(self.w, self.met))
        slots.rebuild(worth - FORBIDDEN * room.conflict)
        return slots

    def close(self, at: int) -> None:
        self.met += together(self.seats(at))

    def value(self) -> float:
        """Of all contacts, and of the tables themselves where they are worth something."""
        contacts = worth_of_meetings(self.w, self.met) - worth_of_meetings(self.w, self.history)
        tables = 0.0
        for slots in self.slots:
            seats = slots.seats()
            tables += float(slots.A[seats, np.arange(slots.units)].sum())
        return float(contacts.sum() / 2) + tables

    def settle(self, chance: Chance) -> None:
        """Until no round can be made better by itself."""
        quiet, at = 0, 0
        while quiet < len(self.rooms):
            slots = self.open(at % len(self.rooms))
            before = slots.value()
            settle(slots, chance)
            quiet = quiet + 1 if slots.value() <= before else 1
            self.close(at % len(self.rooms))
            at += 1


def arrange_rounds(
    rooms: Sequence[Room],
    w: Floats,
    history: Floats,
    chance: Chance,
    effort: str | float,
    clock: Clock,
    kernel: str,
) -> Rounds:
    """The best rounds found: by construction where that reaches, by cooling elsewhere; both where neither is sure."""
    seconds = seconds_of(effort)
    most = _most(rooms, w, history)
    nothing: list[Floats | None] = [None] * len(rooms)
    found: list[Rounds] = []
    planned = _planned(rooms, w, history, chance, seconds, clock)
    if planned is not None:
        evening = Evening(rooms, w, history, planned, nothing)
        evening.settle(chance)
        found.append(_answer(evening, 0))
        if found[0].value >= most:
            return found[0]
    starts = [room.start if at == 0 else _shuffled(room, chance) for at, room in enumerate(rooms)]
    evening = Evening(rooms, w, history, starts, nothing)
    found.append(cool_rounds(evening, chance, seconds, clock, kernel, most))
    return max(found, key=lambda rounds: rounds.value)


def cool_rounds(
    evening: Evening, chance: Chance, seconds: float, clock: Clock, kernel: str, most: float = np.inf
) -> Rounds:
    """Rounds visited in random order while the heat falls; ends early where nothing better can exist."""
    first = evening.slots[0]
    count = len(evening.rooms)
    steppers = [stepper(kernel, chance, slots) for slots in evening.slots]
    trades = [Trades(slots, chance) for slots in evening.slots]
    work = work_of(seconds)
    visit = max(1, first.tables // 2)
    each = (VISIT * first.units / visit) * 60.0 + first.units**2 * 0.02
    visits = max(count * 8, int(work / each))
    steps, done = 0, 0
    evening.settle(chance)
    best = _answer(evening, 0)
    while done < visits and not clock.is_over() and best.value < most:
        for at in chance.order(count):
            temperature = HOT * RHO * (COLD / HOT) ** (done / visits)
            slots = evening.open(at)
            steps += steppers[at].run(slots, temperature, work / visits)
            trades[at].try_some(TRADES, temperature)
            evening.close(at)
            done += 1
        if done % (count * 8) == 0 or done >= visits:
            best = max(best, _settled_copy(evening, chance, steps), key=lambda rounds: rounds.value)
    return best


def _settled_copy(evening: Evening, chance: Chance, steps: int) -> Rounds:
    """What the rounds are worth at the bottom below them; the heat goes on from where it was."""
    kept = [slots.seats() for slots in evening.slots]
    evening.settle(chance)
    answer = _answer(evening, steps)
    for slots, seats in zip(evening.slots, kept, strict=True):
        slots.place(seats)
    evening.met = evening.history + sum(together(evening.seats(at)) for at in range(len(kept)))
    return answer


def _answer(evening: Evening, steps: int) -> Rounds:
    return Rounds(tuple(evening.seats(at) for at in range(len(evening.rooms))), evening.value(), steps)


def _most(rooms: Sequence[Room], w: Floats, history: Floats) -> float:
    """The value of rounds without a repeat where every pair is worth the same; endless where that is not so."""
    if history.any() or np.ptp(w[~np.eye(len(w), dtype=bool)]) > 0 if len(w) > 1 else False:
        return np.inf
    room = rooms[0]
    n, tables = len(room.blocks.of), len(room.allowed)
    small, large = n // tables, n % tables
    if (room.low, room.high) != (small, -(-n // tables)):
        return np.inf
    pairs = (tables - large) * small * (small - 1) // 2 + large * (small + 1) * small // 2
    return float(len(rooms) * pairs * (w[0, 1] if n > 1 else 0))


def _shuffled(room: Room, chance: Chance) -> Ints:
    """Another seating that keeps the rules: a random one made good, or the first with equals exchanged."""
    problem = room.problem(np.zeros_like(room.conflict))
    seats = even_start(problem, chance)
    slots = Slots(problem, seats)
    settle(slots, chance)
    return room.start if broken(room, slots.seats()) else slots.seats()


def _planned(
    rooms: Sequence[Room], w: Floats, history: Floats, chance: Chance, seconds: float, clock: Clock
) -> list[Ints] | None:
    """The construction for as many rounds as it reaches, with people dealt to its slots; the rest shuffled."""
    room = rooms[0]
    n, tables = len(room.blocks.of), len(room.allowed)
    plan = field_plan(tables, -(-n // tables), len(rooms)) if room.blocks.trivial else None
    if plan is None or not all(one.allowed.all() for one in rooms):
        return None
    slots = len(plan[0])
    met = sum((together(seats) for seats in plan), np.zeros((slots, slots)))
    worth = np.zeros((slots, slots))
    worth[:n, :n] = worth_of_one_more(w, history) - FORBIDDEN * room.conflict
    dealt = deal(met, worth, n, chance, seconds / 3, clock)
    seats = [one[dealt[:n]] for one in plan]
    good = [
        one if not broken(room, one) else _shuffled(room, chance)
        for one, room in zip(seats, rooms, strict=False)
    ]
    return good + [_shuffled(one, chance) for one in rooms[len(plan) :]]


def deal(met: Floats, worth: Floats, people: int, chance: Chance, seconds: float, clock: Clock) -> Ints:
    """The slot of each person (and of nobody), so that pairs whose slots meet are worth the most.

    The last slots stay empty first, because a table then misses at most one. Plain heat bath over swaps.
    """
    count = len(met)
    slot_of = np.arange(count)
    if np.ptp(worth[:people, :people][~np.eye(people, dtype=bool)]) == 0 if people > 1 else True:
        return slot_of
    order = chance.order(people)
    slot_of[:people] = np.argsort(order, kind="stable")
    here = worth[np.ix_(np.argsort(slot_of), np.argsort(slot_of))]  # by slot
    person = np.argsort(slot_of)
    steps = max(200, int(work_of(seconds) / (30 + 0.01 * people * people)))
    warm, best, best_value = float(RHO), person.copy(), -np.inf
    for step in range(steps):
        if step % 64 == 0:
            if clock.is_over():
                break
            temperature = rounded(HOT * warm * (COLD / HOT / 4) ** (step / steps))
            drawn, heat = chance.below(people, 64), noise(chance, 64 * people).reshape(64, people)
        s = int(drawn[step % 64])
        own = (met * here).sum(axis=1)
        gain = met[s] @ here + met @ here[s] - own[s] - own - 2 * met[s] * here[s]
        gain[s] = 0
        t = int((gain[:people] + temperature * heat[step % 64]).argmax())
        if t != s:
            pair, turned = [s, t], [t, s]
            here[pair] = here[turned]
            here[:, pair] = here[:, turned]
            person[pair] = person[turned]
        if step % 64 == 63 or step == steps - 1:
            value = float((met * here).sum())
            if value > best_value:
                best, best_value = person.copy(), value
    return np.argsort(best)
