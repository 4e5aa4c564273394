"""People and rules small enough to try every seating."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from samverk.seating import People, Rules, people_from


def people_of(rows: list[dict[str, str]]) -> People:
    columns = [column for column in rows[0] if column not in ("id", "name")]
    return people_from(rows, columns=columns)


def crowd(count: int, seed: int = 1) -> list[dict[str, str]]:
    """An invented event."""
    drawn = np.random.default_rng(seed)
    return [
        {
            "id": f"p{at:03d}",
            "sector": ["ngo", "public", "business"][drawn.integers(3)],
            "organisation": f"org{drawn.integers(max(count // 4, 2))}",
            "experience": str(drawn.integers(30)),
            "speaks": "|".join(sorted({["sv", "en", "pl"][drawn.integers(3)] for _time in range(2)})),
        }
        for at in range(count)
    ]


def every_seating(people: int, tables: int) -> list[tuple[int, ...]]:
    return list(product(range(tables), repeat=people))


def keeps(seats: tuple[int, ...], people: People, rules: Rules, low: int, high: int) -> bool:
    """The rules, written a second time and plainly."""
    ids, tables = people.ids, rules.tables
    at = dict(zip(ids, seats, strict=True))
    sizes = [seats.count(table) for table in range(tables)]
    if not all(low <= size <= high for size in sizes):
        return False
    if any(at[a] == at[b] for a, b in rules.keep_apart) or any(
        at[a] != at[b] for a, b in rules.keep_together
    ):
        return False
    for column in rules.together:
        for members in people.attributes[column].groups().values():
            if len({seats[person] for person in members}) > 1:
                return False
    for column in rules.apart:
        for members in people.attributes[column].groups().values():
            most = -(-len(members) // tables)
            here = [seats[person] for person in members]
            if any(here.count(table) > most for table in range(tables)):
                return False
    if any(round_ == 1 and at[id_] != table - 1 for id_, round_, table in rules.fixed):
        return False
    return not rules.languages or _understood(seats, people, rules)


def _understood(seats: tuple[int, ...], people: People, rules: Rules) -> bool:
    spoken: Any = people.attributes[rules.languages or ""]
    words = {word for person in range(len(people)) for word in spoken.set_of(person)}
    for table in range(rules.tables):
        shared = set(words) | set(rules.table_languages.values()) or {"any, as nobody says theirs"}
        for person, seat in enumerate(seats):
            if seat == table and spoken.set_of(person):
                shared &= spoken.set_of(person)
        given = rules.table_languages.get(table + 1)
        if given is not None and given not in shared or not shared and table in seats:
            return False
    return True
