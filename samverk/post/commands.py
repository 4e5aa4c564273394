"""Queueing, sending, retrying and forgetting mail.

What is promised. A mail is queued in the transaction of the change that causes it: with the change it stands
or falls. It is leased before it is handed to the mail server, so two workers never send it at the same time.
When a worker dies before the server took it, it is sent after the lease; when a worker dies in the moment
between the server's yes and our own note of it, it is sent once more, since nobody can know. Both copies carry
the same Message-ID, by which receiving programs drop the second.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import mailers
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samverk.kit.acting import Refusal
from samverk.kit.faults import fault_point
from samverk.kit.registers import composers
from samverk.post.composing import Message, kept_text, to_email
from samverk.post.models import Mail
from samverk.post.rules import KEEP_BODY_DAYS, LEASE, UNDO_SECONDS, in_words, pause_after

BATCH = 100

__all__ = [
    "UNDO_SECONDS",
    "cancel_mails",
    "erase_bodies",
    "queue_mail",
    "queue_mails",
    "retry_mail",
    "send_due",
]

logger = logging.getLogger("samverk.post")


def queue_mail(
    kind: str,
    *,
    to: str,
    language: str,
    scope: str = "",
    person: Any = None,
    to_name: str = "",
    thing_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    is_secret: bool = False,
    delay_seconds: int = 0,
    once_key: str | None = None,
) -> Mail:
    """Queue a mail inside the caller's transaction. A mail that an undoable act causes waits UNDO_SECONDS.

    ``kind`` names the composer in ``kit.registers.composers`` that writes it at sending. The same ``once_key``
    gives the mail that was queued under it before.
    """
    fields = _fields(
        kind, to=to, language=language, scope=scope, person=person, to_name=to_name, thing_id=thing_id, facts=facts,
        is_secret=is_secret, delay_seconds=delay_seconds,
    )  # fmt: skip
    if once_key is None:
        return Mail.objects.create(**fields)
    mail, _is_new = Mail.objects.get_or_create(once_key=once_key, defaults=fields)
    return mail


def queue_mails(kind: str, letters: Iterable[Mapping[str, Any]]) -> int:
    """Queue many of a kind at once, each with the arguments of `queue_mail` but its once_key; says how many."""
    return len(Mail.objects.bulk_create(Mail(**_fields(kind, **letter)) for letter in letters))


def _fields(
    kind: str,
    *,
    to_name: str = "",
    facts: Mapping[str, Any] | None = None,
    delay_seconds: int = 0,
    **rest: Any,
) -> dict[str, Any]:
    return {
        "kind": kind,
        # Both names in full length are one letter longer than the column.
        "to_name": to_name[:200],
        "facts": dict(facts or {}),
        "send_after": timezone.now() + timedelta(seconds=delay_seconds),
        **rest,
    }


def cancel_mails(kind: str, thing_id: int) -> int:
    """Take back mails about a thing that have not been handed over yet; says how many."""
    waiting = Mail.objects.filter(kind=kind, thing_id=thing_id, state=Mail.State.QUEUED)
    free = waiting.filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))
    return free.update(state=Mail.State.CANCELLED)


def retry_mail(mail: Mail) -> Mail:
    """Send a mail that failed after all, from now on with the whole patience again.

    The trail stands on the same floor as the post: whoever calls this logs it.
    """
    with transaction.atomic():
        mail = Mail.objects.select_for_update().get(pk=mail.pk)
        if mail.state != Mail.State.FAILED:
            raise Refusal(_("This mail is not one that failed. Look at its state."), code="not_failed")
        mail.state, mail.attempts, mail.send_after = Mail.State.QUEUED, 0, timezone.now()
        mail.save(update_fields=["state", "attempts", "send_after"])
        return mail


def send_due(limit: int = BATCH) -> int:
    """Send what is due, sign-in codes first; says how many left. A duty of the worker."""
    sent = 0
    mailer = mailers.default
    try:
        for _turn in range(limit):
            mail = _claim()
            if mail is None:
                break
            sent += _send(mail, mailer)
    finally:
        _hang_up(mailer)
    return sent


def _claim() -> Mail | None:
    """Take the next due mail for ourselves: committed before anything is sent."""
    now = timezone.now()
    with transaction.atomic():
        due = Mail.objects.filter(state=Mail.State.QUEUED, send_after__lte=now)
        due = due.filter(Q(leased_until=None) | Q(leased_until__lt=now)).order_by(
            "-is_secret", "send_after", "id"
        )
        mail = due.select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        mail.leased_until, mail.attempts = now + LEASE, mail.attempts + 1
        mail.save(update_fields=["leased_until", "attempts"])
    fault_point("mail_claimed")
    return mail


def _send(mail: Mail, mailer: Any) -> bool:
    try:
        message = _compose(mail)
        if message is None:
            _finish(mail, state=Mail.State.CANCELLED)
            return False
        mailer.open()
        mailer.send_messages([to_email(mail, message)])
    except Exception as problem:  # whatever it was, the mail is kept and tried again
        _hang_up(mailer)
        _postpone(mail, problem)
        return False
    fault_point("mail_accepted")
    subject, body = kept_text(mail, message)
    _finish(mail, state=Mail.State.SENT, sent_at=timezone.now(), subject=subject[:200], body=body, error="")
    return True


def _compose(mail: Mail) -> Message | None:
    """The mail's words; None where there is no longer anything to say."""
    compose = composers.get(mail.kind)
    if compose is None:
        raise LookupError(f"nobody composes mails of the kind {mail.kind}")
    with override(mail.language):
        return compose(mail)


def _finish(mail: Mail, **fields: Any) -> None:
    Mail.objects.filter(pk=mail.pk).update(leased_until=None, **fields)


def _postpone(mail: Mail, problem: Exception) -> None:
    """Try again later; give up after the last back-off, or at once where the address itself is refused."""
    logger.warning(
        "mail not sent",
        extra={
            "mail": mail.code,
            "kind": mail.kind,
            "attempt": mail.attempts,
            "problem": type(problem).__name__,
        },
        exc_info=None if isinstance(problem, OSError) else problem,
    )
    pause = pause_after(mail.attempts, problem)
    later = {"send_after": timezone.now() + pause} if pause else {"state": Mail.State.FAILED}
    _finish(mail, error=in_words(problem), **later)


def _hang_up(mailer: Any) -> None:
    try:
        mailer.close()
    except (OSError, smtplib.SMTPException):
        mailer.connection = None


def erase_bodies(now: datetime | None = None) -> int:
    """Forget the words and the error of mails older than 90 days. A duty of the worker."""
    before = (now or timezone.now()) - timedelta(days=KEEP_BODY_DAYS)
    old = Mail.objects.filter(queued_at__lt=before).exclude(state=Mail.State.QUEUED)
    return old.exclude(body="", error="", facts={}).update(body="", error="", facts={})
