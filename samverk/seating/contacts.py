"""What a meeting is worth (the social golfer's problem with weights and history), in thousandths.

A pair that meets for the first time is worth its weight: 1 where the two are alike in everything that is mixed, 3 where
they differ in everything. Each further meeting costs more than the one before: f(k) = w - rho k (k - 1) / 2.
"""

from __future__ import annotations

import numpy as np

from .chance import Floats

SAME, ACROSS, RHO = 1000, 3000, 4000


def weights_of(distances: Floats, whole: float) -> Floats:
    """The weight of each pair; `whole` is the distance of two who differ in everything, 0 where nothing is mixed."""
    if not whole:
        return np.full(distances.shape, float(SAME))
    return SAME + np.rint((ACROSS - SAME) * distances / whole)


def worth_of_meetings(w: Floats, times: Floats) -> Floats:
    """f(k) of each pair that met so many times."""
    return np.where(times > 0, w - RHO * times * (times - 1) / 2, 0.0)


def worth_of_one_more(w: Floats, times: Floats) -> Floats:
    """f(k + 1) - f(k): what one more meeting of each pair is worth."""
    return np.where(times > 0, -RHO * times, w)


def together(seats: np.ndarray) -> Floats:
    """1 where two people sit at one table."""
    same = (seats[:, None] == seats[None, :]).astype(np.float64)
    np.fill_diagonal(same, 0)
    return same
