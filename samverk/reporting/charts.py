"""Charts of dashboards and reports. The title of each is its finding; `opens` gives the address of a figure's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.activities.choices import ActivityKind
from samverk.directory.choices import Sector
from samverk.kit import words
from samverk.kit.charts import (
    Bar,
    BarChart,
    ColumnChart,
    Line,
    LineChart,
    Stack,
    StackedChart,
    Target,
    Targets,
)
from samverk.programmes.models import Programme
from samverk.reporting import wording
from samverk.reporting.queries.co_financing import CoFinancing
from samverk.reporting.queries.dashboard import Dashboard
from samverk.reporting.queries.results import Result

Opens = Callable[..., str]
MOST_SECTORS = 3


def money_chart(found: CoFinancing, opens: Opens, *, note: str = "") -> BarChart:
    """Needed, delivered, attested, counted, forecast; thousands, so that the eye can compare."""
    bars = [
        (_("Delivered"), found.delivered, "delivered"),
        (_("Attested"), found.attested, "attested"),
        (_("Counts by the rules"), found.approved, "approved_amount"),
    ]
    rows = [_money_bar(name, amount, found, opens(code)) for name, amount, code in bars]
    if found.planned:
        forecast = Bar(
            _("Forecast to the end"),
            float(found.delivered),
            float(found.planned),
            opens("forecast"),
            _money(found.forecast),
        )
        rows.append(forecast)
    if found.needed is not None:
        rows.insert(
            0, Bar(_("Needed by the grant"), float(found.needed), said=_money(found.needed), calm=True)
        )
    usual = _("In %(currency)s. The upright line is what the grant needs.") % {"currency": found.currency}
    goal = float(found.needed) if found.needed else None
    return BarChart(wording.money_finding(found), note or usual, rows, goal, (_("Step"), found.currency))


def _money_bar(name: str, amount: Decimal, found: CoFinancing, href: str) -> Bar:
    return Bar(name, float(amount), href=href, said=_money(amount))


def _money(amount: Decimal) -> str:
    return words.number(int(amount.to_integral_value()))


def months_chart(dashboard: Dashboard) -> ColumnChart | None:
    """Hours of participants for each month."""
    if not any(minutes for _month, minutes in dashboard.months):
        return None
    busiest = max(dashboard.months, key=lambda pair: pair[1])[0]
    title = _("%(month)s was the busiest month") % {"month": format_date(busiest, "F Y").capitalize()}
    note = _("Hours of participants each month.")
    last = dashboard.months[-1][0]
    if not dashboard.is_over:
        note += " " + _("%(month)s is not over.") % {"month": format_date(last, "F").capitalize()}
    rows = [
        Bar(_month(month), *_hours(minutes, month == last and not dashboard.is_over))
        for month, minutes in dashboard.months
    ]
    return ColumnChart(title, note, rows, (_("Month"), _("Hours")))


def _hours(minutes: int, is_running: bool) -> tuple[int, int]:
    """A month that is not over is drawn as planned."""
    hours = round(minutes / 60)
    return (0, hours) if is_running else (hours, 0)


def _month(month: date) -> str:
    return format_date(month, "M")


def joined_chart(dashboard: Dashboard) -> LineChart | None:
    """Organisations enrolled at the end of each month, beside the target."""
    if len(dashboard.joined) < 2 or not dashboard.joined[-1][1]:
        return None
    now = dashboard.joined[-1][1]
    lines = [Line(_("Enrolled"), [number for _month, number in dashboard.joined])]
    target = dashboard.result_of("organisations_enrolled") or dashboard.result_of("unique_organisations")
    if target is not None and target.target:
        promised = int(target.target)
        lines.append(Line(_("Target"), [promised] * len(dashboard.joined), plan=True))
        title = _("%(n)s organisations take part, %(target)s are the target") % {
            "n": words.number(now),
            "target": words.number(promised),
        }
    else:
        title = ngettext("%(n)s organisation takes part", "%(n)s organisations take part", now) % {
            "n": words.number(now)
        }
    points = [_month(month) for month, _number in dashboard.joined]
    return LineChart(title, _("Organisations enrolled at the end of each month."), points, lines, _("Month"))


def reached_chart(dashboard: Dashboard, opens: Opens) -> StackedChart | None:
    """People for each component, or kind, by the sector they stood for; the smallest sectors stand together."""
    if not dashboard.reached:
        return None
    programme = dashboard.question.programme
    names = _names(programme)
    sectors = _largest_sectors(dashboard.reached)
    by = "component" if programme.components.exists() else "kind"
    stacks = [
        Stack(names.get(part, part), _parted(row, sectors), opens("unique_people", **{by: part}))
        for part, row in dashboard.reached.items()
    ]
    stacks.sort(key=lambda stack: -stack.total)
    title = _("Most people came to: %(part)s") % {"part": stacks[0].label}
    labels = [str(Sector(code).label) for code in sectors] + [_("Others, or for themselves")]
    head = _("Component") if by == "component" else _("Kind")
    return StackedChart(
        title, _("People counted once in each part, by the sector they stood for."), labels, stacks, head
    )


def _names(programme: Programme) -> dict[str, str]:
    names = {component.code: component.name for component in programme.components.all()}
    return {**{code: str(label) for code, label in ActivityKind.choices}, **names, "": _("No component")}


def _largest_sectors(reached: dict[str, dict[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for row in reached.values():
        for sector, people in row.items():
            totals[sector] = totals.get(sector, 0) + people
    totals.pop("", None)
    return sorted(totals, key=lambda sector: -totals[sector])[:MOST_SECTORS]


def _parted(row: dict[str, int], sectors: list[str]) -> list[int]:
    others = sum(people for sector, people in row.items() if sector not in sectors)
    return [*(row.get(sector, 0) for sector in sectors), others]


def targets_chart(results: list[Result], opens: Opens) -> Targets:
    """Promises of the grant that stand on no tile."""
    rows = [
        Target(
            label=result.name,
            href=opens(result.measure, **result.filters),
            value=wording.plain(round(result.shown_value, 1)),  # type: ignore[arg-type]
            target=wording.plain(result.target or Decimal(0)),  # type: ignore[arg-type]
            said=_("Behind the plan.") if result.is_behind else "",
            behind=result.is_behind,
        )
        for result in results
    ]
    return Targets(rows)
