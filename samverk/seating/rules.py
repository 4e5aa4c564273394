"""What must hold at the tables, as single demands that can be named, left out, and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .people import People

SIZES, TOGETHER, APART, SPREAD, FIXED = "sizes", "together", "apart", "spread", "fixed"
SPEAKS, TABLE_LANGUAGE = "speaks", "table-language"


@dataclass(frozen=True)
class Rules:
    """What somebody asks for. Tables and rounds count from 1 in `fixed` and `table_languages`; people are ids."""

    tables: int
    rounds: int = 1
    size_min: int | None = None
    size_max: int | None = None
    apart: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    keep_apart: tuple[tuple[str, str], ...] = ()
    keep_together: tuple[tuple[str, str], ...] = ()
    languages: str | None = None
    table_languages: Mapping[int, str] = field(default_factory=dict)
    fixed: tuple[tuple[str, int, int], ...] = ()
    met: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def sizes(self, people: int) -> tuple[int, int]:
        """The least and the most people at a table: as asked, else the even split."""
        low = people // self.tables if self.size_min is None else self.size_min
        high = -(-people // self.tables) if self.size_max is None else self.size_max
        if self.size_min is None:
            low = min(low, high)
        if self.size_max is None:
            high = max(low, high)
        return low, high


@dataclass(frozen=True)
class Demand:
    """One rule that must hold. `people` are places in the list; `table` and `low`, `high` where the kind has them."""

    kind: str
    people: tuple[int, ...] = ()
    table: int | None = None
    low: int = 0
    high: int = 0
    value: str = ""
    name: str = ""


def demands(people: People, rules: Rules, round_: int, sizes: tuple[int, int]) -> list[Demand]:
    """Every demand of one round (from 0)."""
    index = people.index()
    found = [Demand(SIZES, low=sizes[0], high=sizes[1])]
    for column in rules.together:
        for value, members in people.attributes[column].groups().items():
            if len(members) > 1:
                found.append(Demand(TOGETHER, tuple(members), value=value, name=column))
    found += [
        Demand(TOGETHER, tuple(sorted((index[a], index[b])))) for a, b in sorted(set(rules.keep_together))
    ]
    for column in rules.apart:
        for value, members in people.attributes[column].groups().items():
            if len(members) > 1:
                most = -(-len(members) // rules.tables)
                kind = APART if most == 1 else SPREAD
                found.append(Demand(kind, tuple(members), high=most, value=value, name=column))
    found += [
        Demand(APART, tuple(sorted((index[a], index[b]))), high=1) for a, b in sorted(set(rules.keep_apart))
    ]
    found += [
        Demand(FIXED, (index[id_],), table=table - 1)
        for id_, at, table in sorted(set(rules.fixed))
        if at - 1 == round_
    ]
    return found + _languages(people, rules)


def _languages(people: People, rules: Rules) -> list[Demand]:
    if rules.languages is None:
        return []
    spoken = people.attributes[rules.languages]
    known = [person for person in range(len(people)) if spoken.set_of(person)]
    found = [Demand(SPEAKS, (person,), value="|".join(sorted(spoken.set_of(person)))) for person in known]
    return found + [
        Demand(TABLE_LANGUAGE, table=table - 1, value=language)
        for table, language in sorted(rules.table_languages.items())
    ]


def sentence(demand: Demand, people: People) -> str:
    """The demand in words."""
    names = listed([people.ids[person] for person in demand.people])
    where = f"{demand.name} {demand.value}" if demand.name else ""
    table = None if demand.table is None else demand.table + 1
    if demand.kind == SIZES:
        return f"each table seats {demand.low} to {demand.high}"
    if demand.kind == TOGETHER:
        return f"{names} sit together ({where})" if where else f"{names} sit together"
    if demand.kind == APART:
        return f"{names} sit apart ({where})" if where else f"{names} sit apart"
    if demand.kind == SPREAD:
        return f"at most {demand.high} of {len(demand.people)} at one table ({where}): {names}"
    if demand.kind == FIXED:
        return f"{names} sits at table {table}"
    if demand.kind == SPEAKS:
        return f"{names} speaks {' or '.join(demand.value.split('|'))}"
    return f"table {table} speaks {demand.value}"


def listed(words: list[str], most: int = 12) -> str:
    """Words as a list in a sentence, cut short where it is long."""
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nobody"
