"""The best matching there is, with prices that prove it: by flow where OR-tools is installed, else by auction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from ..chance import Ints
from .auction import Prices, TooLong, auction
from .edges import NOBODY, WORST, Edges

WORK = 60_000_000  # edges an auction may look at before it is broken off
DENSE = 1_000_000

Way = Callable[[Edges, Ints], Prices]


@dataclass(frozen=True)
class Solved:
    """Who has whom, the whole price of each mentor's place, and which way it was found."""

    assigned: Ints
    price: Ints
    solver: str


def solve(edges: Edges, places: Ints) -> Solved:
    """Most score in total, each organisation at most one mentor, each mentor at most `places`.

    Of the ways that are open, the first whose answer its prices prove to be the best; the best answer where none is.
    """
    best = Solved(np.full(edges.organisations, NOBODY, dtype=np.int64), np.zeros_like(places), "none")
    if not edges.count:
        return best
    most = -1
    for name, way in _ways(edges, places):
        try:
            found = way(edges, places)
        except TooLong:
            continue
        price = least_prices(edges, places, found.assigned)
        if price is not None:
            return Solved(found.assigned, price, name)
        value = int(edges.scores_with(found.assigned).sum())
        if value > most:
            best, most = Solved(found.assigned, found.price, name), value
    return best


def _ways(edges: Edges, places: Ints) -> Iterator[tuple[str, Way]]:
    """The ways that are open here, in the order of trying."""
    if find_spec("ortools"):
        yield "flow", by_flow
    yield "auction of 5", lambda edges, places: auction(edges, places, 5, WORK)
    yield "auction", by_auction
    if int(np.minimum(places, edges.organisations).sum()) * edges.organisations <= DENSE:
        yield "assignment", by_assignment
    yield "auction of 1", lambda edges, places: auction(edges, places, 1, WORK)
    yield "auction of 25", lambda edges, places: auction(edges, places, 25, None)


def by_auction(edges: Edges, places: Ints) -> Prices:
    """Exact, because the scores are made larger than any doubt. Raises `TooLong`."""
    large = edges.organisations + 1
    scaled = Edges(edges.mentor, np.where(edges.mentor == NOBODY, WORST, edges.score * large), edges.mentors)
    found = auction(scaled, places, 1, WORK)
    return Prices(found.assigned, -(-found.price // large))


def by_assignment(edges: Edges, places: Ints) -> Prices:
    """Exact, by scipy's dense assignment over single places; for few people."""
    from scipy.optimize import linear_sum_assignment

    full = edges.dense()
    slots = np.repeat(np.arange(edges.mentors), np.minimum(places, edges.organisations))
    worth = np.concatenate(
        [full[:, slots], np.zeros((edges.organisations, edges.organisations), dtype=np.int64)], axis=1
    )
    worth = np.where(worth < 0, -1e9, worth)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    assigned = np.full(edges.organisations, NOBODY, dtype=np.int64)
    taken = columns < len(slots)
    assigned[rows[taken]] = slots[columns[taken]]
    bad = worth[rows, columns] < 0
    assigned[rows[bad]] = NOBODY
    return Prices(assigned, np.zeros_like(places))


def by_flow(edges: Edges, places: Ints) -> Prices:
    """Exact, by OR-tools' minimum-cost flow; needs the extra ``[exact]``."""
    from ortools.graph.python import min_cost_flow

    organisations, mentors = edges.organisations, edges.mentors
    who, at = np.nonzero(edges.mentor != NOBODY)
    source, sink = organisations + mentors, organisations + mentors + 1
    tails = np.concatenate(
        [np.full(organisations, source), who, np.arange(mentors) + organisations, np.arange(organisations)]
    )
    heads = np.concatenate(
        [
            np.arange(organisations),
            edges.mentor[who, at] + organisations,
            np.full(mentors, sink),
            np.full(organisations, sink),
        ]
    )
    room = np.concatenate([np.ones(organisations + len(who)), places, np.ones(organisations)]).astype(
        np.int64
    )
    cost = np.concatenate(
        [np.zeros(organisations), -edges.score[who, at], np.zeros(mentors + organisations)]
    ).astype(np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, cost)
    flow.set_node_supply(source, organisations)
    flow.set_node_supply(sink, -organisations)
    if flow.solve() != flow.OPTIMAL:
        raise TooLong
    moved = flow.flows(arcs)[organisations : organisations + len(who)] > 0
    assigned = np.full(organisations, NOBODY, dtype=np.int64)
    assigned[who[moved]] = edges.mentor[who[moved], at[moved]]
    return Prices(assigned, np.zeros_like(places))


def least_prices(edges: Edges, places: Ints, assigned: Ints) -> Ints | None:
    """The lowest whole prices under which everybody has what they like best; None where the matching is not the best.

    Raised from 0 until no organisation would rather have another mentor; a mentor with free places must stay at 0.
    """
    full = np.bincount(assigned[assigned != NOBODY], minlength=edges.mentors) >= places
    who, at = np.nonzero(edges.mentor != NOBODY)
    mentor, score = edges.mentor[who, at], edges.score[who, at]
    own = edges.scores_with(assigned)
    price = np.zeros(edges.mentors, dtype=np.int64)
    for _round in range(edges.mentors + 2):
        left = np.where(assigned == NOBODY, 0, own - price[assigned])
        if (left < 0).any():
            return None
        needed = np.zeros(edges.mentors, dtype=np.int64)
        np.maximum.at(needed, mentor, score - left[who])
        raised = np.maximum(price, needed)
        if (raised[~full] > 0).any():
            return None
        if (raised == price).all():
            return price
        price = raised
    return None


def bound(edges: Edges, places: Ints, price: Ints) -> int:
    """No matching can be worth more: all places at their price, and what each organisation has left at best."""
    if not edges.count:
        return 0
    net = np.where(edges.mentor == NOBODY, WORST, edges.score - price[edges.mentor])
    return int((places * price).sum() + np.maximum(net.max(axis=1), 0).sum())
