"""What a decision is made from: presences, earlier claims, the rules of a funding line and a period.

These are plain values. Build them directly (the ledger does) or with `reading.parse` from a file, which also checks them.
Times are wall clock, whole minutes; seconds and time zones are not looked at. Money, hours and shares are `Decimal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

EVIDENCE = (
    "head_count",
    "self_claim",
    "self_check_in",
    "facilitator_mark",
    "staff_scan",
    "login_log",
    "scanned_list",
    "signed_list",
)
"""Kinds of evidence from weak to strong."""

ATTESTATION = {"none": (), "person": ("person",), "person_and_employer": ("person", "employer")}
"""Who must have attested, for each demand a rule set can make."""

ROUNDING_UNITS = {"hour": 1, "half_hour": 2, "quarter_hour": 4, "minute": 0}
"""Steps an hour of the rule is cut into; 0 rounds nothing, as minutes are whole already."""

ROUNDING_MODES = ("down", "nearest", "up")
ROUNDING_SCOPES = ("presence", "session", "person_month", "person_period", "none")
AMOUNT_MODES = ("down", "half_up", "up")
CAP_SCOPES = ("person_year", "person_period", "organisation_period", "funding_line")

OPEN_END = date.max.toordinal()
"""The last day of what has no end."""


def last_day(day: date | None) -> int:
    """Ordinal of a last valid day; `None` is open."""
    return OPEN_END if day is None else day.toordinal()


@dataclass(frozen=True, slots=True)
class Presence:
    """One unbroken stay of one person: who, on whose behalf, what, when, how many minutes, with what proof."""

    id: str
    person: str
    organisation: str
    programme: str
    activity: str
    session: str
    starts: datetime
    minutes: int
    planned_minutes: int
    group_size: int
    employment: str
    category: str
    flags: tuple[str, ...]
    evidence: str
    attested_by: tuple[str, ...]
    contract_share: Decimal


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """Hours of a person claimed before this decision; `minutes` 0 is a sum without times, `hours` are clock hours."""

    person: str
    organisation: str
    programme: str
    funding_line: str
    starts: datetime
    minutes: int
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """The days judged, first and last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rate:
    """Money per hour of the rule for one category, from one day to another (both included; `None` is open)."""

    category: str
    per_hour: Decimal
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling in clock hours for each person and year, person and period, organisation and period, or funding line."""

    per: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Rounding:
    """To what step hours are rounded, which way, and over what they are summed first."""

    unit: str
    mode: str
    per: str


@dataclass(frozen=True, slots=True)
class AmountRounding:
    """To what multiple of money a line's amount is rounded, and which way."""

    unit: Decimal
    mode: str


@dataclass(frozen=True)
class RuleSet:
    """The dated conditions of a funding line. A change is a new version, never an edit."""

    code: str
    version: str
    currency: str
    valid_from: date
    valid_to: date | None
    hour_minutes: int
    rounding: Rounding
    rates: tuple[Rate, ...]
    amount_rounding: AmountRounding
    eligible_employment: tuple[str, ...] | None
    excluded: tuple[str, ...]
    minimum_evidence: str
    attestation: str
    minimum_minutes: int
    minimum_group: int
    minimum_share: Decimal | None
    caps: tuple[Cap, ...]

    @property
    def reference(self) -> str:
        """How every result names the rules that made it: `code@version`."""
        return f"{self.code}@{self.version}"

    @cached_property
    def rate_calendar(self) -> dict[str, list[tuple[int, int, Decimal]]]:
        """For each category its rates as first day, last day (ordinals) and money; equal amounts are one rate.

        Kept on the instance: a national run asks the same rule set a million times.
        """
        calendar: dict[str, list[tuple[int, int, Decimal]]] = {}
        amounts: dict[tuple[str, Decimal], Decimal] = {}
        for rate in self.rates:
            per_hour = amounts.setdefault((rate.category, rate.per_hour), rate.per_hour)
            days = (rate.valid_from.toordinal(), last_day(rate.valid_to), per_hour)
            calendar.setdefault(rate.category, []).append(days)
        return calendar

    def per_hour_on(self, category: str, day: int) -> Decimal | None:
        """The rate of a category on a day (ordinal), or `None`; there is no fallback to another category."""
        for first, last, per_hour in self.rate_calendar.get(category, ()):
            if first <= day <= last:
                return per_hour
        return None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything one decision needs, in the order `decide` takes it."""

    rule_set: RuleSet
    funding_line: str
    presences: tuple[Presence, ...]
    already_claimed: tuple[EarlierClaim, ...]
    period: Period
