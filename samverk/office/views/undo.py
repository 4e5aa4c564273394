"""Undo: one button, one address, for everything the trail can reverse."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.programmes.permissions import scopes_visible_to
from samverk.trail import commands
from samverk.trail.models import Entry


def undo_address(thing: models.Model) -> str:
    """Where to post to take back the last act on a thing; nothing where it cannot be taken back."""
    entry = (
        Entry.objects.filter(thing_type=thing._meta.model_name, thing_id=thing.pk)
        .exclude(undo_with="")
        .first()
    )
    return reverse("office:undo", args=[entry.code]) if entry and entry.can_be_undone else ""


@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take back what an entry of the trail records: one's own act, or one within the scopes one answers for."""
    mine = Entry.objects.filter(Q(actor=request.user) | Q(scope__in=scopes_visible_to(request.user)))
    entry = get_object_or_404(mine, code=code)
    try:
        commands.undo(entry, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("Taken back."), kind="info")
    return redirect(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """The page the button stood on."""
    page = request.META.get("HTTP_REFERER", "")
    own = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if own else reverse("office:today")
