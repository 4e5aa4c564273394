"""Making groups, making them again with the least change, showing them, and taking either back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Attendance, Session
from samverk.kit.acting import Actor, Refusal
from samverk.tables.choices import Mix
from samverk.tables.composing import Order, Rounds, composed, pairs_of, recomposed
from samverk.tables.models import TablePlan, TableSeat
from samverk.tables.queries import earlier_meetings, guests_of, met_before
from samverk.tables.rules import plan_refusal
from samverk.trail.commands import log

UNDO_SEATS = "table_plan.seats"
FIELDS = ("tables", "rounds", "mix", "organisations_apart", "remembers", "only_here", "seed")


def make_groups(session: Session, *, by: Actor, **wishes: Any) -> TablePlan:
    """Seat everybody anew; `wishes` as in FIELDS without `seed`. Locked people stay at their tables.

    The groups are found before the transaction, because nobody else should wait for that. Raises Refusal.
    """
    plan = TablePlan.objects.filter(session=session).first() or TablePlan(session=session, seed=0)
    before = facts_of(plan) if plan.pk else {"seats": [], "fields": {}}
    for name, value in wishes.items():
        setattr(plan, name, [key for key in value if key in Mix.values] if name == "mix" else value)
    plan.seed += 1
    guests = guests_of(session, only_here=plan.only_here)
    if refusal := plan_refusal(len(guests), plan.tables, plan.rounds):
        raise refusal
    met = met_before(guests, earlier_meetings(session)) if plan.remembers else {}
    rounds = composed(guests, _order(plan), met)
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=session.pk)
        plan.made_at, plan.made_by = timezone.now(), by.person
        plan.save()
        _write(plan, rounds, first=1)
        log("make_groups", plan, by=by, scope=session.activity.programme.scope, changed=["tables", "rounds"],
            undo_with=UNDO_SEATS if before["seats"] else "", undo_facts=before if before["seats"] else None)  # fmt: skip
    return plan


def regroup(plan: TablePlan, *, first: int, by: Actor) -> TablePlan:
    """Seat those who came late and close the gaps of those who left, from round `first` on; few others move.

    Rounds before it stay as they were sat. Raises Refusal.
    """
    if not 1 <= first <= plan.rounds:
        raise Refusal(_("There is no such round."), code="no_round", field="first")
    before = facts_of(plan)
    guests = guests_of(plan.session, only_here=plan.only_here)
    if refusal := plan_refusal(len(guests), plan.tables, plan.rounds):
        raise refusal
    met = met_before(guests, earlier_meetings(plan.session)) if plan.remembers else {}
    rounds = _rounds(plan)
    again = recomposed(guests, _order(plan, first), met, rounds[: first - 1], rounds[first - 1 :])
    with transaction.atomic():
        plan = _lock(plan.pk)
        _write(plan, again, first=first)
        log(
            "regroup",
            plan,
            by=by,
            scope=plan.session.activity.programme.scope,
            undo_with=UNDO_SEATS,
            undo_facts=before,
        )
    return plan


def show_tables(plan: TablePlan, *, by: Actor) -> TablePlan:
    """Everybody with a place reads their tables on "My place" from now on."""
    return _shown(plan, True, by)


def hide_tables(plan: TablePlan, *, by: Actor) -> TablePlan:
    """Nobody reads their tables any more; the plan is kept."""
    return _shown(plan, False, by)


def undo_seats(plan_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Put the seats, and what was asked for, back as they were. People taken off the sheet meanwhile stay away."""
    plan = _lock(plan_id)
    for name, value in facts["fields"].items():
        setattr(plan, name, value)
    plan.save(update_fields=list(facts["fields"]) or None)
    rows = set(Attendance.objects.filter(session=plan.session).values_list("pk", flat=True))
    plan.seats.all().delete()
    TableSeat.objects.bulk_create(
        [
            TableSeat(plan=plan, attendance_id=row, round=round_, table=table, is_locked=is_locked)
            for row, round_, table, is_locked in facts["seats"]
            if row in rows
        ],
        batch_size=500,
    )
    log("undo_groups", plan, by=by, scope=plan.session.activity.programme.scope)


def facts_of(plan: TablePlan) -> dict[str, Any]:
    seats = plan.seats.values_list("attendance_id", "round", "table", "is_locked")
    return {"seats": [list(seat) for seat in seats], "fields": {name: getattr(plan, name) for name in FIELDS}}


def _order(plan: TablePlan, first: int = 1) -> Order:
    """What the plan asks for; locked seats of rounds from `first` on, counted from there."""
    apart, together = pairs_of(plan) if plan.pk else ([], [])
    locked = plan.seats.filter(is_locked=True, round__gte=first, table__lte=plan.tables) if plan.pk else ()
    return Order(
        plan.tables, plan.rounds - first + 1, plan.mix, plan.organisations_apart, apart, together,
        [(one.attendance_id, one.round - first + 1, one.table) for one in locked if one.round <= plan.rounds], plan.seed,
    )  # fmt: skip


def _rounds(plan: TablePlan) -> Rounds:
    rounds: Rounds = [[[] for _table in range(plan.tables)] for _round in range(plan.rounds)]
    for row, round_, table in plan.seats.values_list("attendance_id", "round", "table"):
        rounds[round_ - 1][table - 1].append(row)
    return rounds


def _write(plan: TablePlan, rounds: Sequence[Sequence[Sequence[int]]], first: int) -> None:
    """The seats of these rounds, the first of them being round `first`; what was locked stays locked."""
    locked = set(plan.seats.filter(is_locked=True).values_list("attendance_id", "round", "table"))
    plan.seats.filter(round__gte=first).delete()
    TableSeat.objects.bulk_create(
        [
            TableSeat(
                plan=plan, attendance_id=row, round=at, table=table, is_locked=(row, at, table) in locked
            )
            for at, tables in enumerate(rounds, start=first)
            for table, rows in enumerate(tables, start=1)
            for row in rows
        ],
        batch_size=500,
    )


def _shown(plan: TablePlan, is_shown: bool, by: Actor) -> TablePlan:
    with transaction.atomic():
        plan = _lock(plan.pk)
        if (plan.shown_at is not None) != is_shown:
            plan.shown_at = timezone.now() if is_shown else None
            plan.save(update_fields=["shown_at"])
            verb = "show_tables" if is_shown else "hide_tables"
            log(verb, plan, by=by, scope=plan.session.activity.programme.scope)
    return plan


def _lock(pk: int) -> TablePlan:
    return (
        TablePlan.objects.select_for_update(of=("self",))
        .select_related("session__activity__programme")
        .get(pk=pk)
    )
