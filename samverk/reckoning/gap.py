"""The co-financing gap: what the budget needs beyond the support granted, and how much of it is proven.

Source: a grant pays a share of the eligible budget; the rest must be proven by others' money, time or things.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .exact import EXACT, divide_rounded, percent


def gap(budget: Decimal, support: Decimal) -> Decimal:
    """Money to be proven; nothing where support covers the budget."""
    return max(Decimal(0), EXACT.subtract(budget, support))


def gap_percent(budget: Decimal, support: Decimal) -> Decimal:
    """The gap in percent of the budget, two decimals."""
    return percent(gap(budget, support), budget)


def hours_needed(missing: Decimal, per_hour: Decimal) -> int:
    """Whole hours that fill the gap at a rate above 0; the last one counts whole."""
    hours = Fraction(missing) / Fraction(per_hour)
    return divide_rounded(hours.numerator, hours.denominator, "up")


def proven_percent(proven: Decimal, missing: Decimal) -> Decimal:
    """How much of the gap is proven, in percent with two decimals; a gap of nothing is proven."""
    return percent(proven, missing) if missing else Decimal("100.00")
