"""What volunteers' time is worth as a contribution.

Source: verified time times pay for equal work (Regulation (EU) 2021/1060, Article 67(1)); many programmes fix the rates,
as the Polish ASOS programme did with PLN 25 for support and 75 for expert work.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from .exact import CENT, to_multiple, total


def value_of(work: Iterable[tuple[Decimal, Decimal]], unit: Decimal = CENT) -> Decimal:
    """Sum of hours times rate over kinds of work, each kind rounded half up to `unit`."""
    return total(to_multiple(Fraction(hours) * Fraction(per_hour), unit) for hours, per_hour in work)
