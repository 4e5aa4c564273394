"""One activity, its calendar file and its materials."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from samverk.activities.calendar_files import calendar_file
from samverk.activities.messages import activity_address
from samverk.activities.queries import (
    organisation_suggestions,
)
from samverk.follow_up.permissions import materials_public
from samverk.kit import uploads
from samverk.public.activity_page import activity_or_404, activity_page, organisations_behind
from samverk.public.kept_pages import kept_for_visitors


@login_not_required
@require_safe
@kept_for_visitors
def activity(request: HttpRequest, code: str) -> HttpResponse:
    """When, where, for whom, and the form; whoever is registered sees her place instead."""
    found = activity_or_404(request, code)
    return activity_page(request, found, organisations_behind(request), who=request.GET.get("who", ""))


@login_not_required
@require_safe
def activity_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The sessions of one activity as a calendar file."""
    found = activity_or_404(request, code)
    file = calendar_file(found.sessions.select_related("activity"), name=found.title, link=activity_address)
    return ics(file, f"{found.code}.ics")


def ics(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name.lower()}"'
    return answer


@login_not_required
@require_safe
def organisation_names(request: HttpRequest) -> HttpResponse:
    """Names of public organisations that begin as typed, for the suggestions under the field."""
    names = organisation_suggestions(request.GET.get("organisation", "")[:100])
    return render(request, "public/activities/_organisation_names.html", {"names": names})


@login_not_required
@require_safe
def material(request: HttpRequest, code: str) -> FileResponse:
    """A file that is for everybody, as one to keep."""
    found = get_object_or_404(materials_public().exclude(file=""), code=code)
    return uploads.download(found.file.open("rb"), found.file_name, found.media_type)
