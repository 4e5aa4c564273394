"""Judging stored decisions: read, decide, then write in short transactions.

A decision is leased while it is judged. Its `marked` counter is read first: a change that arrives meanwhile raises it, and
the decision stays stale. Months are judged in order, so that yearly caps see what was counted before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from samverk.activities.presences import NOBODY
from samverk.kit.faults import fault_point
from samverk.ledger.commands.staleness import BATCH, mark
from samverk.ledger.gathering import (
    LINE_CAPS,
    PERSON_CAPS,
    REACH,
    Conditions,
    conditions_of,
    gather,
    line_with_rules,
)
from samverk.ledger.judgement import Gathered, Verdict, judge_month
from samverk.ledger.models import DecisionLine, DecisionRefusal, HourEntry, PersonMonth
from samverk.ledger.months import first_of, last_of, months_between
from samverk.ledger.rules import sealed_programmes
from samverk.programmes.models import FundingLine, Programme
from samverk.reckoning import Malformed

LEASE = timedelta(minutes=5)


def judge(person_month: PersonMonth) -> PersonMonth:
    """Judge one funding line, person and month now. Somebody else's lease is respected: then nothing happens."""
    leased = _lease([person_month.pk])
    if leased:
        _judge_people(
            line_with_rules(person_month.funding_line_id), person_month.month, [person_month.person_id]
        )
    person_month.refresh_from_db()
    return person_month


def judge_stale(limit: int = BATCH) -> int:
    """Judge what is stale, oldest months first. Returns how many decisions were judged."""
    return _judge_some(PersonMonth.objects.filter(is_stale=True), limit)


def _judge_some(stale: QuerySet[PersonMonth], limit: int) -> int:
    in_order = ("month", "funding_line__position", "funding_line", "person")
    free = stale.filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))
    leased = _lease(list(free.order_by(*in_order).values_list("pk", flat=True)[:limit]))
    rows = PersonMonth.objects.filter(pk__in=leased).order_by(*in_order)
    for (line, month), group in groupby(rows, key=lambda row: (row.funding_line_id, row.month)):
        _judge_people(line_with_rules(line), month, [row.person_id for row in group])
    return len(leased)


def judge_all(programme: Programme, first: date, last: date) -> int:
    """Judge every month of a programme that has a day from first to last, in batches with flat memory.

    Ends with what became stale on the way (caps, overlaps). Returns how many decisions were made.
    """
    judged = 0
    lines = (
        FundingLine.objects.filter(programme=programme, line_rules__isnull=False)
        .distinct()
        .order_by("position", "code")
    )
    codes = list(lines.values_list("pk", flat=True))
    for month in months_between(first, last):
        if programme.pk in sealed_programmes(month):
            continue
        for pk in codes:
            line = line_with_rules(pk)
            for people in _people_in(programme, month):
                _judge_people(line, month, people)
                judged += len(people)
    stale = PersonMonth.objects.filter(
        funding_line__programme=programme, is_stale=True, month__gte=first_of(first), month__lte=last
    )
    while again := _judge_some(stale, BATCH):
        judged += again
    return judged


def _people_in(programme: Programme, month: date) -> Iterator[list[int]]:
    """Persons with live lines in the month, some hundreds at a time."""
    entries = HourEntry.objects.live().filter(programme=programme, month=month).order_by("person")
    after = 0
    while people := list(
        entries.filter(person__gt=after).values_list("person", flat=True).distinct()[:BATCH]
    ):
        yield people
        after = people[-1]


def _lease(pks: Collection[int]) -> list[int]:
    """Take what nobody holds, in order, without waiting for other workers."""
    now = timezone.now()
    with transaction.atomic():
        rows = PersonMonth.objects.select_for_update(skip_locked=True).filter(
            Q(leased_until=None) | Q(leased_until__lt=now), pk__in=pks
        )
        taken = list(rows.order_by("pk").values_list("pk", flat=True))
        PersonMonth.objects.filter(pk__in=taken).update(leased_until=now + LEASE)
    return taken


def _judge_people(line: FundingLine, month: date, people: list[int]) -> None:
    """Judge up to some hundreds of persons' month: everything is read first, then written in one short transaction."""
    mine = PersonMonth.objects.filter(funding_line=line, month=month, person__in=people)
    if line.programme_id in sealed_programmes(month):
        mine.update(leased_until=None, is_stale=False)
        return
    marked = dict(mine.values_list("person", "marked"))
    try:
        conditions = conditions_of(line, month)
    except Malformed as problem:
        verdicts = {person: Verdict(problem=str(problem)[:300]) for person in people}
        _write(line, month, verdicts, marked)
        return
    gathered = gather(conditions, people)
    verdicts = {person: judge_month(conditions.stretches, line.code, gathered[person]) for person in people}
    with transaction.atomic():
        changed = _write(line, month, verdicts, marked)
        if changed:
            _mark_dependents(conditions, changed, gathered)


