"""What a decision says: lines that count, refusals that explain themselves, totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .exact import short, written


@dataclass(frozen=True, slots=True)
class Line:
    """Counted time of one person for one organisation, month, category and rate. `hours` are hours of the rule, rounded by it."""

    person: str
    organisation: str
    month: str | None
    category: str
    minutes: int
    hours: Fraction
    per_hour: Decimal
    amount: Decimal
    presences: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The line as it stands in files and stored decisions."""
        return {
            "person": self.person,
            "organisation": self.organisation,
            "month": self.month,
            "category": self.category,
            "minutes": self.minutes,
            "hours": short(self.hours),
            "per_hour": written(self.per_hour),
            "amount": format(self.amount, "f"),
            "presences": list(self.presences),
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """Minutes of one presence that do not count, the reason code, and the facts that explain it."""

    presence: str
    reason: str
    facts: dict[str, Any]
    minutes: int

    def to_json(self) -> dict[str, Any]:
        """The refusal as it stands in files and stored decisions."""
        return {"presence": self.presence, "reason": self.reason, **self.facts, "minutes": self.minutes}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines."""

    minutes: int
    hours: Fraction
    amount: Decimal

    def to_json(self) -> dict[str, Any]:
        """The totals as they stand in files and stored decisions."""
        return {"minutes": self.minutes, "hours": short(self.hours), "amount": format(self.amount, "f")}


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate of every minute that came in. `rule_set` is the version that decided, as `code@version`."""

    rule_set: str
    currency: str
    lines: tuple[Line, ...]
    refused: tuple[Refusal, ...]
    totals: Totals


def to_json(decision: Decision) -> dict[str, Any]:
    """The decision as plain JSON values."""
    return {
        "rule_set": decision.rule_set,
        "currency": decision.currency,
        "lines": [line.to_json() for line in decision.lines],
        "refused": [refusal.to_json() for refusal in decision.refused],
        "totals": decision.totals.to_json(),
    }
