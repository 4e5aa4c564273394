"""Outgoing mail of the scopes one answers for: its state, and sending again what failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.returning import page_before
from samverk.office.doors import for_log_readers
from samverk.people.rules import alias_of
from samverk.post.commands import retry_mail
from samverk.post.models import Mail
from samverk.post.queries import count_by_state, mails_in
from samverk.programmes.permissions import scopes_visible_to
from samverk.trail.commands import log

ROWS = 50
TAG = {"queued": "wait", "sent": "ok", "failed": "bad", "cancelled": "off"}
# What a mail is about, while its own words are not written yet.
KINDS: dict[str, Any] = {
    "activities.registration": gettext_lazy("A registration"),
    "activities.session_moved": gettext_lazy("A new time or place"),
    "activities.session_cancelled": gettext_lazy("A cancelled session"),
    "activities.activity_cancelled": gettext_lazy("A cancelled activity"),
    "ledger.statement": gettext_lazy("Hours to confirm"),
    "ledger.statement_reminder": gettext_lazy("Reminder: hours to confirm"),
    "ledger.statement_again": gettext_lazy("Hours to confirm again"),
    "ledger.statement_copy": gettext_lazy("Copy of confirmed hours"),
    "certificates.certificate": gettext_lazy("Certificate"),
    "ledger.countersign": gettext_lazy("Hours for the employer to confirm"),
}


@dataclass(frozen=True)
class Row:
    """A mail as the office reads it; of a protected person neither name nor address."""

    mail: Mail
    to: str
    subject: str
    tag: str


@for_log_readers
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The list, by state."""
    visible = mails_in(scopes_visible_to(request.user))
    state = request.GET.get("state", "")
    state = state if state in Mail.State.values else ""
    found = visible.filter(state=state) if state else visible
    page = Paginator(found.select_related("person"), ROWS).get_page(request.GET.get("page"))
    context = {
        "tabs": _tabs(count_by_state(visible), state),
        "page": page,
        "rows": [_row(one) for one in page],
        "state": state,
    }
    return render(request, "office/mail/list.html", context)


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    address = reverse("office:mail")
    every = {"text": _("All"), "href": address, "count": sum(counts.values()), "here": not chosen}
    states = [
        {"text": state.label, "href": f"{address}?state={state.value}", "count": counts.get(state.value, 0), "here": chosen == state}
        for state in Mail.State
    ]  # fmt: skip
    return [every, *states]


def _row(one: Mail) -> Row:
    is_hidden = one.person is not None and one.person.is_protected
    to = (
        alias_of(one.person.code)
        if is_hidden and one.person
        else " ".join(part for part in (one.to_name, f"<{one.to}>") if part)
    )
    subject = "" if is_hidden else one.subject
    return Row(one, to, subject or str(KINDS.get(one.kind, one.kind)), TAG[one.state])


@for_log_readers
@require_POST
def mail_retry(request: HttpRequest, code: str) -> HttpResponse:
    """Send a mail that failed again."""
    found = get_object_or_404(mails_in(scopes_visible_to(request.user)), code=code)
    try:
        with transaction.atomic():
            # The post stands beside the trail and cannot write into it.
            retried = retry_mail(found)
            log("retry", retried, by=actor_of(request), scope=retried.scope)
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    else:
        flash.tell(request, _("The mail is on its way again."))
    return redirect(page_before(request, reverse("office:mail")))
