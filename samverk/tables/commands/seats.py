"""One person at another table, two who swap, a seat that stays, two who sit apart or together."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from samverk.activities.models import Attendance
from samverk.kit.acting import Actor, Refusal
from samverk.tables.choices import PairKind
from samverk.tables.commands.plans import UNDO_SEATS, facts_of
from samverk.tables.models import TablePair, TablePlan, TableSeat
from samverk.tables.rules import table_refusal
from samverk.trail.commands import log


def move_seat(seat: TableSeat, *, table: int, by: Actor) -> TableSeat:
    """To another table, in this round only; it is locked there, because somebody wanted it so."""
    if refusal := table_refusal(seat.plan.tables, table):
        raise refusal
    with transaction.atomic():
        seat = _lock(seat.pk)
        before = facts_of(seat.plan)
        seat.table, seat.is_locked = table, True
        seat.save(update_fields=["table", "is_locked"])
        _log("move_seat", seat.plan, by, before)
    return seat


def swap_seats(seat: TableSeat, other: TableSeat, *, by: Actor) -> TableSeat:
    """The two change tables in this round. Raises Refusal where they sit in different rounds or plans."""
    with transaction.atomic():
        seat, other = (_lock(pk) for pk in sorted((seat.pk, other.pk)))
        if (seat.plan_id, seat.round) != (other.plan_id, other.round) or seat.pk == other.pk:
            raise Refusal(_("Choose somebody else of the same round."), code="other_round", field="other")
        before = facts_of(seat.plan)
        seat.table, other.table = other.table, seat.table
        for one in (seat, other):
            one.is_locked = True
            one.save(update_fields=["table", "is_locked"])
        _log("swap_seats", seat.plan, by, before)
    return seat


def lock_seat(seat: TableSeat, *, by: Actor) -> TableSeat:
    """The person stays at this table in this round when groups are made again."""
    return _locked(seat, True, by)


def unlock_seat(seat: TableSeat, *, by: Actor) -> TableSeat:
    """The person may be moved again."""
    return _locked(seat, False, by)


def keep_pair(plan: TablePlan, one: Attendance, other: Attendance, *, kind: str, by: Actor) -> TablePair:
    """Two people who sit apart, or together, in every round from the next making on. Raises Refusal."""
    first, second = sorted((one, other), key=lambda row: row.pk)
    if first.pk == second.pk or {first.session_id, second.session_id} != {plan.session_id}:
        raise Refusal(_("Choose two different people of this sheet."), code="same", field="other")
    with transaction.atomic():
        plan = _plan(plan.pk)
        pair, _made = TablePair.objects.update_or_create(
            plan=plan, one=first, other=second, defaults={"kind": PairKind(kind)}
        )
        log("keep_pair", plan, by=by, scope=plan.session.activity.programme.scope)
    return pair


def drop_pair(pair: TablePair, *, by: Actor) -> None:
    """The two may sit as it comes."""
    with transaction.atomic():
        plan = _plan(pair.plan_id)
        TablePair.objects.filter(pk=pair.pk).delete()
        log("drop_pair", plan, by=by, scope=plan.session.activity.programme.scope)


def _locked(seat: TableSeat, is_locked: bool, by: Actor) -> TableSeat:
    with transaction.atomic():
        seat = _lock(seat.pk)
        if seat.is_locked != is_locked:
            seat.is_locked = is_locked
            seat.save(update_fields=["is_locked"])
            log(
                "lock_seat" if is_locked else "unlock_seat",
                seat.plan,
                by=by,
                scope=seat.plan.session.activity.programme.scope,
            )
    return seat


def _log(verb: str, plan: TablePlan, by: Actor, before: dict) -> None:
    log(
        verb,
        plan,
        by=by,
        scope=plan.session.activity.programme.scope,
        undo_with=UNDO_SEATS,
        undo_facts=before,
    )


def _lock(pk: int) -> TableSeat:
    found = TableSeat.objects.select_for_update(of=("self",)).select_related(
        "plan__session__activity__programme"
    )
    return found.get(pk=pk)


def _plan(pk: int) -> TablePlan:
    return (
        TablePlan.objects.select_for_update(of=("self",))
        .select_related("session__activity__programme")
        .get(pk=pk)
    )
