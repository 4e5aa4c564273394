"""Reads of the ledger: for its screens, for signing, and sums for reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from samverk.activities.models import Session
from samverk.directory.models import Organisation
from samverk.ledger.gathering import conditions_of, gather, line_with_rules
from samverk.ledger.judgement import inputs_of
from samverk.ledger.models import (
    Attestation,
    DecisionLine,
    DecisionRefusal,
    Evidence,
    HourEntry,
    PersonMonth,
    Statement,
    StatementAnswer,
)
from samverk.ledger.months import first_of, last_of
from samverk.people.models import Person
from samverk.people.rules import shown_name
from samverk.programmes.models import FundingLine, Programme
from samverk.reckoning import to_document

# ---------- signing ----------


def statement_lines(statement: Statement, programmes: Collection[int] | None = None) -> list[HourEntry]:
    """The live lines of a statement in order of time; only of some programmes, where given."""
    lines = HourEntry.objects.live().filter(person=statement.person_id, month=statement.month)
    lines = lines.filter(programme__in=programmes) if programmes is not None else lines
    return list(
        lines.select_related("activity", "organisation", "programme", "session").order_by("starts_at", "id")
    )


def open_disputes(statement: Statement) -> QuerySet[StatementAnswer]:
    """Lines called wrong that nobody has corrected or settled."""
    return statement.answers.filter(is_right=False, settled_at=None, entry__reversed_at=None)


def asks_employer() -> Q:
    """Of entries: some rules of the programme ask for the employer's signature."""
    return Q(programme__funding_lines__line_rules__rule_set__document__attestation="person_and_employer")


def waiting_for_employers(month: date) -> QuerySet[HourEntry]:
    """Lines that their person confirmed, whose rules ask for the employer, who has not signed."""
    lines = HourEntry.objects.live().filter(month=month, confirmed_at__isnull=False, countersigned_at=None)
    return lines.filter(asks_employer(), organisation__isnull=False).order_by("organisation").distinct()


def employer_lines(organisation: Organisation, month: date) -> list[HourEntry]:
    """Everything worked on behalf of an organisation in a month that its employer may have to sign."""
    lines = HourEntry.objects.live().filter(asks_employer(), organisation=organisation, month=first_of(month))
    related = lines.filter(employment="employee").select_related(
        "person", "activity", "organisation", "programme"
    )
    return list(related.distinct().order_by("person__sort_key", "person", "starts_at", "id"))


def employer_months(organisation: Organisation) -> list[date]:
    """Months with such lines, newest first."""
    lines = HourEntry.objects.live().filter(asks_employer(), organisation=organisation, employment="employee")
    return list(lines.order_by("-month").values_list("month", flat=True).distinct())


def employer_asked(lines: Collection[HourEntry]) -> bool:
    """Whether some of these lines need the employer's signature."""
    own = HourEntry.objects.filter(
        pk__in=[line.pk for line in lines], organisation__isnull=False, employment="employee"
    )
    return own.filter(asks_employer()).exists()


def signatures_over(entry: HourEntry) -> list[Attestation]:
    """Live signatures that cover a line."""
    live = Attestation.objects.filter(
        statement__person=entry.person_id, statement__month=entry.month, voided_at=None
    ).select_related("signed_by", "organisation", "evidence__filed_by", "statement")
    return [signature for signature in live if str(entry.pk) in signature.entries]


# ---------- sums for reports ----------


@dataclass(frozen=True)
class Sums:
    """What a funding line's decisions of some months add up to."""

    minutes: int
    refused_minutes: int
    hours: Decimal
    amount: Decimal
    people: int
    stale: int
    problems: int


@dataclass(frozen=True)
class Steps:
    """Minutes on their way: recorded, confirmed by their persons, countersigned too, counted by the line's rules."""

    recorded: int
    confirmed: int
    countersigned: int
    counted: int


def decisions_in(line: FundingLine, first: date, last: date) -> QuerySet[PersonMonth]:
    """The line's stored decisions of every month from first to last."""
    return PersonMonth.objects.filter(funding_line=line, month__gte=first_of(first), month__lte=last)


