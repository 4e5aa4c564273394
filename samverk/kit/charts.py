"""Charts: a finding as a title, shapes in SVG, words in HTML, and always the table beneath.

A chart knows its numbers and where its shapes lie; the templates in `kit/charts/` draw it with
classes only, since the content policy forbids inline styles. `{% chart figure %}` shows any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from samverk.kit import words

Number = int | float
# Height of the tallest column in pixels: the words around it grow, the shape need not.
COLUMN_HEIGHT = 150
MOST_SERIES = 4
HEADROOM = 1.05


@dataclass(frozen=True)
class Bar:
    """One value; `planned` is what is still to come, `said` overrides how the value is written."""

    label: Any
    value: Number
    planned: Number = 0
    href: str = ""
    said: Any = ""
    calm: bool = False

    @property
    def total(self) -> Number:
        return self.value + self.planned

    @property
    def shown(self) -> Any:
        return self.said or words.number(self.total)


@dataclass(frozen=True)
class Shape:
    """A rectangle on a ground of 100 by 10: where it starts, how wide it is, which class colours it."""

    x: str
    width: str
    css: str


@dataclass(frozen=True)
class Table:
    """The numbers of a chart: heads of columns, then rows of a label, an address and written values."""

    heads: Sequence[Any]
    rows: Sequence[tuple[Any, str, Sequence[Any]]]


def _part(value: Number, most: Number) -> float:
    return 100 * value / most if most else 0.0


def _two(value: float) -> str:
    """A coordinate; never with the comma of a language."""
    return f"{value:.2f}"


def _path(dots: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(dots))


class Chart:
    """What all charts have: a title that is the finding, and a note that says what is counted."""

    template: ClassVar[str]
    title: Any
    note: Any

    @property
    def table(self) -> Table:
        raise NotImplementedError


@dataclass(frozen=True)
class BarChart(Chart):
    """Lying bars, one value each; `goal` draws an upright line through all of them."""

    title: Any
    note: Any
    rows: Sequence[Bar]
    goal: Number | None = None
    head: Sequence[Any] = ()
    template: ClassVar[str] = "kit/charts/bars.html"

    @property
    def most(self) -> Number:
        return HEADROOM * max([bar.total for bar in self.rows] + [self.goal or 0])

    @property
    def goal_x(self) -> str:
        return _two(_part(self.goal, self.most)) if self.goal is not None else ""

    @property
    def drawn(self) -> list[tuple[Bar, list[Shape]]]:
        result = []
        for bar in self.rows:
            done = _part(bar.value, self.most)
            shapes = [Shape("0", _two(done), "f6" if bar.calm else "f1")]
            if bar.planned:
                shapes.append(Shape(_two(done), _two(_part(bar.planned, self.most)), "fp"))
            result.append((bar, shapes))
        return result

    @property
    def table(self) -> Table:
        heads = list(self.head) or [_("What"), _("Value")]
        return Table(heads, [(bar.label, bar.href, [bar.shown]) for bar in self.rows])


@dataclass(frozen=True)
class Part:
    """A piece of a standing column on a ground of 10 by 10: where it begins from above, how high, which class."""

    y: str
    height: str
    css: str


def _standing(bar: Bar) -> list[Part]:
    """What is still to come stands on what there is."""
    to_come = 10 * bar.planned / bar.total if bar.total else 0.0
    pieces = [Part("0", _two(to_come), "fp"), Part(_two(to_come), _two(10 - to_come), "f1")]
    return [piece for piece in pieces if piece.height != "0.00"]


@dataclass(frozen=True)
class ColumnChart(Chart):
    """Standing columns over time; at most twelve. A planned part is dashed."""

    title: Any
    note: Any
    rows: Sequence[Bar]
    head: Sequence[Any] = ()
    template: ClassVar[str] = "kit/charts/columns.html"

    @property
    def drawn(self) -> list[tuple[Bar, int, list[Part]]]:
        most = max([bar.total for bar in self.rows], default=0)
        return [
            (bar, max(1, round(COLUMN_HEIGHT * _part(bar.total, most) / 100)), _standing(bar))
            for bar in self.rows
        ]

    @property
    def table(self) -> Table:
        heads = list(self.head) or [_("When"), _("Value")]
        return Table(heads, [(bar.label, bar.href, [bar.shown]) for bar in self.rows])


@dataclass(frozen=True)
class Stack:
    """One bar of several parts, in the order of the chart's series."""

    label: Any
    values: Sequence[Number]
    href: str = ""

    @property
    def total(self) -> Number:
        return sum(self.values)

    @property
    def shown(self) -> str:
        return words.number(self.total)


