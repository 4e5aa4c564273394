"""People on the programme. Each is a participant: she gets a place in the activity, or keeps the one she has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE, ComesAs
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Activity, Registration
from samverk.agenda import rules
from samverk.agenda.choices import SpeakerRole
from samverk.agenda.commands.agendas import lock_agenda, touch
from samverk.agenda.commands.clashes import forget_settled, settle_clashes
from samverk.agenda.messages import queue_asking_mail
from samverk.agenda.models import Agenda, AgendaItem, Appearance, Speaker
from samverk.directory.models import Organisation
from samverk.kit.acting import Actor, Refusal
from samverk.kit.fold import fold
from samverk.people.models import Person
from samverk.trail.commands import log

FIELDS = ("name", "title", "organisation", "organisation_typed", "biography")


@dataclass(frozen=True)
class Who:
    """Who speaks: somebody known, or a name and perhaps an address; and how the programme introduces her."""

    person: Person | None = None
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    organisation: Organisation | None = None
    organisation_typed: str = ""
    title: str = ""


def add_speaker(agenda: Agenda, who: Who, *, by: Actor) -> Speaker:
    """Put somebody on the programme. Whoever is registered keeps her registration; whoever is not gets one.

    Asked twice it answers with the speaker who stands there. Raises Refusal `full` where no place is left.
    """
    if who.person is None and not who.given_name.strip():
        raise Refusal(
            _("Write the given name, or the e-mail of somebody you know."), code="no_name", field="given_name"
        )
    registration = place_for(agenda.activity, who, by=by)
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        if standing := agenda.speakers.filter(registration=registration).first():
            return standing
        speaker = Speaker.objects.create(
            agenda=agenda, registration=registration, title=who.title[:200], organisation=who.organisation,
            organisation_typed="" if who.organisation else who.organisation_typed[:300],
        )  # fmt: skip
        touch(agenda)
        log("add_speaker", speaker, by=by, scope=agenda.activity.programme.scope, changed=["registration"])
    return speaker


def place_for(activity: Activity, who: Who, *, by: Actor) -> Registration:
    """Her one registration: the living one of this person or of this name and address, or a new one."""
    standing = _standing(activity, who)
    if standing is not None:
        return standing
    try:
        return register_for(
            activity, person=who.person, given_name=who.given_name[:100], family_name=who.family_name[:100],
            email=who.email, language=_language(activity, who), comes_as=ComesAs.SPEAKER, tell=False,
            is_on_programme=True, by=by,
        )  # fmt: skip
    except Refusal as no:
        if no.code == "already_registered":
            return no.facts["registration"]
        if no.code == "full":
            raise Refusal(
                _("All places are taken. Raise the number of places, then add the speaker."), code="full"
            ) from no
        raise


def _standing(activity: Activity, who: Who) -> Registration | None:
    living = activity.registrations.filter(state__in=LIVE).order_by("pk")
    if who.person is not None:
        return living.filter(person=who.person).first()
    if not who.email.strip():
        return None
    name = fold(f"{who.given_name} {who.family_name}")
    for one in living.filter(email=who.email.strip().lower()):
        if fold(one.name) == name:
            return one
    return None


def _language(activity: Activity, who: Who) -> str:
    return who.person.language if who.person is not None else activity.language


def edit_speaker(speaker: Speaker, *, by: Actor, **fields: Any) -> Speaker:
    """How the programme introduces her; only what differs is written."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not fields of a speaker: {sorted(unknown)}")
    with transaction.atomic():
        speaker = _locked(speaker)
        changed = [name for name, value in fields.items() if getattr(speaker, name) != value]
        for name in changed:
            setattr(speaker, name, fields[name])
        if not speaker.name.strip() and speaker.registration_id is None:
            raise Refusal(_("Write a name."), code="no_name", field="name")
        if changed:
            speaker.save(update_fields=changed)
            touch(speaker.agenda)
            log("edit", speaker, by=by, scope=speaker.agenda.activity.programme.scope, changed=changed)
    return speaker


def put_on_item(item: AgendaItem, speaker: Speaker, *, role: str, by: Actor, reason: str = "") -> Appearance:
    """A speaker takes part in an item; twice on one item is once, with the last role.

    Raises Refusal `clash` where she is elsewhere at the time and no ``reason`` says why that is all right.
    """
    if role not in SpeakerRole.values:
        raise Refusal(_("Choose a role."), code="role", field="role")
    with transaction.atomic():
        agenda = lock_agenda(item.agenda_id)
        if speaker.agenda_id != agenda.pk:
            raise Refusal(_("This person stands on another programme."), code="other_programme")
        appearance, is_new = Appearance.objects.get_or_create(
            item=item, speaker=speaker, defaults={"role": role, "position": item.appearances.count()}
        )
        if not is_new and appearance.role != role:
            appearance.role = role
            appearance.save(update_fields=["role"])
        settle_clashes(agenda, {item.pk}, reason, by=by)
        touch(agenda)
        log("put_on_item", item, by=by, scope=agenda.activity.programme.scope, changed=["speakers"])
    return appearance


def take_off_item(appearance: Appearance, *, by: Actor) -> None:
    """She no longer takes part in the item; her place in the activity is hers all the same."""
    with transaction.atomic():
        item = appearance.item
        agenda = lock_agenda(item.agenda_id)
        Appearance.objects.filter(pk=appearance.pk).delete()
        forget_settled(agenda, {item.pk})
        touch(agenda)
        log("take_off_item", item, by=by, scope=agenda.activity.programme.scope, changed=["speakers"])


def remove_speaker(speaker: Speaker, *, by: Actor) -> None:
    """Off the whole programme. Her registration stays: she may still come and listen."""
    with transaction.atomic():
        speaker = _locked(speaker)
        agenda = speaker.agenda
        log("remove_speaker", agenda, by=by, scope=agenda.activity.programme.scope, changed=["speakers"])
        speaker.appearances.all().delete()
        speaker.delete()
        touch(agenda)


def confirm_speaker(speaker: Speaker, *, by: Actor) -> Speaker:
    """She says yes, or somebody writes down that she has: the public reads her name, title and organisation."""
    with transaction.atomic():
        speaker = _locked(speaker)
        if speaker.confirmed_at is not None:
            return speaker
        if refusal := rules.confirming_refusal(speaker):
            raise refusal
        speaker.confirmed_at, speaker.confirmed_by = timezone.now(), by.person
        speaker.save(update_fields=["confirmed_at", "confirmed_by"])
        touch(speaker.agenda)
        scope = speaker.agenda.activity.programme.scope
        log("confirm_speaker", speaker, by=by, scope=scope, changed=["confirmed_at"])
    return speaker


def hide_speaker(speaker: Speaker, *, by: Actor) -> Speaker:
    """Her name leaves the public programme; the item stands without it."""
    with transaction.atomic():
        speaker = _locked(speaker)
        if speaker.confirmed_at is None:
            return speaker
        speaker.confirmed_at, speaker.confirmed_by = None, None
        speaker.save(update_fields=["confirmed_at", "confirmed_by"])
        touch(speaker.agenda)
        scope = speaker.agenda.activity.programme.scope
        log("hide_speaker", speaker, by=by, scope=scope, changed=["confirmed_at"])
    return speaker


def ask_speakers(agenda: Agenda, *, by: Actor) -> int:
    """Ask by mail everybody who has not said yes and was not asked; says how many got one."""
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        waiting = agenda.speakers.filter(
            confirmed_at=None, asked_at=None, registration__state__in=LIVE
        ).select_related("registration__person", "registration__activity__programme")
        asked = [one for one in waiting if not one.is_protected and queue_asking_mail(one)]
        Speaker.objects.filter(pk__in=[one.pk for one in asked]).update(asked_at=timezone.now())
        if asked:
            log("ask_speakers", agenda, by=by, scope=agenda.activity.programme.scope, changed=["asked_at"])
    return len(asked)


def _locked(speaker: Speaker) -> Speaker:
    agenda = lock_agenda(speaker.agenda_id)
    found = Speaker.objects.select_related("registration__person").get(pk=speaker.pk)
    found.agenda = agenda
    return found
