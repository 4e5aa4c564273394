"""Log-in lists of video meetings: sent, looked at person by person, written onto the sheet, taken back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import Mark
from samverk.activities.models import Session
from samverk.activities.sheet_queries import SheetRow
from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.ledger.permissions import may_file_evidence
from samverk.office.forms.remote import ClockForm, LogForm
from samverk.office.views.attendance import session_of
from samverk.office.views.undo import undo_address
from samverk.remote import commands
from samverk.remote.intervals import moment_at
from samverk.remote.matching import BY_EMAIL, BY_NAME, DOUBTFUL, UNKNOWN
from samverk.remote.models import RemoteLog
from samverk.remote.permissions import remote_logs_visible_to
from samverk.remote.planning import (
    KEEP,
    ROW,
    SKIP,
    STAYS_PROVED,
    STAYS_SAME,
    TOO_SHORT,
    WALK_IN,
    Line,
    Plan,
    RowPlan,
    plan_of,
)


def session_logs(request: HttpRequest, code: str) -> HttpResponse:
    """The log-in lists of a session, and a form for one more."""
    session = session_of(request, code)
    may_file = may_file_evidence(request.user, session.activity.programme)
    if request.method == "POST" and not may_file:
        raise PermissionDenied
    form = LogForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            log = commands.take_log(session, file, file.name, by=actor_of(request))
        except Refusal as no:
            form.add_error("file" if no.field == "file" else None, str(no.reason))
        else:
            return redirect("office:remote_log", log.code)
    logs = remote_logs_visible_to(request.user).filter(session=session).select_related("sent_by")
    context = {
        "session": session, "activity": session.activity, "programme": session.activity.programme,
        "form": form if may_file else None, "logs": logs,
    }  # fmt: skip
    return render(request, "office/remote/session.html", context, status=422 if form.errors else 200)


def _log_of(request: HttpRequest, code: str) -> RemoteLog:
    logs = remote_logs_visible_to(request.user).select_related(
        "session__activity__programme", "evidence", "sent_by"
    )
    return get_object_or_404(logs, code=code)


@require_safe
def remote_log(request: HttpRequest, code: str) -> HttpResponse:
    """Who is on the list, who that seems to be, and what would be written."""
    return _shown(request, _log_of(request, code))


def _shown(request: HttpRequest, log: RemoteLog, refusal: str = "") -> HttpResponse:
    plan, session = plan_of(log), log.session
    asked = request.GET.get("ask", "")
    plans = {row.row: row for row in plan.rows}
    choices = [(f"{ROW}{row.id}", _choice(row)) for row in plan.sheet.values()]
    lines = [_line(line, plan, plans, session, asked) for line in plan.lines]
    missing = [row for row in plan.sheet.values() if row.id not in plans and row.mark == Mark.NOT_MARKED]
    context = {
        "log": log, "session": session, "activity": session.activity, "programme": session.activity.programme,
        "lines": lines, "choices": choices, "changes": plan.changes, "open": len(plan.open), "missing": len(missing),
        "is_open": log.state == RemoteLog.State.ASKED, "refusal": refusal,
        "clock_form": ClockForm(session=session, initial={"clock": log.time_zone}),
        "is_inside": any(line.person.presence.minutes for line in plan.lines), "reason": request.POST.get("reason", ""),
        "undo": undo_address(log) if log.state == RemoteLog.State.WRITTEN else "",
    }  # fmt: skip
    return render(request, "office/remote/log.html", context, status=422 if refusal else 200)


def _choice(row: SheetRow) -> str:
    return f"{row.name} · {row.organisation}" if row.organisation else row.name


def _line(line: Line, plan: Plan, plans: dict[int, RowPlan], session: Session, asked: str) -> dict[str, Any]:
    person, row = line.person, plan.sheet.get(line.row) if line.row is not None else None
    presence = person.presence
    spans = [_span(start, end, session) for start, end in presence.stays]
    found = plans.get(line.row) if line.row is not None else None
    is_short = presence.minutes < 1
    return {
        "key": person.key, "name": person.name, "emails": person.emails, "spans": spans, "answer": line.answer,
        "minutes": words.hours(presence.minutes), "is_short": is_short, "row": row,
        "how": _how(line), "seen_longer": plan.sheet.get(line.seen_longer or 0), "is_kept": line.answer == KEEP,
        "why_not": _why_not(found.why_not) if found and found.why_not and not is_short else "",
        "suggested": [(f"{ROW}{key}", plan.sheet[key].name) for key in line.match.rows if key in plan.sheet],
        "asks": not is_short and (not line.is_sure or asked == person.key),
        "is_walk_in": line.answer == WALK_IN, "is_skipped": line.answer == SKIP,
    }  # fmt: skip


def _span(start: int, end: int, session: Session) -> str:
    return words.span(moment_at(start).astimezone(session.zone), moment_at(end).astimezone(session.zone))


def _how(line: Line) -> str:
    if line.seen_longer is not None:
        return _("Seen for longer than the list says")
    said = {
        BY_EMAIL: _("Found by e-mail"), BY_NAME: _("Found by name"), DOUBTFUL: _("Who is it?"),
        UNKNOWN: _("Nobody on the sheet"),
    }  # fmt: skip
    return str(said[line.match.how])


def _why_not(why: str) -> str:
    said = {
        STAYS_PROVED: _("Stays as it is: proved by signed paper."), STAYS_SAME: _("The sheet says so already."),
        TOO_SHORT: _("Less than a minute in the session."),
    }  # fmt: skip
    return str(said[why])


def _answers(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix("a-"): value[:30]
        for name, value in request.POST.items()
        if name.startswith("a-") and isinstance(value, str)
    }


@require_POST
def remote_log_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the answers; nothing goes onto the sheet."""
    log = _log_of(request, code)
    try:
        commands.answer_log(
            log, _answers(request), by=actor_of(request), clock=request.POST.get("clock", "")[:60]
        )
    except Refusal as no:
        return _shown(request, log, str(no.reason))
    flash.tell(request, _("Your answers are kept. Nothing is on the sheet yet."), kind="info")
    return redirect("office:remote_log", code)


@require_POST
def remote_log_write(request: HttpRequest, code: str) -> HttpResponse:
    """Write the list onto the sheet, with the answers on the page."""
    log = _log_of(request, code)
    try:
        if log.state == RemoteLog.State.ASKED:
            log = commands.answer_log(log, _answers(request), by=actor_of(request))
        number = commands.write_log(log, by=actor_of(request), reason=request.POST.get("reason", "")[:300])
    except Refusal as no:
        return _shown(request, _log_of(request, code), str(no.reason))
    if number:
        said = ngettext("%(n)s row is marked from the list.", "%(n)s rows are marked from the list.", number)
        flash.tell(request, said % {"n": number}, undo=undo_address(log))
    else:
        flash.tell(request, _("Nothing new: the sheet says the same."), kind="info")
    return redirect("office:remote_log", code)
