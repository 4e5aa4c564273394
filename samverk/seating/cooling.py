"""Heat that falls: the cooling of the numpy kernel, and what comes before and after it in either kernel."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .chance import Chance
from .effort import Clock
from .slots import FORBIDDEN, Slots, descend
from .trades import Trades

#: Where the heat begins, as a share of the median loss of a random swap at a local best, and how far it cools.
WARM = 0.05
COLD = 0.25
SAMPLE = 8000
TURNS = 200  # temperatures from hot to cold, at most
TURN = 3000.0  # microseconds of work at one temperature, at least where there is little
TRADES = 6  # of blocks at each
SHAKEN = 20  # one in so many changes table before a new start


class Stepper(Protocol):
    """A kernel: changes an arrangement at one temperature, for so many microseconds of work; tells its steps."""

    def run(self, slots: Slots, temperature: float, work: float) -> int: ...


def cool(
    slots: Slots, stepper: Stepper, chance: Chance, span: tuple[float, float], work: float, clock: Clock
) -> int:
    """From hot to cold, geometrically, with so many microseconds of work; returns how many steps were made."""
    hot, cold = span
    trades, steps = Trades(slots, chance), 0
    turns = int(min(TURNS, max(TURNS / 10, work / TURN)))
    for turn in range(turns):
        if clock.is_over():
            break
        temperature = hot * (cold / hot) ** (turn / turns)
        steps += stepper.run(slots, temperature, work / turns)
        trades.try_some(TRADES, temperature)
    return steps


def settle(slots: Slots, chance: Chance) -> None:
    """Down to where no swap, no move and no trade gains anything."""
    trades = Trades(slots, chance)
    descend(slots)
    while trades.descend():
        descend(slots)


def shake(slots: Slots, chance: Chance) -> None:
    """Swap one in twenty with somebody of another table, where the rules let them."""
    pairs = slots.tables // 2
    for _time in range(max(1, slots.units // SHAKEN // max(pairs, 1))):
        order = chance.order(slots.tables)
        a, b = order[:pairs], order[pairs : 2 * pairs]
        gain = slots.gains(a, b, slots.slots[a], slots.slots[b])
        drawn = chance.below(gain.shape[1], pairs)
        allowed = np.flatnonzero(gain[np.arange(pairs), drawn] > -FORBIDDEN / 2)
        if len(allowed):
            mine, theirs = np.divmod(drawn[allowed], slots.width)
            slots.swap(a[allowed], b[allowed], mine, theirs)


def median_loss(slots: Slots, chance: Chance) -> float:
    """What a random swap of two people of different tables loses here, in the middle."""
    i, j = chance.below(slots.units, SAMPLE), chance.below(slots.units, SAMPLE)
    seats = slots.seats()
    a, b = seats[i], seats[j]
    loss = slots.D[a, i] + slots.D[b, j] - slots.D[b, i] - slots.D[a, j] + 2 * slots.d[i, j]
    usual = loss[(a != b) & (abs(loss) < FORBIDDEN / 2)]
    return float(max(np.median(usual), 1.0)) if len(usual) else 1.0
