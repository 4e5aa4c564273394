"""Who sits where while the kernel works: tables of equally many slots, an empty slot being nobody at all.

A *unit* is a person, or a block of people who stay together; its weight is how many they are. Nobody weighs nothing and
is at no distance, so a swap with nobody is a move, and one step serves both. All values are whole numbers held in
float64: sums stay exact, and no order of adding can change a choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .chance import POOL, Chance, Floats, Ints, noise, rounded

#: What breaking a rule costs: more than any arrangement can gain, small enough that sums stay exact.
FORBIDDEN = float(1 << 34)

WIDEST = 1536
BATCH = 16

#: Microseconds of a step, for each gain it compares, and for each unit whose worth a pair of tables may change.
STEP, COMPARED, CHANGED = 50.0, 0.025, 0.008


@dataclass(frozen=True)
class Problem:
    """What is to be arranged. `d` units x units, symmetric, 0 on its diagonal; `A` tables x units; weights in people."""

    d: Floats
    A: Floats
    weights: Ints
    lo: Ints
    hi: Ints

    @property
    def units(self) -> int:
        return len(self.d)

    @property
    def tables(self) -> int:
        return len(self.lo)

    def value(self, seats: Ints) -> float:
        """The sum of distances inside tables, and of what each unit's table is worth to it."""
        same = seats[:, None] == seats[None, :]
        return float(self.d[same].sum() / 2 + self.A[seats, np.arange(self.units)].sum())


class Slots:
    """An arrangement that is being changed: slots, sizes, and `D[t, i]`, what unit i would be worth at table t."""

    def __init__(self, problem: Problem, seats: Ints) -> None:
        n, g = problem.units, problem.tables
        self.d = np.zeros((n + 1, n + 1))
        self.d[:n, :n] = problem.d
        self.twice = (2 * self.d).ravel()
        self.weights = np.append(problem.weights, 0)
        self.lo, self.hi = problem.lo, problem.hi
        counts = np.bincount(seats, minlength=g)
        self.width = int(max(problem.hi.max(initial=1), counts.max(initial=1)))
        self.units, self.tables = n, g
        self.A = np.zeros((g, n + 1))
        self.A[:, :n] = problem.A
        self.place(seats)
        ragged = bool((self.hi != self.width).any() or (problem.weights != 1).any())
        self.guarded = ragged or g * self.width != n

    def place(self, seats: Ints) -> None:
        """Sit everybody anew."""
        self.slots = np.full((self.tables, self.width), self.units, dtype=np.int64)
        for table in range(self.tables):
            members = np.flatnonzero(seats == table)
            self.slots[table, : len(members)] = members
        at = np.zeros((self.tables, self.units + 1))
        at[seats, np.arange(self.units)] = 1
        self.D = self.A + at @ self.d
        self.sizes: Ints = self.weights[self.slots].sum(axis=1)

    def rebuild(self, d: Floats) -> None:
        """Take other distances for the same arrangement."""
        n = self.units
        self.d[:n, :n] = d
        self.twice = (2 * self.d).ravel()
        at = np.zeros((self.tables, n + 1))
        at[self.seats(), np.arange(n)] = 1
        self.D = self.A + at @ self.d

    def seats(self) -> Ints:
        """The table of every unit."""
        found = np.empty(self.units + 1, dtype=np.int64)
        found[self.slots.ravel()] = np.repeat(np.arange(self.tables), self.width)
        return found[: self.units]

    def value(self) -> float:
        """As `Problem.value`, from what is kept."""
        seats, units = self.seats(), np.arange(self.units)
        return float((self.D[seats, units].sum() + self.A[seats, units].sum()) / 2)

    def gains(self, a: Ints, b: Ints, left: Ints, right: Ints) -> Floats:
        """What each swap of one of `left` (of tables a) with one of `right` (of tables b) would gain, pair by pair."""
        wide = self.units + 1
        row = (np.arange(len(a)) * wide)[:, None]
        better = (self.D[b] - self.D[a]).ravel()
        gain = self.twice.take((left * wide)[:, :, None] + right[:, None, :])
        np.subtract(better.take(row + left)[:, :, None], gain, out=gain)
        gain -= better.take(row + right)[:, None, :]
        if self.guarded:
            self._forbid_sizes(gain, a, b, left, right)
        return gain.reshape(len(a), -1)

    def _forbid_sizes(self, gain: Floats, a: Ints, b: Ints, left: Ints, right: Ints) -> None:
        more = self.weights.take(right)[:, None, :] - self.weights.take(left)[:, :, None]
        most = np.minimum(self.hi[a] - self.sizes[a], self.sizes[b] - self.lo[b])
        least = np.minimum(self.sizes[a] - self.lo[a], self.hi[b] - self.sizes[b])
        outside = (more > most[:, None, None]) | (more < -least[:, None, None])
        nobody = (right == self.units)[:, None, :] & (left == self.units)[:, :, None]
        np.putmask(gain, (outside & (more != 0)) | nobody, -4 * FORBIDDEN)

    def swap(self, a: Ints, b: Ints, where_a: Ints, where_b: Ints) -> None:
        """Swap the units in these slots; every table stands in at most one pair."""
        i, j = self.slots[a, where_a], self.slots[b, where_b]
        self.slots[a, where_a] = j
        self.slots[b, where_b] = i
        change = self.d[j] - self.d[i]
        self.D[a] += change
        self.D[b] -= change
        if self.guarded:
            heavier = self.weights[j] - self.weights[i]
            self.sizes[a] += heavier
            self.sizes[b] -= heavier


