"""Everything a programme's dashboard shows, read once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from samverk.activities.measures import ATTENDED_MINUTES, SECTOR, attended
from samverk.kit.measuring import Question
from samverk.programmes.measures import enrolled
from samverk.programmes.models import Programme
from samverk.reporting.measures import values_of
from samverk.reporting.queries.co_financing import CoFinancing, co_financing
from samverk.reporting.queries.gaps import Gap, gaps
from samverk.reporting.queries.results import Result, results, whole_programme

ON_TILES = ("unique_people", "unique_organisations", "visits", "approved_hours")
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Dashboard:
    """Figures since the programme began, what this month added, targets, money, gaps, and series for the charts."""

    question: Question
    values: dict[str, Any]
    added: dict[str, Any]
    results: list[Result]
    money: CoFinancing | None
    gaps: list[Gap]
    months: list[tuple[date, int]]
    joined: list[tuple[date, int]]
    reached: dict[str, dict[str, int]]
    is_over: bool

    def result_of(self, code: str) -> Result | None:
        """The first indicator that counts this measure without narrowing it."""
        return next((row for row in self.results if row.measure == code and not row.filters), None)

    @property
    def further_results(self) -> list[Result]:
        """Indicators with a target that stand on no tile."""
        on_tiles = [self.result_of(code) for code in ON_TILES]
        return [row for row in self.results if row not in on_tiles and row.target is not None]


def dashboard_of(programme: Programme, now: datetime) -> Dashboard:
    """Read a dashboard. The number of queries does not depend on the number of rows."""
    today = timezone.localdate(now)
    question = whole_programme(programme, today)
    is_over = programme.ends < today
    values = values_of(question, ON_TILES)
    before = {} if is_over else values_of(_until_last_month(question), ON_TILES)
    return Dashboard(
        question=question,
        values=values,
        added={code: values[code] - before[code] for code in before},
        results=results(question, today),
        money=co_financing(question, now) if programme.funding_lines.exists() else None,
        gaps=gaps(question, now),
        months=minutes_by_month(question),
        joined=organisations_by_month(question),
        reached=people_reached(question),
        is_over=is_over,
    )


def _until_last_month(question: Question) -> Question:
    eve = question.ends.replace(day=1) - timedelta(days=1)
    return Question(question.programme, question.starts, max(question.starts, eve))


def minutes_by_month(question: Question) -> list[tuple[date, int]]:
    """Minutes of all visits for each of the last twelve months of the period.

    Summed by session in SQL: sessions are few enough to be put into months here, in the programme's own clock.
    """
    first = months_until(question.ends, MONTHS_SHOWN)[0]
    rows = attended(Question(question.programme, max(first, question.starts), question.ends)).order_by()
    sums: dict[date, int] = defaultdict(int)
    for starts_at, minutes in rows.values_list("session__starts_at").annotate(total=Sum(ATTENDED_MINUTES)):
        sums[timezone.localdate(starts_at).replace(day=1)] += minutes or 0
    return [(month, sums[month]) for month in _shown(question)]


def organisations_by_month(question: Question) -> list[tuple[date, int]]:
    """How many organisations were enrolled at the end of each of the last twelve months."""
    spans = list(
        enrolled(question).filter(organisation__isnull=False).values_list("organisation", "starts", "ends")
    )
    return [(month, _enrolled_on(spans, min(_last(month), question.ends))) for month in _shown(question)]


def _enrolled_on(spans: list[tuple[int, date, date | None]], day: date) -> int:
    return len({who for who, starts, ends in spans if starts <= day and (ends is None or ends >= day)})


def people_reached(question: Question) -> dict[str, dict[str, int]]:
    """People counted once, for each component and sector; by kind where the programme has no components."""
    parted = question.programme.components.exists()
    part = "session__activity__component__code" if parted else "session__activity__kind"
    rows = attended(question).filter(person__isnull=False).annotate(sector=SECTOR).order_by()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name, sector, people in rows.values_list(part, "sector").annotate(
        total=Count("person", distinct=True)
    ):
        found[name or ""][sector or ""] = people
    return dict(found)


def months_until(day: date, number: int) -> list[date]:
    """The first days of so many months, the last being the month of the day."""
    months = [day.replace(day=1)]
    while len(months) < number:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def _shown(question: Question) -> list[date]:
    first = question.starts.replace(day=1)
    return [month for month in months_until(question.ends, MONTHS_SHOWN) if month >= first]


def _last(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
