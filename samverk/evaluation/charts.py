"""Results as charts with their tables; the title is the finding."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.evaluation.results import Change, Result
from samverk.kit import words
from samverk.kit.charts import Bar, BarChart


def number_said(number: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", number) % {"n": words.number(number)}


def chart_of(result: Result) -> BarChart | None:
    """The counts of one question as lying bars; None where there is nothing to draw."""
    if result.is_hidden or not result.counts:
        return None
    note = number_said(result.number)
    if result.mean is not None:
        note = _("%(answers)s, mean %(mean)s") % {
            "answers": note,
            "mean": words.number(round(result.mean, 1), 1),
        }
    return BarChart(
        result.label,
        note,
        [Bar(one.label, one.number) for one in result.counts],
        head=[_("Answer"), _("People")],
    )


def change_chart(changes: Sequence[Change]) -> BarChart | None:
    """Means before and after, two bars for each scale."""
    shown = [one for one in changes if one.before is not None and one.after is not None]
    if not shown:
        return None
    rows = []
    for one in shown:
        rows.append(Bar(_("%(question)s: before") % {"question": one.label}, one.before or 0, calm=True))
        rows.append(Bar(_("%(question)s: after") % {"question": one.label}, one.after or 0))
    return BarChart(_("Before and after"), _("Mean of each scale"), rows, head=[_("Question"), _("Mean")])
