"""What people wish, the allocation as it would be, and publishing it in one step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.allocation import allocate, people_to_allocate, wishes_counted
from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.allocating import publish_allocation
from samverk.activities.permissions import may_edit_activity
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.registration_rows import row_of
from samverk.office.views.activities import activity_of


@require_safe
def wishes(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing is decided by looking."""
    found = activity_of(request, code)
    allocation = allocate(found)
    context = {
        "activity": found, "programme": found.programme, "wanted": wishes_counted(found), "allocation": allocation,
        "rows": [row_of(one.registration, found) | {"given": one} for one in allocation.rows],
        "total": len(allocation.rows), "first": allocation.by_rank[1], "none": allocation.by_rank[None],
        "silent": people_to_allocate(found).count() - len(allocation.rows),
        "may_edit": may_edit_activity(request.user, found),
    }  # fmt: skip
    return render(request, "office/cohorts/wishes.html", context)


@require_POST
def wishes_publish(request: HttpRequest, code: str) -> HttpResponse:
    found = activity_of(request, code, to_edit=True)
    try:
        done = publish_allocation(found, seen=request.POST.get("seen", ""), by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return redirect("office:wishes", code)
    number = len(done.rows)
    said = ngettext("%(n)s person is told her group.", "%(n)s people are told their group.", number)
    flash.tell(request, said % {"n": number})
    return redirect("office:cohorts", code)


@require_POST
def wishes_asked(request: HttpRequest, code: str) -> HttpResponse:
    """People rank up to three groups when they register, and you decide afterwards."""
    found = activity_of(request, code, to_edit=True)
    asks = "asks" in request.POST
    edit_activity(found, asks_wishes=asks, asks_cohort=False, by=actor_of(request))
    said = (
        _("People rank up to three groups when they register.") if asks else _("You put people into groups.")
    )
    flash.tell(request, said)
    return redirect("office:cohorts", code)