def sums(line: FundingLine, first: date, last: date) -> Sums:
    """Counted and refused minutes, hours and money of whole months, and how many decisions are stale."""
    found = decisions_in(line, first, last).aggregate(
        counted=Sum("minutes"),
        refused=Sum("refused_minutes"),
        clock=Sum("hours"),
        money=Sum("amount"),
        people=Count("person", distinct=True, filter=Q(minutes__gt=0)),
        stale=Count("id", filter=Q(is_stale=True)),
        problems=Count("id", filter=~Q(problem="")),
    )
    return Sums(
        minutes=found["counted"] or 0,
        refused_minutes=found["refused"] or 0,
        hours=found["clock"] or Decimal(0),
        amount=found["money"] or Decimal(0),
        people=found["people"],
        stale=found["stale"],
        problems=found["problems"],
    )


def sums_by_month(line: FundingLine, first: date, last: date) -> list[dict[str, Any]]:
    """The same for each month: month, minutes_sum, refused_sum, hours_sum, amount_sum."""
    rows = decisions_in(line, first, last).order_by("month").values("month")
    return [
        dict(row)
        for row in rows.annotate(
            minutes_sum=Sum("minutes"),
            refused_sum=Sum("refused_minutes"),
            hours_sum=Sum("hours"),
            amount_sum=Sum("amount"),
        )
    ]


def minutes_by_reason(line: FundingLine, first: date, last: date) -> dict[str, int]:
    """Refused minutes for each reason code."""
    refusals = DecisionRefusal.objects.filter(person_month__in=decisions_in(line, first, last)).order_by()
    return dict(refusals.values_list("reason").annotate(total=Sum("minutes")).values_list("reason", "total"))


def steps(line: FundingLine, first: date, last: date) -> Steps:
    """Where the programme's minutes stand on their way to this line."""
    live = HourEntry.objects.live().filter(
        programme=line.programme_id, month__gte=first_of(first), month__lte=last
    )
    found = live.aggregate(
        recorded=Sum("minutes"),
        confirmed=Sum("minutes", filter=Q(confirmed_at__isnull=False)),
        both=Sum("minutes", filter=Q(confirmed_at__isnull=False, countersigned_at__isnull=False)),
    )
    counted = decisions_in(line, first, last).aggregate(total=Sum("minutes"))["total"]
    return Steps(found["recorded"] or 0, found["confirmed"] or 0, found["both"] or 0, counted or 0)


def counted_entries(
    line: FundingLine, first: date, last: date
) -> Iterable[tuple[DecisionLine, dict[str, int]]]:
    """Decision lines with the ledger lines and minutes they stand on, streamed: the rows behind every figure."""
    lines = DecisionLine.objects.filter(person_month__in=decisions_in(line, first, last))
    for found in lines.select_related("person_month__person", "organisation").iterator(chunk_size=500):
        yield found, found.entries


# ---------- the office ----------


def entries_with_state(entries: QuerySet[HourEntry]) -> QuerySet[HourEntry]:
    """Adds what the stored decisions say: does_count (wholly, on some line), waits_for_signature, is_judged, is_waiting."""
    own = PersonMonth.objects.filter(
        person=OuterRef("person"), month=OuterRef("month"), funding_line__programme=OuterRef("programme")
    )
    refused_there = DecisionRefusal.objects.filter(
        person_month=OuterRef("pk"), entry=OuterRef(OuterRef("pk"))
    )
    unsigned = DecisionRefusal.objects.filter(entry=OuterRef("pk"), reason="not_attested")
    judged = own.filter(judged_at__isnull=False, problem="")
    return entries.annotate(
        does_count=Exists(judged.filter(~Exists(refused_there))),
        waits_for_signature=Exists(unsigned),
        is_judged=Exists(judged),
        is_waiting=Exists(own.filter(is_stale=True)),
    )


