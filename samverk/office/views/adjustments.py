"""What participants of an activity need, by when, and the answer."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.permissions import may_edit_activity
from samverk.adjustments import commands
from samverk.adjustments.permissions import requests_visible_to
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.views.activities import activity_of
from samverk.people.rules import shown_name


@require_safe
def adjustments(request: HttpRequest, code: str) -> HttpResponse:
    """Open ones first, by the day they are needed."""
    found = activity_of(request, code)
    if not may_edit_activity(request.user, found):
        raise PermissionDenied
    rows = requests_visible_to(request.user).filter(registration__activity=found)
    rows = rows.select_related("registration__person", "answered_by").order_by("needed_by", "pk")
    context = {
        "activity": found, "programme": found.programme, "today": timezone.localdate(),
        "rows": sorted(((one, _name(one.registration)) for one in rows), key=lambda row: row[0].state != "asked"),
        "number": sum(one.state == "asked" for one in rows),
    }  # fmt: skip
    return render(request, "office/adjustments/list.html", context)


def _name(registration: object) -> str:
    person = registration.person  # type: ignore[attr-defined]
    return shown_name(person) if person else registration.name  # type: ignore[attr-defined]


@require_POST
def adjustment_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Arranged, or not possible because."""
    visible = requests_visible_to(request.user).select_related("registration__activity")
    found = get_object_or_404(visible, code=code)
    try:
        commands.answer_request(
            found, request.POST.get("outcome", ""), request.POST.get("answer", ""), by=actor_of(request)
        )
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("The person is told in a minute."))
    return redirect("office:adjustments", found.registration.activity.code)
