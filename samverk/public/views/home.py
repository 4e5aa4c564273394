"""The front page, and the pages that say who we are."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from samverk.activities.permissions import activities_public
from samverk.activities.queries import CalendarWish, calendar_sessions, places_sentence, waiting_counts
from samverk.directory.models import Organisation
from samverk.programmes.permissions import programmes_public
from samverk.public.figures import organisations_helped
from samverk.public.kept_pages import kept_for_visitors

NEXT = 4
DOORS = 6


@login_not_required
@require_safe
@kept_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    """What is on, and is it for me?"""
    coming = calendar_sessions(activities_public(), CalendarWish(), timezone.now())
    sessions = list(coming[:NEXT])
    waiting = waiting_counts({one.activity_id for one in sessions if one.activity.is_full})
    slots = [(one, *places_sentence(one.activity, waiting.get(one.activity_id, 0))) for one in sessions]
    context = {
        "slots": slots,
        "figure": organisations_helped(),
        "organisations": list(
            Organisation.objects.public().exclude(description="").order_by("sort_key")[:DOORS]
        ),
    }
    return render(request, "public/home/home.html", context)


@login_not_required
@require_safe
@kept_for_visitors
def about(request: HttpRequest) -> HttpResponse:
    """Who we are, what runs, how we count, what we keep about people."""
    programmes = programmes_public().prefetch_related("partner_roles__organisation")
    return render(
        request, "public/home/about.html", {"programmes": list(programmes), "figure": organisations_helped()}
    )


@login_not_required
@require_safe
@kept_for_visitors
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works, what does not yet, and whom to tell."""
    return render(request, "public/home/accessibility.html", {"address": settings.SAMVERK_ADDRESS})
