"""People who sit together are one unit: contracted before the search, and spread out again after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .chance import Floats, Ints


@dataclass(frozen=True)
class Blocks:
    """`of[person]` is the unit of each person, `weights[unit]` how many are in it."""

    of: Ints
    weights: Ints

    @property
    def trivial(self) -> bool:
        """Whether everybody stands alone."""
        return len(self.weights) == len(self.of)

    def members(self, unit: int) -> list[int]:
        return np.flatnonzero(self.of == unit).tolist()

    def contract(self, pairs: Floats) -> Floats:
        """Sums of a matrix of people over the units; nothing inside a unit."""
        if self.trivial:
            return pairs.copy()
        at = np.zeros((len(self.weights), len(self.of)))
        at[self.of, np.arange(len(self.of))] = 1
        summed = at @ pairs @ at.T
        np.fill_diagonal(summed, 0)
        return summed

    def contract_rows(self, rows: Floats) -> Floats:
        """Sums of a matrix tables x people over the units."""
        summed = np.zeros((len(rows), len(self.weights)))
        np.add.at(summed.T, self.of, rows.T)
        return summed


def blocks_of(people: int, together: Iterable[tuple[int, ...]]) -> Blocks:
    """Units of people named together, directly or by a chain; numbered by their first person."""
    parent = list(range(people))

    def root(person: int) -> int:
        while parent[person] != person:
            parent[person] = person = parent[parent[person]]
        return person

    for members in together:
        for other in members[1:]:
            one, two = sorted((root(members[0]), root(other)))
            parent[two] = one
    roots = np.array([root(person) for person in range(people)], dtype=np.int64)
    first, of = np.unique(roots, return_inverse=True)
    return Blocks(of.astype(np.int64), np.bincount(of, minlength=len(first)).astype(np.int64))
