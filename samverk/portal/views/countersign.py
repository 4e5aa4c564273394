"""Hours of colleagues: one list for an employer and month, for whoever has the mandate. Never own hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods

from samverk.directory.choices import MandateScope
from samverk.directory.models import Organisation
from samverk.directory.permissions import organisation_ids_under_mandate
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import digest
from samverk.ledger import months
from samverk.ledger.commands.attesting import countersign as sign_as_employer
from samverk.ledger.commands.attesting import employer_texts
from samverk.ledger.models import HourEntry
from samverk.ledger.queries import employer_lines, employer_months
from samverk.people.rules import shown_name


@require_http_methods(["GET", "POST"])
def countersign(request: HttpRequest, code: str) -> HttpResponse:
    """The month's list: who is ready to be confirmed, who has to confirm first, who is done."""
    mandated = Organisation.objects.filter(
        pk__in=organisation_ids_under_mandate(request.user, MandateScope.CONFIRM_HOURS)
    )
    organisation = get_object_or_404(mandated, code=code)
    known = employer_months(organisation)
    month = months.parse_month(request.GET.get("month", "")) or (known[0] if known else None)
    if month is not None and month not in known:
        raise Http404
    lines = employer_lines(organisation, month) if month else []
    people = _people(request, organisation, lines)
    if request.method == "POST":
        return _signed(request, organisation, month, people)
    context = {
        "organisation": organisation,
        "month": month,
        "month_said": months.said(month) if month else "",
        "months": [(f"{one:%Y-%m}", months.said(one), one == month) for one in known[:24]],
        "people": people,
        "ready": [row for row in people if row["state"] == "ready"],
        "ready_minutes": sum(row["minutes"] for row in people if row["state"] == "ready"),
    }
    return render(request, "portal/hours/countersign.html", context)


def _people(request: HttpRequest, organisation: Organisation, lines: list[HourEntry]) -> list[dict[str, Any]]:
    language = get_language() or "en"
    by_person: dict[int, list[HourEntry]] = {}
    for line in lines:
        by_person.setdefault(line.person_id, []).append(line)
    ready = [
        line
        for line in lines
        if line.confirmed_at and not line.countersigned_at and line.person_id != request.user.pk
    ]
    texts = {
        statement.person_id: (statement, text)
        for statement, _own, text in employer_texts(organisation, ready, language)
    }
    rows = []
    for person, own in by_person.items():
        waiting = [line for line in own if line.confirmed_at and not line.countersigned_at]
        statement, text = texts.get(person, (None, ""))
        rows.append(
            {
                "key": statement.pk if statement else "",
                "name": shown_name(own[0].person),
                "lines": waiting if text else own,
                "minutes": sum(line.minutes for line in (waiting if text else own)),
                "text": text,
                "digest": digest(text) if text else "",
                "state": _state(request, person, own, bool(text)),
            }
        )
    return rows


def _state(request: HttpRequest, person: int, own: list[HourEntry], is_ready: bool) -> str:
    if person == request.user.pk and not all(line.countersigned_at for line in own):
        return "own"
    if is_ready:
        return "ready"
    return "done" if all(line.countersigned_at for line in own) else "waits"


def _signed(
    request: HttpRequest, organisation: Organisation, month: date | None, people: list[dict[str, Any]]
) -> HttpResponse:
    chosen = [row for row in people if row["text"] and str(row["key"]) in request.POST.getlist("person")]
    lines = [line for row in chosen for line in row["lines"]]
    shown = {row["key"]: request.POST.get(f"digest_{row['key']}", "") for row in chosen}
    try:
        sign_as_employer(
            organisation, lines, by=actor_of(request), digests=shown, language=get_language() or "en"
        )
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    else:
        n = len(chosen)
        flash.tell(
            request,
            ngettext("Hours of %(n)s person are confirmed.", "Hours of %(n)s persons are confirmed.", n)
            % {"n": n},
        )
    query = f"?month={month:%Y-%m}" if month else ""
    return redirect(reverse("portal:countersign", args=[organisation.code]) + query)
