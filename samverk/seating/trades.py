"""A block of people against several others of the same number: the one change that a swap of two cannot make."""

from __future__ import annotations

import numpy as np

from .chance import Chance, Floats, Ints, noise, rounded
from .slots import Slots


class Trades:
    """Trades of a block (weight two and more) with smaller units of another table that weigh as much together."""

    def __init__(self, slots: Slots, chance: Chance) -> None:
        self.slots, self.chance = slots, chance
        weights = slots.weights[: slots.units]
        differ = bool((weights == 1).any()) or len(set(weights)) > 1
        self.blocks: Ints = np.flatnonzero(weights > 1) if differ else np.empty(0, dtype=np.int64)

    def try_some(self, count: int, temperature: float) -> None:
        """So many trades drawn at random, taken by heat."""
        if not len(self.blocks) or self.slots.tables < 2:
            return
        blocks = self.blocks[self.chance.below(len(self.blocks), count)]
        tables = self.chance.below(self.slots.tables - 1, count)
        width = self.slots.width
        noisy = noise(self.chance, count * (width + 2)).reshape(count, width + 2) * rounded(temperature)
        for block, skip, heat in zip(blocks, tables, noisy, strict=True):
            a = self._table_of(block)
            b = int(skip + (skip >= a))
            others = self._matching(block, a, b, heat[2:])
            if len(others) and self._gain(block, others, a, b) + heat[0] > heat[1]:
                self._apply(block, others, a, b)

    def descend(self) -> bool:
        """Every trade that gains, the best of each table's choice; tells whether there was any."""
        found = False
        calm = np.zeros(self.slots.width)
        for block in self.blocks:
            for b in range(self.slots.tables):
                a = self._table_of(block)
                if a == b:
                    continue
                others = self._matching(block, a, b, calm)
                if len(others) and self._gain(block, others, a, b) > 0:
                    self._apply(block, others, a, b)
                    found = True
        return found

    def _table_of(self, unit: int) -> int:
        return int(np.flatnonzero(self.slots.slots.ravel() == unit)[0]) // self.slots.width

    def _matching(self, block: int, a: int, b: int, heat: Floats) -> Ints:
        """Units of table b that weigh as much as the block, the most willing first; nobody where none fit."""
        slots = self.slots
        here = slots.slots[b]
        wish = slots.D[a, here] - slots.D[b, here] - 2 * slots.d[block, here] + heat
        weights = slots.weights[here]
        left = int(slots.weights[block])
        chosen = []
        for at in np.argsort(-wish, kind="stable"):
            if 0 < weights[at] <= left:
                chosen.append(here[at])
                left -= int(weights[at])
                if not left:
                    return np.array(chosen, dtype=np.int64)
        return np.array([], dtype=np.int64)

    def _gain(self, block: int, others: Ints, a: int, b: int) -> float:
        slots = self.slots
        alone = slots.D[b, block] - slots.D[a, block]
        they = (slots.D[a, others] - slots.D[b, others] - 2 * slots.d[block, others]).sum()
        return float(alone + they + slots.d[np.ix_(others, others)].sum())

    def _apply(self, block: int, others: Ints, a: int, b: int) -> None:
        slots, nobody = self.slots, self.slots.units
        for table, gone, come in ((a, [block], others), (b, others, [block])):
            stay = [unit for unit in slots.slots[table] if unit != nobody and unit not in gone]
            row = [*stay, *come]
            slots.slots[table] = [*row, *[nobody] * (slots.width - len(row))]
        change = slots.d[others].sum(axis=0) - slots.d[block]
        slots.D[a] += change
        slots.D[b] -= change
