"""Whether somebody attended enough of a course.

Source: contracts of funded courses, usually 75 % or 80 %. Compared without rounding: 79.99 % is not 80 %.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .exact import percent


def attended_enough(attended: int, planned: int, minimum_percent: Decimal) -> bool:
    """Whether attended minutes reach the share of planned minutes."""
    return attended * 100 >= Fraction(minimum_percent) * planned


def attended_percent(attended: int, planned: int) -> Decimal:
    """The share attended, for reading: two decimals, half up. Decide with `attended_enough`."""
    return percent(attended, planned)
