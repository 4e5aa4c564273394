"""Facts of the ledger: what is sealed, what may be signed and countersigned, what stands in the way of sealing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samverk.activities.models import Session
from samverk.directory.choices import MandateScope
from samverk.directory.models import Organisation
from samverk.directory.permissions import may_act_for
from samverk.kit import words
from samverk.kit.acting import Actor, Refusal
from samverk.ledger.models import HourEntry, SealedPeriod, Statement
from samverk.ledger.months import last_of


def seals_over(first: date, last: date) -> QuerySet[SealedPeriod]:
    """Seals in force over any day from first to last."""
    return SealedPeriod.objects.filter(reopened_at=None, starts__lte=last, ends__gte=first)


def sealed_programmes(month: date) -> set[int]:
    """Ids of programmes for which the month, or a part of it, is sealed."""
    return set(seals_over(month, last_of(month)).values_list("programme", flat=True))


def seal_of(session: Session) -> SealedPeriod | None:
    """The seal over the session's day in its programme, or None."""
    day = session.starts_local.date()
    return seals_over(day, day).filter(programme=session.activity.programme_id).first()


def sealed_refusal(session: Session) -> Refusal | None:
    """Why attendance of this session can no longer change, or None."""
    seal = seal_of(session)
    if seal is None:
        return None
    period = {
        "starts": words.day(seal.starts, year=True, weekday=False),
        "ends": words.day(seal.ends, year=True, weekday=False),
    }
    return Refusal(
        _("The hours from %(starts)s to %(ends)s are sealed. A coordinator must open the period first.")
        % period,
        code="sealed",
    )


def signing_refusal(statement: Statement, by: Actor) -> Refusal | None:
    """Nobody signs for another: not staff, not the employer."""
    if by.person is None or by.person.pk != statement.person_id:
        return Refusal(_("Only the person herself or himself can confirm these hours."), code="not_own")
    return None


def countersigning_refusal(
    organisation: Organisation, entries: Collection[HourEntry], by: Actor
) -> Refusal | None:
    """An employer's signature takes a mandate of today, and is never for own hours."""
    if not may_act_for(by.person, organisation, MandateScope.CONFIRM_HOURS):
        return Refusal(_("You need a mandate to confirm hours for this organisation."), code="no_mandate")
    if any(entry.person_id == by.person.pk for entry in entries):
        return Refusal(_("Somebody else must confirm your own hours as employer."), code="own_hours")
    return None


def sealing_obstacles(waits: dict[str, int]) -> list[str]:
    """What must be done before a period can be sealed, as sentences. `waits` comes from queries.waiting_in."""
    sentences: dict[str, Any] = {
        "open_sessions": _("%(n)s sessions are not closed."),
        "not_posted": _("%(n)s sessions wait to be posted."),
        "stale": _("%(n)s decisions wait to be judged."),
        "problems": _("%(n)s decisions could not be made. Look at the rules."),
    }
    return [sentences[name] % {"n": words.number(number)} for name, number in waits.items() if number]
