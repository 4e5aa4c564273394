"""My organisations: where I belong, what I may do for them, and the profile I keep true."""

from __future__ import annotations

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.queries import claims_on
from samverk.directory.choices import MandateScope
from samverk.directory.commands import edit_organisation
from samverk.directory.models import Affiliation, Organisation
from samverk.directory.permissions import mandates_of, may_act_for, organisations_of
from samverk.directory.queries import missing_parts
from samverk.kit import flash
from samverk.kit.acting import actor_of
from samverk.portal.forms.organisations import ProfileForm
from samverk.trail.queries import entries_of


def organisations(request: HttpRequest) -> HttpResponse:
    """Each with my role, what I may do and what its profile lacks."""
    mandates = {mandate.organisation_id: mandate for mandate in mandates_of(request.user)}
    roles: dict[int, list[Affiliation]] = {}
    for affiliation in Affiliation.objects.on(timezone.localdate()).filter(person=request.user):
        roles.setdefault(affiliation.organisation_id, []).append(affiliation)
    in_charge = [pk for pk, one in mandates.items() if one.allows(MandateScope.REGISTER_COLLEAGUES)]
    claims = Counter(claims_on(in_charge).values_list("organisation", flat=True)) if in_charge else Counter()
    cards = [
        {
            "organisation": one,
            "roles": roles.get(one.pk, []),
            "mandate": mandates.get(one.pk),
            "missing": missing_parts(one),
            "claims": claims[one.pk],
            "may_edit": one.pk in mandates and mandates[one.pk].allows(MandateScope.EDIT_PROFILE),
            "may_confirm": one.pk in mandates and mandates[one.pk].allows(MandateScope.CONFIRM_HOURS),
        }
        for one in organisations_of(request.user).order_by("sort_key")
    ]
    return render(request, "portal/organisations/list.html", {"cards": cards})


def organisation_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The public profile, under a mandate to edit it."""
    found = get_object_or_404(organisations_of(request.user), code=code)
    if not may_act_for(request.user, found, MandateScope.EDIT_PROFILE):
        raise PermissionDenied
    form = ProfileForm(request.POST or None, instance=Organisation.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        edit_organisation(found, by=actor_of(request), **form.cleaned_data)
        entry = entries_of(found).first()
        undo = reverse("portal:undo", args=[entry.code]) if entry and entry.can_be_undone else ""
        flash.tell(request, _("The profile is saved."), undo=undo)
        return redirect("portal:organisations")
    context = {"form": form, "organisation": found, "back": reverse("portal:organisations")}
    return render(request, "portal/organisations/edit.html", context, status=422 if form.errors else 200)
