"""Certificates of an activity: who has completed it, issuing in bulk, printing, revoking, correcting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.commands.completion import rule_completion, set_completion_share, withdraw_ruling
from samverk.activities.completion import open_sheets, unnamed_rows
from samverk.activities.models import Activity
from samverk.certificates import queries
from samverk.certificates.commands.issuing import start_issuing, work_on_issuing
from samverk.certificates.commands.revoking import correct_certificate, revoke_certificate
from samverk.certificates.documents import PAGES_IN_ONE, certificate_document, certificates_document
from samverk.certificates.messages import check_address
from samverk.certificates.models import Certificate, Issuing
from samverk.certificates.permissions import (
    certificates_in_office,
    certificates_to_read,
    may_issue_certificates,
)
from samverk.certificates.queries import RELATED, Row
from samverk.certificates.rules import issuing_refusal
from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.certificates import CorrectionForm, ReasonForm, ShareForm
from samverk.office.views.activities import activity_of
from samverk.people.rules import shown_name

ROWS = 50
# So few are issued while one waits; more are left to the worker.
AT_ONCE = 20


@dataclass(frozen=True)
class Work:
    """An issuing on its way, as the progress part shows it."""

    title: str
    step: str
    done: int
    total: int
    finished: bool = False
    left: str = ""


def _activity(request: HttpRequest, code: str, *, to_issue: bool = False) -> Activity:
    found = activity_of(request, code)
    if to_issue and not may_issue_certificates(request.user, found):
        raise PermissionDenied
    return found


@require_safe
def certificates(request: HttpRequest, code: str) -> HttpResponse:
    """Who has completed the activity, who has not and why, and who has a certificate."""
    return _page(request, _activity(request, code))


def _page(request: HttpRequest, found: Activity, form: ShareForm | None = None) -> HttpResponse:
    rows = queries.rows_of(found)
    counts = {tab: len(queries.rows_in_tab(rows, tab)) for tab in queries.TABS}
    tab = request.GET.get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in ("waits", "has", "short") if counts[name]), "all")
    page = Paginator(queries.rows_in_tab(rows, tab), ROWS).get_page(request.GET.get("page"))
    refusal = issuing_refusal(found)
    issuing = queries.open_issuing(found)
    context = {
        "activity": found, "programme": found.programme, "page": page, "tab": tab, "counts": counts,
        "tabs": _tabs(found, tab, counts), "rows": rows, "refusal": refusal,
        "share_form": form or ShareForm(initial=_asked(found)), "form": form,
        "may_issue": may_issue_certificates(request.user, found),
        "open_sheets": open_sheets(found), "unnamed": unnamed_rows(found),
        "work": _work(issuing) if issuing else None, "stopped": _stopped(found, issuing),
        "revoked": [(one, _shown(one)) for one in queries.revoked_of(found)[:ROWS]],
        "parts": _print_parts(found),
    }  # fmt: skip
    return render(request, "office/certificates/list.html", context, status=422 if form else 200)


def _asked(found: Activity) -> dict[str, Any]:
    return (
        {} if found.completion_share is None else {"share": format(found.completion_share.normalize(), "f")}
    )


def _tabs(found: Activity, here: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    texts = {
        "waits": _("Wait for a certificate"), "has": _("Have one"), "short": _("Not completed"), "all": _("All"),
    }  # fmt: skip
    address = reverse("office:certificates", args=[found.code])
    return [
        {"text": texts[name], "href": f"{address}?tab={name}", "count": counts[name], "here": name == here}
        for name in queries.TABS
    ]


def _work(issuing: Issuing) -> Work:
    said = {"done": words.number(issuing.issued)}
    return Work(
        title=_("Certificates are being issued"),
        step=_("%(done)s are ready.") % said,
        done=issuing.done,
        total=issuing.total,
    )


def _stopped(found: Activity, issuing: Issuing | None) -> str:
    last = None if issuing else queries.last_issuing(found)
    return last.stopped_because if last else ""


def _print_parts(found: Activity) -> list[dict[str, Any]]:
    """The files in which all are printed, each of so many pages that it is made at once."""
    number = queries.to_print(found).count()
    address = reverse("office:certificates_print", args=[found.code])
    starts = range(0, number, PAGES_IN_ONE)
    return [
        {
            "href": f"{address}?part={part}",
            "text": _("%(first)s–%(last)s") % {"first": start + 1, "last": min(start + PAGES_IN_ONE, number)},
        }
        for part, start in enumerate(starts, 1)
    ]


def _shown(certificate: Certificate) -> str:
    owner = certificate.owner
    return shown_name(owner) if owner and owner.is_protected else certificate.name


@require_POST
def completion_set(request: HttpRequest, code: str) -> HttpResponse:
    """How much one must attend."""
    found = _activity(request, code, to_issue=True)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    set_completion_share(found, form.cleaned_data["share"], by=actor_of(request))
    flash.tell(request, _("Saved. The list shows who has completed it now."))
    return redirect("office:certificates", code)


@require_POST
def certificates_issue(request: HttpRequest, code: str) -> HttpResponse:
    """To those who were picked, or to everybody who has completed it and has none."""
    found = _activity(request, code, to_issue=True)
    chosen = request.POST.getlist("pick")
    keys = chosen or [row.key for row in queries.rows_of(found) if row.waits]
    try:
        issuing = start_issuing(found, keys, by=actor_of(request), tells="silent" not in request.POST)
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return redirect("office:certificates", code)
    if issuing.total <= AT_ONCE:
        issuing = work_on_issuing(issuing)
        said = ngettext("%(n)s certificate is issued.", "%(n)s certificates are issued.", issuing.issued)
        flash.tell(request, said % {"n": words.number(issuing.issued)})
    return redirect("office:certificates", code)


@require_safe
def certificates_print(request: HttpRequest, code: str) -> HttpResponse:
    """Many on one file, a page each, for those who get theirs on paper. Never of protected people."""
    found = _activity(request, code, to_issue=True)
    page = Paginator(queries.to_print(found), PAGES_IN_ONE).get_page(request.GET.get("part"))
    if not page.object_list:
        raise Http404
    return _pdf(certificates_document(list(page.object_list)), f"{found.code}-{page.number}.pdf")


# ---------- one person ----------


def _row(found: Activity, key: str) -> Row:
    row = next((one for one in queries.rows_of(found) if one.key == key), None)
    if row is None:
        raise Http404
    return row


@require_safe
def completion_why(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Session by session, and the decision by hand."""
    found = _activity(request, code)
    return _why(request, found, _row(found, key))


