"""A matching whole: pairs with the parts of their scores, why not somebody else, the bound, and who is left without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..chance import Ints
from .edges import NOBODY, Edges, edges_from, edges_from_dense
from .scoring import Row, Scored, score_all
from .solving import Solved, bound, solve
from .stable import blocking_pairs, stable

KEPT = 60  # edges of each organisation at first
ALTERNATIVES = 3
REPAIRS = 6


@dataclass(frozen=True)
class Matching:
    """The answer. `edges` are all that are allowed; prices belong to the best matching, whichever mode was asked for."""

    mentor_ids: tuple[str, ...]
    organisation_ids: tuple[str, ...]
    places: Ints
    edges: Edges
    assigned: Ints
    price: Ints
    best_score: int
    bound: int
    scored: Scored | None
    mode: str
    solver: str

    @property
    def score(self) -> int:
        """The sum of the scores of the pairs."""
        return int(self.edges.scores_with(self.assigned).sum())

    def left(self, organisation: int) -> int:
        """What an organisation's score leaves after the price of its mentor; 0 without one."""
        mentor = int(self.assigned[organisation])
        own = self.edges.score_of(organisation, mentor) if mentor != NOBODY else None
        return 0 if own is None else own - int(self.price[mentor])

    def why_not(self, organisation: int, mentor: int) -> dict[str, Any] | None:
        """Why this mentor is not the organisation's, in figures: forcing it would lose at least `loss`; None if not allowed.

        score - price is what the pair would leave; the organisation's own pair leaves more by `loss`.
        """
        score = self.edges.score_of(organisation, mentor)
        if score is None:
            return None
        price = int(self.price[mentor])
        held = np.flatnonzero(self.assigned == mentor)
        return {
            "mentor": self.mentor_ids[mentor],
            "score": score,
            "price": price,
            "given_net": self.left(organisation),
            "loss": self.left(organisation) - (score - price),
            "held_by": [self.organisation_ids[one] for one in held],
        }


def match_rows(mentors: Sequence[Row], organisations: Sequence[Row], mode: str = "best") -> Matching:
    """Match by the visible score. Rows have `id`, mentors `places`, and the columns of `scoring`. Raises ValueError."""
    mentors, organisations = _sorted(mentors), _sorted(organisations)
    scored = score_all(mentors, organisations)
    places = np.array([int(row["places"]) for row in mentors], dtype=np.int64)
    usable = np.where(places[None, :] > 0, scored.total, -1) if len(mentors) else scored.total
    ids = tuple(row["id"] for row in mentors), tuple(row["id"] for row in organisations)
    if not len(mentors) or not len(organisations):
        return finished(*ids, places, edges_from([], len(organisations), len(mentors)), scored, mode)
    return finished(*ids, places, edges_from_dense(usable, len(mentors)), scored, mode)


def match_scores(
    places: Mapping[str, int],
    organisations: Sequence[str],
    scores: Mapping[tuple[str, str], int],
    mode: str = "best",
) -> Matching:
    """Match by given scores of (mentor, organisation); pairs that are not there are not allowed."""
    mentors, ordered = sorted(places), sorted(organisations)
    at_mentor = {id_: at for at, id_ in enumerate(mentors)}
    at_organisation = {id_: at for at, id_ in enumerate(ordered)}
    triples = [
        (at_organisation[organisation], at_mentor[mentor], score)
        for (mentor, organisation), score in scores.items()
        if places[mentor] > 0
    ]
    room = np.array([places[id_] for id_ in mentors], dtype=np.int64)
    edges = edges_from(triples, len(ordered), len(mentors))
    return finished(tuple(mentors), tuple(ordered), room, edges, None, mode)


def _sorted(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["id"])


def finished(
    mentor_ids: tuple[str, ...], organisation_ids: tuple[str, ...], places: Ints, edges: Edges,
    scored: Scored | None, mode: str,
) -> Matching:  # fmt: skip
    solved = solve_all(edges, places)
    assigned = stable(edges, places) if mode == "stable" else solved.assigned
    best = int(edges.scores_with(solved.assigned).sum())
    return Matching(
        mentor_ids, organisation_ids, places, edges, assigned, solved.price, best,
        bound(edges, places, solved.price), scored, mode, solved.solver,
    )  # fmt: skip


