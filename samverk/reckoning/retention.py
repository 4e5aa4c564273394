"""Until when papers must be kept: the latest of all rules that apply, and no date at all while a hold stands.

Sources: five years from 31 December of the year of the last payment, Regulation (EU) 2021/1060, Article 82; ten fiscal
years after de minimis aid was granted, Regulation (EU) 2023/2831, Article 6. National rules add dates of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

PAYMENT_YEARS = 5
AID_YEARS = 10


def after_last_payment(paid_on: date, years: int = PAYMENT_YEARS) -> date:
    """31 December so many years after the year of the last payment."""
    return date(paid_on.year + years, 12, 31)


def after_aid(granted_on: date, years: int = AID_YEARS, fiscal_year_ends: tuple[int, int] = (12, 31)) -> date:
    """The end of the fiscal year so many years after the one in which aid was granted; `fiscal_year_ends` is month, day."""
    month, day = fiscal_year_ends
    closes_this_year = (granted_on.month, granted_on.day) <= (month, day)
    return date(granted_on.year + (0 if closes_this_year else 1) + years, month, day)


def keep_until(dates: Iterable[date], held: bool = False) -> date | None:
    """The latest date; `None` (no end known) while something holds the papers or where no rule applies yet."""
    return None if held else max(dates, default=None)
