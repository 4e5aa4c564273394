"""Rounds without any repeat, by construction: person (x, y) sits in round r at table x + r y, in a finite field.

Two people with different y meet in exactly one round r, as r (y' - y) = x - x' has one solution; two with the same y
never do. So with q tables, q a prime power, and at most q seats there are q rounds; one more seats each y by itself
where q is a multiple of the seats.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from .chance import Ints


def prime_power(q: int) -> tuple[int, int] | None:
    """(p, k) with q = p^k and p prime; None where there is none."""
    for p in range(2, q + 1):
        if q % p == 0:
            k = 0
            while q % p == 0:
                q, k = q // p, k + 1
            return (p, k) if q == 1 else None
    return None


class Field:
    """The finite field of q elements, written as whole numbers whose digits to base p are polynomials."""

    def __init__(self, p: int, k: int) -> None:
        self.p, self.k, self.q = p, k, p**k
        self.modulus = self._irreducible()

    def digits(self, number: int) -> list[int]:
        return [number // self.p**place % self.p for place in range(self.k)]

    def number(self, digits: list[int]) -> int:
        return sum(digit % self.p * self.p**place for place, digit in enumerate(digits))

    def add(self, one: int, other: int) -> int:
        return self.number([a + b for a, b in zip(self.digits(one), self.digits(other), strict=True)])

    def multiply(self, one: int, other: int) -> int:
        return self.number(self._reduced(_times(self.digits(one), self.digits(other)), self.modulus))

    def _reduced(self, digits: list[int], modulus: list[int]) -> list[int]:
        digits = [digit % self.p for digit in digits]
        for place in range(len(digits) - 1, len(modulus) - 2, -1):
            lead = digits[place]
            for at, digit in enumerate(modulus):
                where = place - len(modulus) + 1 + at
                digits[where] = (digits[where] - lead * digit) % self.p
        return digits[: self.k]

    def _irreducible(self) -> list[int]:
        """The first polynomial of degree k, with lead 1, that no smaller one divides."""
        for low in product(range(self.p), repeat=self.k):
            modulus = [*low, 1]
            if not any(self._divides(small, modulus) for small in self._smaller()):
                return modulus
        raise AssertionError("every finite field exists")

    def _smaller(self) -> list[list[int]]:
        return [
            [*low, 1] for degree in range(1, self.k // 2 + 1) for low in product(range(self.p), repeat=degree)
        ]

    def _divides(self, small: list[int], modulus: list[int]) -> bool:
        rest = list(modulus)
        for place in range(len(rest) - 1, len(small) - 2, -1):
            lead = rest[place]
            for at, digit in enumerate(small):
                where = place - len(small) + 1 + at
                rest[where] = (rest[where] - lead * digit) % self.p
        return not any(rest)


def _times(one: list[int], other: list[int]) -> list[int]:
    found = [0] * (len(one) + len(other) - 1)
    for place, a in enumerate(one):
        for at, b in enumerate(other):
            found[place + at] += a * b
    return found


def field_plan(tables: int, seats: int, rounds: int) -> list[Ints] | None:
    """The table of each slot (slot = y tables + x) in each round, or None where this construction does not reach.

    `seats` is the largest table; drop slots for smaller ones. Rounds past those that have no repeat are left out.
    """
    power = prime_power(tables)
    if power is None or seats > tables or seats < 1:
        return None
    field = Field(*power)
    plan = []
    for r in range(min(rounds, tables)):
        turned = [[field.add(x, field.multiply(r, y)) for x in range(tables)] for y in range(seats)]
        plan.append(np.array(turned, dtype=np.int64).ravel())
    if rounds > tables and seats and tables % seats == 0:
        alone = [[y * (tables // seats) + x // seats for x in range(tables)] for y in range(seats)]
        plan.append(np.array(alone, dtype=np.int64).ravel())
    return plan
