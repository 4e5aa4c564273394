"""Where I had a place and was noted as absent, and how to have it corrected."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.absences.choices import ExcuseState
from samverk.absences.commands import ask_correction
from samverk.absences.queries import absences_of
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of


@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    rows = [
        {"registration": one, "excuse": getattr(one, "excuse", None)} for one in absences_of(request.user)
    ]
    number = sum(1 for row in rows if row["excuse"] is None or row["excuse"].state != ExcuseState.GRANTED)  # type: ignore[attr-defined]
    return render(request, "portal/absences/list.html", {"rows": rows, "number": number})


@require_POST
def absence_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Say why it should not count; a coordinator answers."""
    found = get_object_or_404(absences_of(request.user), code=code)
    try:
        ask_correction(found, because=request.POST.get("because", ""), by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("The coordinator reads it and answers here."), kind="info")
    return redirect("portal:absences")
