"""Why the tables are as they are: figures for each table, for each attribute, and for each person."""

from __future__ import annotations

from typing import Any

import numpy as np

from .chance import Chance, Floats, Ints
from .contacts import together, weights_of, worth_of_one_more
from .people import CATEGORICAL, MULTIPLE, Attribute
from .plan import RANDOM_SPLITS, Seating
from .slots import FORBIDDEN

LISTED_CONTACTS = 60


def to_json(seating: Seating) -> dict[str, Any]:
    """The answer as the shell prints it."""
    rules = seating.wish.rules
    answer: dict[str, Any] = {
        "seating": seating.tables(),
        "value": seating.value,
        "random_mean": round(seating.random_mean, 3),
        **seating.counts(),
        "violations": [],
        "kernel": seating.kernel,
        "seed": seating.wish.seed,
        "effort": seating.wish.effort,
        "seconds": round(seating.seconds, 3),
        "truncated": seating.truncated,
        "tables": tables_of(seating),
        "people": people_of(seating),
        "spread": spread_of(seating),
        "repeated": repeats_of(seating),
        "contacts_at_most": contacts_at_most(seating),
    }
    if rules.languages:
        answer["table_languages"] = [list(room.languages) for room in seating.rooms]
    low, high = rules.sizes(len(seating.people))
    if (seating.rooms[0].low, seating.rooms[0].high) != (low, high):
        answer["notes"] = [
            f"Tables of {low} to {high} cannot keep these rules; they seat"
            f" {seating.rooms[0].low} to {seating.rooms[0].high}."
        ]
    return answer


def shown_attributes(seating: Seating) -> list[Attribute]:
    """The attributes that are counted at each table: what is mixed, and what the rules speak of."""
    rules = seating.wish.rules
    names = [*seating.wish.mix, *rules.apart, *([rules.languages] if rules.languages else [])]
    return [seating.people.attributes[name] for name in dict.fromkeys(names)]


def tables_of(seating: Seating) -> list[dict[str, Any]]:
    """Each table: who is there by attribute, how far apart they are in the mean, and how many chance tables are less."""
    means = _chance_means(seating)
    found = []
    attributes = shown_attributes(seating)
    for round_, seats in enumerate(seating.seats):
        for table in range(seating.wish.rules.tables):
            members = np.flatnonzero(seats == table).tolist()
            mean = mean_distance(seating, members)
            below = (means < mean - 1e-9).sum() + ((abs(means - mean) <= 1e-9).sum()) / 2
            found.append(
                {
                    "round": round_ + 1,
                    "table": table + 1,
                    "counts": {one.name: _counts(one, members) for one in attributes},
                    "mean_distance": round(mean, 3),
                    "percentile": round(float(100 * below / max(len(means), 1))),
                }
            )
    return found


def mean_distance(seating: Seating, members: list[int]) -> float:
    """0 … 1 over the pairs of these people; 0 where there is no pair or nothing to mix."""
    if len(members) < 2 or not seating.whole:
        return 0.0
    inside = seating.distances[np.ix_(members, members)].sum()
    return float(inside / (len(members) * (len(members) - 1)) / seating.whole)


def _chance_means(seating: Seating) -> Floats:
    """The mean distance of tables filled by chance alone."""
    n, tables = len(seating.people), seating.wish.rules.tables
    if not seating.whole or n < 2:
        return np.zeros(1)
    dealt = np.arange(n) % tables
    found = []
    for order in Chance(seating.wish.seed, 2).orders(n, RANDOM_SPLITS):
        at = np.zeros((tables, n))
        at[dealt[order], np.arange(n)] = 1
        size = at.sum(axis=1)
        sums = ((at @ seating.distances) * at).sum(axis=1)
        found.append((sums / np.maximum(size * (size - 1), 1) / seating.whole)[size > 1])
    return np.concatenate(found)


