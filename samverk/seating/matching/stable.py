"""Stable matching (deferred acceptance): no organisation and mentor would both rather have each other."""

from __future__ import annotations

import numpy as np

from ..chance import Ints
from .edges import NOBODY, Edges


def stable(edges: Edges, places: Ints) -> Ints:
    """Who has whom, ties by id. Both sides go by the same score, so the best pair that is left is always accepted.

    That is what deferred acceptance comes to where the two sides agree how good a pair is.
    """
    who, at = np.nonzero(edges.mentor != NOBODY)
    mentor, score = edges.mentor[who, at], edges.score[who, at]
    order = np.lexsort((mentor, who, -score))
    left = places.copy()
    assigned = np.full(edges.organisations, NOBODY, dtype=np.int64)
    for organisation, chosen in zip(who[order].tolist(), mentor[order].tolist(), strict=True):
        if assigned[organisation] == NOBODY and left[chosen] > 0:
            assigned[organisation] = chosen
            left[chosen] -= 1
    return assigned


def blocking_pairs(edges: Edges, places: Ints, assigned: Ints) -> int:
    """Pairs that would both rather have each other than what they have."""
    own = np.where(assigned == NOBODY, -1, edges.scores_with(assigned))
    held = np.bincount(assigned[assigned != NOBODY], minlength=edges.mentors)
    lowest = np.full(edges.mentors, 1 << 40, dtype=np.int64)
    np.minimum.at(lowest, assigned[assigned != NOBODY], own[assigned != NOBODY])
    lowest[held < places] = -1
    lowest[places == 0] = 1 << 40
    who, at = np.nonzero(edges.mentor != NOBODY)
    score = edges.score[who, at]
    return int(((score > own[who]) & (score > lowest[edges.mentor[who, at]])).sum())