class Heat:
    """Steps at a temperature: pairs of tables each make one swap, or none, by heat bath, all at once.

    Gains of disjoint pairs of tables add exactly. The colder it is, the fewer pairs change anything, so the more pairs
    are looked at in one step; where two that want to change share a table, the second waits. Of wide tables a window of
    slots is looked at.
    """

    def __init__(self, chance: Chance, tables: int, width: int) -> None:
        self.chance = chance
        self.pool = noise(chance, POOL)
        self.rounds = pairings(tables)
        self.pairs = tables // 2
        self.window = max(1, min(width, WIDEST // max(self.pairs * width, 1)))
        self.gains = self.pairs * self.window * width  # of one round of pairs
        self.looked = 1.0  # rounds of pairs looked at in a step
        self.most = max(
            1.0, min(len(self.rounds), WIDEST * 8 / max(self.gains, 1), POOL / 2 / max(self.gains, 1))
        )

    def run(self, slots: Slots, temperature: float, work: float) -> int:
        """Steps for so many microseconds of work; how many they were."""
        temperature, done, steps = rounded(temperature), 0.0, 0
        while self.pairs and done < work:
            relabels = self.chance.orders(slots.tables, BATCH)
            drawn = self.chance.below(1 << 30, 2 * BATCH).tolist()
            for at in range(BATCH):
                looked = self._step(slots, temperature, relabels[at], drawn[2 * at], drawn[2 * at + 1])
                done += STEP + COMPARED * looked + CHANGED * self.pairs * slots.units
                steps += 1
                if done >= work:
                    break
        return steps

    def _step(self, slots: Slots, temperature: float, relabel: Ints, first: int, start: int) -> int:
        a, b = self._pairs(relabel, first)
        width = slots.width
        looked = (first + np.arange(self.window)) % width
        left = slots.slots[a[:, None], looked] if self.window < width else slots.slots[a]
        gain = slots.gains(a, b, left, slots.slots[b])
        span = gain.size + len(a)
        start %= POOL - span
        noisy = self.pool[start : start + span] * temperature
        gain += noisy[len(a) :].reshape(gain.shape)
        best = gain.argmax(axis=1)
        taken = np.flatnonzero(gain[np.arange(len(a)), best] > noisy[: len(a)])
        if len(a) > self.pairs:
            taken = _disjoint(taken, a, b)
        self._adapt(len(taken))
        if len(taken):
            mine, theirs = np.divmod(best[taken], width)
            slots.swap(a[taken], b[taken], looked[mine] if self.window < width else mine, theirs)
        return gain.size

    def _pairs(self, relabel: Ints, first: int) -> tuple[Ints, Ints]:
        count = int(self.looked)
        chosen = [self.rounds[(first + at) % len(self.rounds)] for at in range(count)]
        if count == 1:
            return relabel[chosen[0][0]], relabel[chosen[0][1]]
        return relabel[np.concatenate([a for a, _b in chosen])], relabel[
            np.concatenate([b for _a, b in chosen])
        ]

    def _adapt(self, taken: int) -> None:
        if taken * 2 > self.pairs:
            self.looked = max(1.0, self.looked * 0.8)
        elif taken * 4 < self.pairs:
            self.looked = min(self.most, self.looked * 1.1 + 0.05)


def _disjoint(taken: Ints, a: Ints, b: Ints) -> Ints:
    """Those of the pairs that share no table with one before them."""
    used: set[int] = set()
    kept = []
    for pair, one, other in zip(taken.tolist(), a[taken].tolist(), b[taken].tolist(), strict=True):
        if one not in used and other not in used:
            used |= {one, other}
            kept.append(pair)
    return np.array(kept, dtype=np.int64)


def pairings(tables: int) -> list[tuple[Ints, Ints]]:
    """Rounds in which every two tables are paired once."""
    even = tables + tables % 2
    order = list(range(even))
    rounds = []
    for _round in range(even - 1):
        facing = zip(order[: even // 2], reversed(order[even // 2 :]), strict=True)
        pairs = np.array([pair for pair in facing if max(pair) < tables], dtype=np.int64).reshape(-1, 2)
        rounds.append((pairs[:, 0], pairs[:, 1]))
        order = [order[0], order[-1], *order[1:-1]]
    return rounds


def descend(slots: Slots) -> None:
    """The best swap or move of every two tables, again and again, until none gains anything."""
    rounds = pairings(slots.tables) if slots.tables > 1 else []
    quiet = at = 0
    while quiet < len(rounds):
        a, b = rounds[at % len(rounds)]
        at += 1
        gain = slots.gains(a, b, slots.slots[a], slots.slots[b])
        best = gain.argmax(axis=1)
        taken = np.flatnonzero(gain[np.arange(len(a)), best] > 0)
        quiet = 0 if len(taken) else quiet + 1
        if len(taken):
            mine, theirs = np.divmod(best[taken], slots.width)
            slots.swap(a[taken], b[taken], mine, theirs)
