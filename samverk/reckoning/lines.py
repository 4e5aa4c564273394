"""Steps 14 and 15: counted minutes become lines of rounded hours and rounded money.

Rounding never mixes rates, employers, months or categories: each line is certified and paid on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from .exact import EXACT, divide_rounded, product_to_multiple
from .inputs import ROUNDING_UNITS, AmountRounding, RuleSet
from .outcome import Line, Totals
from .sieve import Piece
from .timeline import month_of

LineKey = tuple[str, str, str | None, str, Decimal]


class Draft:
    """A line in the making: minutes under what they are summed by, and the presences they come from."""

    __slots__ = ("minutes", "presences")

    def __init__(self) -> None:
        self.minutes: dict[str, int] = {}
        self.presences: dict[str, None] = {}


def lines_of(rule_set: RuleSet, counted: Iterable[tuple[Piece, int]]) -> tuple[Line, ...]:
    """One line for each person, organisation, month, category and rate with a counted minute."""
    drafts: dict[LineKey, Draft] = {}
    scope = rule_set.rounding.per
    for piece, minutes in counted:
        presence = piece.presence
        month = None if scope == "person_period" else month_of(piece.day)
        key = (presence.person, presence.organisation, month, presence.category, piece.per_hour)
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = Draft()
        part = presence.id if scope == "presence" else presence.session if scope == "session" else ""
        draft.minutes[part] = draft.minutes.get(part, 0) + minutes
        draft.presences[presence.id] = None
    return tuple(line_of(rule_set, key, drafts[key]) for key in sorted(drafts, key=reading_order))


def reading_order(key: LineKey) -> tuple[str, str, str, str, Decimal]:
    """Lines of one person stand together, months in order."""
    person, organisation, month, category, per_hour = key
    return person, organisation, month or "", category, per_hour


def line_of(rule_set: RuleSet, key: LineKey, draft: Draft) -> Line:
    """The draft with its hours and its amount rounded as the rule says."""
    person, organisation, month, category, per_hour = key
    hours = rounded_hours(rule_set, draft.minutes.values())
    amount = rounded_amount(rule_set.amount_rounding, hours, per_hour)
    minutes = sum(draft.minutes.values())
    return Line(
        person, organisation, month, category, minutes, hours, per_hour, amount, tuple(draft.presences)
    )


def rounded_hours(rule_set: RuleSet, sums: Iterable[int]) -> Fraction:
    """Each sum of minutes as hours of the rule, rounded, and the results added."""
    rounding, hour = rule_set.rounding, rule_set.hour_minutes
    steps = ROUNDING_UNITS[rounding.unit]
    if rounding.per == "none" or not steps:
        return Fraction(sum(sums), hour)
    return Fraction(sum(divide_rounded(minutes * steps, hour, rounding.mode) for minutes in sums), steps)


def rounded_amount(rounding: AmountRounding, hours: Fraction, per_hour: Decimal) -> Decimal:
    """Exact hours times money per hour, rounded to a multiple of the rule's unit."""
    return product_to_multiple(hours, per_hour, rounding.unit, rounding.mode)


def totals_of(rule_set: RuleSet, lines: Iterable[Line]) -> Totals:
    """Sums of the lines; with none of them the amount is still written as its unit is."""
    minutes, hours = 0, Fraction(0)
    amount = EXACT.multiply(Decimal(0), rule_set.amount_rounding.unit)
    for line in lines:
        minutes += line.minutes
        hours = hours + line.hours if hours else line.hours
        amount = EXACT.add(amount, line.amount)
    return Totals(minutes, hours, amount)
