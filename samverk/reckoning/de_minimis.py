"""Small aid to undertakings (de minimis): a ceiling over any three years, linked undertakings as one.

Source: Regulation (EU) 2023/2831, Article 3(2): EUR 300,000 to a single undertaking over three years, counted back from
each new grant by date; aid counts from the day the legal right to it arose. Article 2(2): undertakings linked through
others are linked as well. Training or advice given free is aid too, worth what the service is worth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from .exact import CENT, to_multiple, total

CEILING = Decimal(300_000)
YEARS = 3


@dataclass(frozen=True, slots=True)
class Grant:
    """Aid in euro, dated by the day the legal right to it arose."""

    undertaking: str
    granted_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a grant fits. `total` is the fullest window it falls into, itself included, from `window_from` on."""

    allowed: bool
    window_from: date
    earlier: tuple[Grant, ...]
    total: Decimal
    ceiling: Decimal


def service_value(hours: Decimal, per_hour: Decimal, unit: Decimal = CENT) -> Decimal:
    """What a service given free is worth, in the programme's currency."""
    return to_multiple(Fraction(hours) * Fraction(per_hour), unit)


def in_euro(amount: Decimal, units_per_euro: Decimal) -> Decimal:
    """An amount in euro and cents, half up; `units_per_euro` is the official rate of the day of the grant."""
    return to_multiple(Fraction(amount) / Fraction(units_per_euro))


def window_start(day: date, years: int = YEARS) -> date:
    """First day of the window that ends on `day`: aid of the same date so many years ago still counts."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February: the day before is the cautious one
        return date(day.year - years, 2, 28)


def single_undertaking(undertaking: str, links: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The undertaking and all it is linked to, directly or through others."""
    pairs = list(links)
    together = {undertaking}
    grown = True
    while grown:
        touching = {name for pair in pairs if together.intersection(pair) for name in pair}
        grown = not touching <= together
        together |= touching
    return frozenset(together)


def judge_grant(
    new: Grant,
    earlier: Iterable[Grant],
    links: Iterable[tuple[str, str]] = (),
    ceiling: Decimal = CEILING,
    years: int = YEARS,
) -> Answer:
    """Whether a new grant stays within the ceiling, with all other grants known.

    Grants dated after the new one count as well: one entered late must not lift a later window above the ceiling.
    """
    together = single_undertaking(new.undertaking, links)
    others = [grant for grant in earlier if grant.undertaking in together]
    ends = {new.granted_on} | {
        grant.granted_on
        for grant in others
        if grant.granted_on > new.granted_on and window_start(grant.granted_on, years) <= new.granted_on
    }
    answers = [_window(new, others, end, ceiling, years) for end in sorted(ends)]
    return max(answers, key=lambda answer: answer.total)


def _window(new: Grant, others: Iterable[Grant], end: date, ceiling: Decimal, years: int) -> Answer:
    start = window_start(end, years)
    within = tuple(grant for grant in others if start <= grant.granted_on <= end)
    amount = total([new.amount, *(grant.amount for grant in within)])
    return Answer(amount <= ceiling, start, within, amount, ceiling)


def free_from(
    new: Grant,
    earlier: Iterable[Grant],
    links: Iterable[tuple[str, str]] = (),
    ceiling: Decimal = CEILING,
    years: int = YEARS,
) -> date | None:
    """The first day on which the same grant would fit, or `None` where it never can."""
    known, pairs = list(earlier), list(links)
    if new.amount > ceiling:
        return None
    leaving = sorted({_day_after_window(grant.granted_on, years) for grant in known})
    for day in [new.granted_on, *(day for day in leaving if day > new.granted_on)]:
        if judge_grant(Grant(new.undertaking, day, new.amount), known, pairs, ceiling, years).allowed:
            return day
    return None


def _day_after_window(granted_on: date, years: int) -> date:
    try:
        last = granted_on.replace(year=granted_on.year + years)
    except ValueError:
        last = date(granted_on.year + years, 2, 28)
    while window_start(last, years) <= granted_on:
        last += timedelta(days=1)
    return last
