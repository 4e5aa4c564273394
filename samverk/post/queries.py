"""Reading the post: for the office by scope, for the worker and the watcher by what waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from samverk.post.models import Mail
from samverk.post.rules import BACK_OFF, LEASE

STUCK_AFTER = timedelta(hours=1)


def mails_in(scopes: Iterable[str]) -> QuerySet[Mail]:
    """Mails within scopes such as ``programme:KCM``; never those of sign-in and signing."""
    return (
        Mail.objects.filter(scope__in=list(scopes), is_secret=False).exclude(scope="").defer("body", "facts")
    )


def count_by_state(mails: QuerySet[Mail]) -> dict[str, int]:
    """How many mails stand in each state, in one query."""
    counted = mails.order_by().values_list("state").annotate(n=Count("id"))
    return dict(counted)


def is_mail_due() -> bool:
    """Whether the worker has mail to send now."""
    now = timezone.now()
    due = Mail.objects.filter(state=Mail.State.QUEUED, send_after__lte=now)
    return due.filter(Q(leased_until=None) | Q(leased_until__lt=now)).exists()


def waiting_mails() -> int:
    """Mails that should have left by now and have not."""
    return Mail.objects.filter(state=Mail.State.QUEUED, send_after__lte=timezone.now()).count()


def mail_sign() -> tuple[bool, dict[str, int]]:
    """For the health page: how many mails wait, and whether any has waited for too long."""
    late = Mail.objects.filter(
        state=Mail.State.QUEUED, attempts=0, send_after__lt=timezone.now() - STUCK_AFTER
    )
    return not late.exists(), {"waiting": waiting_mails()}


def stuck_mails() -> list[str]:
    """For `doctor`: mails that are overdue although nothing hinders them, and states that cannot be."""
    late = timezone.now() - STUCK_AFTER
    is_free = Q(leased_until=None) | Q(leased_until__lt=late)
    overdue = Mail.objects.filter(is_free, state=Mail.State.QUEUED, send_after__lt=late)
    sent_without_time = Mail.objects.filter(state=Mail.State.SENT, sent_at=None)
    held_too_long = Mail.objects.filter(leased_until__gt=timezone.now() + LEASE)
    too_often = Mail.objects.filter(state=Mail.State.QUEUED, attempts__gt=len(BACK_OFF) + 1)
    lines = []
    for mails, words in (
        (overdue, "mails should have left more than an hour ago: does the worker run?"),
        (sent_without_time, "mails are sent without a time"),
        (held_too_long, "mails are held by a worker for longer than any lease"),
        (too_often, "mails were tried more often than the back-off allows"),
    ):
        if count := mails.count():
            lines.append(f"post: {count} {words}")
    return lines
