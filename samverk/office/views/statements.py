"""Hour statements: who has answered, sending and reminding, paper out and paper in, disputes, proofs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samverk.activities.permissions import sessions_visible_to
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.fold import fold
from samverk.ledger import months
from samverk.ledger.commands.asking import make_statements, remind_statement
from samverk.ledger.commands.attesting import stand_by_line
from samverk.ledger.commands.filing import file_paper_statement, file_session_list
from samverk.ledger.documents import statement_document
from samverk.ledger.models import HourEntry, Statement, StatementAnswer
from samverk.ledger.permissions import (
    evidence_visible_to,
    hour_entries_in_office,
    may_ask_for_hours,
    may_file_evidence,
    programmes_with_hours,
    statements_in_office,
)
from samverk.ledger.queries import (
    STATEMENT_TABS,
    employer_asked,
    lines_by_month,
    months_with_hours,
    persons_to_ask,
    statement_counts,
    statement_lines,
)
from samverk.office.forms.hours import ListForm, PaperForm, SettleForm, StatementsFilter
from samverk.office.views.hours import for_readers
from samverk.people.rules import shown_name
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import seats_of

ROWS = 50


def tab_words() -> dict[str, str]:
    return {
        "all": _("All"),
        "waiting": _("Wait for the person"),
        "paper": _("Not sent, or paper"),
        "disputed": _("Something is wrong"),
        "signed": _("Confirmed"),
    }


def _readable(request: HttpRequest) -> list[int]:
    return list(programmes_with_hours(request.user).values_list("pk", flat=True))


def _coordinated(request: HttpRequest) -> list[int]:
    return list(seats_of(request.user, [SeatRole.COORDINATOR]).values_list("programme", flat=True))


@for_readers
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    known = months_with_hours(hour_entries_in_office(request.user).live())
    form = StatementsFilter(request.GET or None, known=known)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    month = months.parse_month(asked.get("month", "")) or (known[0] if known else None)
    visible = statements_in_office(request.user)
    visible = visible.filter(month=month) if month else visible.none()
    for word in fold(asked.get("q", "")).split():
        visible = visible.filter(person__folded__contains=word, person__is_protected=False)
    tab = request.GET.get("tab", "all")
    found = visible.filter(STATEMENT_TABS.get(tab, Q())).select_related("person")
    page = Paginator(found.order_by("person__sort_key", "pk"), ROWS).get_page(request.GET.get("page"))
    coordinated = _coordinated(request)
    context = {
        "filter": form,
        "page": page,
        "rows": _rows(request, list(page.object_list)),
        "tabs": _tabs(request, statement_counts(visible), tab),
        "month": month,
        "month_said": months.said(month) if month else "",
        "to_ask": len(persons_to_ask(coordinated, month)) if month and coordinated else 0,
    }
    return render(request, "office/statements/list.html", context)


def _tabs(request: HttpRequest, counts: dict[str, int], tab: str) -> list[dict[str, Any]]:
    said, items = tab_words(), []
    for name, number in counts.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["tab"] = name
        items.append(
            {"text": said[name], "href": f"?{query.urlencode()}", "count": number, "here": name == tab}
        )
    return items


def _rows(request: HttpRequest, found: list[Statement]) -> list[dict[str, Any]]:
    sums = lines_by_month(found, _readable(request))
    return [
        {
            "statement": one,
            "name": shown_name(one.person),
            "sums": sums.get((one.person_id, one.month), {"lines": 0, "minutes": 0, "confirmed": 0}),
            "kind": kind_of(one),
            "has_address": bool(one.person.mail_address),
        }
        for one in found
    ]


def kind_of(statement: Statement) -> str:
    kinds = {Statement.State.SIGNED: "ok", Statement.State.DISPUTED: "bad"}
    return kinds.get(Statement.State(statement.state), "wait")


@for_readers
@require_http_methods(["GET", "POST"])
def statements_send(request: HttpRequest) -> HttpResponse:
    """Send a month's links: the page says to whom, the button sends."""
    coordinated = _coordinated(request)
    if not coordinated:
        raise PermissionDenied
    month = months.parse_month(request.POST.get("month") or request.GET.get("month", "")) or _newest(request)
    people = persons_to_ask(coordinated, month) if month else []
    reachable = [person for person in people if person.mail_address]
    if request.method == "POST" and month:
        asked = make_statements(month, by=actor_of(request), people=[person.pk for person in people])
        flash.tell(request, ngettext("Sent to %(n)s person.", "Sent to %(n)s persons.", asked) % {"n": asked})
        return redirect(reverse("office:statements") + f"?month={month:%Y-%m}")
    context = {
        "month": month,
        "month_said": months.said(month) if month else "",
        "reachable": [shown_name(person) for person in reachable],
        "on_paper": [shown_name(person) for person in people if not person.mail_address],
    }
    return render(request, "office/statements/send.html", context)


def _newest(request: HttpRequest) -> date | None:
    known = months_with_hours(hour_entries_in_office(request.user).live())
    return known[0] if known else None


