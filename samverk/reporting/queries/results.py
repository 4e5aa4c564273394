"""Results beside their targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from samverk.kit.measuring import Question
from samverk.programmes.models import Programme
from samverk.reporting import rules
from samverk.reporting.measures import MEASURES, values_of
from samverk.reporting.models import Indicator, Target


@dataclass(frozen=True)
class Result:
    """What an indicator has reached. `value` is in the measure's unit; target and baseline as people write them."""

    code: str
    name: str
    measure: str
    filters: Mapping[str, str]
    unit: str
    value: Any
    target: Decimal | None = None
    baseline: Decimal = Decimal(0)
    by: date | None = None
    share: Decimal | None = None
    is_behind: bool = False

    @property
    def shown_value(self) -> Decimal:
        """The value in the target's unit: minutes as hours."""
        return rules.as_shown(self.unit, self.value)


def whole_programme(programme: Programme, today: date) -> Question:
    """Everything from the programme's first day until today, or until it ended."""
    return Question(programme, programme.starts, max(programme.starts, min(programme.ends, today)))


def results(question: Question, today: date) -> list[Result]:
    """Every indicator of the programme with what it has reached in the period, in their order."""
    # One whose measure is gone, with its app, cannot be counted and must not take the others with it.
    known = Indicator.objects.filter(programme=question.programme, measure__in=MEASURES)
    indicators = list(known.prefetch_related("targets"))
    counted = _values(question, indicators)
    return [_result(indicator, counted[indicator.pk], question, today) for indicator in indicators]


def _values(question: Question, indicators: Iterable[Indicator]) -> dict[int, Any]:
    """Indicators narrowed alike are counted together."""
    groups: dict[tuple[tuple[str, str], ...], list[Indicator]] = {}
    for indicator in indicators:
        groups.setdefault(tuple(sorted(indicator.filters.items())), []).append(indicator)
    found = {}  # type: ignore[var-annotated]
    for filters, together in groups.items():
        values = values_of(question.narrowed(**dict(filters)), {one.measure for one in together})
        found |= {one.pk: values[one.measure] for one in together}
    return found


def _result(indicator: Indicator, value: Any, question: Question, today: date) -> Result:
    measure = MEASURES[indicator.measure]
    target = _target_on(indicator.targets.all(), question.ends)
    plain = Result(indicator.code, indicator.name, indicator.measure, indicator.filters, measure.unit, value)
    if target is None:
        return plain
    share = rules.share_of(plain.shown_value, target.value, target.baseline)
    return Result(
        indicator.code,
        indicator.name,
        indicator.measure,
        indicator.filters,
        measure.unit,
        value,
        target=target.value,
        baseline=target.baseline,
        by=target.by,
        share=share,
        is_behind=rules.is_behind(share, question.programme.starts, target.by, min(today, question.ends)),
    )


def _target_on(targets: Iterable[Target], day: date) -> Target | None:
    """The next target due on the day or later, or else the last one."""
    ordered = sorted(targets, key=lambda target: target.by)
    return next((target for target in ordered if target.by >= day), ordered[-1] if ordered else None)
