"""The judgement of one funding line, person and month, as a pure function of what was gathered.

Minutes that fall outside the month belong to another month's judgement and are left to it. Every minute inside it ends in
a line or in a refusal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from samverk.kit.codes import digest
from samverk.reckoning import Decision, EarlierClaim, Inputs, Period, Presence, RuleSet, decide
from samverk.reckoning.exact import EXACT, short
from samverk.reckoning.timeline import uncovered

#: Refusals after which a presence still holds its minutes against those recorded later.
HOLDING = frozenset({"overlap", "already_claimed", "cap_reached"})
#: Clock hours as the engine reads them: enough places that rounding up again gives the very minute.
PLACES = Decimal("0.0000000001")
MINUTE = timedelta(minutes=1)


class Stretch(NamedTuple):
    """Days of a month under one rule set; without one, the reason why its minutes do not count."""

    first: date
    last: date
    rule_set: RuleSet | None
    rule_set_id: int | None = None
    reason: str = ""
    facts: dict[str, Any] = {}  # noqa: RUF012


class Taken(NamedTuple):
    """Minutes that another decision counts: the line's number, its programme and funding line, and the stay."""

    entry: int
    programme: str
    funding_line: str
    is_same_programme: bool
    starts: datetime
    minutes: int


class Counted(NamedTuple):
    """A line to store."""

    organisation: str
    category: str
    minutes: int
    hours: Decimal
    per_hour: Decimal
    amount: Decimal
    entries: dict[str, int]


class Refused(NamedTuple):
    """A refusal to store."""

    entry: int
    reason: str
    facts: dict[str, Any]
    minutes: int