def _write(line: FundingLine, month: date, verdicts: dict[int, Verdict], marked: dict[int, int]) -> list[int]:
    """Store verdicts; what says the same as before is only freshened. Returns the persons whose decision changed."""
    with transaction.atomic():
        rows = PersonMonth.objects.select_for_update().filter(
            funding_line=line, month=month, person__in=verdicts
        )
        before = {row.person_id: row for row in rows}
        changed = [
            p for p, verdict in verdicts.items() if p not in before or before[p].digest != verdict.digest
        ]
        PersonMonth.objects.bulk_create(
            [
                _row(line, month, person, verdict, before.get(person), marked)
                for person, verdict in verdicts.items()
            ],
            update_conflicts=True,
            unique_fields=["funding_line", "person", "month"],
            update_fields=[
                "is_stale",
                "stale_since",
                "judged_at",
                "leased_until",
                "rule_set",
                "problem",
                "digest",
                "minutes",
                "refused_minutes",
                "hours",
                "amount",
            ],
        )
        _write_details(line, month, {person: verdicts[person] for person in changed})
        fault_point("judging.before_commit")
    return changed


def _row(
    line: FundingLine,
    month: date,
    person: int,
    verdict: Verdict,
    before: PersonMonth | None,
    marked: dict[int, int],
) -> PersonMonth:
    now = timezone.now()
    # Somebody marked it while it was judged: the next run must look again.
    is_stale = before is not None and before.marked != marked.get(person)
    return PersonMonth(
        funding_line=line,
        person_id=person,
        month=month,
        is_stale=is_stale,
        stale_since=now if is_stale else None,
        judged_at=now,
        leased_until=None,
        rule_set_id=verdict.rule_set_id,
        problem=verdict.problem,
        digest=verdict.digest,
        minutes=verdict.minutes,
        refused_minutes=verdict.refused_minutes,
        hours=verdict.hours,
        amount=verdict.amount,
    )


def _write_details(line: FundingLine, month: date, verdicts: dict[int, Verdict]) -> None:
    if not verdicts:
        return
    rows = PersonMonth.objects.filter(funding_line=line, month=month, person__in=verdicts)
    keys = dict(rows.values_list("person", "pk"))
    DecisionLine.objects.filter(person_month__in=keys.values()).delete()
    DecisionRefusal.objects.filter(person_month__in=keys.values()).delete()
    DecisionLine.objects.bulk_create(
        [
            DecisionLine(
                person_month_id=keys[person],
                organisation_id=None if found.organisation == NOBODY else int(found.organisation),
                category=found.category,
                minutes=found.minutes,
                hours=found.hours,
                per_hour=found.per_hour,
                amount=found.amount,
                entries=found.entries,
            )
            for person, verdict in verdicts.items()
            for found in verdict.lines
        ]
    )
    DecisionRefusal.objects.bulk_create(
        [
            DecisionRefusal(
                person_month_id=keys[person],
                entry_id=found.entry,
                reason=found.reason,
                facts=found.facts,
                minutes=found.minutes,
            )
            for person, verdict in verdicts.items()
            for found in verdict.refusals
        ]
    )


def _mark_dependents(conditions: Conditions, changed: list[int], gathered: dict[int, Gathered]) -> None:
    """Mark what reads this decision: later lines of the programme, stays recorded later elsewhere, later sums of caps."""
    line, month = conditions.line, conditions.month
    theirs = PersonMonth.objects.filter(person__in=changed).exclude(funding_line=line.pk, month=month)
    later_lines = Q(funding_line__position__gt=line.position) | Q(
        funding_line__position=line.position, funding_line__code__gt=line.code
    )
    mark(theirs.filter(later_lines, funding_line__programme=line.programme_id, month=month))
    for person, programme, when in _recorded_later(conditions, changed, gathered):
        mark(PersonMonth.objects.filter(person=person, funding_line__programme=programme, month=when))
    capped = _capped_lines(theirs, month)
    if capped:
        rest = Q(month__gt=month) | (Q(month=month) & ~Q(funding_line__programme=line.programme_id))
        mark(theirs.filter(rest, month__lte=date(month.year, 12, 31), funding_line__in=capped))
    if conditions.caps & LINE_CAPS:
        after = Q(month__gt=month) | Q(month=month, person__gt=min(changed))
        mark(PersonMonth.objects.filter(after, funding_line=line.pk))


def _capped_lines(theirs: QuerySet[PersonMonth], month: date) -> list[int]:
    """Funding lines of these decisions whose rules cap a person's hours."""
    pks = set(theirs.order_by().values_list("funding_line", flat=True).distinct())
    capped = []
    for pk in pks:
        try:
            conditions = conditions_of(line_with_rules(pk), month)
        except Malformed:
            continue
        if conditions.caps & PERSON_CAPS:
            capped.append(pk)
    return capped


def _recorded_later(
    conditions: Conditions, changed: list[int], gathered: dict[int, Gathered]
) -> set[tuple[int, int, date]]:
    """Person, programme and month of other programmes' stays that overlap these and were recorded after them."""
    month, programme = conditions.month, conditions.line.programme_id
    last = last_of(month)
    entries = (
        HourEntry.objects.live()
        .filter(
            person__in=changed,
            starts_at__date__gte=month - REACH,
            starts_at__date__lte=last + REACH,
        )
        .exclude(programme=programme)
    )
    found = set()
    for entry in entries.only("id", "person", "programme", "month", "starts_at", "time_zone", "minutes"):
        begins = entry.starts_local.replace(tzinfo=None)
        ends = begins + timedelta(minutes=entry.minutes)
        for stay in gathered[entry.person_id].stays:
            overlaps = stay.starts < ends and begins < stay.starts + timedelta(minutes=stay.minutes)
            if overlaps and int(stay.id) < entry.pk:
                found.add((entry.person_id, entry.programme_id, entry.month))
    return found
