"""Figures as tables and words, the same for the page and for files."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.kit import words
from samverk.kit.measuring import BY_COMPONENT, BY_KIND, BY_SECTOR
from samverk.reporting.paper import Paper
from samverk.reporting.queries.co_financing import CoFinancing
from samverk.reporting.queries.differences import Difference
from samverk.reporting.wording import percent, said, target_said

# Values that are kept as text so that they stay exact.
EXACT = {"hours", "per_hour", "amount"}
SPLIT_HEADINGS = {
    BY_KIND: gettext_lazy("By kind of activity"),
    BY_COMPONENT: gettext_lazy("By component"),
    BY_SECTOR: gettext_lazy("By sector"),
}
PART_HEADS = {
    BY_KIND: gettext_lazy("Kind"),
    BY_COMPONENT: gettext_lazy("Component"),
    BY_SECTOR: gettext_lazy("Sector"),
}
# A table of parts is narrow; the names in full stand above it.
SHORT_NAMES = {
    "unique_people": gettext_lazy("People"),
    "unique_organisations": gettext_lazy("Organisations"),
    "visits": gettext_lazy("Visits"),
    "hours": gettext_lazy("Hours"),
}
DIFFERENCE_WORDS = {
    "added": gettext_lazy("Added"),
    "gone": gettext_lazy("Gone"),
    "changed": gettext_lazy("Changed"),
}
VALUE_WORDS = {
    "minutes": gettext_lazy("time"),
    "planned_minutes": gettext_lazy("planned time"),
    "head_count": gettext_lazy("heads counted"),
    "hours": gettext_lazy("hours"),
    "amount": gettext_lazy("amount"),
    "person": gettext_lazy("person"),
    "organisation": gettext_lazy("organisation"),
    "starts": gettext_lazy("start"),
    "ends": gettext_lazy("end"),
    "kind": gettext_lazy("kind"),
    "component": gettext_lazy("component"),
    "sector": gettext_lazy("sector"),
    "evidence": gettext_lazy("evidence"),
    "employment": gettext_lazy("role"),
    "attested": gettext_lazy("attested"),
    "rules": gettext_lazy("rules"),
}
SECTION_WORDS = {
    "attendance": gettext_lazy("Visit"),
    "session": gettext_lazy("Session"),
    "enrolment": gettext_lazy("Enrolment"),
    "hour": gettext_lazy("Ledger line"),
    "decision": gettext_lazy("Hours that count"),
}


def measure_rows(paper: Paper) -> list[list[str]]:
    """Each measure with its value in words."""
    currency = paper.figures.programme["currency"]
    return [[str(f.measure.name), said(f.measure.unit, f.value, currency)] for f in paper.figures.measures]


def indicator_rows(paper: Paper) -> list[list[str]]:
    """Each indicator: result, target, share."""
    currency = paper.figures.programme["currency"]
    return [
        [
            result.name,
            said(result.unit, result.value, currency),
            "–" if result.target is None else target_said(result.unit, result.target, currency),
            percent(result.share),
        ]
        for result in paper.figures.indicators
    ]


def split_rows(paper: Paper, by: str) -> list[list[str]]:
    return [
        [part.name, *(said(f.measure.unit, f.value) for f in part.values)] for part in paper.figures.split(by)
    ]


def money_steps(found: CoFinancing) -> list[tuple[str, Decimal]]:
    """The steps of co-financing, from what is needed to what may be expected."""
    steps = [
        (_("Delivered"), found.delivered),
        (_("Attested"), found.attested),
        (_("Counts by the rules"), found.approved),
        (_("Forecast to the end"), found.forecast),
    ]
    return [(_("Needed by the grant"), found.needed), *steps] if found.needed is not None else steps


def money_rows(found: CoFinancing) -> list[list[str]]:
    return [
        [name, said("money", amount, found.currency), percent(found.share(amount), 2)]
        for name, amount in money_steps(found)
    ]


def counted_rows(paper: Paper) -> list[list[str]]:
    """How each measure is counted, in one sentence."""
    return [[str(figure.measure.name), str(figure.measure.counted)] for figure in paper.figures.measures]


def difference_rows(found: Iterable[Difference]) -> list[list[str]]:
    """What changed since freezing: what, how, and by which entry of the trail."""
    return [
        [difference_name(row), difference_words(row), row.entry.code if row.entry else "–"] for row in found
    ]


def difference_name(row: Difference) -> str:
    values = row.now or row.before
    when = values.get("starts", values.get("month", ""))[:10]
    return f"{SECTION_WORDS[row.section]} {when or row.key}"


def difference_words(row: Difference) -> str:
    """“Changed: time 2 h → 1 h 30 min”; of added and gone rows only their weight."""
    kind = DIFFERENCE_WORDS[row.kind]
    if row.kind == "changed":
        names = [name for name in row.changed if name in VALUE_WORDS]
        told = [f"{VALUE_WORDS[n]} {_told(n, row.before.get(n))} → {_told(n, row.now.get(n))}" for n in names]
    else:
        values = row.now or row.before
        told = [_told(name, values[name]) for name in ("minutes", "amount") if values.get(name)]
    return f"{kind}: {', '.join(told)}" if told else str(kind)


def _told(name: str, value: Any) -> str:
    """A value of a row in words; an empty one is a dash."""
    if name in ("minutes", "planned_minutes"):
        return words.hours(int(value or 0))
    return words.number(Decimal(value)) if name in EXACT and value else str(value or "–")
