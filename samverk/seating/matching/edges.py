"""Which mentor may take which organisation, and how good that is: rows of equal length, best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..chance import Ints

NOBODY = -1
WORST = -(1 << 40)


@dataclass(frozen=True)
class Edges:
    """Organisations x at most k mentors: `mentor` (or NOBODY) and `score`, best first; ties in an order of its own for each."""

    mentor: Ints
    score: Ints
    mentors: int

    @property
    def organisations(self) -> int:
        return len(self.mentor)

    @property
    def count(self) -> int:
        return int((self.mentor != NOBODY).sum())

    def score_of(self, organisation: int, mentor: int) -> int | None:
        """The score of a pair; None where it is not allowed."""
        found = np.flatnonzero(self.mentor[organisation] == mentor)
        return int(self.score[organisation, found[0]]) if len(found) else None

    def scores_with(self, assigned: Ints) -> Ints:
        """The score of each organisation with its mentor; 0 where it has none."""
        at = self.mentor == np.where(assigned == NOBODY, NOBODY - 1, assigned)[:, None]
        return np.where(at.any(axis=1), (self.score * at).sum(axis=1), 0)

    def cut(self, most: int) -> Edges:
        """Only the best so many of each organisation."""
        return Edges(self.mentor[:, :most], self.score[:, :most], self.mentors)

    def dense(self) -> Ints:
        """Organisations x mentors; -1 where not allowed."""
        full = np.full((self.organisations, self.mentors + 1), -1, dtype=np.int64)
        full[np.arange(self.organisations)[:, None], self.mentor] = self.score
        full[:, self.mentors] = -1
        return full[:, : self.mentors]


def edges_from(triples: Iterable[tuple[int, int, int]], organisations: int, mentors: int) -> Edges:
    """Edges from (organisation, mentor, score)."""
    rows = np.array(list(triples), dtype=np.int64).reshape(-1, 3)
    turned = (rows[:, 1] - rows[:, 0] * 61) % max(mentors, 1)
    rows = rows[np.lexsort((turned, -rows[:, 2], rows[:, 0]))]
    counts = np.bincount(rows[:, 0], minlength=organisations)
    width = max(int(counts.max(initial=0)), 1)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    mentor = np.full((organisations, width), NOBODY, dtype=np.int64)
    score = np.full((organisations, width), WORST, dtype=np.int64)
    mentor[rows[:, 0], place] = rows[:, 1]
    score[rows[:, 0], place] = rows[:, 2]
    return Edges(mentor, score, mentors)


def edges_from_dense(scores: Ints, most: int) -> Edges:
    """The best so many of each row of organisations x mentors; below 0 is not allowed."""
    organisations, mentors = scores.shape
    keep = min(most, mentors)
    # Equal scores begin with another mentor for each organisation; else all would keep, and want, the same few.
    turned = (np.arange(mentors) - np.arange(organisations)[:, None] * 61) % mentors
    key = scores * np.int64(mentors + 1) - turned
    top = np.argpartition(-key, keep - 1, axis=1)[:, :keep] if keep < mentors else np.argsort(-key, axis=1)
    order = np.argsort(-np.take_along_axis(key, top, 1), axis=1, kind="stable")
    mentor = np.take_along_axis(top, order, 1).astype(np.int64)
    score = np.take_along_axis(scores, mentor, 1).astype(np.int64)
    allowed = score >= 0
    return Edges(np.where(allowed, mentor, NOBODY), np.where(allowed, score, WORST), mentors)
