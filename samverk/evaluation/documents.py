"""The results on paper, as tagged PDF."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from samverk.evaluation.charts import number_said
from samverk.evaluation.models import Evaluation
from samverk.evaluation.results import Result, answers_of, changes_of, results_of
from samverk.kit import words
from samverk.kit.documents import render
from samverk.programmes.documents import programme_sheet


def results_document(evaluation: Evaluation, language: str = "") -> bytes:
    """Only what the page shows. Raises nothing for few answers: whoever calls asks showing_refusal first."""
    language = language or get_language() or "en"
    with override(language):
        answers = answers_of(evaluation)
        changes = changes_of(evaluation, language)
        facts = {
            "sheet": programme_sheet(evaluation.activity.programme, evaluation.activity.title),
            "lead": str(evaluation.question_set),
            "said": _said(evaluation, len(answers)),
            "changes_title": _("Before and after"),
            "changes_head": [_("Question"), _("Before"), _("After"), _("Change")],
            "changes": [[str(one.label), *_change(one)] for one in changes],
            "results": [_result(one) for one in results_of(evaluation, answers, language)],
        }
        return render("evaluation/results", facts, language)


def _said(evaluation: Evaluation, number: int) -> str:
    if evaluation.is_anonymous:
        return _("%(answers)s, anonymous. Groups below five are not shown apart.") % {
            "answers": number_said(number)
        }
    return number_said(number)


def _change(one: Any) -> list[str]:
    if one.is_hidden:
        return [_("hidden")] * 3
    shown = [one.before, one.after, one.difference]
    return ["–" if value is None else words.number(value, 1) for value in shown]


def _result(one: Result) -> dict[str, Any]:
    note = _("Fewer than five answered. Not shown.") if one.is_hidden else number_said(one.number)
    if one.mean is not None:
        note = f"{note}, {_('mean')} {words.number(round(one.mean, 1), 1)}"
    most = max([count.number for count in one.counts], default=0) or 1
    rows = [[str(count.label), words.number(count.number), count.number / most] for count in one.counts]
    return {
        "label": str(one.label),
        "note": note,
        "head": [_("Answer"), _("People"), ""],
        "rows": rows,
        "texts": one.texts,
    }
