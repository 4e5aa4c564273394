"""The public directory: who does what in the sector, and how to reach them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from samverk.activities.permissions import activities_public
from samverk.activities.queries import CalendarWish, calendar_sessions
from samverk.directory.choices import MandateScope
from samverk.directory.models import Organisation
from samverk.directory.permissions import may_act_for
from samverk.directory.queries import organisations_like
from samverk.programmes.models import Enrolment, Programme
from samverk.programmes.permissions import programmes_public
from samverk.public.forms.organisations import DirectoryFilter

ROWS = 30
COMING = 5


@login_not_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    form = DirectoryFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = organisations_like(
        Organisation.objects.public(),
        text=asked.get("q", ""),
        sector=asked.get("sector", ""),
        place=asked.get("place", ""),
    )
    context = {"filter": form, "page": Paginator(found, ROWS).get_page(request.GET.get("page"))}
    return render(request, "public/organisations/list.html", context)


@login_not_required
@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """A public profile; the address of a merged one leads to its survivor."""
    merged = (
        Organisation.objects.filter(code=code, merged_into__isnull=False)
        .select_related("merged_into")
        .first()
    )
    if merged:
        return redirect("public:organisation", merged.merged_into.code, permanent=True)
    found = get_object_or_404(Organisation.objects.public(), code=code)
    context = {
        "organisation": found,
        "numbers": found.identifiers.filter(is_valid=True, is_personal=False).order_by("scheme"),
        "enrolments": Enrolment.objects.filter(
            organisation=found, person=None, programme__in=programmes_public()
        )
        .select_related("programme")
        .order_by("-starts"),
        "may_edit": may_act_for(request.user, found, MandateScope.EDIT_PROFILE),
    }
    return render(request, "public/organisations/profile.html", context)


@login_not_required
@require_safe
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """A programme: what it is for, who runs it, what it published, what is on."""
    found = get_object_or_404(programmes_public(), code=code)
    coming = calendar_sessions(activities_public().filter(programme=found), CalendarWish(), timezone.now())
    context = {
        "programme": found,
        "roles": found.partner_roles.select_related("organisation"),
        "marks": found.funder_marks.all(),
        "coming": list(coming[:COMING]),
        "organisation_count": _organisations_in(found),
        "today": timezone.localdate(),
    }
    return render(request, "public/programmes/programme.html", context)


def _organisations_in(programme: Programme) -> int:
    rows = Enrolment.objects.filter(programme=programme, organisation__isnull=False)
    return rows.values("organisation").distinct().count()