def _why(request: HttpRequest, found: Activity, row: Row, form: ReasonForm | None = None) -> HttpResponse:
    context = {
        "activity": found, "programme": found.programme, "row": row, "form": form or ReasonForm(),
        "lines": queries.session_lines(found, row.standing), "may_issue": may_issue_certificates(request.user, found),
    }  # fmt: skip
    return render(request, "office/certificates/why.html", context, status=422 if form else 200)


@require_POST
def completion_rule(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Decide by hand, with a reason."""
    found = _activity(request, code, to_issue=True)
    row, form = _row(found, key), ReasonForm(request.POST)
    if not form.is_valid():
        return _why(request, found, row, form)
    completes = request.POST.get("completes") == "yes"
    rule_completion(
        found, key, completes=completes, because=form.cleaned_data["because"], by=actor_of(request)
    )
    said = _("%(name)s has completed it.") if completes else _("%(name)s has not completed it.")
    flash.tell(request, said % {"name": row.name})
    return redirect("office:certificates", code)


@require_POST
def completion_withdraw(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The minutes decide again."""
    found = _activity(request, code, to_issue=True)
    row = _row(found, key)
    withdraw_ruling(found, key, by=actor_of(request))
    flash.tell(request, _("The minutes of %(name)s decide again.") % {"name": row.name})
    return redirect("office:completion_why", code, key)


# ---------- one certificate ----------


def _certificate(request: HttpRequest, code: str, *, to_issue: bool = False) -> Certificate:
    visible = certificates_in_office(request.user).select_related(*RELATED, "replaced_by")
    found = get_object_or_404(visible, code=code)
    if to_issue and not may_issue_certificates(request.user, found.activity):
        raise PermissionDenied
    return found


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """What it says, whether it counts, and how to take it back. Of a protected person only that it exists."""
    return _detail(request, _certificate(request, code))


def _detail(
    request: HttpRequest, found: Certificate, *, form: ReasonForm | None = None, part: str = ""
) -> HttpResponse:
    is_open = not found.is_protected and bool(found.facts)
    begin = {"name": found.name, "language": found.language}
    context = {
        "certificate": found, "activity": found.activity, "programme": found.activity.programme,
        "facts": found.facts if is_open else None, "name": _shown(found),
        "check_address": check_address(found) if is_open else "",
        "newer": getattr(found, "replaced_by", None), "form": form, "part": part,
        "revoke_form": form if part == "revoke" else ReasonForm(prefix="revoke"),
        "correct_form": form
        if part == "correct"
        else CorrectionForm(prefix="correct", initial=begin, is_protected=found.is_protected),
        "may_issue": may_issue_certificates(request.user, found.activity) and not found.is_revoked,
    }  # fmt: skip
    return render(request, "office/certificates/certificate.html", context, status=422 if form else 200)


@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    readable = certificates_to_read(request.user).exclude(facts={}).select_related(*RELATED)
    found = get_object_or_404(readable, code=code)
    return _pdf(certificate_document(found), f"{found.code}.pdf")


@require_POST
def certificate_revoke(request: HttpRequest, code: str) -> HttpResponse:
    """It no longer counts; its owner is told."""
    found = _certificate(request, code, to_issue=True)
    form = ReasonForm(request.POST, prefix="revoke")
    if not form.is_valid():
        return _detail(request, found, form=form, part="revoke")
    try:
        revoke_certificate(found, because=form.cleaned_data["because"], by=actor_of(request))
    except Refusal as no:
        form.add_error(None, str(no.reason))
        return _detail(request, found, form=form, part="revoke")
    flash.tell(request, _("Certificate %(number)s is revoked. Its check page says so.") % {"number": code})
    return redirect("office:certificate", code)


@require_POST
def certificate_correct(request: HttpRequest, code: str) -> HttpResponse:
    """A new one that names this one; this one no longer counts."""
    found = _certificate(request, code, to_issue=True)
    form = CorrectionForm(request.POST, prefix="correct", is_protected=found.is_protected)
    if not form.is_valid():
        return _detail(request, found, form=form, part="correct")
    try:
        fresh = correct_certificate(found, by=actor_of(request), **form.cleaned_data)
    except Refusal as no:
        form.add_error(None, str(no.reason))
        return _detail(request, found, form=form, part="correct")
    said = {"number": fresh.code, "old": code}
    flash.tell(request, _("Certificate %(number)s replaces %(old)s.") % said)
    return redirect("office:certificate", fresh.code)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
