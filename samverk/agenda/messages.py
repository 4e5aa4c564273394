"""Mails to speakers: may we show your name, and your item has another time."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE, ActivityState
from samverk.activities.messages import place_address
from samverk.activities.models import Registration
from samverk.agenda.models import AgendaItem, Appearance, Speaker
from samverk.kit import words
from samverk.post.commands import UNDO_SECONDS, cancel_mails, queue_mail
from samverk.post.composing import Message, Words
from samverk.post.models import Mail

ASKED = "agenda.asked"
MOVED = "agenda.moved"


def queue_asking_mail(speaker: Speaker) -> bool:
    """Ask a speaker whether her name may stand on the programme; False where she has no address."""
    registration = speaker.registration
    if registration is None:
        return False
    return _queue(ASKED, speaker.pk, registration, delay_seconds=0)


def queue_moved_mails(item: AgendaItem) -> int:
    """Tell an item's speakers of a new time or room; what was not sent yet is taken back first.

    A draft activity or an unpublished programme concerns nobody. Says how many are told.
    """
    activity = item.agenda.activity
    if item.agenda.published_at is None or activity.state != ActivityState.PUBLISHED:
        return 0
    cancel_mails(MOVED, item.pk)
    told = 0
    on_it = Appearance.objects.filter(item=item, speaker__registration__state__in=LIVE)
    for one in on_it.select_related(
        "speaker__registration__person", "speaker__registration__activity__programme"
    ):
        told += _queue(MOVED, item.pk, one.speaker.registration, delay_seconds=UNDO_SECONDS)
    return told


def _queue(kind: str, thing_id: int, registration: Registration | None, *, delay_seconds: int) -> bool:
    if registration is None:
        return False
    to = registration.email or (registration.person.mail_address if registration.person else "")
    if not to:
        return False
    queue_mail(
        kind, to=to, to_name=registration.name, language=registration.language, person=registration.person,
        scope=registration.activity.programme.scope, thing_id=thing_id, delay_seconds=delay_seconds,
        facts={"registration": registration.pk},
    )  # fmt: skip
    return True


def compose_asked(mail: Mail) -> Message | None:
    """May your name stand on the programme? The answer is a button on the page of the place."""
    speakers = Speaker.objects.select_related("registration__activity__programme", "agenda")
    speaker = speakers.filter(pk=mail.thing_id or 0).first()
    if speaker is None or speaker.registration is None or speaker.registration.state not in LIVE:
        return None
    activity = speaker.registration.activity
    items = AgendaItem.objects.standing().filter(appearances__speaker=speaker).select_related("room")
    return Message(
        subject=_("You stand on the programme: %(title)s") % {"title": activity.title},
        paragraphs=[
            _("Look at what you take part in, and say whether your name may be shown to the public."),
            _("Until you say yes, only the organiser sees it."),
        ],
        facts=[_fact(item, speaker) for item in items],
        buttons=[(_("See it and answer"), f"{place_address(speaker.registration)}#programme")],
        why=_("You get this mail because you take part in the programme."),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )


def compose_moved(mail: Mail) -> Message | None:
    """Your item has another time or room."""
    items = AgendaItem.objects.standing().select_related("agenda__activity__programme", "room")
    item = items.filter(pk=mail.thing_id or 0).first()
    registration = Registration.objects.filter(pk=mail.facts.get("registration")).first()
    if item is None or registration is None or registration.state not in LIVE:
        return None
    speaker = Speaker.objects.filter(registration=registration, agenda=item.agenda).first()
    if speaker is None:
        return None
    activity = item.agenda.activity
    return Message(
        subject=_("New time or room: %(title)s") % {"title": item.title},
        paragraphs=[_("The programme has changed. Look at when and where you take part now.")],
        facts=[(_("What"), activity.title), _fact(item, speaker)],
        buttons=[(_("See my part of the programme"), f"{place_address(registration)}#programme")],
        why=_("You get this mail because you take part in the programme."),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )


def _fact(item: AgendaItem, speaker: Speaker) -> tuple[Words, Words]:
    item.agenda = speaker.agenda
    when = f"{words.day(item.starts_local, year=True)}, {words.span(item.starts_local, item.ends_local)}"
    return item.title, f"{when}\n{item.room.name}" if item.room else when
