"""The auction of places (Bertsekas), for many organisations and mentors with several places each.

Every organisation without a mentor bids for the mentor with the best score less price, up to what the second best
leaves it, and `eps` more. A mentor keeps the highest bids; its price is the lowest bid kept once its places are full,
else 0. What comes out is at most `eps` per organisation below the best there is, and the prices prove it: so with whole
scores made larger by one more than there are organisations, an `eps` of 1 gives the best there is.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from ..chance import Ints
from .edges import NOBODY, WORST, Edges

CROWD = 64  # fewer bidders than this bid one by one
SINGLE = 1500  # a single bid takes as long as looking at so many edges in a crowd


class Prices(NamedTuple):
    """Who has whom (or NOBODY), and the price of a place of each mentor."""

    assigned: Ints
    price: Ints


class TooLong(RuntimeError):
    """Mentors that are all alike to everybody are fought over in steps of `eps`; the fight was broken off."""


def auction(edges: Edges, places: Ints, eps: int, most_work: int | None = None) -> Prices:
    """Run it from prices of 0 until nobody bids. Raises `TooLong` where more edges would be looked at."""
    count = edges.organisations
    assigned = np.full(count, NOBODY, dtype=np.int64)
    bid = np.zeros(count, dtype=np.int64)
    price = np.where(places > 0, 0, -2 * WORST)
    bidding = np.flatnonzero((edges.mentor != NOBODY).any(axis=1))
    left = np.inf if most_work is None else most_work
    width = edges.mentor.shape[1]
    while len(bidding) > CROWD:
        left -= len(bidding) * width
        if left < 0:
            raise TooLong
        bidding = _crowd(edges, places, eps, bidding, assigned, bid, price)
    _one_by_one(edges, places, eps, bidding, assigned, bid, price, left / SINGLE)
    return Prices(assigned, np.where(places > 0, price, 0))


def _bids(edges: Edges, bidding: Ints, price: Ints, eps: int) -> tuple[Ints, Ints, Ints]:
    """Of those who still want a mentor: who, for whom, how much."""
    mentor = edges.mentor[bidding]
    net = np.where(mentor == NOBODY, WORST, edges.score[bidding] - price[mentor])
    steady = np.arange(len(bidding))
    best = net.argmax(axis=1)
    first = net[steady, best]
    net[steady, best] = WORST
    second = np.maximum(net.max(axis=1), 0)
    wants = first >= 0
    amount = edges.score[bidding, best] - second + eps
    return bidding[wants], mentor[steady, best][wants], amount[wants]


def _crowd(
    edges: Edges, places: Ints, eps: int, bidding: Ints, assigned: Ints, bid: Ints, price: Ints
) -> Ints:
    """All bid at once; returns who has to bid again."""
    who, wanted, amount = _bids(edges, bidding, price, eps)
    if not len(who):
        return who
    asked = np.zeros(edges.mentors, dtype=bool)
    asked[wanted] = True
    holders = np.flatnonzero((assigned != NOBODY) & asked[assigned])
    everybody = np.concatenate([holders, who])
    mentor = np.concatenate([assigned[holders], wanted])
    offered = np.concatenate([bid[holders], amount])
    order = np.lexsort((everybody, -offered, mentor))
    everybody, mentor, offered = everybody[order], mentor[order], offered[order]
    first = np.searchsorted(mentor, mentor)
    rank = np.arange(len(mentor)) - first
    kept = rank < places[mentor]
    assigned[everybody] = np.where(kept, mentor, NOBODY)
    bid[everybody] = offered
    last = rank == places[mentor] - 1
    price[mentor[last]] = offered[last]
    return np.sort(everybody[~kept])


def _one_by_one(
    edges: Edges, places: Ints, eps: int, bidding: Ints, assigned: Ints, bid: Ints, price: Ints, most: float
) -> None:
    held: list[list[tuple[int, int]]] = [[] for _mentor in range(edges.mentors)]
    for organisation in np.flatnonzero(assigned != NOBODY).tolist():
        heappush(held[assigned[organisation]], (int(bid[organisation]), -organisation))
    waiting = bidding.tolist()[::-1]
    bids = 0
    while waiting:
        bids += 1
        if bids > most:
            raise TooLong
        organisation = waiting.pop()
        who, wanted, amount = _bids(edges, np.array([organisation]), price, eps)
        if not len(who):
            continue
        mentor = int(wanted[0])
        heap = held[mentor]
        heappush(heap, (int(amount[0]), -organisation))
        assigned[organisation] = mentor
        if len(heap) > places[mentor]:
            _lowest, minus = heappop(heap)
            assigned[-minus] = NOBODY
            waiting.append(-minus)
        if len(heap) == places[mentor]:
            price[mentor] = heap[0][0]
