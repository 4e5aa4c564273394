"""From attendance to the ledger: one command that may run any number of times, after every kind of change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from samverk.activities.models import Attendance, Session
from samverk.activities.presences import PostedPresence, planned_minutes_of, presences_of
from samverk.kit.acting import THE_CLOCK, Actor
from samverk.kit.faults import fault_point
from samverk.ledger.commands.asking import ask_again, ask_for_new_lines
from samverk.ledger.commands.staleness import mark_stale
from samverk.ledger.commands.voiding import void_for
from samverk.ledger.models import HourEntry
from samverk.ledger.months import first_of
from samverk.ledger.rules import seal_of, sealed_programmes
from samverk.trail.models import Entry

# Kept current without a reversal: nobody signs these.
CIRCUMSTANCES = ("component_id", "planned_minutes", "group_size", "flags", "evidence", "contract_share")


@dataclass(frozen=True)
class Posting:
    """What one run wrote."""

    posted: int = 0
    reversed: int = 0
    updated: int = 0

    @property
    def changed_nothing(self) -> bool:
        return not (self.posted or self.reversed or self.updated)


def post_hours(session: Session, *, by: Actor = THE_CLOCK) -> Posting:
    """Make the ledger say what the attendance of a session says.

    Compares attendance with the live lines, writes reversals and new lines, voids signatures under what changed and
    marks the decisions concerned as stale. A second run writes nothing. A sealed session is left as it is.
    """
    with transaction.atomic():
        sessions = Session.objects.select_for_update(of=("self",)).select_related("activity__programme")
        session = sessions.get(pk=session.pk)
        Session.objects.filter(pk=session.pk, needs_posting=True).update(needs_posting=False)
        if seal_of(session):
            return Posting()
        posting = _compare_and_write(session, by)
        fault_point("posting.before_commit")
        return posting


def post_marked(limit: int = 50) -> int:
    """Post sessions that were marked and could not be posted at once. Returns how many."""
    marked = list(Session.objects.filter(needs_posting=True).order_by("id")[:limit])
    for session in marked:
        post_hours(session)
    return len(marked)


def _compare_and_write(session: Session, by: Actor) -> Posting:
    wanted = {row.attendance_id: row for row in presences_of(session)}
    live = {entry.attendance_id: entry for entry in _live_in(session)}
    gone = [
        entry for key, entry in live.items() if key not in wanted or _signed(entry) != _signed_of(wanted[key])
    ]
    reversed_keys = {entry.attendance_id for entry in gone}
    fresh = [row for key, row in wanted.items() if key not in live or key in reversed_keys]
    kept = [(live[key], row) for key, row in wanted.items() if key in live and key not in reversed_keys]

    _reverse(gone)
    posted = HourEntry.objects.bulk_create([_entry(session, row) for row in fresh])
    updated = [entry for entry, row in kept if _bring_up_to_date(entry, row)]
    replanned = _bring_plan_up_to_date(session)
    touched = [*gone, *posted, *updated, *replanned]
    if touched:
        mark_stale(_whose(session, touched), [session.activity.programme_id])
    minutes_now = {row.attendance_id: row.presence.minutes for row in fresh}
    again = void_for([(entry, minutes_now.get(entry.attendance_id, 0)) for entry in gone], by=by)
    ask_again(again)
    ask_for_new_lines(posted, but=[statement.pk for statement, _why, _key in again])
    return Posting(len(posted), len(gone), len(updated) + len(replanned))


def _live_in(session: Session) -> list[HourEntry]:
    return list(HourEntry.objects.live().filter(session=session).select_related("person", "activity"))


def _signed(entry: HourEntry) -> tuple[Any, ...]:
    """What a signature stands under; when any of it changes the line is reversed and written anew."""
    return (
        entry.person_id,
        entry.organisation_id,
        entry.programme_id,
        entry.starts_at,
        entry.time_zone,
        entry.minutes,
        entry.employment,
        entry.category,
    )


def _signed_of(row: PostedPresence) -> tuple[Any, ...]:
    said = row.presence
    return (
        row.person_id,
        row.organisation_id,
        row.programme_id,
        row.starts_at,
        row.time_zone,
        said.minutes,
        said.employment,
        said.category,
    )


def _circumstances_of(row: PostedPresence) -> dict[str, Any]:
    said = row.presence
    return {
        "component_id": row.component_id,
        "planned_minutes": said.planned_minutes,
        "group_size": said.group_size,
        "flags": list(said.flags),
        "evidence": said.evidence,
        "contract_share": said.contract_share,
    }


def _entry(session: Session, row: PostedPresence) -> HourEntry:
    said = row.presence
    return HourEntry(
        session=session,
        attendance_id=row.attendance_id,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        programme_id=row.programme_id,
        activity_id=session.activity_id,
        starts_at=row.starts_at,
        time_zone=row.time_zone,
        month=first_of(said.starts.date()),
        minutes=said.minutes,
        employment=said.employment,
        category=said.category,
        **_circumstances_of(row),
    )


def _reverse(entries: list[HourEntry]) -> None:
    now = timezone.now()
    for entry in entries:
        cause = Entry.objects.filter(
            thing_type=Attendance._meta.model_name, thing_id=entry.attendance_id
        ).first()
        cause = (
            cause
            or Entry.objects.filter(thing_type=Session._meta.model_name, thing_id=entry.session_id).first()
        )
        entry.reversed_at = now
        entry.reversed_because = f"{cause.verb} {cause.code}" if cause else ""
        entry.save(update_fields=["reversed_at", "reversed_because"])


def _bring_up_to_date(entry: HourEntry, row: PostedPresence) -> bool:
    now = _circumstances_of(row)
    changed = [name for name, value in now.items() if getattr(entry, name) != value]
    for name in changed:
        setattr(entry, name, now[name])
    if changed:
        entry.save(update_fields=changed)
    return bool(changed)


def _bring_plan_up_to_date(session: Session) -> list[HourEntry]:
    """The other sessions' lines of the same activity, where the plan of the activity is another now."""
    live = HourEntry.objects.live().filter(activity=session.activity_id)
    cohorts = set(live.order_by().values_list("attendance__registration__cohort", flat=True).distinct())
    return [row for cohort in cohorts for row in _plan_of_group(session, live, cohort)]


def _plan_of_group(session: Session, live: QuerySet[HourEntry], cohort: int | None) -> list[HourEntry]:
    planned = planned_minutes_of(session.activity_id, cohort)
    if not planned:
        return []
    outdated = live.filter(attendance__registration__cohort=cohort).exclude(planned_minutes=planned)
    found = list(outdated.exclude(session=session))
    sealed = {
        month
        for month in {row.month for row in found}
        if session.activity.programme_id in sealed_programmes(month)
    }
    rows = [row for row in found if row.month not in sealed]
    HourEntry.objects.filter(pk__in=[row.pk for row in rows]).update(planned_minutes=planned)
    return rows


def _whose(session: Session, touched: list[HourEntry]) -> set[tuple[int, date]]:
    """Months to judge again: those of the lines, the next one where a stay goes into it, and the other sessions'
    of the activity, which is judged as a whole where the rules ask for a share of it."""
    whose: set[tuple[int, date]] = set()
    for entry in touched:
        last = (entry.ends_local - timedelta(minutes=1)).date()
        whose |= {(entry.person_id, entry.month), (entry.person_id, first_of(last))}
    people = {person for person, _month in whose}
    others = HourEntry.objects.live().filter(activity=session.activity_id, person__in=people)
    return whose | set(others.order_by().values_list("person", "month").distinct())
