"""All measures the apps declare, by code. An indicator names one of them and how it is narrowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samverk.activities.measures import MEASURES as OF_ACTIVITIES
from samverk.kit.measuring import BY_COMPONENT, BY_KIND, Measure, Question, in_plain
from samverk.ledger.measures import MEASURES as OF_LEDGER
from samverk.programmes.measures import MEASURES as OF_PROGRAMMES

MEASURES: dict[str, Measure] = {
    measure.code: measure for measure in (*OF_ACTIVITIES, *OF_PROGRAMMES, *OF_LEDGER)
}


def values_of(question: Question, codes: Iterable[str] | None = None) -> dict[str, Any]:
    """The figures of several measures; those over the same rows are counted in one pass."""
    asked = [MEASURES[code].fit_for(question.filters) for code in (MEASURES if codes is None else codes)]
    found: dict[str, Any] = {}
    for rows in dict.fromkeys(measure.rows for measure in asked):
        together = [measure for measure in asked if measure.rows is rows]
        totals = {measure.code: measure.total for measure in together}
        found |= together[0].narrowed_rows(question).aggregate(**totals)
    return {measure.code: in_plain(found[measure.code]) for measure in asked}


def split_together(question: Question, codes: Iterable[str], by: str) -> dict[str, dict[str, Any]]:
    """Several measures over the same rows, each for every kind, sector or component: {part: {code: figure}}.

    Kinds and components belong to activities, which are few: each part is counted by itself, since the database
    would sort a million visits to group them. Sectors belong to the visits, so these are grouped.
    """
    codes = list(codes)
    if by in (BY_KIND, BY_COMPONENT):
        found = {part: values_of(question.narrowed(**{by: part}), codes) for part in _parts_of(question, by)}
        return {part: row for part, row in found.items() if any(row.values())}
    asked = [MEASURES[code].fit_for([*question.filters, by]) for code in codes]
    first = asked[0]
    rows = first.narrowed_rows(question).annotate(part=first.part(by)).order_by().values("part")
    counted = rows.annotate(**{measure.code: measure.total for measure in asked})
    return {row.pop("part") or "": {code: in_plain(value) for code, value in row.items()} for row in counted}


def _parts_of(question: Question, by: str) -> list[str]:
    field = "kind" if by == BY_KIND else "component__code"
    found = question.programme.activities.order_by().values_list(field, flat=True).distinct()
    return sorted({part or "" for part in found})
