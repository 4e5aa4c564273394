"""How well a mentor and an organisation fit: 0 … 1000 from parts that anybody can see, after filters that anybody can name.

Columns (each may be missing): `topics` (`finance:3|boards`; a mentor's level or an organisation's urgency, 1 to 3),
`languages`, `region`, `remote` (yes or no), `prefers` and `avoids` (ids of the other side). Any other column that both
lists have counts a little where it is alike. A part that neither list can answer is left out, and the others weigh more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..chance import Floats, Ints

WHOLE = 1000
USUAL_LEVEL, HIGHEST_LEVEL = 2, 3
WEIGHTS = {"topics": 500, "languages": 100, "region": 150, "preference": 250}
LIKENESS = 50  # of each further column
SINGULAR = {"topic": "topics", "language": "languages", "place": "region"}
OWN = ("id", "name", "places", "prefers", "avoids", "remote")
YES, NO = {"yes", "y", "1", "true", "ja", "tak"}, {"no", "n", "0", "false", "nej", "nie", ""}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Scored:
    """Organisations x mentors. `total` is -1 where not allowed; `parts` add up to it; `removed` says which filter did."""

    total: Ints
    parts: dict[str, Ints]
    removed: dict[str, np.ndarray]


def levels_of(cell: str) -> dict[str, int]:
    """`finance:3|boards` as levels by topic. Raises ValueError."""
    found: dict[str, int] = {}
    for word in parted(cell):
        name, colon, level = word.partition(":")
        if colon and level.strip() not in {"1", "2", "3"}:
            raise ValueError(f"{word}: a level is 1, 2 or 3")
        found[name.strip()] = int(level) if colon else USUAL_LEVEL
    return found


def is_yes(cell: str) -> bool:
    """Whether a cell says yes. Raises ValueError where it says neither."""
    if cell.casefold() in YES:
        return True
    if cell.casefold() in NO:
        return False
    raise ValueError(f"must be yes or no, not {cell}")


def parted(cell: str) -> list[str]:
    """The values of a cell."""
    return [part.strip() for part in cell.split("|") if part.strip()]


def score_all(mentors: Sequence[Row], organisations: Sequence[Row]) -> Scored:
    """Every pair. Rows are sorted by id by whoever calls."""
    shape = (len(organisations), len(mentors))
    shares: dict[str, Floats] = {}
    removed: dict[str, np.ndarray] = {}
    columns = set(mentors[0] if mentors else ()) & set(organisations[0] if organisations else ())
    if "topics" in columns:
        shares["topics"], removed["no topic in common"] = _topics(mentors, organisations)
    if "languages" in columns:
        shares["languages"], removed["no language in common"] = _languages(mentors, organisations)
    if "region" in columns:
        shares["region"], removed["another region, and not remote"] = _regions(mentors, organisations)
    wishes = _preferences(mentors, organisations)
    if wishes is not None:
        shares["preference"] = wishes
    removed["avoided"] = _avoided(mentors, organisations)
    for column in sorted(columns - set(OWN) - {"topics", "languages", "region"}):
        shares[column] = _alike(column, mentors, organisations)
    weights = _weights(list(shares))
    parts = {name: np.rint(weights[name] * share).astype(np.int64) for name, share in shares.items()}
    total = sum(parts.values(), np.zeros(shape, dtype=np.int64))
    allowed = ~np.logical_or.reduce([np.zeros(shape, dtype=bool), *removed.values()])
    return Scored(np.where(allowed, total, -1), parts, removed)


def _weights(names: list[str]) -> dict[str, int]:
    """Weights of the parts there are, so that they add up to 1000."""
    raw = {name: WEIGHTS.get(name, LIKENESS) for name in names}
    whole = sum(raw.values())
    weights = {name: WHOLE * weight // whole for name, weight in raw.items()}
    if names:
        weights[names[0]] += WHOLE - sum(weights.values())
    return weights


def _matrix(rows: Sequence[Row], column: str, words: Sequence[str]) -> Floats:
    place = {word: at for at, word in enumerate(words)}
    found = np.zeros((len(rows), len(words)))
    for at, row in enumerate(rows):
        for word, level in levels_of(row.get(column, "")).items():
            found[at, place[word]] = level
    return found


def _words(column: str, *lists: Sequence[Row]) -> list[str]:
    return sorted({word for rows in lists for row in rows for word in levels_of(row.get(column, ""))})


def _topics(mentors: Sequence[Row], organisations: Sequence[Row]) -> tuple[Floats, np.ndarray]:
    words = _words("topics", mentors, organisations)
    levels, urgency = _matrix(mentors, "topics", words), _matrix(organisations, "topics", words)
    asked, known = urgency.sum(axis=1), levels.any(axis=1)
    share = (urgency @ levels.T) / np.maximum(HIGHEST_LEVEL * asked, 1)[:, None]
    open_ = (asked == 0)[:, None] | ~known[None, :]
    share[open_] = 0.5
    return share, (share == 0) & ~open_


def _languages(mentors: Sequence[Row], organisations: Sequence[Row]) -> tuple[Floats, np.ndarray]:
    words = _words("languages", mentors, organisations)
    theirs, ours = _matrix(mentors, "languages", words) > 0, _matrix(organisations, "languages", words) > 0
    both = ours.astype(float) @ theirs.T.astype(float)
    share = both / np.maximum(ours.sum(axis=1), 1)[:, None]
    open_ = ~ours.any(axis=1)[:, None] | ~theirs.any(axis=1)[None, :]
    share[open_] = 0.5
    return share, (both == 0) & ~open_


def _regions(mentors: Sequence[Row], organisations: Sequence[Row]) -> tuple[Floats, np.ndarray]:
    theirs = [set(parted(row.get("region", ""))) for row in mentors]
    ours = [set(parted(row.get("region", ""))) for row in organisations]
    kinds = sorted({word for one in theirs + ours for word in one})
    at_theirs = np.array([[word in one for word in kinds] for one in theirs], dtype=float).reshape(
        len(theirs), -1
    )
    at_ours = np.array([[word in one for word in kinds] for one in ours], dtype=float).reshape(len(ours), -1)
    same = at_ours @ at_theirs.T > 0
    unknown = ~at_ours.any(axis=1)[:, None] | ~at_theirs.any(axis=1)[None, :]
    far_m = np.array([is_yes(row.get("remote", "")) for row in mentors], dtype=bool)
    far_o = np.array([is_yes(row.get("remote", "")) for row in organisations], dtype=bool)
    remote = far_m[None, :] | far_o[:, None]
    share = np.where(same, 1.0, np.where(unknown | remote, 0.5, 0.0))
    return share, ~same & ~unknown & ~remote


def _preferences(mentors: Sequence[Row], organisations: Sequence[Row]) -> Floats | None:
    """Half for each side that named the other."""
    ours, theirs = _named("prefers", organisations, mentors), _named("prefers", mentors, organisations)
    return None if not ours.any() and not theirs.any() else (ours + theirs.T.astype(float)) / 2


def _avoided(mentors: Sequence[Row], organisations: Sequence[Row]) -> np.ndarray:
    return _named("avoids", organisations, mentors) | _named("avoids", mentors, organisations).T


def _named(column: str, rows: Sequence[Row], others: Sequence[Row]) -> np.ndarray:
    place = {row["id"]: at for at, row in enumerate(others)}
    found = np.zeros((len(rows), len(others)), dtype=bool)
    for at, row in enumerate(rows):
        for id_ in parted(row.get(column, "")):
            if id_ in place:
                found[at, place[id_]] = True
    return found


def _alike(column: str, mentors: Sequence[Row], organisations: Sequence[Row]) -> Floats:
    theirs = [frozenset(parted(row.get(column, ""))) for row in mentors]
    ours = [frozenset(parted(row.get(column, ""))) for row in organisations]
    kinds = sorted({word for one in theirs + ours for word in one})
    at_theirs = np.array([[word in one for word in kinds] for one in theirs], dtype=float).reshape(
        len(theirs), -1
    )
    at_ours = np.array([[word in one for word in kinds] for one in ours], dtype=float).reshape(len(ours), -1)
    both = at_ours @ at_theirs.T
    either = at_ours.sum(axis=1)[:, None] + at_theirs.sum(axis=1)[None, :] - both
    return np.asarray(both / np.maximum(either, 1))
