"""What a measure is: a named way to count evidence rows. Each app declares its own in its `measures.py`.

A measure never holds a number. It holds the query of the rows that prove it, the SQL aggregate that counts them,
and one sentence that says how it is counted. So a figure and its rows cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, Expression, F, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

# What a value is: a plain count, whole minutes of the clock, hours as a rule counts them, or money.
COUNT, MINUTES, HOURS, MONEY = "count", "minutes", "hours", "money"
ONE_DAY = timedelta(days=1)
# As in reckoning. Somebody will type the year 9999, and the day after it does not exist.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
BY_KIND, BY_SECTOR, BY_COMPONENT = "kind", "sector", "component"


@dataclass(frozen=True)
class Question:
    """Of which programme, from which day to which (both inclusive), and narrowed to which kind, sector, component.

    `programme` has starts, ends and time_zone. `filters` is {"kind": "course"}; an empty text asks for those without.
    """

    programme: Any
    starts: date
    ends: date
    filters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("starts", "ends"):
            object.__setattr__(self, name, min(max(getattr(self, name), FIRST_DAY), LAST_DAY))

    def narrowed(self, **filters: str) -> Question:
        """The same question with further filters."""
        return replace(self, filters={**self.filters, **filters})

    @property
    def first_moment(self) -> datetime:
        """Midnight at which the first day begins where the programme is."""
        return _midnight(self.starts, self.programme.time_zone)

    @property
    def end_moment(self) -> datetime:
        """Midnight at which the last day is over."""
        return _midnight(self.ends + ONE_DAY, self.programme.time_zone)

    @property
    def months(self) -> tuple[date, date] | None:
        """First and last month that lie whole in the period, or None.

        Hours are judged by month, so a month cut by the period is left out: two reports never count it twice.
        What lies outside the programme's own days cuts nothing.
        """
        first, last = self.starts.replace(day=1), self.ends.replace(day=1)
        if self.starts > max(first, self.programme.starts):
            first = _next_month(first)
        if self.ends < min(_next_month(last) - ONE_DAY, self.programme.ends):
            last = (last - ONE_DAY).replace(day=1)
        return (first, last) if first <= last else None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def _next_month(month: date) -> date:
    return (month.replace(day=28) + 4 * ONE_DAY).replace(day=1)


@dataclass(frozen=True)
class Measure:
    """A named measure.

    `rows(question)` is the query of evidence rows; measures that share it are counted in one pass over the table.
    `only` says which of these rows this measure needs. Where `adds` names an expression it is added up; else the
    distinct values of the field `counts` are counted, or the rows themselves. `shape` names how a row is shown.
    `parts` are the expressions by which it can be split and narrowed, by dimension. What one row mixes, such as
    the kinds of activity in a month's decision, is counted by `finer`, the same measure over smaller rows.
    """

    code: str
    name: Promise
    counted: Promise
    rows: Callable[[Question], QuerySet]
    shape: str
    unit: str = COUNT
    counts: str = "pk"
    adds: str | Expression | Combinable | None = None
    only: Q = field(default_factory=Q)
    parts: Mapping[str, str | Expression] = field(default_factory=dict)
    finer: Measure | None = None

    @property
    def total(self) -> Aggregate:
        """The SQL aggregate that is the figure."""
        only = self.only or None
        if self.adds is not None:
            return Sum(self.adds, filter=only)
        return Count(self.counts, filter=only, distinct=self.counts != "pk")

    @property
    def dimensions(self) -> tuple[str, ...]:
        """By what it can be split and narrowed."""
        return tuple({**self.parts, **(self.finer.parts if self.finer else {})})

    def part(self, name: str) -> Any:
        """The expression of a dimension."""
        expression = self.parts[name]
        return F(expression) if isinstance(expression, str) else expression

    def fit_for(self, names: Iterable[str]) -> Measure:
        """This measure, or its finer one where the dimensions ask for it."""
        if all(name in self.parts for name in names):
            return self
        if self.finer is None:
            raise KeyError(f"{self.code} cannot be narrowed by {', '.join(names)}")
        return self.finer

    def evidence(self, question: Question) -> QuerySet:
        """Exactly the rows behind the figure."""
        return self.narrowed_rows(question).filter(self.only)

    def narrowed_rows(self, question: Question) -> QuerySet:
        """The rows, narrowed by the filters of the question."""
        rows = self.rows(question)
        for name, wanted in question.filters.items():
            part = self.part(name)
            rows = rows.alias(**{f"asked_{name}": part})
            missing = Q(**{f"asked_{name}__isnull": True}) if wanted == "" else Q()
            rows = rows.filter(Q(**{f"asked_{name}": wanted}) | missing)
        return rows

    def value(self, question: Question) -> Any:
        """The figure: an int, or a Decimal for money and hours of a rule."""
        fit = self.fit_for(question.filters)
        return in_plain(fit.narrowed_rows(question).aggregate(value=fit.total)["value"])

    def split(self, question: Question, by: str) -> dict[str, Any]:
        """The figure for each kind, sector or component; keys are codes, empty for those without."""
        fit = self.fit_for([*question.filters, by])
        rows = fit.narrowed_rows(question).annotate(part=fit.part(by))
        counted = rows.order_by().values("part").annotate(value=fit.total).values_list("part", "value")
        return {part or "": in_plain(value) for part, value in counted if value}


def in_plain(value: int | Decimal | None) -> int | Decimal:
    """A figure as the database gave it: nothing is zero, and shares of money lose the dust of division."""
    return round(value, 4) if isinstance(value, Decimal) else value or 0


class _TwoSided(Func):
    """A function of two expressions that each database writes in its own way, in the order they are given."""

    output_field = IntegerField()
    arity = 2

    def _written(self, compiler: Any, template: str) -> tuple[str, list[Any]]:
        first, second = self.get_source_expressions()
        first_sql, first_params = compiler.compile(first)
        second_sql, second_params = compiler.compile(second)
        return template.format(first_sql, second_sql), [*first_params, *second_params]


class MinutesBetween(_TwoSided):
    """Whole minutes from one moment to a later one."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._written(compiler, "((-strftime('%%s', {0}) + strftime('%%s', {1})) / 60)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._written(compiler, "(FLOOR(EXTRACT(EPOCH FROM (-({0} - {1}))) / 60)::integer)")


class JSONNumber(_TwoSided):
    """The whole number under a key in a JSON column of the shape {id: number}; NULL where the key is not there.

    ``JSONNumber("entries", OuterRef("pk"))`` asks a line how many minutes it counted of a ledger entry.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._written(compiler, "CAST(json_extract({0}, '$.\"' || {1} || '\"') AS INTEGER)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._written(compiler, "(({0}) ->> ({1})::text)::integer")
