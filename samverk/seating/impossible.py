"""Rules that cannot hold together: found quickly where they are plain, by proof where they are not, told in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from .blocks import Blocks, blocks_of
from .people import People
from .proving import Court, smallest
from .rules import (
    APART,
    FIXED,
    SIZES,
    SPEAKS,
    SPREAD,
    TABLE_LANGUAGE,
    TOGETHER,
    Demand,
    listed,
    sentence,
)

# People times tables up to which the least set is looked for although a contradiction is plain.
PROVEN_LEAST = 2_000


class Impossible(ValueError):
    """The demands cannot hold together. `demands` is a smallest set; `proven` is False where the time ran out."""

    def __init__(
        self, people: People, tables: int, demands: Sequence[Demand], round_: int = 0, *, proven: bool = True
    ) -> None:
        self.people, self.tables, self.round, self.proven = people, tables, round_, proven
        self.demands = list(demands)
        super().__init__(self.words())

    def words(self) -> str:
        """The set in one sentence each."""
        grouped = _grouped(self.demands, self.people)
        of = f"with {len(self.people)} people and {self.tables} table{'s' if self.tables > 1 else ''}"
        head = "These rules cannot all hold" if self.proven else "No seating was found that keeps these rules"
        return f"{head} {of}: {'; '.join(grouped)}."

    def violations(self) -> list[dict[str, object]]:
        """The set as JSON."""
        return [
            {
                "rule": demand.kind,
                "people": [self.people.ids[person] for person in demand.people],
                "table": None if demand.table is None else demand.table + 1,
                "words": sentence(demand, self.people),
            }
            for demand in self.demands
        ]


def _grouped(demands: Sequence[Demand], people: People) -> list[str]:
    said: list[str] = []
    speakers: dict[str, list[str]] = {}
    tables: dict[str, list[str]] = {}
    for demand in demands:
        if demand.kind == SPEAKS:
            speakers.setdefault(demand.value, []).append(people.ids[demand.people[0]])
        elif demand.kind == TABLE_LANGUAGE:
            tables.setdefault(demand.value, []).append(str((demand.table or 0) + 1))
        else:
            said.append(sentence(demand, people))
    for value, ids in sorted(speakers.items()):
        verb = "speaks" if len(ids) == 1 else "speak"
        said.append(f"{listed(sorted(ids))} {verb} only {' or '.join(value.split('|'))} ({len(ids)})")
    for language, numbers in sorted(tables.items()):
        one = len(numbers) == 1
        said.append(f"table{'' if one else 's'} {listed(numbers, 40)} speak{'s' if one else ''} {language}")
    return said


def plainly_impossible(people: int, tables: int, demands: Sequence[Demand]) -> list[Demand]:
    """The smallest set where counting is enough to see it; nothing where it is not."""
    sizes = [demand for demand in demands if demand.kind == SIZES]
    for size in sizes:
        if size.low > size.high or not size.low * tables <= people <= size.high * tables:
            return [size]
    for demand in demands:
        if demand.kind == APART and len(demand.people) > demand.high * tables:
            return [demand]
    blocks = blocks_of(people, [demand.people for demand in demands if demand.kind == TOGETHER])
    return (
        _too_large(blocks, demands, sizes)
        or _apart_inside(blocks, demands)
        or _fixed_against(blocks, tables, demands, sizes)
        or _not_spoken(tables, demands)
        or []
    )


def _chain(demands: Sequence[Demand], people: Sequence[int]) -> list[Demand]:
    """The fewest rules of sitting together that join these people."""
    joined: list[Demand] = []
    reached: dict[int, list[Demand]] = {people[0]: []}
    together = [demand for demand in demands if demand.kind == TOGETHER]
    grown = True
    while grown and not set(people) <= set(reached):
        grown = False
        for demand in together:
            inside = [person for person in demand.people if person in reached]
            for person in demand.people if inside else ():
                if person not in reached:
                    reached[person] = [*min((reached[one] for one in inside), key=len), demand]
                    grown = True
    for person in people:
        joined += [demand for demand in reached.get(person, []) if demand not in joined]
    return joined


def _too_large(blocks: Blocks, demands: Sequence[Demand], sizes: list[Demand]) -> list[Demand]:
    for size in sizes:
        for unit in (blocks.weights > size.high).nonzero()[0]:
            members = blocks.members(int(unit))
            single = [d for d in demands if d.kind == TOGETHER and len(d.people) > size.high]
            return [size, *(single[:1] or _chain(demands, members[: size.high + 1]))]
    return []


def _apart_inside(blocks: Blocks, demands: Sequence[Demand]) -> list[Demand]:
    for demand in demands:
        if demand.kind in (APART, SPREAD):
            units: dict[int, list[int]] = {}
            for person in demand.people:
                units.setdefault(int(blocks.of[person]), []).append(person)
            for members in units.values():
                if len(members) > demand.high:
                    return [*_chain(demands, members[: demand.high + 1]), demand]
    return []


def _fixed_against(
    blocks: Blocks, tables: int, demands: Sequence[Demand], sizes: list[Demand]
) -> list[Demand]:
    fixed = [demand for demand in demands if demand.kind == FIXED]
    for one, other in combinations(fixed, 2):
        a, b = one.people[0], other.people[0]
        if one.table != other.table and blocks.of[a] == blocks.of[b]:
            return [one, other, *(_chain(demands, [a, b]) if a != b else [])]
    for table in range(tables):
        here = [demand for demand in fixed if demand.table == table]
        seated = {demand.people[0] for demand in here}
        for size in sizes:
            if len(seated) > size.high:
                return [size, *here[: size.high + 1]]
        for demand in demands:
            if demand.kind in (APART, SPREAD) and len(seated & set(demand.people)) > demand.high:
                held = [one for one in here if one.people[0] in demand.people]
                return [*held[: demand.high + 1], demand]
    return []


def _not_spoken(tables: int, demands: Sequence[Demand]) -> list[Demand]:
    named = [demand for demand in demands if demand.kind == TABLE_LANGUAGE]
    at = {demand.table: demand for demand in named}
    for demand in demands:
        if demand.kind != SPEAKS:
            continue
        words = set(demand.value.split("|"))
        if len(at) == tables and not words & {one.value for one in named}:
            return [demand, *named]
        for held in demands:
            seated = held.kind == FIXED and held.people == demand.people and held.table in at
            if seated and at[held.table].value not in words:
                return [demand, held, at[held.table]]
    return []


def explain_impossible(people: People, tables: int, demands: Sequence[Demand], round_: int) -> Impossible:
    """The exception for demands that are known to be impossible, naming none that could be left out.

    In a large hall what is plain at sight is named as it is seen: to prove that it is the least takes seconds.
    """
    named = plainly_impossible(len(people), tables, demands)
    if not named or len(people) * tables <= PROVEN_LEAST:
        named = smallest(Court(len(people), tables), named or demands)
    return Impossible(people, tables, named, round_)
