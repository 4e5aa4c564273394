"""Dashboard, the rows behind any figure, indicators and targets."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.measuring import Question
from samverk.kit.spreadsheets import Sheet, csv_lines, xlsx_file
from samverk.office.forms.reports import WITHOUT, FigureFilter, IndicatorForm, indicator_values
from samverk.programmes.models import Programme
from samverk.programmes.permissions import programmes_visible_to
from samverk.reporting import charts, wording
from samverk.reporting.commands import remove_indicator, save_indicator
from samverk.reporting.measures import MEASURES
from samverk.reporting.models import Indicator
from samverk.reporting.permissions import may_read_figures, may_report
from samverk.reporting.queries.dashboard import ON_TILES, Dashboard, dashboard_of
from samverk.reporting.queries.gaps import GAP_KINDS, total_worth
from samverk.reporting.queries.openings import Opening, dimensions_of, opening_of
from samverk.reporting.queries.results import results, whole_programme
from samverk.reporting.queries.shapes import Cell, Head

ROWS = 50
# Short, since a tile is narrow; its page says how it is counted.
TILE_NAMES = {"unique_people": gettext_lazy("People"), "unique_organisations": gettext_lazy("Organisations")}
# Where a row leads. A thing without a page of its own stays text.
PAGES = {
    "person": "office:person",
    "organisation": "office:organisation",
    "activity": "office:activity",
    "session": "office:attendance",
    "entry": "office:hour",
}


def readable_programme(request: HttpRequest, code: str, *, to_report: bool = False) -> Programme:
    """A programme whose figures the person may read, or may report; 403 where she only sees the programme."""
    programme = get_object_or_404(programmes_visible_to(request.user), code=code)
    may = may_report if to_report else may_read_figures
    if not may(request.user, programme):
        raise PermissionDenied
    return programme


def opener(programme: Programme, question: Question | None = None) -> Callable[..., str]:
    """Gives the address of the rows behind a figure, for the period of the question and narrowed as asked."""
    period = {"starts": question.starts.isoformat(), "ends": question.ends.isoformat()} if question else {}

    def opens(code: str, **filters: str) -> str:
        asked = period | {by: value or WITHOUT for by, value in filters.items()}
        return f"{reverse('office:figure', args=[programme.code, code])}?{urlencode(asked)}"

    return opens


def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    programme = readable_programme(request, code)
    found = dashboard_of(programme, timezone.now())
    opens = opener(programme, found.question)
    context = {
        "programme": programme,
        "dashboard": found,
        "money": found.money,
        "tiles": [_tile(found, name, opens) for name in ON_TILES],
        "gaps": [(gap, opens(gap.kind.code)) for gap in found.gaps],
        "worth": total_worth(found.gaps),
        "stale": opens("stale"),
        "targets": charts.targets_chart(found.further_results, opens),
        "money_chart": charts.money_chart(found.money, opens) if found.money else None,
        "charts": [chart for chart in (charts.months_chart(found), charts.joined_chart(found)) if chart],
        "reached": charts.reached_chart(found, opens),
        "may_report": may_report(request.user, programme),
    }
    return render(request, "office/reports/dashboard.html", context)


def _tile(found: Dashboard, code: str, opens: Callable[..., str]) -> dict[str, Any]:
    """A figure with its target, and what this month added."""
    measure, value, result = MEASURES[code], found.values[code], found.result_of(code)
    most: Any = result.target if result and result.target else None
    if code == "approved_hours" and most is None and found.money:
        most = found.money.hours_needed
    added = found.added.get(code, 0)
    return {
        "href": opens(code),
        "label": TILE_NAMES.get(code, measure.name),
        "value": wording.said(measure.unit, value),
        "now": float(value),
        "most": wording.plain(most) if most else None,
        "behind": bool(result and result.is_behind),
        "added": wording.said(measure.unit, added) if added else "",
    }


# ---------- rows behind a figure ----------


def figure(request: HttpRequest, code: str, figure: str) -> HttpResponse:
    programme = readable_programme(request, code)
    form, question, opening = _asked(request, programme, figure)
    rows = _found(form, opening)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "opening": opening,
        "value": _value(opening, question, programme),
        "period": wording.period(question.starts, question.ends),
        "form": form,
        "filter": form,
        "page": page,
        "heads": opening.shape.heads,
        "rows": [_shown_row(opening, row) for row in page],
        "exports": [
            (
                ending,
                f"{reverse('office:figure_export', args=[code, figure, ending])}?{request.GET.urlencode()}",
            )
            for ending in ("csv", "xlsx")
        ],
    }
    return render(request, "office/reports/figure.html", context, status=200 if form.is_valid() else 422)


def _asked(request: HttpRequest, programme: Programme, code: str) -> tuple[FigureFilter, Question, Opening]:
    whole = whole_programme(programme, timezone.localdate())
    asked = {"starts": whole.starts.isoformat(), "ends": whole.ends.isoformat(), **request.GET.dict()}
    form = FigureFilter(asked, programme=programme, dimensions=dimensions_of(code))
    form.is_valid()
    starts = form.cleaned_data.get("starts") or whole.starts
    ends = form.cleaned_data.get("ends") or whole.ends
    question = Question(programme, starts, max(starts, ends), form.narrowing)
    opening = opening_of(code, question, timezone.now())
    if opening is None:
        raise Http404
    return form, question, opening


def _found(form: FigureFilter, opening: Opening) -> QuerySet:
    rows = opening.shape.searched(opening.rows, form.cleaned_data.get("q") or "")
    return opening.shape.rows(rows)


def _value(opening: Opening, question: Question, programme: Programme) -> str:
    if opening.code in GAP_KINDS:
        worth = GAP_KINDS[opening.code].worth(question, opening.rows)
        parts = [
            wording.said("minutes", worth.minutes),
            wording.said("money", worth.amount, programme.currency),
        ]
        return " · ".join(
            part for part, number in zip(parts, (worth.minutes, worth.amount), strict=True) if number
        )
    if opening.measure is None:
        return ""
    return wording.said(opening.measure.unit, MEASURES[opening.code].value(question), programme.currency)


def _shown_row(opening: Opening, row: Any) -> list[dict[str, Any]]:
    cells = zip(opening.shape.heads, opening.shape.cells(row), strict=True)
    return [
        {"head": head, "said": _said(cell.value), "href": _page_of(cell), "look": _look(head, cell)}
        for head, cell in cells
    ]


def _look(head: Head, cell: Cell) -> str:
    """Numbers stand right; a date is never broken."""
    return "r" if head.is_number else "nowrap" if isinstance(cell.value, date) else ""


def _said(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, timedelta):
        return wording.said("minutes", value // timedelta(minutes=1))
    return wording.cell(value)


def _page_of(cell: Cell) -> str:
    try:
        return reverse(PAGES[cell.thing], args=[cell.code]) if cell.code and cell.thing in PAGES else ""
    except NoReverseMatch:
        return ""


def figure_export(request: HttpRequest, code: str, figure: str, ending: str) -> HttpResponseBase:
    """The rows as shown, filtered as asked: CSV streamed, XLSX written to disk row by row."""
    programme = readable_programme(request, code)
    if ending not in ("csv", "xlsx"):
        raise Http404
    form, _question, opening = _asked(request, programme, figure)
    heads = [str(head.name) for head in opening.shape.heads]
    rows = _exported(opening, _found(form, opening))
    name = f"{programme.code} {figure}.{ending}"
    if ending == "csv":
        answer = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    xlsx_file(file, [Sheet(str(opening.name), heads, rows)])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def _exported(opening: Opening, rows: QuerySet) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=1000):
        yield [cell.value for cell in opening.shape.cells(row)]


# ---------- indicators ----------


def indicators(request: HttpRequest, code: str) -> HttpResponse:
    programme = readable_programme(request, code)
    found = _indicator_rows(programme)
    context = {"programme": programme, "rows": found, "may_report": may_report(request.user, programme)}
    return render(request, "office/reports/indicators.html", context)


def _indicator_rows(programme: Programme) -> list[dict[str, Any]]:
    """Indicators with result, target and how they are counted."""
    today = timezone.localdate()
    question = whole_programme(programme, today)
    opens = opener(programme, question)
    rows = {indicator.code: indicator for indicator in programme.indicators.all()}
    return [
        {
            "indicator": rows[result.code],
            "result": result,
            "value": wording.said(result.unit, result.value, programme.currency),
            "target": wording.target_said(result.unit, result.target, programme.currency)
            if result.target
            else "–",
            "share": wording.percent(result.share),
            "counted": MEASURES[result.measure].counted,
            "narrowed": wording.narrowed(result.filters, programme),
            "href": opens(result.measure, **result.filters),
        }
        for result in results(question, today)
    ]


def indicator_create(request: HttpRequest, code: str) -> HttpResponse:
    programme = readable_programme(request, code, to_report=True)
    return _edit_indicator(request, programme, None)


def indicator_edit(request: HttpRequest, code: str, indicator: int) -> HttpResponse:
    programme = readable_programme(request, code, to_report=True)
    return _edit_indicator(
        request, programme, get_object_or_404(Indicator, programme=programme, pk=indicator)
    )


def _edit_indicator(request: HttpRequest, programme: Programme, indicator: Indicator | None) -> HttpResponse:
    initial = indicator_values(indicator) if indicator else {"target_by": programme.ends}
    form = IndicatorForm(request.POST or None, initial=initial, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_indicator(programme, indicator=indicator, by=actor_of(request), **form.facts)
        except Refusal as refusal:
            form.add_error(refusal.field or None, str(refusal.reason))
        else:
            flash.tell(request, _("%(name)s is saved.") % {"name": saved.name})
            return redirect("office:indicators", programme.code)
    context = {
        "programme": programme,
        "indicator": indicator,
        "form": form,
        "counted": [(measure.name, measure.counted) for measure in MEASURES.values()],
    }
    return render(request, "office/reports/indicator_edit.html", context, status=422 if form.errors else 200)


@require_POST
def indicator_remove(request: HttpRequest, code: str, indicator: int) -> HttpResponse:
    programme = readable_programme(request, code, to_report=True)
    row = get_object_or_404(Indicator, programme=programme, pk=indicator)
    remove_indicator(row, by=actor_of(request))
    flash.tell(request, _("%(name)s is removed. Frozen reports keep it.") % {"name": row.name})
    return redirect("office:indicators", programme.code)
