from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from samverk.evaluation.choices import LINK, EvaluationState, Moment
from samverk.evaluation.models import Invitation
from samverk.kit import words
from samverk.kit.codes import make_link
from samverk.post.composing import Message, absolute
from samverk.post.models import Mail


def invitation_token(invitation: Invitation) -> str:
    return make_link(LINK, invitation.pk, invitation.link_version)


def invitation_path(invitation: Invitation) -> str:
    return reverse("portal:evaluation", args=[invitation_token(invitation)])


def invitation_address(invitation: Invitation) -> str:
    return absolute(invitation_path(invitation))


def compose_invitation(mail: Mail) -> Message | None:
    """The invitation or its one reminder; None where it is answered or closed meanwhile."""
    related = Invitation.objects.select_related("evaluation__activity__programme", "evaluation__question_set")
    invitation = related.filter(pk=mail.thing_id or 0).first()
    if invitation is None or invitation.is_used or invitation.evaluation.state != EvaluationState.OPEN:
        return None
    evaluation, activity = invitation.evaluation, invitation.evaluation.activity
    title = {"title": activity.title}
    lines = [
        _("Before we begin: a few questions, three minutes.")
        if evaluation.moment == Moment.BEFORE
        else _("What did you think? A few questions, three minutes.")
    ]
    if evaluation.is_anonymous:
        lines.append(_("Your answers are anonymous. Nobody can see who wrote what, not even we."))
    else:
        lines.append(_("The organiser sees your answers with your name."))
    lines.append(_("You can answer until %(day)s.") % {"day": words.day(evaluation.closes_on)})
    subject = (
        _("Reminder: tell us about %(title)s")
        if mail.facts.get("is_reminder")
        else _("Tell us about %(title)s")
    )
    return Message(
        subject=subject % title,
        paragraphs=[*lines],
        buttons=[(_("Answer"), invitation_address(invitation))],
        why=_(
            "You get this mail because you are registered for the activity. There is one reminder at most."
        ),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )
