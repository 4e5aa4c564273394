"""Writing, trying and sending messages to the people of an activity; choosing which reminders go by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity
from samverk.kit.acting import Actor, Refusal
from samverk.mailings.choices import LETTER, TEST, MailingState
from samverk.mailings.models import LetterTemplate, Mailing, Recipient, ReminderPlan
from samverk.mailings.queries import address_of, group_of
from samverk.mailings.rules import sending_refusal, text_refusal
from samverk.post.commands import UNDO_SECONDS, cancel_mails, queue_mail
from samverk.post.models import Mail
from samverk.programmes.models import Programme
from samverk.trail.commands import log

UNDO_SENDING = "mailing.send"
EDITABLE = ("addressees", "language", "subject", "body", "reply_to")


def write_mailing(activity: Activity, *, by: Actor, **fields: Any) -> Mailing:
    """A draft; ``fields`` as in EDITABLE. Nothing is sent."""
    mailing = Mailing(activity=activity, created_by=by.person, **_known(fields))
    _refuse_slips(mailing.subject, mailing.body)
    with transaction.atomic():
        mailing.save()
        log("write", mailing, by=by, scope=activity.programme.scope, changed=["addressees"])
    return mailing


def edit_mailing(mailing: Mailing, *, by: Actor, **fields: Any) -> Mailing:
    """Change a draft. What was sent stays as it was read."""
    with transaction.atomic():
        mailing = _lock(mailing)
        if mailing.state != MailingState.DRAFT:
            raise Refusal(_("This message is sent already. Write a new one."), code="sent")
        changed = [name for name, value in _known(fields).items() if getattr(mailing, name) != value]
        for name in changed:
            setattr(mailing, name, fields[name])
        _refuse_slips(mailing.subject, mailing.body)
        if changed:
            mailing.save(update_fields=changed)
            log("edit", mailing, by=by, scope=mailing.activity.programme.scope, changed=changed)
    return mailing


def drop_mailing(mailing: Mailing, *, by: Actor) -> None:
    """Throw a draft away."""
    with transaction.atomic():
        mailing = _lock(mailing)
        if mailing.state != MailingState.DRAFT:
            raise Refusal(_("A message that was sent stays in the list."), code="sent")
        log("remove", mailing, by=by, scope=mailing.activity.programme.scope)
        mailing.delete()


def try_mailing(mailing: Mailing, *, by: Actor) -> Mail:
    """Send the words to the writer alone, filled in for the first of the group."""
    to = by.person.mail_address if by.person else ""
    if not to:
        raise Refusal(_("You have no e-mail of your own here."), code="no_address")
    first = group_of(mailing.activity, mailing.addressees).first()
    if first is None:
        raise Refusal(_("Nobody is in this group now, or nobody has an e-mail."), code="nobody")
    with transaction.atomic():
        log("try", mailing, by=by, scope=mailing.activity.programme.scope)
        return queue_mail(
            TEST, to=to, to_name=str(by.person), language=mailing.language, person=by.person,
            scope=mailing.activity.programme.scope, thing_id=mailing.pk, facts={"registration": first.pk},
        )  # fmt: skip


def send_mailing(mailing: Mailing, *, by: Actor) -> Mailing:
    """Queue one mail for each registration of the group; it waits a minute, so that it can be taken back.

    One address gets one mail for each person it registered: each letter names its own.
    """
    with transaction.atomic():
        mailing = _lock(mailing)
        recipients = list(group_of(mailing.activity, mailing.addressees))
        if refusal := sending_refusal(mailing, len(recipients)):
            raise refusal
        Recipient.objects.bulk_create(Recipient(mailing=mailing, registration=one) for one in recipients)
        for one in recipients:
            queue_mail(
                LETTER, to=address_of(one), to_name=one.name, language=mailing.language, person=one.person,
                scope=mailing.activity.programme.scope, thing_id=mailing.pk, delay_seconds=UNDO_SECONDS,
                facts={"registration": one.pk},
            )  # fmt: skip
        mailing.state, mailing.sent_at = MailingState.SENT, timezone.now()
        mailing.recipient_number = len(recipients)
        mailing.save(update_fields=["state", "sent_at", "recipient_number"])
        log(
            "send", mailing, by=by, scope=mailing.activity.programme.scope,
            changed=["state", "recipient_number"], undo_with=UNDO_SENDING,
        )  # fmt: skip
        return mailing


def undo_sending(thing_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Take back what has not left yet; refused when the first mail is on its way."""
    mailing = _lock(Mailing(pk=thing_id))
    if cancel_mails(LETTER, mailing.pk) < mailing.recipient_number:
        raise Refusal(_("The first mails have left already."), code="too_late")
    mailing.recipients.all().delete()
    mailing.state, mailing.sent_at, mailing.recipient_number = MailingState.DRAFT, None, 0
    mailing.save(update_fields=["state", "sent_at", "recipient_number"])
    log("undo_send", mailing, by=by, scope=mailing.activity.programme.scope)


def save_template(mailing: Mailing, *, name: str, by: Actor) -> LetterTemplate:
    """Keep the words of a message for next time; the same name is written over."""
    name = " ".join(name.split())[:100]
    if not name:
        raise Refusal(_("Give the template a name."), code="no_name", field="name")
    programme: Programme = mailing.activity.programme
    with transaction.atomic():
        template, _is_new = LetterTemplate.objects.update_or_create(
            programme=programme, name=name,
            defaults={"language": mailing.language, "subject": mailing.subject, "body": mailing.body},
        )  # fmt: skip
        log("save_template", template, by=by, scope=programme.scope, changed=["name"])
    return template


def plan_reminders(activity: Activity, *, week_before: bool, day_before: bool, by: Actor) -> ReminderPlan:
    """Choose which reminders go by themselves."""
    with transaction.atomic():
        plan, _is_new = ReminderPlan.objects.update_or_create(
            activity=activity, defaults={"week_before": week_before, "day_before": day_before}
        )
        log(
            "plan_reminders",
            plan,
            by=by,
            scope=activity.programme.scope,
            changed=["week_before", "day_before"],
        )
    return plan


def _lock(mailing: Mailing) -> Mailing:
    related = Mailing.objects.select_for_update(of=("self",)).select_related("activity__programme")
    return related.get(pk=mailing.pk)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if strange := set(fields) - set(EDITABLE):
        raise TypeError(f"no fields of a mailing: {sorted(strange)}")
    return fields


def _refuse_slips(subject: str, body: str) -> None:
    for text, field in ((subject, "subject"), (body, "body")):
        if refusal := text_refusal(text, field):
            raise refusal