@dataclass(frozen=True)
class StackedChart(Chart):
    """Lying bars of two to four parts. More parts than four cannot be told apart: split the chart."""

    title: Any
    note: Any
    series: Sequence[Any]
    rows: Sequence[Stack]
    head: Any = ""
    template: ClassVar[str] = "kit/charts/stacked.html"

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(
                f"{len(self.series)} series in one chart; at most {MOST_SERIES} can be told apart"
            )

    @property
    def key(self) -> list[tuple[str, Any]]:
        return [(f"f{number}", name) for number, name in enumerate(self.series, 1)]

    @property
    def drawn(self) -> list[tuple[Stack, list[Shape]]]:
        most = HEADROOM * max([stack.total for stack in self.rows], default=0)
        return [(stack, _stacked(stack.values, most)) for stack in self.rows]

    @property
    def table(self) -> Table:
        heads = [self.head or _("What"), *self.series, _("Together")]
        rows = [
            (stack.label, stack.href, [*map(words.number, stack.values), stack.shown]) for stack in self.rows
        ]
        return Table(heads, rows)


def _stacked(values: Sequence[Number], most: Number) -> list[Shape]:
    shapes, x = [], 0.0
    for number, value in enumerate(values, 1):
        width = _part(value, most)
        if value:
            shapes.append(Shape(_two(x), _two(width), f"f{number}"))
        x += width
    return shapes


@dataclass(frozen=True)
class Line:
    """Values at the chart's points, None where there is none yet. A plan is dashed."""

    name: Any
    values: Sequence[Number | None]
    plan: bool = False

    @property
    def last(self) -> str:
        known = [value for value in self.values if value is not None]
        return words.number(known[-1]) if known else "–"


@dataclass(frozen=True)
class LineChart(Chart):
    """One or two lines over the same points, on a ground of 100 by 100."""

    title: Any
    note: Any
    points: Sequence[Any]
    lines: Sequence[Line]
    head: Any = ""
    template: ClassVar[str] = "kit/charts/line.html"

    @property
    def most(self) -> int:
        """The top of the scale: a round number not under the largest value."""
        largest = max([value for line in self.lines for value in line.values if value is not None], default=0)
        return _round_up(largest)

    @property
    def scale(self) -> list[str]:
        half = self.most / 2
        return [words.number(self.most), words.number(int(half) if half == int(half) else half), "0"]

    @property
    def axis(self) -> Sequence[Any]:
        """Labels under the ground; every other one where they are many."""
        if len(self.points) <= 7:
            return self.points
        every = -(-len(self.points) // 6)
        return [point for number, point in enumerate(self.points) if number % every == 0]

    @property
    def drawn(self) -> list[tuple[Line, str, str, list[tuple[str, str]]]]:
        result = []
        for line in self.lines:
            dots = [self._dot(number, value) for number, value in enumerate(line.values) if value is not None]
            result.append((line, "l2" if line.plan else "l1", _path(dots), [] if line.plan else dots))
        return result

    def _dot(self, number: int, value: Number) -> tuple[str, str]:
        across = 2 + 96 * number / max(1, len(self.points) - 1)
        return _two(across), _two(100 - 90 * value / self.most)

    @property
    def table(self) -> Table:
        rows = []
        for number, point in enumerate(self.points):
            values = [line.values[number] if number < len(line.values) else None for line in self.lines]
            rows.append((point, "", ["–" if value is None else words.number(value) for value in values]))
        return Table([self.head or _("When"), *[line.name for line in self.lines]], rows)


def _round_up(value: Number) -> int:
    """The next of 10, 20, 50, 100, 200, 500 … not under `value`."""
    step = 10
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10


@dataclass(frozen=True)
class Target:
    """A promise and how far it is kept; `said` explains, in words, what the colour alone would not."""

    label: Any
    href: str
    value: Number
    target: Number
    said: Any = ""
    behind: bool = False

    @property
    def sentence(self) -> str:
        return _("%(value)s of %(target)s") % {
            "value": words.number(self.value),
            "target": words.number(self.target),
        }


@dataclass(frozen=True)
class Targets(Chart):
    """Promises as rows with bars. Each row already says its numbers: it is its own table."""

    rows: Sequence[Target]
    title: Any = ""
    note: Any = ""
    template: ClassVar[str] = "kit/charts/targets.html"

    @property
    def table(self) -> Table:
        return Table([], [(row.label, row.href, [row.sentence]) for row in self.rows])


@dataclass(frozen=True)
class Spark:
    """A small line without axes, for a cell of a table; `said` is what it shows, in words."""

    values: Sequence[Number]
    said: Any

    @property
    def dots(self) -> list[tuple[str, str]]:
        last = max(1, len(self.values) - 1)
        most = max(self.values, default=0) or 1
        return [
            (_two(2 + 96 * n / last), _two(28 - 24 * value / most)) for n, value in enumerate(self.values)
        ]

    @property
    def path(self) -> str:
        return _path(self.dots)
