"""The mail of an invitation: what, when, where, the inviter's words and one personal link."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from samverk.activities.calendar_files import session_where
from samverk.activities.choices import ActivityState, ComesAs
from samverk.activities.models import Invitation, Session
from samverk.kit import words
from samverk.kit.codes import make_link
from samverk.post.commands import UNDO_SECONDS, cancel_mails, queue_mail
from samverk.post.composing import Message, Words, absolute
from samverk.post.models import Mail

KIND = "activities.invitation"
LINK_PURPOSE = "invitation"


def invitation_token(invitation: Invitation) -> str:
    """The personal link of an invitation; raising its link_version revokes it."""
    return make_link(LINK_PURPOSE, invitation.pk, invitation.link_version)


def invitation_address(invitation: Invitation) -> str:
    """The page of the invitation, as the mail writes it."""
    return absolute(reverse("public:invitation", args=[invitation_token(invitation)]))


def queue_invitation(invitation: Invitation, why: str) -> None:
    """Queue the mail; ``why`` is invited or reminded. It waits a minute, so that it can be taken back."""
    queue_mail(
        KIND, to=invitation.email, to_name=invitation.name, language=invitation.language,
        person=invitation.person, scope=invitation.activity.programme.scope, thing_id=invitation.pk,
        facts={"why": why}, delay_seconds=UNDO_SECONDS,
    )  # fmt: skip


def take_back_invitation_mail(invitation: Invitation) -> None:
    """What has not left yet does not leave."""
    cancel_mails(KIND, invitation.pk)


def compose_invitation(mail: Mail) -> Message | None:
    """None where the invitation is taken back or the activity is off: then nobody is asked to come."""
    related = ("activity__programme", "invited_by")
    invitation = Invitation.objects.select_related(*related).filter(pk=mail.thing_id or 0).first()
    if invitation is None or invitation.withdrawn_at is not None:
        return None
    activity = invitation.activity
    if activity.state != ActivityState.PUBLISHED:
        return None
    reminds = mail.facts.get("why") == "reminded"
    subject = _("Reminder, you are invited: %(title)s") if reminds else _("You are invited: %(title)s")
    return Message(
        subject=subject % {"title": activity.title},
        paragraphs=_paragraphs(invitation, reminds),
        facts=_facts(invitation),
        buttons=[(_("Answer the invitation"), invitation_address(invitation))],
        why=_("You get this mail because %(name)s invites you.") % {"name": _inviter(invitation)},
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )


def _inviter(invitation: Invitation) -> str:
    by = invitation.invited_by
    return str(by) if by is not None and not by.is_protected else str(invitation.activity.programme)


def _paragraphs(invitation: Invitation, reminds: bool) -> list[Words]:
    own = [part.strip() for part in invitation.words.replace("\r\n", "\n").split("\n\n") if part.strip()]
    lines: list[Words] = [_("You have not answered yet. Do you want to come?")] if reminds else []
    lines += own or [invitation.activity.summary] if own or invitation.activity.summary else []
    if invitation.comes_as != ComesAs.PARTICIPANT:
        lines.append(_("You are invited as: %(role)s.") % {"role": invitation.get_comes_as_display()})
    return [*lines, _("The link is yours alone. You need no account and no password.")]


def _facts(invitation: Invitation) -> list[tuple[Words, Words]]:
    activity = invitation.activity
    sessions = list(activity.sessions.exclude(state=Session.State.CANCELLED).select_related("activity"))
    when = [
        f"{words.day(one.starts_local, year=True)}\n{words.span(one.starts_local, one.ends_local)}"
        for one in sessions
    ]
    lines: list[tuple[Words, Words]] = [(_("What"), activity.title)]
    if when:
        lines.append((_("When"), "\n".join(when)))
    if sessions and (where := session_where(sessions[0])):
        lines.append((_("Where"), where))
    return lines
