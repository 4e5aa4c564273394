"""What the judgement of a month reads, for up to some hundreds of persons at once: a handful of queries, no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, Q, QuerySet, Sum

from samverk.activities.presences import NOBODY
from samverk.ledger.judgement import Gathered, Stretch, Taken, clock_hours
from samverk.ledger.models import DecisionLine, HourEntry, PersonMonth
from samverk.ledger.months import last_of, month_before
from samverk.programmes.models import FundingLine, Programme
from samverk.programmes.rule_documents import rules_of
from samverk.reckoning import EarlierClaim, Presence, RuleSet

PERSON_CAPS = frozenset({"person_year", "person_period"})
LINE_CAPS = frozenset({"organisation_period", "funding_line"})
# The longest stay is a week: what began earlier cannot reach into the month.
REACH = timedelta(days=8)
FIELDS = (
    "id",
    "person_id",
    "organisation_id",
    "programme_id",
    "activity_id",
    "session_id",
    "starts_at",
    "time_zone",
    "minutes",
    "planned_minutes",
    "group_size",
    "employment",
    "category",
    "flags",
    "evidence",
    "confirmed_at",
    "countersigned_at",
    "contract_share",
)


@dataclass(frozen=True)
class Conditions:
    """A funding line's rules over a month."""

    line: FundingLine
    month: date
    stretches: tuple[Stretch, ...]

    @property
    def rule_sets(self) -> list[RuleSet]:
        return [stretch.rule_set for stretch in self.stretches if stretch.rule_set]

    @property
    def caps(self) -> set[str]:
        return {cap.per for rules in self.rule_sets for cap in rules.caps}

    @property
    def looks_at_whole_activity(self) -> bool:
        return any(rules.minimum_share is not None for rules in self.rule_sets)


def conditions_of(line: FundingLine, month: date) -> Conditions:
    """The month cut where the programme begins or ends and where another rule set takes over. Raises `Malformed`."""
    programme = line.programme
    first, last = month, last_of(month)
    inside = (max(first, programme.starts), min(last, programme.ends))
    outside = {"from": programme.starts.isoformat(), "to": programme.ends.isoformat()}
    stretches: list[Stretch] = []
    if inside[0] > inside[1]:
        return Conditions(line, month, (Stretch(first, last, None, reason="outside_period", facts=outside),))
    if first < inside[0]:
        before = inside[0] - timedelta(days=1)
        stretches.append(Stretch(first, before, None, reason="outside_period", facts=outside))
    stretches += _under_rules(line, *inside)
    if inside[1] < last:
        after = inside[1] + timedelta(days=1)
        stretches.append(Stretch(after, last, None, reason="outside_period", facts=outside))
    return Conditions(line, month, tuple(stretches))


def _under_rules(line: FundingLine, first: date, last: date) -> Iterable[Stretch]:
    rows = sorted(line.line_rules.all(), key=lambda rules: rules.valid_from)
    facts = {
        "valid_from": rows[0].valid_from.isoformat() if rows else None,
        "valid_to": rows[-1].valid_to.isoformat() if rows and rows[-1].valid_to else None,
    }
    day = first
    for row in rows:
        starts, ends = max(day, row.valid_from), min(last, row.valid_to or last)
        if starts > ends:
            continue
        if day < starts:
            yield Stretch(day, starts - timedelta(days=1), None, reason="rule_not_valid", facts=facts)
        yield Stretch(starts, ends, rules_of(row.rule_set), row.rule_set_id)
        day = ends + timedelta(days=1)
    if day <= last:
        yield Stretch(day, last, None, reason="rule_not_valid", facts=facts)


def gather(conditions: Conditions, people: Collection[int]) -> dict[int, Gathered]:
    """Everything the judgement of these persons' month needs."""
    line, month = conditions.line, conditions.month
    found = {person: Gathered() for person in people}
    own = list(_rows(_near(month, people).filter(programme=line.programme_id)))
    own += _rest_of_activities(conditions, own, people)
    for row in sorted(own, key=lambda row: row["id"]):
        found[row["person_id"]].stays.append(presence_of(row, line.programme.code))
    _add_taken(found, conditions, {row["id"]: row for row in own}, people)
    if conditions.caps & PERSON_CAPS:
        _add_person_sums(found, conditions, people)
    if conditions.caps & LINE_CAPS:
        _add_line_sums(found, conditions)
    return found


def presence_of(row: dict[str, Any], programme: str) -> Presence:
    """A line of the ledger as the engine reads it; ids are those of the database."""
    signed = {"person": row["confirmed_at"], "employer": row["countersigned_at"]}
    return Presence(
        id=str(row["id"]),
        person=str(row["person_id"]),
        organisation=str(row["organisation_id"] or NOBODY),
        programme=programme,
        activity=str(row["activity_id"]),
        session=str(row["session_id"]),
        starts=wall_clock(row),
        minutes=row["minutes"],
        planned_minutes=max(row["planned_minutes"], 1),
        group_size=max(row["group_size"], 1),
        employment=row["employment"],
        category=row["category"],
        flags=tuple(row["flags"]),
        evidence=row["evidence"],
        attested_by=tuple(role for role, at in signed.items() if at),
        contract_share=row["contract_share"],
    )


def wall_clock(row: dict[str, Any]) -> datetime:
    """When the stay began, as the clock at the place showed it."""
    return row["starts_at"].astimezone(ZoneInfo(row["time_zone"])).replace(tzinfo=None)


def _rows(entries: QuerySet[HourEntry]) -> Iterable[dict[str, Any]]:
    return entries.order_by().values(*FIELDS)


