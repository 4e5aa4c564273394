"""Sealing months of a programme: from then on attendance, hours and decisions of them stay as they are."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.kit.acting import Actor, Refusal
from samverk.ledger.models import SealedPeriod
from samverk.ledger.months import first_of, last_of
from samverk.ledger.permissions import may_seal
from samverk.ledger.queries import waiting_in
from samverk.ledger.rules import sealing_obstacles, seals_over
from samverk.programmes.models import Programme
from samverk.trail.commands import log


def seal_period(programme: Programme, first: date, last: date, *, by: Actor) -> SealedPeriod:
    """Seal every month from first to last. Refused while something in them still waits."""
    if last < first:
        raise Refusal(
            _("The last month is before the first. Change one of them."), code="period", field="last"
        )
    if not may_seal(by.person, programme):
        raise Refusal(_("Only a coordinator of the programme can seal a period."), code="not_coordinator")
    starts, ends = first_of(first), last_of(last)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        if seals_over(starts, ends).filter(programme=programme).exists():
            raise Refusal(_("A part of this period is sealed already."), code="sealed", field="first")
        if obstacles := sealing_obstacles(waiting_in(programme, starts, ends)):
            raise Refusal(" ".join(obstacles), code="waiting")
        seal = SealedPeriod.objects.create(programme=programme, starts=starts, ends=ends, sealed_by=by.person)
        log("seal", seal, by=by, scope=programme.scope, changed=["starts", "ends"])
        return seal


def reopen_period(seal: SealedPeriod, *, because: str, by: Actor) -> SealedPeriod:
    """Open a sealed period again, with a reason that stays."""
    if not may_seal(by.person, seal.programme):
        raise Refusal(_("Only a coordinator of the programme can open a period."), code="not_coordinator")
    if not because.strip():
        raise Refusal(_("Write why the period is opened again."), code="because", field="because")
    with transaction.atomic():
        seal = (
            SealedPeriod.objects.select_for_update(of=("self",)).select_related("programme").get(pk=seal.pk)
        )
        if seal.reopened_at:
            raise Refusal(_("This period is open already."), code="open")
        seal.reopened_at, seal.reopened_by = timezone.now(), by.person
        seal.reopened_because = because.strip()[:300]
        seal.save(update_fields=["reopened_at", "reopened_by", "reopened_because"])
        log("reopen", seal, by=by, scope=seal.programme.scope, reason=because)
        return seal
