"""Reports: choose a period, check what is missing, preview, freeze, download."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.measuring import Question
from samverk.office.doors import for_team
from samverk.office.forms.reports import PeriodForm, ReportWordsForm, usual_periods
from samverk.office.views.figures import opener
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import seats_of
from samverk.reporting import charts, commands, documents, tables, wording
from samverk.reporting.measures import MEASURES
from samverk.reporting.models import Report
from samverk.reporting.paper import Paper, paper_of, title_of
from samverk.reporting.permissions import may_report, reports_visible_to
from samverk.reporting.queries.co_financing import stale_count
from samverk.reporting.queries.differences import Difference, differences
from samverk.reporting.queries.gaps import gaps, total_worth
from samverk.reporting.rules import last_day_of
from samverk.trail.queries import entries_of

# Visits; each brings about three rows, and five thousand rows take a second.
FROZEN_AT_ONCE = 50_000
STEPS = ("period", "check", "preview", "frozen")


@for_team
def reports(request: HttpRequest) -> HttpResponse:
    found = reports_visible_to(request.user).select_related("programme", "snapshot__frozen_by", "made_by")
    context = {
        "reports": [
            (report, title_of(report), wording.period(report.starts, report.ends)) for report in found
        ],
        "may_create": _reported_programmes(request).exists(),
        "open_count": sum(1 for report in found if not report.frozen),
    }
    return render(request, "office/reports/list.html", context)


def _reported_programmes(request: HttpRequest) -> Any:
    seats = seats_of(request.user, [SeatRole.COORDINATOR])
    return Programme.objects.filter(pk__in=seats.values("programme"))


def report_of(request: HttpRequest, code: str, *, to_write: bool = False) -> Report:
    """A visible report; 403 where the person may only read it."""
    found = reports_visible_to(request.user).select_related("programme", "snapshot__frozen_by")
    report = get_object_or_404(found, code=code)
    if to_write and not may_report(request.user, report.programme):
        raise PermissionDenied
    return report


@for_team
def report_create(request: HttpRequest) -> HttpResponse:
    """Step 1: the period."""
    programmes = _reported_programmes(request)
    if not programmes.exists():
        raise PermissionDenied
    programme = programmes.filter(code=request.GET.get("programme", "")).first() or programmes.first()
    form = PeriodForm(request.POST or None, programmes=programmes, initial=_chosen(request, programme))
    if request.method == "POST" and form.is_valid():
        report = _created(request, form)
        if report:
            return redirect("office:report_check", report.code)
    periods = usual_periods(programme, timezone.localdate()) if programme else []
    context = {
        "form": form,
        "programme": programme,
        "periods": [
            (name, wording.period(first, last), _period_href(programme, first, last))
            for name, first, last in periods
        ],
    }
    return render(request, "office/reports/create.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, programme: Programme | None) -> dict[str, Any]:
    asked = {name: request.GET[name] for name in ("starts", "ends") if name in request.GET}
    if not asked and programme:
        _name, starts, ends = usual_periods(programme, timezone.localdate())[0]
        asked = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    return {"programme": programme, **asked}


def _period_href(programme: Any, first: Any, last: Any) -> str:
    return f"{reverse('office:report_create')}?programme={programme.code}&starts={first:%Y-%m-%d}&ends={last:%Y-%m-%d}"


def _created(request: HttpRequest, form: PeriodForm) -> Report | None:
    facts = dict(form.cleaned_data)
    try:
        return commands.create_report(facts.pop("programme"), by=actor_of(request), **facts)
    except Refusal as refusal:
        form.add_error(refusal.field or None, str(refusal.reason))
        return None


def report_check(request: HttpRequest, code: str) -> HttpResponse:
    """Step 2: what is missing, and what it is worth."""
    report = report_of(request, code)
    question = Question(report.programme, report.starts, report.ends)
    found = gaps(question, timezone.now())
    opens = opener(report.programme, question)
    context = {
        "report": report,
        "programme": report.programme,
        "title": title_of(report),
        "gaps": [(gap, opens(gap.kind.code)) for gap in found],
        "worth": total_worth(found),
        "stale": stale_count(question),
        "stale_href": opens("stale"),
        "cut": _cut_months(question),
        "steps": _steps(report, "check"),
    }
    return render(request, "office/reports/check.html", context)


def _cut_months(question: Question) -> str:
    """A sentence where the period cuts months, whose judged hours then stay out."""
    months = question.months
    if months is None:
        return _("The period holds no whole month. Hours are judged by month, so no judged hour is in it.")
    whole = Question(question.programme, question.starts.replace(day=1), last_day_of(question.ends))
    if whole.months == months:
        return ""
    return _("The period cuts a month. Judged hours are from whole months only: %(first)s to %(last)s.") % {
        "first": f"{months[0]:%Y-%m}",
        "last": f"{months[1]:%Y-%m}",
    }


def _steps(report: Report, here: str) -> list[dict[str, Any]]:
    names = {
        "period": (_("Choose the period"), ""),
        "check": (_("Check what is missing"), reverse("office:report_check", args=[report.code])),
        "preview": (_("Read it through"), reverse("office:report", args=[report.code])),
        "frozen": (_("Freeze and download"), f"{reverse('office:report', args=[report.code])}#freeze"),
    }
    at = STEPS.index(here)
    return [
        {"number": number + 1, "name": names[step][0], "href": names[step][1], "state": _state(number, at)}
        for number, step in enumerate(STEPS)
    ]


def _state(number: int, at: int) -> str:
    return "done" if number < at else "next" if number == at else "later"


def report(request: HttpRequest, code: str) -> HttpResponse:
    """Step 3, and the report for ever after: every number opens to its rows."""
    return _report(request, report_of(request, code))


def _report(request: HttpRequest, report: Report, refusal: str = "") -> HttpResponse:
    paper = paper_of(report)
    opens = opener(report.programme, paper.question)
    context = {
        "report": report,
        "paper": paper,
        "figures": paper.figures,
        "programme": report.programme,
        "short": wording.in_short(paper.figures),
        "indicators": [_result_row(row, paper, opens) for row in paper.figures.indicators],
        "measures": [_measure_row(figure, paper, opens) for figure in paper.figures.measures],
        "splits": [_split_rows(paper, by, opens) for by in tables.SPLIT_HEADINGS],
        "money_chart": _money_chart(paper, report.programme),
        "differences": [_difference_row(row) for row in paper.differences or []],
        "digest": wording.grouped(paper.snapshot.digest) if paper.snapshot else "",
        "stale": 0 if paper.snapshot else stale_count(paper.question),
        "steps": [] if paper.snapshot else _steps(report, "preview"),
        "may_report": may_report(request.user, report.programme),
        "refusal": refusal,
        "rows_count": _rows_count(paper),
        "log_entries": entries_of(report)[:5],
    }
    return render(request, "office/reports/report.html", context, status=409 if refusal else 200)


def _result_row(result: Any, paper: Paper, opens: Any) -> dict[str, Any]:
    currency = paper.figures.programme["currency"]
    return {
        "name": result.name,
        "href": opens(result.measure, **result.filters),
        "value": wording.said(result.unit, result.value, currency),
        "target": wording.target_said(result.unit, result.target, currency)
        if result.target is not None
        else "–",
        "share": wording.percent(result.share),
    }


def _measure_row(figure: Any, paper: Paper, opens: Any) -> dict[str, Any]:
    return {
        "name": figure.measure.name,
        "counted": figure.measure.counted,
        "href": opens(figure.measure.code),
        "value": wording.said(figure.measure.unit, figure.value, paper.figures.programme["currency"]),
    }


def _split_rows(paper: Paper, by: str, opens: Any) -> dict[str, Any]:
    rows = [
        {
            "name": part.name,
            "values": [
                {
                    "head": tables.SHORT_NAMES[figure.measure.code],
                    "said": wording.said(figure.measure.unit, figure.value),
                    "href": opens(figure.measure.code, **{by: part.code}),
                }
                for figure in part.values
            ],
        }
        for part in paper.figures.split(by)
    ]
    return {"heading": tables.SPLIT_HEADINGS[by], "head": tables.PART_HEADS[by], "rows": rows}


def _money_chart(paper: Paper, programme: Programme) -> Any:
    money = paper.figures.co_financing
    if money is None:
        return None
    note = _("From the first day of the programme to the last day of the report, in %(currency)s.") % {
        "currency": money.currency
    }
    whole = Question(programme, programme.starts, paper.figures.ends)
    return charts.money_chart(money, opener(programme, whole), note=note)


def _rows_count(paper: Paper) -> int:
    """How many rows freezing will keep, as a hint; the snapshot knows exactly."""
    if paper.snapshot:
        return paper.snapshot.rows_count
    return int(paper.figures.value("visits")) + int(paper.figures.value("sessions_held"))


def _difference_row(row: Difference) -> dict[str, Any]:
    return {
        "name": tables.difference_name(row),
        "href": _page_of(row),
        "kind": row.kind,
        "words": tables.difference_words(row),
        "effect": wording.effect(row),
        "entry": row.entry,
    }


def _page_of(row: Difference) -> str:
    """Where the row stands now: the sheet of its session, or its line of the ledger."""
    if row.section == "hour":
        return reverse("office:hour", args=[row.key])
    code = row.key if row.section == "session" else (row.now or row.before).get("session", "")
    return reverse("office:attendance", args=[code]) if code else ""


def report_differences(request: HttpRequest, code: str) -> HttpResponse:
    """All differences of a frozen report, compared row by row now."""
    report = report_of(request, code)
    snapshot, refusal, found = report.frozen, "", []
    try:
        found = differences(snapshot, 1_000) if snapshot else []
    except Refusal as refused:
        refusal = str(refused.reason)
    context = {
        "refusal": refusal,
        "report": report,
        "programme": report.programme,
        "title": title_of(report),
        "differences": [_difference_row(row) for row in found],
    }
    return render(request, "office/reports/differences.html", context)


def report_edit(request: HttpRequest, code: str) -> HttpResponse:
    report = report_of(request, code, to_write=True)
    form = ReportWordsForm(
        request.POST or None, initial={"title": report.title, "narrative": report.narrative}
    )
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_report(report, by=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            flash.tell(request, _("The words are saved."))
            return redirect("office:report", report.code)
    context = {"report": report, "programme": report.programme, "title": title_of(report), "form": form}
    return render(request, "office/reports/edit.html", context, status=422 if form.errors else 200)


@require_POST
def report_freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Step 4. A refusal answers 409 with the report and the reason."""
    report = report_of(request, code, to_write=True)
    try:
        _refuse_huge(report)
        snapshot = commands.freeze_report(report, by=actor_of(request))
    except Refusal as refusal:
        return _report(request, report_of(request, code), str(refusal.reason))
    flash.tell(
        request, _("The report is frozen. Its digest is %(digest)s.") % {"digest": snapshot.digest[:12]}
    )
    return redirect("office:report", report.code)


def _refuse_huge(report: Report) -> None:
    """A browser waits a minute at most; what takes longer is frozen from the shell."""
    visits = MEASURES["visits"].value(Question(report.programme, report.starts, report.ends))
    if visits > FROZEN_AT_ONCE:
        command = f"bin/samverk freeze-report {report.code}"
        raise Refusal(
            _("This report is too large for a browser. Freeze it from the shell: %(command)s")
            % {"command": command}
        )


def report_download(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """The report as PDF, XLSX or JSON."""
    if ending not in ("pdf", "xlsx", "json"):
        raise Http404
    paper = paper_of(report_of(request, code), compare=ending == "pdf")
    name = documents.file_name(paper, ending)
    if ending == "json":
        answer = StreamingHttpResponse(documents.json_pieces(paper), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    if ending == "pdf":
        file.write(documents.report_pdf(paper))
    else:
        documents.report_xlsx(paper, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)
