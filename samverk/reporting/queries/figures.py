"""All figures of a report as one plain document: the same for the page, PDF, spreadsheet, JSON and the frozen copy.

Numbers are whole numbers or decimals as text, never floats, so that the document has one canonical form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from samverk.activities.choices import ActivityKind
from samverk.directory.choices import Sector
from samverk.kit.measuring import BY_COMPONENT, BY_KIND, BY_SECTOR, Measure, Question
from samverk.ledger.measures import person_months
from samverk.programmes.choices import PartnerKind
from samverk.programmes.models import Programme
from samverk.reporting import rules
from samverk.reporting.measures import MEASURES, split_together, values_of
from samverk.reporting.queries.co_financing import CoFinancing, co_financing
from samverk.reporting.queries.results import Result, results

FORMAT = "samverk-report/1"
# Split in one pass each: all four stand on the same rows of attendance.
SPLIT = ("unique_people", "unique_organisations", "visits", "hours")
_MONEY = (
    "needed",
    "delivered",
    "attested",
    "approved",
    "approved_hours",
    "planned",
    "per_hour",
    "share_attended",
    "budget",
)


def written(value: Any) -> Any:
    """A number of the document: whole numbers stay, decimals become text without idle zeros, four places at most."""
    if value is None or isinstance(value, int):
        return value
    text = f"{Decimal(value):.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def read(value: Any) -> Any:
    """The number that `written` wrote."""
    return Decimal(value) if isinstance(value, str) else value


def document_of(programme: Programme, starts: date, ends: date, now: datetime) -> dict[str, Any]:
    """Everything a report of the period says in numbers, counted now."""
    question = Question(programme, starts, ends)
    months, values = question.months, values_of(question)
    return {
        "format": FORMAT,
        "programme": _about(programme),
        "period": {"from": starts.isoformat(), "to": ends.isoformat()},
        "months": [f"{month:%Y-%m}" for month in months] if months else [],
        "rule_sets": _rule_sets(question),
        "measures": {code: _measured(code, value) for code, value in values.items()},
        "indicators": [_indicator(result) for result in results(question, now.date())],
        "splits": {by: _split(question, by) for by in (BY_KIND, BY_COMPONENT, BY_SECTOR)},
        "co_financing": _co_financing(question, values, now),
    }


def _measured(code: str, value: Any) -> Any:
    """Hours of a rule and money are always text, also when nothing counts."""
    return written(Decimal(value) if rules.is_exact(MEASURES[code].unit) else value)


def _about(programme: Programme) -> dict[str, Any]:
    roles = list(programme.partner_roles.select_related("organisation"))
    lines = list(programme.funding_lines.select_related("funder"))
    funders = [role.organisation.name for role in roles if role.kind == PartnerKind.FUNDER]
    funders += [line.funder.name for line in lines if line.funder]
    return {
        "code": programme.code,
        "name": programme.name,
        "from": programme.starts.isoformat(),
        "to": programme.ends.isoformat(),
        "currency": programme.currency,
        "lead": [role.organisation.name for role in roles if role.kind == PartnerKind.LEAD],
        "funders": list(dict.fromkeys(funders)),
        "funding_lines": [line.code for line in lines],
        "information": programme.funder_information,
        "components": {component.code: component.name for component in programme.components.all()},
    }


def _rule_sets(question: Question) -> list[str]:
    judged = person_months(question).order_by().values_list("rule_set__code", "rule_set__version").distinct()
    return sorted(f"{code}@{version}" for code, version in judged if code)


def _indicator(result: Result) -> dict[str, Any]:
    return {
        "code": result.code,
        "name": result.name,
        "measure": result.measure,
        "filters": dict(result.filters),
        "value": written(result.value),
        "target": written(result.target),
        "baseline": written(result.baseline),
        "by": result.by.isoformat() if result.by else None,
        "share": written(result.share),
        "is_behind": result.is_behind,
    }


def _split(question: Question, by: str) -> dict[str, dict[str, Any]]:
    found = split_together(question, SPLIT, by)
    return {
        part: {code: written(value) for code, value in row.items()} for part, row in sorted(found.items())
    }


def _co_financing(question: Question, values: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """From the programme's first day to the report's last: what must be proven is one sum for all reports."""
    programme = question.programme
    if not programme.funding_lines.exists():
        return None
    until = Question(programme, programme.starts, min(max(question.ends, programme.starts), programme.ends))
    found = co_financing(until, now, values if until.months == question.months else None)
    return {"currency": found.currency, "stale": found.stale} | {
        name: written(getattr(found, name)) for name in _MONEY
    }


# ---------- reading a document, live or frozen ----------


@dataclass(frozen=True)
class Figure:
    """A measure and its value in a report."""

    measure: Measure
    value: Any


@dataclass(frozen=True)
class Part:
    """One kind, component or sector: what it is called, its code, and its values in the order of SPLIT."""

    name: str
    code: str
    values: list[Figure]


class Figures:
    """A document as screens and files read it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.programme: Mapping[str, Any] = document["programme"]
        self.starts = date.fromisoformat(document["period"]["from"])
        self.ends = date.fromisoformat(document["period"]["to"])
        self.rule_sets: list[str] = document["rule_sets"]

    @property
    def measures(self) -> list[Figure]:
        """In the order of the registry; a measure that is gone since is left out."""
        values = self.document["measures"]
        return [Figure(measure, read(values[code])) for code, measure in MEASURES.items() if code in values]

    def value(self, code: str) -> Any:
        return read(self.document["measures"][code])

    @property
    def indicators(self) -> list[Result]:
        return [_read_indicator(row) for row in self.document["indicators"]]

    @property
    def co_financing(self) -> CoFinancing | None:
        found = self.document["co_financing"]
        if found is None:
            return None
        numbers = {name: read(found[name]) for name in _MONEY}
        return CoFinancing(currency=found["currency"], stale=found["stale"], **numbers)

    def split(self, by: str) -> list[Part]:
        """Largest first; without a kind, component or sector last."""
        rows = self.document["splits"][by]
        names = self._names(by)
        parts = [
            Part(names.get(code, code), code, [Figure(MEASURES[name], read(row[name])) for name in SPLIT])
            for code, row in rows.items()
        ]
        return sorted(parts, key=lambda part: (part.code == "", -part.values[0].value))

    def _names(self, by: str) -> dict[str, str]:
        if by == BY_COMPONENT:
            return {**self.programme["components"], "": _("No component")}
        choices = ActivityKind.choices if by == BY_KIND else Sector.choices
        return {**{code: str(name) for code, name in choices}, "": _("For themselves, or not confirmed")}


def _read_indicator(row: Mapping[str, Any]) -> Result:
    return Result(
        code=row["code"],
        name=row["name"],
        measure=row["measure"],
        filters=row["filters"],
        unit=MEASURES[row["measure"]].unit,
        value=read(row["value"]),
        target=_decimal(row["target"]),
        baseline=_decimal(row["baseline"]) or Decimal(0),
        by=date.fromisoformat(row["by"]) if row["by"] else None,
        share=_decimal(row["share"]),
        is_behind=row["is_behind"],
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