def _statement_of(request: HttpRequest, code: str, *, to_write: bool = False) -> Statement:
    found = get_object_or_404(statements_in_office(request.user).select_related("person"), code=code)
    if to_write and not may_ask_for_hours(
        request.user, [line.programme_id for line in statement_lines(found)]
    ):
        raise PermissionDenied
    return found


@for_readers
@require_safe
def statement(request: HttpRequest, code: str) -> HttpResponse:
    return _detail(request, _statement_of(request, code))


def _own_lines(request: HttpRequest, found: Statement) -> list[HourEntry]:
    """Lines of programmes she coordinates: what she may print and file."""
    return statement_lines(found, _coordinated(request))


def _detail(request: HttpRequest, found: Statement, form: Any = None) -> HttpResponse:
    lines = statement_lines(found, _readable(request))
    own = _own_lines(request, found)
    answers = {answer.entry_id: answer for answer in found.answers.select_related("settled_by")}
    visible = {str(line.pk) for line in lines}
    signatures = found.attestations.select_related("signed_by", "organisation", "evidence__filed_by")
    context = {
        "statement": found,
        "name": shown_name(found.person),
        "month_said": months.said(found.month),
        "kind": kind_of(found),
        "rows": [(line, answers.get(line.pk)) for line in lines],
        "others": len(statement_lines(found)) - len(lines),
        "total": sum(line.minutes for line in lines),
        "signatures": [one for one in signatures if visible & set(one.entries)],
        "is_protected": found.person.is_protected,
        "may_write": bool(own),
        "has_address": bool(found.person.mail_address),
        "paper_form": form or PaperForm(entries=own, asks_employer=employer_asked(own)) if own else None,
        "settle_form": SettleForm(),
        "form": form,
    }
    return render(request, "office/statements/detail.html", context, status=422 if form is not None else 200)


@for_readers
@require_POST
def statement_remind(request: HttpRequest, code: str) -> HttpResponse:
    found = _statement_of(request, code, to_write=True)
    try:
        remind_statement(found, by=actor_of(request))
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    else:
        flash.tell(request, _("%(name)s is reminded.") % {"name": shown_name(found.person)})
    return redirect("office:statement", code)


@for_readers
@require_safe
def statement_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The same statement to print and sign by hand: lines of programmes she coordinates."""
    found = _statement_of(request, code, to_write=True)
    response = HttpResponse(
        statement_document(found, _own_lines(request, found)), content_type="application/pdf"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{found.code}.pdf")
    return response


@for_readers
@require_POST
def statement_file(request: HttpRequest, code: str) -> HttpResponse:
    """The paper came back signed: file it, in one's own name."""
    found = _statement_of(request, code, to_write=True)
    own = _own_lines(request, found)
    form = PaperForm(request.POST, request.FILES, entries=own, asks_employer=employer_asked(own))
    if not form.is_valid():
        return _detail(request, found, form)
    values, file = form.cleaned_data, form.cleaned_data["file"]
    try:
        file_paper_statement(
            found, file, file.name, by=actor_of(request), lines=[line.pk for line in own if line.code in values["lines"]],
            employer_signed=values.get("employer_signed", False),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
        return _detail(request, found, form)
    flash.tell(request, _("The paper of %(name)s is filed.") % {"name": shown_name(found.person)})
    return redirect("office:statement", code)


@for_readers
@require_POST
def dispute_settle(request: HttpRequest, code: str, line: str) -> HttpResponse:
    """Stand by a line that was called wrong, with a reason; the person is asked again."""
    found = _statement_of(request, code, to_write=True)
    answer = get_object_or_404(
        StatementAnswer.objects.select_related("entry__programme", "statement"),
        statement=found, entry__code=line, entry__programme__in=_readable(request),
    )  # fmt: skip
    try:
        stand_by_line(answer, request.POST.get("because", ""), by=actor_of(request))
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    else:
        flash.tell(
            request, _("%(name)s is asked again and reads your reason.") % {"name": shown_name(found.person)}
        )
    return redirect("office:statement", code)


@for_readers
@require_http_methods(["GET", "POST"])
def session_evidence(request: HttpRequest, code: str) -> HttpResponse:
    """File the signed attendance list of a session: proof for everybody on it."""
    session = get_object_or_404(
        sessions_visible_to(request.user).select_related("activity__programme"), code=code
    )
    if not may_file_evidence(request.user, session.activity.programme):
        raise PermissionDenied
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            file_session_list(
                session,
                file,
                file.name,
                by=actor_of(request),
                original_kept=form.cleaned_data["original_kept"],
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
        else:
            flash.tell(request, _("The list is filed. It is proof for everybody on it."))
            return redirect("office:session_evidence", code)
    filed = session.evidence_filed.select_related("filed_by")
    context = {"session": session, "programme": session.activity.programme, "form": form, "filed": filed}
    return render(
        request, "office/statements/session_evidence.html", context, status=422 if form.errors else 200
    )


@for_readers
@require_safe
def evidence(request: HttpRequest, code: str) -> FileResponse:
    """A filed proof, as a file to keep: never opened as a page."""
    found = get_object_or_404(evidence_visible_to(request.user), code=code)
    return uploads.download(found.file.open("rb"), found.file_name, found.media_type)