_DECIDED = Q(is_judged=True, is_waiting=False)
TABS: dict[str, Q] = {
    "all": Q(),
    "counts": _DECIDED & Q(does_count=True),
    "unsigned": _DECIDED & Q(does_count=False, waits_for_signature=True),
    "refused": _DECIDED & Q(does_count=False, waits_for_signature=False),
    "waiting": Q(is_waiting=True) | Q(is_judged=False),
}


def tab_counts(entries: QuerySet[HourEntry]) -> dict[str, int]:
    """How many lines stand under each tab, by one query."""
    marked = entries_with_state(entries).order_by()
    return marked.aggregate(**{name: Count("id", filter=wanted) for name, wanted in TABS.items()})


def reasons_in(entries: QuerySet[HourEntry]) -> list[str]:
    """Reason codes that stand on these lines."""
    refusals = DecisionRefusal.objects.filter(entry__in=entries).order_by("reason")
    return list(refusals.values_list("reason", flat=True).distinct())


def decided(entry: HourEntry) -> list[tuple[PersonMonth, DecisionLine | None, list[DecisionRefusal]]]:
    """For each funding line: the decision, the decision line this entry counts in, and its refusals."""
    months = PersonMonth.objects.filter(
        person=entry.person_id, month=entry.month, funding_line__programme=entry.programme_id
    )
    related = months.select_related("funding_line__programme", "rule_set").order_by(
        "funding_line__position", "funding_line__code"
    )
    found = []
    for row in related.prefetch_related("lines__organisation"):
        lines = [line for line in row.lines.all() if line.entries.get(str(entry.pk))]
        refusals = list(row.refusals.filter(entry=entry))
        found.append((row, lines[0] if lines else None, refusals))
    return found


def documents_of(decision: PersonMonth) -> list[dict[str, Any]]:
    """What a decision was made from, as files that `samverk reckon` reads: one for each rule set of the month.

    Made from what stands now; while the decision is not stale, that is what it was made from. Ids are numbers.
    """
    line = line_with_rules(decision.funding_line_id)
    conditions = conditions_of(line, decision.month)
    gathered = gather(conditions, [decision.person_id])[decision.person_id]
    return [
        to_document(inputs_of(stretch, line.code, gathered))
        for stretch in conditions.stretches
        if stretch.rule_set
    ]


def waiting_in(programme: Programme, first: date, last: date) -> dict[str, int]:
    """What stands in the way of sealing the months from first to last."""
    opens, closes = first_of(first), last_of(last)
    sessions = Session.objects.filter(
        activity__programme=programme, starts_at__date__gte=opens, starts_at__date__lte=closes
    )
    months = PersonMonth.objects.filter(
        funding_line__programme=programme, month__gte=opens, month__lte=closes
    )
    return {
        "open_sessions": sessions.filter(state=Session.State.PLANNED)
        .exclude(activity__state="draft")
        .count(),
        "not_posted": sessions.filter(needs_posting=True).count(),
        "stale": months.filter(is_stale=True).count(),
        "problems": months.exclude(problem="").count(),
    }


def stale_count(programmes: Collection[int]) -> int:
    """Decisions of these programmes that wait to be judged."""
    return PersonMonth.objects.filter(is_stale=True, funding_line__programme__in=programmes).count()


def months_with_hours(entries: QuerySet[HourEntry]) -> list[date]:
    """Months in which there are lines, newest first."""
    return list(entries.order_by("-month").values_list("month", flat=True).distinct())


def proofs_of(entry: HourEntry) -> list[Evidence]:
    """Files that prove a line: the session's lists, and papers the person signed."""
    papers = [signature.evidence_id for signature in signatures_over(entry) if signature.evidence_id]
    filed = Evidence.objects.filter(
        Q(session=entry.session_id) | Q(pk__in=papers), programme=entry.programme_id
    )
    return list(filed.select_related("filed_by").order_by("filed_at"))


def overlaps_of(entry: HourEntry) -> list[HourEntry]:
    """Other live lines of the same person that share minutes with this one."""
    near = HourEntry.objects.live().filter(
        person=entry.person_id,
        starts_at__gte=entry.starts_at - timedelta(days=8),
        starts_at__lt=entry.ends_at,
    )
    others = near.exclude(pk=entry.pk).select_related("programme", "activity")
    return [other for other in others if other.ends_at > entry.starts_at]


