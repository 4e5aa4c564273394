"""Accepting that two items want one room or one person, with a reason."""

from __future__ import annotations

from django.db.models import Q

from samverk.agenda.clashing import all_clashes, clash_refusal, new_clashes
from samverk.agenda.models import AcceptedClash, Agenda
from samverk.kit.acting import Actor
from samverk.trail.commands import log


def settle_clashes(agenda: Agenda, items: set[int], reason: str, *, by: Actor) -> None:
    """Refuse new clashes of these items unless a reason says why; forget accepted ones that are over.

    Raises Refusal `clash`. The caller holds the lock of the agenda.
    """
    found = new_clashes(agenda, items)
    reason = " ".join(reason.split())[:300]
    if found and not reason:
        raise clash_refusal(agenda, found)
    forget_settled(agenda, items)
    for one in found:
        AcceptedClash.objects.create(
            kind=one.kind, first_id=one.first, second_id=one.second, reason=reason, by=by.person
        )
    if found:
        log(
            "accept_clash", agenda, by=by, scope=agenda.activity.programme.scope, changed=["clashes"], reason=reason
        )  # fmt: skip


def forget_settled(agenda: Agenda, items: set[int]) -> None:
    standing = {one.pair for one in all_clashes(agenda)}
    of_these = Q(first__in=items) | Q(second__in=items)
    for row in AcceptedClash.objects.filter(of_these, first__agenda=agenda):
        if (row.kind, row.first_id, row.second_id) not in standing:
            row.delete()
