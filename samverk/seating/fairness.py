"""The second goal: the worst table, raised as far as it costs next to nothing of the whole."""

from __future__ import annotations

import numpy as np

from .chance import Floats, Ints
from .slots import FORBIDDEN, Problem, Slots

ALLOWED_LOSS = (
    0.0003  # of what the value stands above random: far below the tenth of a point that fairness may cost
)
CHANGES = 200


def raise_worst(problem: Problem, raw: Floats, seats: Ints, above_random: float) -> Ints:
    """Swaps of the worst table with others that raise the lower of the two mean distances, within the allowed loss.

    `raw` are the distances between units without rules and without centring; blocks of several people stay.
    """
    slots = Slots(problem, seats)
    allowance = max(above_random, 0.0) * ALLOWED_LOSS
    for _change in range(CHANGES):
        change = _best(slots, problem, raw, allowance)
        if change is None:
            break
        loss, a, b, p, q = change
        allowance -= max(loss, 0.0)
        slots.swap(np.array([a]), np.array([b]), np.array([p]), np.array([q]))
    return slots.seats()


def _best(
    slots: Slots, problem: Problem, raw: Floats, allowance: float
) -> tuple[float, int, int, int, int] | None:
    seats, n = slots.seats(), problem.units
    at = np.zeros((problem.tables, n))
    at[seats, np.arange(n)] = 1
    near = at @ raw
    sums = (near * at).sum(axis=1) / 2
    sizes = at @ problem.weights
    pairs = np.maximum(sizes * (sizes - 1) / 2, 1)
    means = np.where(sizes > 1, sums / pairs, np.inf)
    worst = int(means.argmin())
    single = problem.weights == 1
    mine = np.flatnonzero((seats == worst) & single)
    theirs = np.flatnonzero((seats != worst) & single)
    if not len(mine) or not len(theirs) or not np.isfinite(means[worst]):
        return None
    where = seats[theirs]
    apart = raw[np.ix_(mine, theirs)]
    here = (sums[worst] - near[worst, mine][:, None] + near[worst, theirs][None, :] - apart) / pairs[worst]
    there = (sums[where][None, :] - near[where, theirs][None, :] + near[where][:, mine].T - apart) / pairs[
        where
    ]
    lower = np.minimum(here, there)
    gain = (
        slots.D[where][:, mine].T
        - slots.D[worst, mine][:, None]
        + slots.D[worst, theirs][None, :]
        - slots.D[where, theirs][None, :]
        - 2 * slots.d[np.ix_(mine, theirs)]
    )
    lower[(gain < -allowance) | (gain < -FORBIDDEN / 2)] = -np.inf
    best = int(lower.argmax())
    if lower.ravel()[best] <= means[worst] + 1e-9:
        return None
    i, j = mine[best // len(theirs)], theirs[best % len(theirs)]
    p = int(np.flatnonzero(slots.slots[worst] == i)[0])
    q = int(np.flatnonzero(slots.slots[seats[j]] == j)[0])
    return float(-gain.ravel()[best]), worst, int(seats[j]), p, q
