"""The personal link of an invitation. It always opens the activity, whatever its audience and whatever has happened."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.commands.invitations import decline_invitation
from samverk.activities.commands.registrations import register
from samverk.activities.invitation_messages import LINK_PURPOSE
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Invitation
from samverk.asking.commands.answering import register_with_answers
from samverk.kit import flash
from samverk.kit.acting import LINK, Actor, Refusal, address_of
from samverk.kit.codes import read_link
from samverk.kit.errors import too_many
from samverk.public.activity_page import activity_page, invited_questions, refused, whole
from samverk.public.forms.registrations import InvitedForm
from samverk.trail.limits import is_within


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to, and one form with one button. Opening it answers nothing."""
    found = _invitation_or_404(token)
    return activity_page(request, found.activity, [], invitation=found)


@login_not_required
@require_POST
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link came by mail, so sending the form proves the address: the place is sure."""
    found = _invitation_or_404(token)
    by = _by(request)
    if not is_within("register", by.address, most=300, seconds=60):
        return too_many(request, minutes=1)
    questions = invited_questions(found.activity, found)
    form = InvitedForm(request.POST, request.FILES, invitation=found, questions=questions)
    if not form.is_valid():
        return activity_page(request, found.activity, [], form=form, invitation=found)
    try:
        place = register_with_answers(
            register, found.activity, form.answers, by=by,
            language=get_language() or settings.LANGUAGE_CODE, **form.facts(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "already_registered":
            return redirect("portal:place", token=place_token(refusal.facts["registration"]))
        return activity_page(request, found.activity, [], form=refused(form, refusal), invitation=found)
    return redirect("portal:place", token=place_token(place))


@login_not_required
@require_POST
def invitation_decline(request: HttpRequest, token: str) -> HttpResponse:
    """I cannot come; I may change my mind by the same link."""
    decline_invitation(_invitation_or_404(token), by=_by(request))
    flash.tell(request, _("Thank you for saying so. Changed your mind? Register here as long as it is open."))
    return redirect("public:invitation", token=token)


def _by(request: HttpRequest) -> Actor:
    """Whoever holds the link, whoever is signed in in this browser."""
    return Actor(person=None, through=LINK, address=address_of(request))


def _invitation_or_404(token: str) -> Invitation:
    link = read_link(LINK_PURPOSE, token)
    if link is None:
        raise Http404
    found = get_object_or_404(Invitation, pk=link[0], link_version=link[1])
    found.activity = whole(Activity.objects.all()).get(pk=found.activity_id)
    return found
