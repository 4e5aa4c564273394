"""My details, and the browsers I am signed in with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.returning import page_before
from samverk.people.commands import edit_person, end_device
from samverk.people.commands import sign_out_everywhere as end_all_devices
from samverk.people.models import Person
from samverk.people.permissions import devices_visible_to
from samverk.people.queries import devices_of
from samverk.portal.forms.details import DetailsForm
from samverk.portal.views.sign_in import speak
from samverk.trail import commands as trail
from samverk.trail.models import Entry
from samverk.trail.queries import last_undoable


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Change one's own name, phone, place and language."""
    me: Any = request.user
    names = list(DetailsForm.base_fields)
    form = DetailsForm(request.POST or None, initial={name: getattr(me, name) for name in names})
    if form.is_valid():
        edited = edit_person(me, by=actor_of(request), **form.cleaned_data)
        return _saved(request, edited, has_changed=form.has_changed())
    return render(request, "portal/my/details.html", {"form": form}, status=422 if form.errors else 200)


def _saved(request: HttpRequest, edited: Person, *, has_changed: bool) -> HttpResponse:
    """Thanks in the language that was chosen just now."""
    with override(edited.language):
        entry = last_undoable(edited, edited) if has_changed else None
        undo = reverse("portal:undo", args=[entry.code]) if entry else ""
        flash.tell(request, _("Your details are saved."), undo=undo)
        answer = HttpResponseRedirect(reverse("portal:details"))
    return speak(answer, edited.language)


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """The browsers in which I am signed in; this one is marked."""
    me: Any = request.user
    mine = devices_of(me)
    context = {"devices": mine, "this_key": request.session.session_key}
    return render(request, "portal/my/devices.html", context)


@require_POST
def device_end(request: HttpRequest, code: str) -> HttpResponse:
    """Sign one browser out; ending this one is signing out."""
    me: Any = request.user
    device = get_object_or_404(devices_visible_to(me), code=code)
    is_this_one = device.session_key == request.session.session_key
    end_device(device, by=actor_of(request))
    if is_this_one:
        return redirect("public:home")
    flash.tell(request, _("%(browser)s is signed out.") % {"browser": device.label or _("The browser")})
    return redirect("portal:devices")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out every browser, this one too."""
    me: Any = request.user
    ended = end_all_devices(me, by=actor_of(request))
    flash.tell(request, _("You are signed out everywhere: %(n)s browsers.") % {"n": ended}, kind="info")
    return redirect("public:home")


@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take back what I did myself, within 24 hours."""
    entry = get_object_or_404(Entry, code=code, actor=request.user)
    try:
        trail.undo(entry, by=actor_of(request))
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    else:
        flash.tell(request, _("Taken back."))
    return redirect(page_before(request, reverse("portal:home")))
