"""The mail that says how a request was answered. It names nothing that was needed: mailboxes are shared."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.activities.messages import place_address
from samverk.adjustments.commands import OUTCOMES
from samverk.adjustments.models import AdjustmentRequest
from samverk.post.composing import Message
from samverk.post.models import Mail


def compose_answered(mail: Mail) -> Message | None:
    """None where it was asked anew or withdrawn meanwhile."""
    related = AdjustmentRequest.objects.select_related(
        "registration__activity__programme", "registration__person"
    )
    request = related.filter(pk=mail.thing_id or 0, state__in=OUTCOMES).first()
    if request is None:
        return None
    activity = request.registration.activity
    return Message(
        subject=_("About what you need: %(title)s") % {"title": activity.title},
        paragraphs=[_("The organiser has answered what you asked for. You read it on your page.")],
        buttons=[(_("See the answer"), place_address(request.registration))],
        why=_("You get this mail because you asked for something you need to take part."),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )
