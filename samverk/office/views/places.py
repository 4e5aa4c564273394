"""One registration: its whole story, and what a coordinator does to it by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.quotas import change_comes_as
from samverk.activities.commands.waiting_list import extend_offer, give_place_by_hand, put_first
from samverk.activities.models import Registration
from samverk.activities.permissions import (
    activities_in_office,
    may_admit,
    may_edit_activity,
    registrations_visible_to,
)
from samverk.activities.queries import queue_number
from samverk.kit import flash
from samverk.kit.acting import Actor, Refusal, actor_of
from samverk.kit.forms import Form
from samverk.office.forms.admission import BecauseForm, ComesAsForm, ExtendForm
from samverk.office.registration_rows import row_of


def registration_of(request: HttpRequest, code: str) -> Registration:
    """A registration of an activity one works with."""
    mine = registrations_visible_to(request.user).filter(activity__in=activities_in_office(request.user))
    related = ("activity__programme", "person", "organisation", "decided_by", "invitation")
    return get_object_or_404(mine.select_related(*related), code=code)


@require_safe
def registration(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, registration_of(request, code))


def _page(request: HttpRequest, found: Registration, **forms: Form) -> HttpResponse:
    activity = found.activity
    pool = activity.pool_for(found)
    sent = next(iter(forms.values()), None)
    decided = found.decided_by
    context = {
        "registration": found,
        "row": row_of(found, activity),
        "activity": activity,
        "programme": activity.programme,
        "number": queue_number(found) if found.state == State.WAITING else None,
        "pool": pool,
        "decided_by": "" if decided is None or decided.is_protected else str(decided),
        "may_admit": may_admit(request.user, activity),
        "may_edit": may_edit_activity(request.user, activity),
        "form": sent,
        "because_form": BecauseForm(hint=_("It stands in the log.")),
        "extend_form": ExtendForm(initial={"until": found.offered_until}),
        "role_form": ComesAsForm(initial={"comes_as": found.comes_as}),
        "now": timezone.now(),
        **forms,
    }
    return render(request, "office/admission/registration.html", context, status=422 if sent else 200)


def _to_change(request: HttpRequest, code: str) -> Registration:
    found = registration_of(request, code)
    if not may_admit(request.user, found.activity):
        raise PermissionDenied
    return found


def _do(
    request: HttpRequest,
    found: Registration,
    name: str,
    form: Form,
    act: Callable[[Registration, dict[str, Any], Actor], Registration],
    said: str,
) -> HttpResponse:
    """One act by hand: the form is asked, the command decides, a refusal stands by the field."""
    if form.is_valid():
        try:
            act(found, form.cleaned_data, actor_of(request))
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, said % {"name": row_of(found, found.activity)["name"]})
            return redirect("office:registration", found.code)
    return _page(request, found, **{name: form})


def _because(request: HttpRequest) -> BecauseForm:
    return BecauseForm(request.POST, hint=_("It stands in the log."))


@require_POST
def registration_first(request: HttpRequest, code: str) -> HttpResponse:
    """Before all who wait for the same kind of place."""
    found = _to_change(request, code)

    def act(one: Registration, asked: dict[str, Any], by: Actor) -> Registration:
        return put_first(one, because=asked["because"], by=by)

    return _do(
        request, found, "because_form", _because(request), act, _("%(name)s is first on the waiting list.")
    )


@require_POST
def registration_give(request: HttpRequest, code: str) -> HttpResponse:
    """A free place, whoever stands before her."""
    found = _to_change(request, code)

    def act(one: Registration, asked: dict[str, Any], by: Actor) -> Registration:
        return give_place_by_hand(one, because=asked["because"], by=by)

    return _do(request, found, "because_form", _because(request), act, _("%(name)s has a place."))


@require_POST
def registration_offer(request: HttpRequest, code: str) -> HttpResponse:
    """Ask her whether she wants the free place; without an answer it goes on."""
    found = _to_change(request, code)

    def act(one: Registration, asked: dict[str, Any], by: Actor) -> Registration:
        return give_place_by_hand(one, because=asked["because"], offer=True, by=by)

    return _do(request, found, "because_form", _because(request), act, _("%(name)s is offered a place."))


@require_POST
def offer_extend(request: HttpRequest, code: str) -> HttpResponse:
    """More time to answer."""
    found = _to_change(request, code)

    def act(one: Registration, asked: dict[str, Any], by: Actor) -> Registration:
        return extend_offer(one, until=asked["until"], by=by)

    said = _("The offer to %(name)s stands longer. A mail tells the new time.")
    return _do(request, found, "extend_form", ExtendForm(request.POST), act, said)


@require_POST
def registration_role(request: HttpRequest, code: str) -> HttpResponse:
    """She comes as something else; her old place goes on."""
    found = registration_of(request, code)
    if not may_edit_activity(request.user, found.activity):
        raise PermissionDenied

    def act(one: Registration, asked: dict[str, Any], by: Actor) -> Registration:
        return change_comes_as(one, asked["comes_as"], by=by)

    said = _("What %(name)s comes as is changed.")
    return _do(request, found, "role_form", ComesAsForm(request.POST), act, said)
