"""What an hour of paid time really costs an employer.

Source: annual gross employment cost divided by 1,720 hours, less for part time: Regulation (EU) 2021/1060, Article
55(2)(a). Employer's contributions differ by country and year and are a parameter. Where rounding happens changes the
result, so it is a parameter too: money per hour stays exact unless `rate_unit` says otherwise.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .exact import CENT, to_multiple

FULL_TIME_HOURS = 1720


def annual_cost(monthly_pay: Decimal, contribution_percent: Decimal, months: int = 12) -> Fraction:
    """Pay of so many months with the employer's contributions, exact."""
    return Fraction(monthly_pay) * months * (1 + Fraction(contribution_percent) / 100)


def yearly_hours(contract_share: Decimal = Decimal(1), full_time: int = FULL_TIME_HOURS) -> Fraction:
    """Hours a year for a share of full time: both what the cost is divided by and the cap on claims."""
    return full_time * Fraction(contract_share)


def hourly_cost(cost: Fraction | Decimal, hours: Fraction | Decimal | int = FULL_TIME_HOURS) -> Fraction:
    """Annual cost divided by annual hours, exact."""
    return Fraction(cost) / Fraction(hours)


def cost_of(
    hours: Decimal | int, per_hour: Fraction, rate_unit: Decimal | None = None, unit: Decimal = CENT
) -> Decimal:
    """Money for hours, rounded half up to `unit`; with `rate_unit` the rate is rounded first."""
    rate = Fraction(to_multiple(per_hour, rate_unit)) if rate_unit else per_hour
    return to_multiple(Fraction(hours) * rate, unit)
