"""Exact numbers: no float anywhere, and no rounding that nobody asked for.

Python's default `Decimal` context silently rounds at 28 digits, so a long rate times a long share would already be wrong.
Everything here either stays exact or rounds because a rule says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact
from fractions import Fraction

#: Wide enough for any sum of amounts a file can hold; raises rather than rounds.
EXACT = Context(prec=200, traps=[Inexact])

CENT = Decimal("0.01")


class AsWritten(Decimal):
    """A decimal that remembers how the rule wrote it ("0300.00"), because results quote rules literally."""

    text: str

    def __new__(cls, text: str) -> AsWritten:
        value = super().__new__(cls, text)
        value.text = str(text)
        return value


def written(value: Decimal) -> str:
    """The decimal as text, as its rule wrote it, never in exponent notation."""
    return value.text if isinstance(value, AsWritten) else format(value, "f")


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact sum of decimals."""
    result = Decimal(0)
    for value in values:
        result = EXACT.add(result, value)
    return result


def divide_rounded(numerator: int, denominator: int, mode: str) -> int:
    """Whole quotient of two non-negative integers; mode is `down`, `up`, or `nearest`/`half_up` (a half goes up)."""
    if mode == "down":
        return numerator // denominator
    if mode == "up":
        return -(-numerator // denominator)
    if mode in ("nearest", "half_up"):
        return (2 * numerator + denominator) // (2 * denominator)
    raise ValueError(f"no such rounding mode: {mode}")


def to_multiple(value: Fraction | Decimal | int, unit: Decimal = CENT, mode: str = "half_up") -> Decimal:
    """The non-negative value rounded to a multiple of `unit`, with as many decimals as the unit is written with."""
    return product_to_multiple(value, 1, unit, mode)


def product_to_multiple(
    one: Fraction | Decimal | int, other: Fraction | Decimal | int, unit: Decimal, mode: str
) -> Decimal:
    """The exact product of two non-negative numbers, rounded to a multiple of `unit` and written like it."""
    # In whole numbers, as reducing fractions is most of the time of a line and changes nothing.
    one_top, one_bottom = one.as_integer_ratio()
    other_top, other_bottom = other.as_integer_ratio()
    unit_top, unit_bottom = unit.as_integer_ratio()
    steps = divide_rounded(one_top * other_top * unit_bottom, one_bottom * other_bottom * unit_top, mode)
    return EXACT.multiply(Decimal(steps), unit)


def short(value: Fraction, decimals: int = 4) -> str:
    """A non-negative fraction as text with at most so many decimals, half up, and no zeros at the end."""
    scale = 10**decimals
    whole, rest = divmod(divide_rounded(value.numerator * scale, value.denominator, "half_up"), scale)
    return f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".")


def percent(part: Fraction | Decimal | int, whole: Fraction | Decimal | int) -> Decimal:
    """`part` of `whole` in percent with two decimals, half up; 0 where there is no whole."""
    return to_multiple(Fraction(part) * 100 / Fraction(whole)) if whole else Decimal("0.00")
