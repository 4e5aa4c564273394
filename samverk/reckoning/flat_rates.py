"""Flat rates: costs that need no receipts because they are a share of others.

Source: Regulation (EU) 2021/1060, Articles 54 to 56. Percentages are the highest the articles allow; a programme may
fix lower ones. Participants' pay and allowances come on top of the 40 % rate (Article 56(2)).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .exact import CENT, EXACT, to_multiple, total


def share_of(base: Decimal, percentage: Decimal, unit: Decimal = CENT) -> Decimal:
    """So many percent of a base, rounded half up to `unit`."""
    return to_multiple(Fraction(base) * Fraction(percentage) / 100, unit)


def other_costs(staff: Decimal, percentage: Decimal = Decimal(40)) -> Decimal:
    """All remaining costs from direct staff costs (Article 56(1))."""
    return share_of(staff, percentage)


def with_other_costs(
    staff: Decimal, allowances: Decimal = Decimal(0), percentage: Decimal = Decimal(40)
) -> Decimal:
    """Staff, all remaining costs, and participants' allowances on top, in one sum."""
    return total([staff, other_costs(staff, percentage), allowances])


def indirect_from_staff(staff: Decimal, percentage: Decimal = Decimal(15)) -> Decimal:
    """Indirect costs from direct staff costs (Article 54(b))."""
    return share_of(staff, percentage)


def staff_from_other_direct(other_direct: Decimal, percentage: Decimal = Decimal(20)) -> Decimal:
    """Direct staff costs from the other direct costs (Article 55(1))."""
    return share_of(other_direct, percentage)


def indirect_from_direct(other_direct: Decimal, staff: Decimal, percentage: Decimal = Decimal(7)) -> Decimal:
    """Indirect costs from all direct costs (Article 54(a))."""
    return share_of(EXACT.add(other_direct, staff), percentage)
