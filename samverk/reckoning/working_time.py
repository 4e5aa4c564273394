"""Swedish working time of the 2014–2020 period: hours and months a year after holidays.

Source: the Swedish ESF Council counted 1,862 hours a year with holidays and 12 % holiday pay, from which follow its
cap of 1,662 hours for each person and year and 10.71 working months.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .exact import CENT, to_multiple


def yearly_cap(hours: Decimal = Decimal(1862), holiday_percent: Decimal = Decimal(12)) -> int:
    """Hours a year without holidays, whole, rounded down."""
    return int(_without_holidays(hours, holiday_percent))


def working_months(years: int = 1, holiday_percent: Decimal = Decimal(12)) -> Decimal:
    """Working months in so many years; a year is rounded to two decimals before it is multiplied, as published."""
    return to_multiple(_without_holidays(Decimal(12), holiday_percent), CENT) * years


def _without_holidays(amount: Decimal, holiday_percent: Decimal) -> Fraction:
    return Fraction(amount) / (1 + Fraction(holiday_percent) / 100)
