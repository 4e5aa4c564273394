"""The fast kernel, where the extra ``[fast]`` is installed: single swaps and moves drawn at random, compiled by numba.

A change that loses is taken where the loss is below the temperature times a number from a table (the logarithm of a
chance, rounded to 2^-10), so here too no machine can choose otherwise. The generator is PCG's output of a 64-bit state.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numba import njit

from .chance import GRAIN, TABLE, Chance, Floats, Ints, rounded
from .slots import Slots

#: Microseconds of a change that is tried, and more for each unit where it is made.
PROPOSAL, CHANGE = 0.035, 0.002


@cache
def losses() -> Floats:
    """-log of (k + 1/2) / 65536, rounded to 2^-10."""
    return np.rint(-np.log((np.arange(TABLE) + 0.5) / TABLE) * GRAIN) / GRAIN


class Metropolis:
    """Steps of the fast kernel."""

    def __init__(self, chance: Chance, units: int) -> None:
        self.state = np.uint64(chance.raw(1)[0])
        self.cost = PROPOSAL + CHANGE * units / 4

    def run(self, slots: Slots, temperature: float, work: float) -> int:
        """Changes for so many microseconds of work; how many were tried."""
        count = max(1, int(work / self.cost))
        taken, state = _turn(
            slots.d, slots.D, slots.slots.ravel(), slots.weights, slots.sizes, slots.lo, slots.hi,
            slots.width, count, rounded(temperature), self.state, losses(),
        )  # fmt: skip
        self.state = np.uint64(state)
        self.cost = PROPOSAL + CHANGE * slots.units * taken / count
        return count


@njit(cache=True, boundscheck=False)  # type: ignore[untyped-decorator]
def _turn(
    d: Floats, D: Floats, slots: Ints, weights: Ints, sizes: Ints, lo: Ints, hi: Ints,
    width: int, count: int, temperature: float, state: np.uint64, losses: Floats,
) -> tuple[int, np.uint64]:  # fmt: skip
    places, wide = len(slots), d.shape[0]
    taken = 0
    for _step in range(count):
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        word = ((state >> np.uint64(22)) ^ state) >> (np.uint64(22) + (state >> np.uint64(61)))
        p = np.int64((word & np.uint64(0xFFFF)) * np.uint64(places) >> np.uint64(16))
        q = np.int64(((word >> np.uint64(16)) & np.uint64(0xFFFF)) * np.uint64(places) >> np.uint64(16))
        a, b = p // width, q // width
        i, j = slots[p], slots[q]
        if a == b or (weights[i] == 0 and weights[j] == 0):
            continue
        more = weights[j] - weights[i]
        if more != 0 and (
            sizes[a] + more > hi[a]
            or sizes[a] + more < lo[a]
            or sizes[b] - more > hi[b]
            or sizes[b] - more < lo[b]
        ):
            continue
        gain = D[b, i] - D[a, i] + D[a, j] - D[b, j] - 2.0 * d[i, j]
        if gain < 0.0:
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            if -gain > temperature * losses[np.int64(state >> np.uint64(48))]:
                continue
        taken += 1
        slots[p], slots[q] = j, i
        sizes[a] += more
        sizes[b] -= more
        for k in range(wide):
            change = d[j, k] - d[i, k]
            D[a, k] += change
            D[b, k] -= change
    return taken, state
