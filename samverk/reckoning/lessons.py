"""Teaching hours and clock hours.

Source: a teaching hour is 45 minutes in most contracts of the field; caps and other programmes count clock hours.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

TEACHING_HOUR = 45


def clock_hours(lessons: Decimal | int, minutes: int = TEACHING_HOUR) -> Fraction:
    """Lessons of so many minutes as hours of 60, exact."""
    return Fraction(lessons) * minutes / 60


def lessons_in(clock: Decimal | int, minutes: int = TEACHING_HOUR) -> Fraction:
    """Hours of 60 minutes as lessons, exact."""
    return Fraction(clock) * 60 / minutes