def solve_all(edges: Edges, places: Ints) -> Solved:
    """Solve on the best edges of each organisation, and again with those that would still be liked better."""
    some = edges.cut(KEPT)
    solved = solve(some, places)
    for _repair in range(REPAIRS if edges.count else 0):
        net = np.where(edges.mentor == NOBODY, -1, edges.score - solved.price[edges.mentor])
        own = some.scores_with(solved.assigned) - np.where(
            solved.assigned == NOBODY, 0, solved.price[solved.assigned]
        )
        missed = np.argwhere(net[:, some.mentor.shape[1] :] > np.maximum(own, 0)[:, None])
        if not len(missed) or some.mentor.shape[1] >= edges.mentor.shape[1]:
            break
        some = _with(edges, some, missed)
        solved = solve(some, places)
    return solved


def _with(edges: Edges, some: Edges, missed: Ints) -> Edges:
    """More edges for those organisations that miss some: as many as reach the last one missed."""
    width = int(missed[:, 1].max()) + 1 + some.mentor.shape[1]
    wanted = np.zeros(edges.organisations, dtype=np.int64)
    np.maximum.at(wanted, missed[:, 0], missed[:, 1] + 1)
    keep = np.arange(width)[None, :] < (np.maximum(wanted, 0) + some.mentor.shape[1])[:, None]
    mentor = np.where(keep, edges.mentor[:, :width], NOBODY)
    return Edges(mentor, np.where(mentor == NOBODY, -(1 << 40), edges.score[:, :width]), edges.mentors)


def to_json(matching: Matching) -> dict[str, Any]:
    """The answer as the shell prints it."""
    return {
        "pairs": [_pair(matching, at) for at in np.flatnonzero(matching.assigned != NOBODY).tolist()],
        "score": matching.score,
        "bound": matching.bound,
        "unserved": [_unserved(matching, at) for at in np.flatnonzero(matching.assigned == NOBODY).tolist()],
        "blocking_pairs": blocking_pairs(matching.edges, matching.places, matching.assigned),
        "price_of_stability": matching.best_score - matching.score,
        "prices": {
            id_: int(price)
            for id_, price in zip(matching.mentor_ids, matching.price, strict=True)
            if price > 0
        },
        "mode": matching.mode,
        "solver": matching.solver,
    }


def _pair(matching: Matching, organisation: int) -> dict[str, Any]:
    mentor = int(matching.assigned[organisation])
    score = matching.edges.score_of(organisation, mentor)
    scored = matching.scored
    others = [int(one) for one in matching.edges.mentor[organisation] if one not in (NOBODY, mentor)][
        :ALTERNATIVES
    ]
    return {
        "mentor": matching.mentor_ids[mentor],
        "organisation": matching.organisation_ids[organisation],
        "score": score,
        "parts": {"given": score}
        if scored is None
        else {name: int(part[organisation, mentor]) for name, part in scored.parts.items()},
        "why_not": [matching.why_not(organisation, other) for other in others],
    }


def _unserved(matching: Matching, organisation: int) -> dict[str, Any]:
    """Which filter removed how many mentors, or that everybody who may is taken by others who gain more."""
    allowed = [int(one) for one in matching.edges.mentor[organisation] if one != NOBODY]
    filters = {}
    if matching.scored is not None:
        filters = {
            name: int(gone[organisation].sum()) for name, gone in matching.scored.removed.items() if gone.size
        }
        filters = {name: count for name, count in filters.items() if count}
    if not allowed:
        why = "; ".join(f"{name}: {count}" for name, count in filters.items()) or "no pair is allowed"
        return {
            "organisation": matching.organisation_ids[organisation],
            "reason": f"no mentor passes the filters ({why})",
            "removed": filters,
            "why_not": [],
        }
    return {
        "organisation": matching.organisation_ids[organisation],
        "reason": f"all {len(allowed)} mentors that would do are full with organisations that gain more from them",
        "removed": filters,
        "why_not": [matching.why_not(organisation, other) for other in allowed[:ALTERNATIVES]],
    }
