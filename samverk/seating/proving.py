"""Whether demands can hold at all, decided by mixed-integer programming, and the smallest set that cannot."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from .rules import APART, FIXED, SIZES, SPEAKS, SPREAD, TABLE_LANGUAGE, TOGETHER, Demand

CALL_SECONDS = 4.0
PROOF_SECONDS = 60.0

POSSIBLE, IMPOSSIBLE, UNDECIDED = "possible", "impossible", "undecided"


class Model:
    """Rows over x[person, table] and y[table, language]."""

    def __init__(self, people: int, tables: int, languages: Sequence[str]) -> None:
        self.people, self.tables, self.languages = people, tables, list(languages)
        self.columns = people * tables + tables * len(languages)
        self.fixed_low = np.zeros(self.columns)
        self.rows: list[tuple[list[int], list[float], float, float]] = []

    def x(self, person: int, table: int) -> int:
        return person * self.tables + table

    def y(self, table: int, language: str) -> int:
        return self.people * self.tables + table * len(self.languages) + self.languages.index(language)

    def add(self, columns: list[int], low: float, high: float, signs: list[float] | None = None) -> None:
        self.rows.append((columns, signs or [1.0] * len(columns), low, high))

    def solve(self, seconds: float) -> tuple[str, np.ndarray | None]:
        """Possible with the values of the columns, impossible, or undecided in the time."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        at = [column for columns, _signs, _low, _high in self.rows for column in columns]
        signs = [sign for _columns, signs, _low, _high in self.rows for sign in signs]
        starts = np.cumsum([0, *(len(columns) for columns, *_rest in self.rows)])
        matrix = csr_array((signs, at, starts), shape=(len(self.rows), self.columns))
        held = LinearConstraint(matrix, [row[2] for row in self.rows], [row[3] for row in self.rows])
        answer = milp(
            np.zeros(self.columns),
            constraints=held,
            integrality=np.ones(self.columns),
            bounds=Bounds(self.fixed_low, np.ones(self.columns)),
            options={"time_limit": max(seconds, 0.1)},
        )
        if answer.x is not None:
            return POSSIBLE, np.rint(answer.x)
        return (IMPOSSIBLE if answer.status == 2 else UNDECIDED), None


def model_of(people: int, tables: int, demands: Sequence[Demand]) -> Model:
    """The demands as rows."""
    languages = sorted(
        {
            word
            for demand in demands
            if demand.kind in (SPEAKS, TABLE_LANGUAGE)
            for word in demand.value.split("|")
        }
    )
    model = Model(people, tables, languages)
    for person in range(people):
        model.add([model.x(person, table) for table in range(tables)], 1, 1)
    for table in range(tables) if languages else ():
        model.add([model.y(table, language) for language in languages], 1, 1)
    for demand in demands:
        _add(model, demand)
    for clique in cliques([demand.people for demand in demands if demand.kind == APART]):
        for table in range(tables):
            model.add([model.x(person, table) for person in clique], 0, 1)
    return model


def _add(model: Model, demand: Demand) -> None:
    kind, people = demand.kind, demand.people
    if kind == FIXED:
        model.add([model.x(people[0], demand.table or 0)], 1, 1)
        return
    if kind == TABLE_LANGUAGE:
        model.fixed_low[model.y(demand.table or 0, demand.value)] = 1
        return
    for table in range(model.tables):
        columns = [model.x(person, table) for person in people]
        if kind == SIZES:
            model.add([model.x(person, table) for person in range(model.people)], demand.low, demand.high)
        elif kind in (APART, SPREAD):
            model.add(columns, 0, demand.high)
        elif kind == TOGETHER:
            for other in columns[1:]:
                model.add([columns[0], other], 0, 0, [1.0, -1.0])
        elif kind == SPEAKS:
            heard = [model.y(table, word) for word in demand.value.split("|")]
            model.add([*heard, columns[0]], 0, np.inf, [1.0] * len(heard) + [-1.0])


def cliques(apart: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """Larger groups in which everybody is apart from everybody, grown from the pairs greedily."""
    neighbours: dict[int, set[int]] = {}
    for members in apart:
        for person in members:
            neighbours.setdefault(person, set()).update(set(members) - {person})
    found = []
    for person in sorted(neighbours, key=lambda one: (-len(neighbours[one]), one)):
        clique, open_to = [person], set(neighbours[person])
        while open_to:
            best = max(sorted(open_to), key=lambda one: len(neighbours[one] & open_to))
            clique.append(best)
            open_to &= neighbours[best]
        if len(clique) > 2 and sorted(clique) not in found:
            found.append(sorted(clique))
    return found[:200]


class Court:
    """Decides, within a time for everything together."""

    def __init__(self, people: int, tables: int) -> None:
        self.people, self.tables = people, tables
        self.until = time.monotonic() + PROOF_SECONDS

    def solve(self, demands: Sequence[Demand]) -> tuple[str, Model, np.ndarray | None]:
        model = model_of(self.people, self.tables, demands)
        verdict, values = model.solve(min(CALL_SECONDS, self.until - time.monotonic()))
        return verdict, model, values

    def is_impossible(self, demands: Sequence[Demand]) -> bool:
        if time.monotonic() > self.until:
            return False
        return self.solve(demands)[0] == IMPOSSIBLE


def smallest(court: Court, demands: Sequence[Demand]) -> list[Demand]:
    """A set of demands that cannot hold together and of which none can be left out (Junker's QuickXplain).

    The sizes of the tables come first, as everything else leans on them.
    """
    ordered = sorted(demands, key=lambda demand: demand.kind != SIZES)
    return _explain(court, [], ordered, changed=False)


def _explain(court: Court, kept: list[Demand], doubted: list[Demand], *, changed: bool) -> list[Demand]:
    if changed and court.is_impossible(kept):
        return []
    if len(doubted) == 1:
        return doubted
    half = len(doubted) // 2
    first, second = doubted[:half], doubted[half:]
    of_second = _explain(court, kept + first, second, changed=bool(first))
    of_first = _explain(court, kept + of_second, first, changed=bool(of_second))
    return of_first + of_second


def seats_in(model: Model, values: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The table of each person and the language of each table (nothing where none was asked)."""
    seats = values[: model.people * model.tables].reshape(model.people, model.tables).argmax(axis=1)
    if not model.languages:
        return seats, []
    spoken = values[model.people * model.tables :].reshape(model.tables, len(model.languages)).argmax(axis=1)
    return seats, [model.languages[at] for at in spoken]