def _near(month: date, people: Collection[int]) -> QuerySet[HourEntry]:
    """Live lines of the month, and those of the month before that may reach into it."""
    reaching = Q(
        month=month_before(month), starts_at__gte=datetime.combine(month, time(), ZoneInfo("UTC")) - REACH
    )
    return HourEntry.objects.live().filter(Q(month=month) | reaching, person__in=people)


def _rest_of_activities(
    conditions: Conditions, own: list[dict[str, Any]], people: Collection[int]
) -> list[dict[str, Any]]:
    """The other sessions of the same activities: a course over two months is judged whole."""
    if not conditions.looks_at_whole_activity:
        return []
    activities = {row["activity_id"] for row in own}
    entries = HourEntry.objects.live().filter(activity__in=activities, person__in=people)
    return list(_rows(entries.exclude(pk__in=[row["id"] for row in own])))


def _add_taken(
    found: dict[int, Gathered],
    conditions: Conditions,
    own: dict[int, dict[str, Any]],
    people: Collection[int],
) -> None:
    """What other funding lines count: of this programme those that stand before this one, of the others all."""
    line, month = conditions.line, conditions.month
    decided = DecisionLine.objects.filter(
        person_month__person__in=people, person_month__month__in=[month_before(month), month]
    ).exclude(person_month__funding_line=line.pk)
    theirs = decided.order_by().values_list(
        "person_month__person",
        "person_month__funding_line__code",
        "person_month__funding_line__position",
        "person_month__funding_line__programme",
        "entries",
    )
    rows = [
        row for row in theirs if row[3] != line.programme_id or (row[2], row[1]) < (line.position, line.code)
    ]
    if not rows:
        return
    foreign = {row["id"]: row for row in _rows(_near(month, people).exclude(programme=line.programme_id))}
    codes = dict(Programme.objects.filter(pk__in={row[3] for row in rows}).values_list("pk", "code"))
    for person, code, _position, programme, entries in rows:
        is_same = programme == line.programme_id
        for key, minutes in entries.items():
            entry = (own if is_same else foreign).get(int(key))
            if entry and minutes:
                found[person].taken.append(
                    Taken(entry["id"], codes[programme], code, is_same, wall_clock(entry), entry["minutes"])
                )


def _add_person_sums(found: dict[int, Gathered], conditions: Conditions, people: Collection[int]) -> None:
    """What was counted for each person earlier in the year, on every line: caps add up all programmes."""
    line, month = conditions.line, conditions.month
    decided = PersonMonth.objects.filter(person__in=people, minutes__gt=0).order_by()
    earlier = decided.filter(month__gte=date(month.year, 1, 1), month__lt=month).values_list("person")
    for person, minutes in earlier.annotate(total=Sum("minutes")):
        found[person].sums.append(_person_sum(person, date(month.year, 1, 1), minutes))
    same_month = list(
        decided.filter(month=month).exclude(funding_line=line.pk).select_related("funding_line")
    )
    if not same_month:
        return
    this_month = HourEntry.objects.live().filter(person__in=people, month=month).order_by()
    began = {
        (row["person"], row["programme"]): row["first"]
        for row in this_month.values("person", "programme").annotate(first=Min("id"))
    }
    for row in same_month:
        if _declared_before(row, line, began):
            found[row.person_id].sums.append(_person_sum(row.person_id, month, row.minutes))


def _person_sum(person: int, starts: date, minutes: int) -> EarlierClaim:
    """Hours without times; caps of the funding line have sums of their own, so this names none."""
    return EarlierClaim(
        person=str(person),
        organisation=NOBODY,
        programme=NOBODY,
        funding_line=NOBODY,
        starts=datetime.combine(starts, time()),
        minutes=0,
        hours=clock_hours(minutes),
    )


def _declared_before(row: PersonMonth, line: FundingLine, began: dict[tuple[int, int], int]) -> bool:
    """Whether another line's decision of the same month goes before: by its first recorded hour, then by position."""
    theirs, ours = row.funding_line, line
    if theirs.programme_id == ours.programme_id:
        return (theirs.position, theirs.code) < (ours.position, ours.code)
    first = began.get((row.person_id, theirs.programme_id), 0)
    return first < began.get((row.person_id, ours.programme_id), first + 1)


def _add_line_sums(found: dict[int, Gathered], conditions: Conditions) -> None:
    """What the funding line counted before: in earlier months, and of this month for persons with lower numbers."""
    line, month, caps = conditions.line, conditions.month, conditions.caps
    counted = DecisionLine.objects.filter(person_month__funding_line=line.pk).order_by()
    earlier = counted.filter(person_month__month__lt=month).aggregate(total=Sum("minutes"))["total"] or 0
    for person, gathered in found.items():
        before = counted.filter(person_month__month=month, person_month__person__lt=person)
        by_organisation = before.values("organisation").annotate(total=Sum("minutes"))
        sums = {row["organisation"]: row["total"] for row in by_organisation}
        if "organisation_period" in caps:
            claims = [(str(key or NOBODY), month, total) for key, total in sums.items()]
            if "funding_line" in caps and earlier:
                claims.append((NOBODY, month_before(month), earlier))
        else:
            claims = [(NOBODY, month, earlier + sum(sums.values()))]
        gathered.sums += [
            EarlierClaim(
                person=NOBODY,
                organisation=organisation,
                programme=line.programme.code,
                funding_line=line.code,
                starts=datetime.combine(when, time()),
                minutes=0,
                hours=clock_hours(minutes),
            )
            for organisation, when, minutes in claims
            if minutes
        ]


def line_with_rules(pk: int) -> FundingLine:
    """A funding line with everything `conditions_of` reads."""
    return FundingLine.objects.select_related("programme").prefetch_related("line_rules__rule_set").get(pk=pk)
