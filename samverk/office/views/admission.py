"""Who may come to an activity, how its waiting list moves, and places of their own for speakers, helpers and the like."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.activities.admission_rules import admission_words
from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.quotas import drop_quota, set_quota
from samverk.activities.models import Activity
from samverk.activities.permissions import may_edit_activity
from samverk.activities.queries.invitations import answers_of
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.admission import AdmissionForm, QuotaForm
from samverk.office.views.activities import activity_of


def admission(request: HttpRequest, code: str) -> HttpResponse:
    """The conditions as they are; whoever runs the activity changes them."""
    found = activity_of(request, code)
    if request.method != "POST":
        return _page(request, found, AdmissionForm.of(found))
    if not may_edit_activity(request.user, found):
        raise PermissionDenied
    form = AdmissionForm.of(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    edit_activity(found, by=actor_of(request), **form.cleaned_data)
    flash.tell(request, _("Who may come is saved. Whoever has a place keeps it."))
    return redirect("office:admission", code)


def _page(
    request: HttpRequest, found: Activity, form: AdmissionForm, quota_form: QuotaForm | None = None
) -> HttpResponse:
    context = {
        "activity": found,
        "programme": found.programme,
        "form": quota_form if quota_form is not None else form,
        "admission_form": form,
        "quota_form": quota_form or QuotaForm(),
        "quotas": list(found.quotas.all()),
        "conditions": admission_words(found),
        "answers": answers_of(found),
        "may_edit": may_edit_activity(request.user, found),
    }
    is_refused = any(one is not None and one.errors for one in (form, quota_form))
    return render(request, "office/admission/admission.html", context, status=422 if is_refused else 200)


@require_POST
def quota_set(request: HttpRequest, code: str) -> HttpResponse:
    """Give a role places of its own, or another number."""
    found = activity_of(request, code, to_edit=True)
    form = QuotaForm(request.POST)
    if form.is_valid():
        try:
            made = set_quota(found, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(role)s: places are saved.") % {"role": made.get_comes_as_display()})
            return redirect("office:admission", code)
    return _page(request, found, AdmissionForm.of(found), form)


@require_POST
def quota_drop(request: HttpRequest, code: str, comes_as: str) -> HttpResponse:
    """The role draws from the activity's own places again."""
    found = activity_of(request, code, to_edit=True)
    quota = get_object_or_404(found.quotas, comes_as=comes_as)
    try:
        drop_quota(quota, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("These places are among the activity's own again."))
    return redirect("office:admission", code)