def _counts(attribute: Attribute, members: list[int]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for person in members:
        for value in attribute.set_of(person):
            counted[value] = counted.get(value, 0) + 1
    return dict(sorted(counted.items()))


def spread_of(seating: Seating) -> dict[str, float]:
    """Of each category that is mixed: the share of people who sit as they would in the most even split, 0 … 1."""
    tables, shares = seating.wish.rules.tables, {}
    for name in seating.wish.mix:
        attribute = seating.people.attributes[name]
        if attribute.kind not in (CATEGORICAL, MULTIPLE):
            continue
        even = total = 0
        for members in attribute.groups().values():
            most = -(-len(members) // tables)
            for seats in seating.seats:
                here = np.bincount(seats[members], minlength=tables)
                even += int(np.minimum(here, most).sum())
                total += len(members)
        shares[name] = round(even / total, 4) if total else 1.0
    return shares


def people_of(seating: Seating) -> dict[str, dict[str, Any]]:
    """Each person: the tables, whom they meet, what their table companions share with them, and the best other place."""
    ids = seating.people.ids
    met, history = seating.meetings(), seating.history
    swaps = [_best_swaps(seating, round_) for round_ in range(len(seating.seats))]
    found = {}
    for person, id_ in enumerate(ids):
        contacts = np.flatnonzero(met[person])
        found[id_] = {
            "tables": [int(seats[person]) + 1 for seats in seating.seats],
            "contacts": [ids[other] for other in contacts[:LISTED_CONTACTS]],
            "new": int(((met[person] > 0) & (history[person] == 0)).sum()),
            "again": int(((met[person] > 0) & (history[person] > 0)).sum()),
            "in_common": {
                name: sum(seating.people.attributes[name].shared(person, int(other)) for other in contacts)
                for name in seating.wish.mix
            },
            "best_swap": [swap[person] for swap in swaps],
        }
    return found


def _worth(seating: Seating, round_: int) -> Floats:
    """What a meeting of each pair is worth in one round, the others being what they are."""
    if len(seating.seats) == 1 and not seating.history.any():
        return seating.distances
    others = seating.history + sum(together(seats) for at, seats in enumerate(seating.seats) if at != round_)
    return worth_of_one_more(weights_of(seating.distances, seating.whole), others)


def _best_swaps(seating: Seating, round_: int) -> list[dict[str, Any] | None]:
    """Of each person the swap that loses least, and what it loses; none where no rule would let them."""
    room, seats = seating.rooms[round_], seating.seats[round_]
    n, tables = len(seats), seating.wish.rules.tables
    d = _worth(seating, round_)
    conflict = _between_people(room.blocks.of, room.conflict)
    d = d - FORBIDDEN * conflict
    at = np.zeros((tables, n))
    at[seats, np.arange(n)] = 1
    allowed = np.where(room.allowed, 0.0, -FORBIDDEN)[:, room.blocks.of]
    D = at @ d + allowed
    own = D[seats, np.arange(n)]
    there = D[seats].T  # worth of i at the table of j
    gain = there + there.T - own[:, None] - own[None, :] - 2 * d
    alone = room.blocks.weights[room.blocks.of] == 1
    gain[(seats[:, None] == seats[None, :]) | ~alone[:, None] | ~alone[None, :]] = -np.inf
    best = gain.argmax(axis=1)
    return [
        {
            "with": seating.people.ids[best[i]],
            "table": int(seats[best[i]]) + 1,
            "loses": int(-gain[i, best[i]]),
        }
        if gain[i, best[i]] > -FORBIDDEN / 2
        else None
        for i in range(n)
    ]


def _between_people(of: Ints, conflict: Floats) -> Floats:
    return conflict[np.ix_(of, of)]


def repeats_of(seating: Seating) -> list[dict[str, Any]]:
    """Each pair that meets again, with the reason that can be named."""
    met = np.triu(seating.meetings(), 1)
    again = np.argwhere((met > 1) | ((met > 0) & (seating.history > 0)))
    of, ids = seating.rooms[0].blocks.of, seating.people.ids
    crowded = contacts_at_most(seating) < int(sum(np.bincount(s).max() - 1 for s in seating.seats))
    return [
        {
            "pair": [ids[a], ids[b]],
            "times": int(met[a, b]),
            "earlier": int(seating.history[a, b]),
            "reason": "they sit together"
            if of[a] == of[b]
            else "too many seats"
            if crowded
            else "nothing better found",
        }
        for a, b in again
    ]


def contacts_at_most(seating: Seating) -> int:
    """How many people anybody can meet at most: everybody else, or the seats beside them in all rounds."""
    beside = sum(int(np.bincount(seats).max(initial=1)) - 1 for seats in seating.seats)
    return min(len(seating.people) - 1, beside)