@dataclass(frozen=True)
class Happened:
    """One thing that happened to a line of the ledger."""

    at: datetime
    kind: str
    who: str = ""
    note: str = ""


def history_of(entry: HourEntry) -> list[Happened]:
    """Posted, signed, voided, judged, reversed: in order of time. Kinds are words for the screen to translate."""
    happened = [Happened(entry.posted_at, "posted")]
    signatures = Attestation.objects.filter(
        statement__person=entry.person_id, statement__month=entry.month
    ).select_related("signed_by", "evidence__filed_by")
    for signature in signatures:
        if str(entry.pk) not in signature.entries:
            continue
        filed_by = signature.evidence.filed_by if signature.evidence else None
        happened.append(
            Happened(signature.signed_at, f"signed_{signature.role}", _name(signature.signed_by or filed_by))
        )
        if signature.voided_at:
            happened.append(Happened(signature.voided_at, "voided", note=signature.voided_because))
    for answer in entry.answers.filter(is_right=False).select_related("settled_by"):
        happened.append(Happened(answer.at, "disputed", note=answer.because))
        if answer.settled_at:
            happened.append(
                Happened(answer.settled_at, "settled", _name(answer.settled_by), answer.settled_because)
            )
    judged = PersonMonth.objects.filter(
        person=entry.person_id,
        month=entry.month,
        funding_line__programme=entry.programme_id,
        judged_at__isnull=False,
    ).select_related("funding_line")
    happened += [
        Happened(row.judged_at, "judged", note=str(row.funding_line)) for row in judged if row.judged_at
    ]
    if entry.reversed_at:
        happened.append(Happened(entry.reversed_at, "reversed", note=entry.reversed_because))
    return sorted(happened, key=lambda row: row.at)


def _name(person: Person | None) -> str:
    return shown_name(person) if person else ""


def lines_by_month(
    statements: Collection[Statement], programmes: Collection[int]
) -> dict[tuple[int, date], Counter[str]]:
    """For each person and month: lines, minutes, confirmed, disputed; only of these programmes. Two queries in all."""
    found: dict[tuple[int, date], Counter[str]] = {}
    lines = HourEntry.objects.live().filter(
        person__in={one.person_id for one in statements},
        month__in={one.month for one in statements},
        programme__in=programmes,
    )
    sums = (
        lines.order_by()
        .values("person", "month")
        .annotate(
            lines=Count("id"),
            total=Sum("minutes"),
            confirmed=Count("id", filter=Q(confirmed_at__isnull=False)),
        )
    )
    for row in sums:
        found[row["person"], row["month"]] = Counter(
            lines=row["lines"], minutes=row["total"], confirmed=row["confirmed"]
        )
    return found


STATEMENT_TABS: dict[str, Q] = {
    "all": Q(),
    "waiting": Q(state__in=[Statement.State.OPEN, Statement.State.VOID], asked_at__isnull=False),
    "paper": Q(state__in=[Statement.State.OPEN, Statement.State.VOID], asked_at__isnull=True),
    "disputed": Q(state=Statement.State.DISPUTED),
    "signed": Q(state=Statement.State.SIGNED),
}


def statement_counts(statements: QuerySet[Statement]) -> dict[str, int]:
    """How many statements stand under each tab, by one query."""
    return statements.order_by().aggregate(
        **{name: Count("id", filter=wanted) for name, wanted in STATEMENT_TABS.items()}
    )


def persons_to_ask(programmes: Collection[int], month: date) -> list[Person]:
    """Who has hours of the month in these programmes and was not asked yet."""
    entries = HourEntry.objects.live().filter(month=month, programme__in=programmes)
    asked = Statement.objects.filter(month=month, asked_at__isnull=False).values("person")
    people = Person.objects.filter(pk__in=entries.exclude(person__in=asked).values("person"))
    return list(people.order_by("sort_key", "pk"))
