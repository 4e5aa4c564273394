"""Who says to come for my organisation: somebody with a mandate to register colleagues answers."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.commands.representation import confirm_representation, decline_representation
from samverk.activities.models import Registration
from samverk.activities.queries import claims_on
from samverk.directory.choices import MandateScope
from samverk.directory.permissions import may_act_for, organisation_ids_under_mandate, organisations_of
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.people.rules import shown_name


@require_safe
def claims(request: HttpRequest, code: str) -> HttpResponse:
    """Name and activity, two buttons each; nothing else of the person."""
    found = get_object_or_404(organisations_of(request.user), code=code)
    if not may_act_for(request.user, found, MandateScope.REGISTER_COLLEAGUES):
        raise PermissionDenied
    rows = [
        {"claim": one, "name": _name(one)} for one in claims_on([found.pk]).exclude(person=request.user.pk)
    ]
    return render(request, "portal/organisations/claims.html", {"organisation": found, "rows": rows})


@require_POST
def claim_confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Yes: her presence counts for the organisation."""
    said = _("%(name)s comes for %(organisation)s.")
    return _answer(request, code, lambda one: confirm_representation(one, by=actor_of(request)), said)


@require_POST
def claim_decline(request: HttpRequest, code: str) -> HttpResponse:
    """No: she keeps her place, for herself."""
    said = _("%(name)s does not come for %(organisation)s, but for herself or himself.")
    return _answer(request, code, lambda one: decline_representation(one, by=actor_of(request)), said)


def _answer(
    request: HttpRequest, code: str, act: Callable[[Registration], object], said: str
) -> HttpResponse:
    mandated = organisation_ids_under_mandate(request.user, MandateScope.REGISTER_COLLEAGUES)
    claim = get_object_or_404(claims_on(mandated), code=code)
    organisation = claim.organisation
    try:
        act(claim)
        flash.tell(request, said % {"name": _name(claim), "organisation": organisation})
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    return redirect("portal:claims", code=organisation.code if organisation else "")


def _name(claim: Registration) -> str:
    return shown_name(claim.person) if claim.person and claim.person.is_protected else claim.name
