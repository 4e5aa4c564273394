"""Change between two self-assessments of an organisation.

Source: results frameworks of capacity-building funds count an organisation whose capacity increased: at least one domain
up by the step asked for, and none down. Only the same domains of the same questions can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from .exact import CENT, EXACT, to_multiple, total

STEP = Decimal("0.5")


def mean(scores: Mapping[str, Decimal], unit: Decimal = CENT) -> Decimal:
    """Mean over domains, half up to `unit`. Raises `ValueError` without scores."""
    if not scores:
        raise ValueError("a mean needs at least one score")
    return to_multiple(Fraction(total(scores.values())) / len(scores), unit)


def changes(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Change by domain. Raises `ValueError` where the domains differ."""
    if before.keys() != after.keys():
        raise ValueError("only assessments of the same domains can be compared")
    return {domain: EXACT.subtract(after[domain], before[domain]) for domain in before}


def capacity_increased(
    before: Mapping[str, Decimal], after: Mapping[str, Decimal], step: Decimal = STEP
) -> bool:
    """Whether at least one domain rose by `step` and none fell."""
    differences = changes(before, after).values()
    return any(change >= step for change in differences) and not any(change < 0 for change in differences)
