"""Chance that answers the same on every machine: a seeded PCG64, read as whole numbers only.

Heat needs noise with a logarithm in it, and the last bit of a logarithm differs between machines. So the noise comes
from a table of 65,536 values rounded to 2^-10, and a temperature is a multiple of 2^-10 too: then every sum of a gain
and its noise is exact, and no machine can choose otherwise.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GRAIN = 1024.0
TABLE = 1 << 16
POOL = 1 << 16


class Chance:
    """A stream of whole numbers from one seed. The same seed gives the same stream, whatever the version of numpy."""

    def __init__(self, seed: int, *path: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed % (1 << 64), *path]))

    def raw(self, count: int) -> NDArray[np.uint64]:
        """So many numbers of 64 bits."""
        return np.asarray(self._bits.random_raw(count), dtype=np.uint64)

    def below(self, limit: int, count: int) -> Ints:
        """So many whole numbers from 0 up to, not including, `limit`."""
        return (self.raw(count) >> np.uint64(11)).astype(np.int64) % limit

    def orders(self, length: int, count: int) -> Ints:
        """So many random orders of 0 … length-1, a row each."""
        return np.argsort(self.raw(length * count).reshape(count, length), axis=1, kind="stable")

    def order(self, length: int) -> Ints:
        """One random order of 0 … length-1."""
        return self.orders(length, 1)[0]


@cache
def gumbel_table() -> Floats:
    """The quantiles of the Gumbel distribution at (k + 1/2) / 65536, rounded to 2^-10."""
    places = (np.arange(TABLE) + 0.5) / TABLE
    return np.rint(-np.log(-np.log(places)) * GRAIN) / GRAIN


def noise(chance: Chance, count: int) -> Floats:
    """So many values of Gumbel noise."""
    words = chance.raw((count + 3) // 4).astype("<u8", copy=False)
    return gumbel_table()[words.view("<u2")[:count]]


def rounded(temperature: float) -> float:
    """A temperature as a multiple of 2^-10, never nothing."""
    return max(np.rint(temperature * GRAIN), 1.0) / GRAIN
