"""Step 13: ceilings on hours, counted in minutes before anything is rounded.

Presences come by start, then by order of recording, each minute by minute, so the last ones are refused. A minute counts
in all ceilings or in none. Source of the usual ceiling: 1,720 hours a year for full time, over all programmes
together, less for part time and shorter periods (Regulation (EU) 2021/1060, Article 55).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .exact import EXACT, divide_rounded
from .inputs import Cap, EarlierClaim, Period, RuleSet
from .sieve import Piece, Refusals
from .timeline import year_of


@lru_cache(maxsize=1024)
def months_in(period: Period) -> Fraction:
    """Months of a period: a whole calendar month is 1, a part its days divided by that month's days."""
    months = Fraction(0)
    year, month = period.first.year, period.first.month
    while (year, month) <= (period.last.year, period.last.month):
        days = monthrange(year, month)[1]
        first = max(period.first, date(year, month, 1))
        last = min(period.last, date(year, month, days))
        months += Fraction((last - first).days + 1, days)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months


@lru_cache(maxsize=4096)
def cap_minutes(cap: Cap, contract_share: Decimal, period: Period) -> int:
    """The ceiling in whole minutes, rounded down, for one who works that share of full time."""
    hours = Fraction(cap.hours)
    if cap.per in ("person_year", "person_period"):
        hours *= Fraction(contract_share)
    if cap.per == "person_period":
        hours *= months_in(period) / 12
    return int(hours * 60)


def hours_to_minutes_up(hours: Decimal) -> int:
    """Clock hours as whole minutes, rounded up: what was claimed earlier takes its room in full."""
    numerator, denominator = hours.as_integer_ratio()
    return divide_rounded(numerator * 60, denominator, "up")


class Ceiling:
    """One cap of the rule set, with what earlier claims and this decision have used of it, for each of its keys."""

    def __init__(self, cap: Cap, funding_line: str, claims: Iterable[EarlierClaim], period: Period) -> None:
        self.cap = cap
        self._period = period
        self._funding_line = funding_line
        self._limits: dict[Decimal, int] = {}
        self._counted: dict[Any, int] = {}
        hours: dict[Any, Decimal] = {}
        for claim in claims:
            if self._concerns(claim):
                key = self._key(claim.person, claim.organisation, claim.starts.year)
                hours[key] = EXACT.add(hours.get(key, Decimal(0)), claim.hours)
        self._claimed = {key: hours_to_minutes_up(value) for key, value in hours.items()}

    def _concerns(self, claim: EarlierClaim) -> bool:
        if self.cap.per == "person_year":
            return True
        if self.cap.per == "funding_line":
            return claim.funding_line == self._funding_line
        if not self._period.first <= claim.starts.date() <= self._period.last:
            return False
        return self.cap.per == "person_period" or claim.funding_line == self._funding_line

    def _key(self, person: str, organisation: str, year: int) -> Any:
        match self.cap.per:
            case "person_year":
                return person, year
            case "person_period":
                return person
            case "organisation_period":
                return organisation
        return None

    def key_of(self, piece: Piece) -> Any:
        """Whose ceiling this is for the piece."""
        return self._key(piece.presence.person, piece.presence.organisation, year_of(piece.day))

    def limit(self, piece: Piece) -> int:
        """The ceiling in minutes for the presence's own contract share."""
        share = piece.presence.contract_share
        limit = self._limits.get(share)
        if limit is None:
            limit = self._limits[share] = cap_minutes(self.cap, share, self._period)
        return limit

    def room(self, piece: Piece, key: Any) -> int:
        """Minutes that still fit; below zero where a smaller contract share lowered the ceiling."""
        return self.limit(piece) - self._claimed.get(key, 0) - self._counted.get(key, 0)

    def count(self, key: Any, minutes: int) -> None:
        """Use room."""
        self._counted[key] = self._counted.get(key, 0) + minutes

    def facts(self, piece: Piece) -> dict[str, Any]:
        """What explains a refusal by this ceiling."""
        return {
            "per": self.cap.per,
            "year": year_of(piece.day) if self.cap.per == "person_year" else None,
            "cap_minutes": self.limit(piece),
            "claimed_minutes": self._claimed.get(self.key_of(piece), 0),
        }


def within_caps(
    rule_set: RuleSet,
    funding_line: str,
    pieces: list[Piece],
    claims: Sequence[EarlierClaim],
    period: Period,
    refusals: Refusals,
) -> list[tuple[Piece, int]]:
    """The pieces that count, each with its counted minutes; the rest goes to `refusals`."""
    if not rule_set.caps:
        return [(piece, piece.end - piece.start) for piece in pieces]
    ceilings = [Ceiling(cap, funding_line, claims, period) for cap in rule_set.caps]
    counted = []
    # Pieces come in order of recording and a sort is stable, so equal starts keep that order.
    for piece in sorted(pieces, key=lambda piece: piece.presence.starts):
        minutes = piece.end - piece.start
        keys = [ceiling.key_of(piece) for ceiling in ceilings]
        rooms = [ceiling.room(piece, key) for ceiling, key in zip(ceilings, keys, strict=True)]
        fits = max(0, min(minutes, *rooms))
        if fits:
            for ceiling, key in zip(ceilings, keys, strict=True):
                ceiling.count(key, fits)
            counted.append((piece, fits))
        if fits < minutes:
            full = next(ceiling for ceiling, room in zip(ceilings, rooms, strict=True) if room <= fits)
            facts = full.facts(piece)
            refusals.add(piece.presence, "cap_reached", minutes - fits, facts, same=tuple(facts.values()))
    return counted
