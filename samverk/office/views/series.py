"""A series of sessions, added at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from samverk.activities.commands.sessions import schedule_series
from samverk.activities.models import Activity
from samverk.activities.patterns import remarks_on
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.activities import cards_of, place_choices
from samverk.office.forms.cohorts import cohorts_field
from samverk.office.forms.series import PatternForm
from samverk.office.views.activities import activity_of


def sessions_create(request: HttpRequest, code: str) -> HttpResponse:
    """Many at once: the list is shown before anything is written."""
    found = activity_of(request, code, to_edit=True)
    form = PatternForm(
        request.POST or None,
        zone=found.programme.time_zone,
        places=place_choices(),
        cohorts=cohorts_field(found),
    )
    is_right = request.method == "POST" and form.is_valid()
    if is_right and request.POST.get("seen") == form.seen and "look" not in request.POST:
        cards = cards_of(form.cleaned_data["card"]) if form.cleaned_data["card"] else None
        try:
            made = schedule_series(
                found,
                form.planned,
                title=form.cleaned_data["title"],
                cards=cards,
                cohorts=form.cleaned_data.get("cohorts", ()),
                by=actor_of(request),
            )
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            said = ngettext("%(n)s session is added.", "%(n)s sessions are added.", len(made))
            flash.tell(request, said % {"n": len(made)})
            return redirect("office:activity", code)
    context = {
        "form": form, "activity": found, "programme": found.programme,
        "zone": found.programme.time_zone, **_shown_before(found, form),
    }  # fmt: skip
    return render(request, "office/activities/sessions.html", context, status=422 if form.errors else 200)


def _shown_before(found: Activity, form: PatternForm) -> dict[str, Any]:
    if form.errors or not form.planned:
        return {"planned": []}
    remarks = remarks_on(found, form.planned, timezone.now())
    rows = [
        {"starts": one.starts_at, "ends": one.ends_at, "minutes": one.planned_minutes, "remark": remark}
        for one, remark in zip(form.planned, remarks, strict=True)
    ]
    return {"planned": rows, "minutes": sum(row["minutes"] for row in rows)}
