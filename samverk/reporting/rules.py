"""Arithmetic of co-financing, targets and periods: values, never writes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from samverk.kit.measuring import HOURS, MINUTES, MONEY

# Refused for now, and put right by a signature or a stronger proof. Every other reason is final.
CAN_BE_PUT_RIGHT = ("not_attested", "evidence_too_weak")
# Behind is who has less than this part of what the calendar asks; a few weeks' dip is not an alarm.
PATIENCE = Decimal("0.85")


@dataclass(frozen=True)
class Gap:
    """What beside the support must be proven: money, its part of the budget, and the hours that takes."""

    amount: Decimal
    share: Decimal
    hours: int


def co_financing_gap(budget: Decimal, support: Decimal, per_hour: Decimal) -> Gap:
    """The gap between budget and support, in hours rounded up: an hour begun must be delivered whole."""
    amount = budget - support
    return Gap(amount=amount, share=amount / budget, hours=hours_needed(amount, per_hour))


def hours_needed(amount: Decimal, per_hour: Decimal) -> int:
    return math.ceil(amount / per_hour)


def share_proven(hours: Decimal, per_hour: Decimal, needed: Decimal) -> Decimal:
    """The part of the needed money that approved hours prove."""
    return hours * per_hour / needed


def in_hundredths(share: Decimal) -> Decimal:
    """A share as per cent with two decimals, half up: 0.233374… is 23.34."""
    return (share * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rate_on(document: Mapping[str, Any], category: str, day: date) -> Decimal | None:
    """What an hour of a category is worth on a day under a rule set, or None where no rate holds."""
    for rate in document.get("rates", []):
        starts, ends = rate["valid_from"], rate.get("valid_to")
        if (
            rate["category"] == category
            and starts <= day.isoformat()
            and (ends is None or day.isoformat() <= ends)
        ):
            return Decimal(rate["per_hour"])
    return None


def worth(minutes: int, document: Mapping[str, Any], category: str, month: date) -> Decimal:
    """What minutes of a month are worth at most under a rule set; the first rate that holds in the month is used.

    Not rounded and without caps: this is what could count, not a decision.
    """
    per_hour = rate_on(document, category, month)
    if per_hour is None:
        per_hour = rate_on(document, category, last_day_of(month)) or Decimal(0)
    return Decimal(minutes) / int(document.get("hour_minutes", 60)) * per_hour


def last_day_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def share_of(value: Decimal, target: Decimal, baseline: Decimal = Decimal(0)) -> Decimal | None:
    """How much of the way from the baseline to the target is gone, or None without a way."""
    way = target - baseline
    return None if way == 0 else (value - baseline) / way


def is_behind(share: Decimal | None, starts: date, by: date, today: date) -> bool:
    """Whether a target lags behind the calendar: results are expected to grow evenly from the start."""
    if share is None or share >= 1 or by <= starts:
        return False
    gone = Decimal((min(today, by) - starts).days) / (by - starts).days
    return share < gone * PATIENCE


def as_shown(unit: str, value: Any) -> Decimal:
    """A figure in the unit in which targets are written: hours for minutes, else as it is."""
    return Decimal(value) / 60 if unit == MINUTES else Decimal(value)


def is_exact(unit: str) -> bool:
    """Whether values of the unit are written with decimals."""
    return unit in (HOURS, MONEY)
