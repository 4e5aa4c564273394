"""The kernel: people at tables so that the sum of distances inside the tables is as large as can be found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .chance import Chance, Ints
from .cooling import COLD, WARM, cool, median_loss, settle, shake
from .effort import Clock, cycles_of, seconds_of, work_of
from .kernels import kernel_named, stepper
from .slots import Problem, Slots

FEW = 60  # fewer units than this need more heat: each of their swaps weighs more


@dataclass(frozen=True)
class Arrangement:
    """The kernel's answer: the table of each unit (from 0), its value, and how it was found."""

    seats: Ints
    value: float
    kernel: str
    steps: int
    truncated: bool


def anneal(
    d: ArrayLike,
    A: ArrayLike | None = None,
    *,
    groups: int,
    lo: ArrayLike | None = None,
    hi: ArrayLike | None = None,
    seed: int = 1,
    effort: str | float = "normal",
    weights: ArrayLike | None = None,
    kernel: str = "auto",
    time_limit: float | None = None,
) -> Arrangement:
    """Maximise `sum of d[i, j] over pairs at one table + sum of A[table, i]` with `lo … hi` people at each table.

    `d` is symmetric, whole numbers, units x units; `A` tables x units; `lo` and `hi` one number or one for each table
    (the even split where not given); `weights` people in each unit. Raises ValueError where the sizes cannot hold.
    """
    problem = problem_of(d, A, groups, lo, hi, weights)
    chance = Chance(seed)
    return improve(problem, even_start(problem, chance), chance, effort, Clock(time_limit), kernel=kernel)


def problem_of(
    d: ArrayLike,
    A: ArrayLike | None,
    groups: int,
    lo: ArrayLike | None,
    hi: ArrayLike | None,
    weights: ArrayLike | None,
) -> Problem:
    """The arguments of `anneal`, checked. Raises ValueError."""
    distances = np.array(d, dtype=np.float64)
    n = len(distances)
    if (
        distances.shape != (n, n)
        or (distances != distances.T).any()
        or (distances != np.rint(distances)).any()
    ):
        raise ValueError("d must be a symmetric matrix of whole numbers")
    np.fill_diagonal(distances, 0)
    heavy = np.ones(n, dtype=np.int64) if weights is None else np.array(weights, dtype=np.int64)
    total = int(heavy.sum())
    low = np.broadcast_to(total // groups if lo is None else lo, groups).astype(np.int64)
    high = np.broadcast_to(-(-total // groups) if hi is None else hi, groups).astype(np.int64)
    if not low.sum() <= total <= high.sum() or (low > high).any():
        raise ValueError(f"{total} people do not fit {groups} tables of {low.min()} to {high.max()}")
    worth = np.zeros((groups, n)) if A is None else np.array(A, dtype=np.float64)
    return Problem(distances, worth, heavy, low, high)


def even_start(problem: Problem, chance: Chance) -> Ints:
    """The heaviest first, then whoever may sit at fewest tables: where they may, to the table that lacks most people."""
    seats = np.empty(problem.units, dtype=np.int64)
    sizes = np.zeros(problem.tables, dtype=np.int64)
    barred = problem.A < 0
    shuffled = chance.order(problem.units)
    for unit in shuffled[np.lexsort((-barred.sum(axis=0)[shuffled], -problem.weights[shuffled]))]:
        weight = problem.weights[unit]
        too_many = sizes + weight > problem.hi
        lacks = np.maximum(problem.lo - sizes, 0)
        seats[unit] = np.lexsort((np.arange(len(sizes)), sizes, -lacks, barred[:, unit], too_many))[0]
        sizes[seats[unit]] += weight
    return seats


def improve(
    problem: Problem,
    seats: Ints,
    chance: Chance,
    effort: str | float,
    clock: Clock,
    *,
    kernel: str = "auto",
    warm: float = WARM,
) -> Arrangement:
    """Cool from this start, then descend; again from a shaken best while effort is left."""
    slots = Slots(problem, seats)
    seconds = seconds_of(effort)
    settle(slots, chance)
    best, value, steps = slots.seats(), slots.value(), 0
    if problem.tables < 2 or problem.units < 2:
        return Arrangement(best, value, "numpy", 0, False)
    name = kernel_named(kernel)
    steps_with = stepper(name, chance, slots)
    cycles = cycles_of(seconds, problem.units)
    warm *= max(1.0, FEW / problem.units)
    for cycle in range(cycles):
        if clock.is_over():
            break
        if cycle:
            slots.place(best)
            shake(slots, chance)
        start = warm * median_loss(slots, chance)
        work = work_of(seconds) / cycles
        steps += cool(slots, steps_with, chance, (start, start * COLD), work, clock)
        settle(slots, chance)
        if slots.value() > value:
            best, value = slots.seats(), slots.value()
    return Arrangement(best, value, name, steps, clock.truncated)