@dataclass(frozen=True)
class Verdict:
    """What is stored of a person-month."""

    lines: tuple[Counted, ...] = ()
    refusals: tuple[Refused, ...] = ()
    rule_set_id: int | None = None
    problem: str = ""

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def refused_minutes(self) -> int:
        return sum(row.minutes for row in self.refusals)

    @property
    def hours(self) -> Decimal:
        return sum((line.hours for line in self.lines), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def digest(self) -> str:
        """The same for the same decision, so that judging again writes nothing."""
        said = [self.rule_set_id, self.problem, self.lines, self.refusals]
        return digest(json.dumps(said, default=str, sort_keys=True))


@dataclass
class Gathered:
    """What one person's judgement reads: stays in order of recording, what others count, and earlier sums."""

    stays: list[Presence] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    sums: list[EarlierClaim] = field(default_factory=list)


def clock_hours(minutes: int) -> Decimal:
    """Minutes as clock hours, cut after ten places: the engine rounds claims up to minutes, so none is lost."""
    return (Decimal(minutes) / 60).quantize(PLACES, rounding=ROUND_DOWN)


def judge_month(stretches: Sequence[Stretch], funding_line: str, gathered: Gathered) -> Verdict:
    """Judge one person's month. `stretches` cover the month day by day."""
    lines: list[Counted] = []
    refusals: list[Refused] = []
    rule_set_id = None
    for stretch in stretches:
        if stretch.rule_set is None:
            refusals += _all_refused(stretch, gathered.stays)
            continue
        rule_set_id = stretch.rule_set_id
        decision = decide_stretch(stretch, funding_line, gathered)
        here = [row for row in decision.refused if row.reason != "outside_period"]
        refusals += [Refused(int(row.presence), row.reason, row.facts, row.minutes) for row in here]
        lines += _counted_lines(stretch, decision, gathered.stays)
    return Verdict(tuple(lines), tuple(refusals), rule_set_id)


def decide_stretch(stretch: Stretch, funding_line: str, gathered: Gathered) -> Decision:
    """The engine's decision for days under one rule set."""
    return _decided(inputs_of(stretch, funding_line, gathered))


def inputs_of(stretch: Stretch, funding_line: str, gathered: Gathered) -> Inputs:
    """What the engine is given. What others count stands only against stays that were recorded after it."""
    assert stretch.rule_set is not None
    claims, doubtful = claims_against(gathered.stays, gathered.taken, frozenset())
    inputs = Inputs(
        rule_set=stretch.rule_set,
        funding_line=funding_line,
        presences=tuple(gathered.stays),
        already_claimed=(*claims, *gathered.sums),
        period=Period(stretch.first, stretch.last),
    )
    if not doubtful:
        return inputs
    # A stay recorded first that is refused for another reason holds nothing: the other claim stands in full.
    refused = {row.presence for row in _decided(inputs).refused if row.reason not in HOLDING}
    claims, _doubtful = claims_against(gathered.stays, gathered.taken, frozenset(refused & doubtful))
    return replace(inputs, already_claimed=(*claims, *gathered.sums))


def _decided(inputs: Inputs) -> Decision:
    return decide(
        inputs.rule_set, inputs.funding_line, inputs.presences, inputs.already_claimed, inputs.period
    )


def claims_against(
    stays: Sequence[Presence], taken: Iterable[Taken], holding_nothing: frozenset[str]
) -> tuple[list[EarlierClaim], set[str]]:
    """Earlier claims for the engine, and the stays whose earlier recording made a claim smaller.

    Another funding line of the same programme always goes before. Between programmes the order of recording decides: of
    what another programme counts, minutes that a stay recorded before it holds are taken out.
    """
    claims: list[EarlierClaim] = []
    doubtful: set[str] = set()
    for row in taken:
        touched = _stays_over(stays, row)
        if not touched:
            continue
        earlier = () if row.is_same_programme else [stay for stay in touched if int(stay.id) < row.entry]
        doubtful |= {stay.id for stay in earlier}
        covers = [_span(stay) for stay in earlier if stay.id not in holding_nothing]
        base = row.starts
        for start, end in uncovered(
            0, row.minutes, [(_minutes(base, a), _minutes(base, b)) for a, b in covers]
        ):
            claims.append(
                EarlierClaim(
                    person=stays[0].person if stays else "-",
                    organisation="-",
                    programme=row.programme,
                    funding_line=row.funding_line,
                    starts=base + start * MINUTE,
                    minutes=end - start,
                    hours=Decimal(0),
                )
            )
    return claims, doubtful


def _stays_over(stays: Sequence[Presence], row: Taken) -> list[Presence]:
    ends = row.starts + row.minutes * MINUTE
    return [stay for stay in stays if stay.starts < ends and stay.starts + stay.minutes * MINUTE > row.starts]


def _span(stay: Presence) -> tuple[datetime, datetime]:
    return stay.starts, stay.starts + stay.minutes * MINUTE


def _minutes(base: datetime, moment: datetime) -> int:
    return max(0, (moment - base) // MINUTE)


def minutes_within(stay: Presence, first: date, last: date) -> int:
    """Minutes of a stay that fall on days from first to last."""
    opens = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - wall clock
    closes = datetime(last.year, last.month, last.day) + timedelta(days=1)  # noqa: DTZ001
    return max(0, (min(stay.starts + stay.minutes * MINUTE, closes) - max(stay.starts, opens)) // MINUTE)


def _all_refused(stretch: Stretch, stays: Iterable[Presence]) -> list[Refused]:
    found = ((stay, minutes_within(stay, stretch.first, stretch.last)) for stay in stays)
    return [
        Refused(int(stay.id), stretch.reason, stretch.facts, minutes) for stay, minutes in found if minutes
    ]


def _counted_lines(stretch: Stretch, decision: Decision, stays: Iterable[Presence]) -> list[Counted]:
    """Lines with the minutes that each stay gives to them; one stay in two lines fills the first one first."""
    left = {stay.id: minutes_within(stay, stretch.first, stretch.last) for stay in stays}
    for row in decision.refused:
        if row.reason != "outside_period":
            left[row.presence] -= row.minutes
    shared = _in_several(decision)
    found = []
    for line in decision.lines:
        entries = {key: left[key] for key in line.presences if key not in shared}
        room = line.minutes - sum(entries.values())
        for key in [key for key in line.presences if key in shared]:
            entries[key] = min(room, left[key])
            left[key] -= entries[key]
            room -= entries[key]
        hours = Decimal(short(line.hours))
        amount = EXACT.plus(line.amount)
        found.append(
            Counted(
                line.organisation,
                line.category,
                line.minutes,
                hours,
                EXACT.plus(line.per_hour),
                amount,
                entries,
            )
        )
    return found


def _in_several(decision: Decision) -> set[str]:
    seen: set[str] = set()
    several: set[str] = set()
    for line in decision.lines:
        several |= seen & set(line.presences)
        seen |= set(line.presences)
    return several
