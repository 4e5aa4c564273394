"""Composes the message a team wrote, for one registration, in the language it was written in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE
from samverk.activities.messages import place_address
from samverk.activities.models import Activity, Registration
from samverk.mailings.fields import FIELDS, filled
from samverk.mailings.models import Mailing
from samverk.mailings.queries import session_spoken_of, values_for
from samverk.post.composing import Message, Words
from samverk.post.models import Mail


def compose_letter(mail: Mail) -> Message | None:
    """The mail of one recipient; None when the registration is gone."""
    mailing = _mailing(mail)
    registration = _registration(mail.facts.get("registration"))
    if mailing is None or registration is None:
        return None
    buttons: list[tuple[Words, str]] = []
    if registration.state in LIVE:
        buttons = [(_("See or change my registration"), place_address(registration))]
    return letter(mailing, registration, buttons)


def compose_test(mail: Mail) -> Message | None:
    """The same words to the writer alone, without anybody's personal link."""
    mailing = _mailing(mail)
    registration = _registration(mail.facts.get("registration"))
    if mailing is None or registration is None:
        return None
    message = letter(mailing, registration, [])
    return Message(
        subject=_("Test: %(subject)s") % {"subject": message.subject},
        title=message.title,
        paragraphs=message.paragraphs,
        why=_("You get this test because you wrote the message. Nobody else has got it."),
        note=message.note,
        reply_to=message.reply_to,
    )


def letter(mailing: Mailing, registration: Registration, buttons: list[tuple[Words, str]]) -> Message:
    """The words with their fields filled; an empty line makes a paragraph."""
    values = values_for(registration, session_spoken_of(mailing.activity), mailing.language)
    body = filled(mailing.body, values)
    subject = filled(mailing.subject, values)
    return Message(
        subject=subject,
        title=subject,
        paragraphs=[part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()],
        buttons=buttons,
        why=_("You get this mail because you are registered for %(activity)s.")
        % {"activity": mailing.activity.title},
        note=mailing.activity.programme.funder_information,
        reply_to=mailing.reply_to,
    )


def subject_in_list(mailing: Mailing, activity: Activity) -> str:
    """The subject as a list shows it: what is the same for all is filled in, what is a person's own stands as "…"."""
    own = dict.fromkeys(FIELDS, "…")
    return filled(mailing.subject, own | {"activity": activity.title, "venue": activity.where})


def _mailing(mail: Mail) -> Mailing | None:
    return Mailing.objects.select_related("activity__programme").filter(pk=mail.thing_id or 0).first()


def _registration(pk: int | None) -> Registration | None:
    related = Registration.objects.select_related("activity__programme", "organisation", "person")
    return related.filter(pk=pk or 0).first()
