"""The mails of a poll: the question, one reminder, and the time that was chosen."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.calendar_files import calendar_file, session_where
from samverk.kit import words
from samverk.kit.codes import make_link
from samverk.polls.choices import ASKED, OWN_LINK, REMINDED, SHARED_LINK, PollState
from samverk.polls.models import Poll, Voice
from samverk.polls.rules import answering_refusal
from samverk.post.commands import queue_mail
from samverk.post.composing import Message, Words, absolute
from samverk.post.models import Mail


def voice_token(voice: Voice) -> str:
    """The personal link of somebody who is asked."""
    return make_link(OWN_LINK, voice.pk, voice.link_version)


def shared_token(poll: Poll) -> str:
    """The link one passes on; whoever has it may add an answer, and sees nobody's."""
    return make_link(SHARED_LINK, poll.pk, poll.link_version)


def shared_address(poll: Poll) -> str:
    return absolute(reverse("portal:poll_shared", args=[shared_token(poll)]))


def queue_poll_mail(kind: str, voice: Voice, *, once: str = "", delay_seconds: int = 0) -> bool:
    """Queue a mail to somebody who has an address; says whether there was one."""
    if not voice.email:
        return False
    queue_mail(
        kind, to=voice.email, to_name=voice.name, language=voice.language, person=voice.person,
        scope=voice.poll.activity.programme.scope, thing_id=voice.pk, delay_seconds=delay_seconds,
        once_key=f"{kind}:{voice.pk}:{once}" if once else None,
    )  # fmt: skip
    return True


def _voice(mail: Mail) -> Voice | None:
    related = Voice.objects.select_related("poll__activity__programme", "poll__session__activity", "person")
    return related.filter(pk=mail.thing_id or 0).first()


def compose_question(mail: Mail) -> Message | None:
    """The question or its reminder; None where it is answered or over meanwhile."""
    voice = _voice(mail)
    if voice is None or answering_refusal(voice.poll, timezone.now()):
        return None
    if mail.kind == REMINDED and voice.answered_at:
        return None
    poll = voice.poll
    until = {"day": words.day(poll.deadline_local), "time": words.clock(poll.deadline_local)}
    times = [
        f"{words.day(one.starts_at.astimezone(poll.zone))} "
        f"{words.span(one.starts_at.astimezone(poll.zone), one.ends_at.astimezone(poll.zone))}"
        for one in poll.times.all()
    ]
    subject = (
        _("When can you come? %(title)s")
        if mail.kind == ASKED
        else _("Reminder: when can you come? %(title)s")
    )
    paragraphs: list[Words] = [_("Say which times suit you, by %(day)s at %(time)s.") % until]
    if poll.note:
        paragraphs.append(poll.note)
    return Message(
        subject=subject % {"title": poll.title},
        paragraphs=paragraphs,
        facts=[(_("What"), poll.title), (_("Proposed times"), "\n".join(times))],
        buttons=[(_("Answer"), absolute(reverse("portal:poll", args=[voice_token(voice)])))],
        why=_("You get this mail because you are asked for a time that suits you."),
        note=poll.activity.programme.funder_information,
        reply_to=poll.activity.contact_email,
    )


def compose_decision(mail: Mail) -> Message | None:
    """The time that was chosen, with the calendar file; None where it was taken back."""
    voice = _voice(mail)
    if voice is None or voice.poll.state != PollState.DECIDED or voice.poll.session is None:
        return None
    poll, session = voice.poll, voice.poll.session
    assert session is not None
    when = f"{words.day(session.starts_local, year=True)}\n{words.span(session.starts_local, session.ends_local)}"
    facts: list[tuple[Words, Words]] = [(_("What"), poll.title), (_("When"), when)]
    if where := session_where(session):
        facts.append((_("Where"), where))
    file = calendar_file([session], name=poll.title)
    return Message(
        subject=_("The time is chosen: %(title)s, %(day)s")
        % {"title": poll.title, "day": words.day(session.starts_local)},
        paragraphs=[_("Thank you for your answer. We meet at this time.")],
        facts=facts,
        attachments=[("samverk.ics", file, "text/calendar; method=PUBLISH")],
        why=_("You get this mail because you were asked for a time that suits you."),
        note=poll.activity.programme.funder_information,
        reply_to=poll.activity.contact_email,
    )
