"""Who asks to come: the list, and a coordinator's yes or no to one or to many."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.decisions import approve_registration, decline_registration
from samverk.activities.models import Activity, Registration
from samverk.activities.permissions import may_admit, may_see_registrations
from samverk.activities.queries.applications import Applications, applications_in, applications_of
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.admission import BecauseForm
from samverk.office.registration_rows import row_of
from samverk.office.views.absences import missed_by
from samverk.office.views.activities import activity_of

ROWS = 50
NAMES_SHOWN = 300


@require_safe
def applications(request: HttpRequest, code: str) -> HttpResponse:
    """Those who ask, with what helps to answer; those who were answered, with who and why."""
    found = activity_of(request, code)
    if not may_see_registrations(request.user, found):
        raise PermissionDenied
    here = request.GET.get("answer", "open")
    asked = applications_of(found)
    page = Paginator(applications_in(found, here), ROWS).get_page(request.GET.get("page"))
    missed = missed_by(request, list(page)) if may_admit(request.user, found) else {}
    context = {
        "activity": found,
        "programme": found.programme,
        "tabs": _tabs(asked, here),
        "here": here,
        "asked": asked,
        "page": page,
        "rows": [_row(one, found) | {"missed": missed.get(one.person_id or 0, 0)} for one in page],
        "may_admit": may_admit(request.user, found),
        "left": found.places_left,
    }
    return render(request, "office/admission/applications.html", context)


def _tabs(asked: Applications, here: str) -> list[dict[str, Any]]:
    tabs = [
        ("open", _("Ask to come"), asked.open),
        ("approved", _("Approved"), asked.approved),
        ("declined", _("Declined"), asked.declined),
    ]
    return [
        {"text": text, "href": f"?answer={key}", "count": count, "here": key == here}
        for key, text, count in tabs
    ]


def _row(one: Registration, found: Activity) -> dict[str, Any]:
    decided = one.decided_by
    by = "" if decided is None or decided.is_protected else str(decided)
    return row_of(one, found) | {
        "decided_at": one.decided_at,
        "decided_by": by,
        "because": one.decided_because,
    }


def _chosen(request: HttpRequest, found: Activity, *states: State) -> QuerySet[Registration]:
    """The rows that were picked, or all that ask; in the order they asked."""
    sent = request.POST if request.method == "POST" else request.GET
    open_ones = applications_in(found, "open")
    if sent.get("all"):
        return open_ones
    codes = sent.getlist("pick")
    return found.registrations.filter(code__in=codes, state__in=states).select_related(
        "person", "organisation"
    )


def _to_answer(request: HttpRequest, code: str) -> Activity:
    found = activity_of(request, code)
    if not may_admit(request.user, found):
        raise PermissionDenied
    return found


def applications_approve(request: HttpRequest, code: str) -> HttpResponse:
    """The page lists them; the button says yes to all of them."""
    found = _to_answer(request, code)
    chosen = list(_chosen(request, found, State.APPLIED, State.DECLINED))
    form = BecauseForm(
        request.POST or None, required=False, hint=_("For the team only; nobody else reads it.")
    )
    if request.method != "POST" or not form.is_valid() or not chosen:
        return _ask(request, found, chosen, form, is_yes=True)

    def approve(one: Registration) -> None:
        approve_registration(one, because=form.cleaned_data["because"], by=actor_of(request))

    done = _answer_each(request, chosen, approve)
    if done:
        words = ngettext("%(n)s person is approved.", "%(n)s people are approved.", done) % {"n": done}
        flash.tell(request, f"{words} {_('Mails go out in a minute.')}")
    return redirect("office:applications", code)


def applications_decline(request: HttpRequest, code: str) -> HttpResponse:
    """The page lists them and asks for the reason that each of them reads."""
    found = _to_answer(request, code)
    chosen = list(_chosen(request, found, State.APPLIED))
    form = BecauseForm(request.POST or None, hint=_("It stands in the mail and on their page."))
    if request.method != "POST" or not form.is_valid() or not chosen:
        return _ask(request, found, chosen, form, is_yes=False)

    def decline(one: Registration) -> None:
        decline_registration(one, because=form.cleaned_data["because"], by=actor_of(request))

    done = _answer_each(request, chosen, decline)
    if done:
        words = ngettext("%(n)s person is declined.", "%(n)s people are declined.", done) % {"n": done}
        flash.tell(request, f"{words} {_('Mails go out in a minute.')}")
    return redirect("office:applications", code)


def _answer_each(request: HttpRequest, chosen: list[Registration], answer: Any) -> int:
    """One short transaction each; what cannot be answered says why."""
    done = 0
    for one in chosen:
        try:
            answer(one)
            done += 1
        except Refusal as no:
            flash.tell(request, f"{row_of(one, one.activity)['name']}: {no.reason}", kind="wait")
    return done


def _ask(
    request: HttpRequest, found: Activity, chosen: list[Registration], form: BecauseForm, *, is_yes: bool
) -> HttpResponse:
    left = found.places_left
    number = len(chosen)
    press = (
        ngettext("Approve %(n)s person", "Approve %(n)s people", number)
        if is_yes
        else ngettext("Decline %(n)s person", "Decline %(n)s people", number)
    )
    context = {
        "activity": found, "programme": found.programme, "form": form, "number": number, "is_yes": is_yes,
        "rows": [row_of(one, found) for one in chosen[:NAMES_SHOWN]], "press": press % {"n": number},
        "picked": [one.code for one in chosen],
        "waiting": max(0, number - left) if is_yes and left is not None else 0,
        "back": reverse("office:applications", args=[found.code]),
    }  # fmt: skip
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "office/admission/decide.html", context, status=status)
