"""What the ledger says when attendance is about to change, and does when it has: registered in kit.registers."""

from __future__ import annotations

from samverk.activities.models import Attendance, Session
from samverk.ledger.commands.posting import post_hours
from samverk.ledger.models import HourEntry
from samverk.ledger.rules import sealed_refusal

# A sheet of this size is posted in the same transaction; a larger one by the worker, seconds later.
POST_AT_ONCE = 100


class LedgerGuard:
    """Before: a sealed period answers no. After, in the same transaction: mark the session to post."""

    def may_change(self, session: Session) -> None:
        if refusal := sealed_refusal(session):
            raise refusal

    def changed(self, session: Session) -> None:
        closed = Session.objects.filter(pk=session.pk, state=Session.State.DONE).exists()
        if not closed and not HourEntry.objects.live().filter(session=session.pk).exists():
            return
        Session.objects.filter(pk=session.pk).update(needs_posting=True)
        if Attendance.objects.filter(session=session.pk)[: POST_AT_ONCE + 1].count() <= POST_AT_ONCE:
            post_hours(session)


guard = LedgerGuard()
