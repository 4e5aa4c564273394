"""Options of the command line; a mistake is one line and exit code 2."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from ..effort import EFFORTS
from .files import BadInput

MOST_TABLES, MOST_ROUNDS, MOST_WEIGHT = 500, 100, 1000


class Reader(argparse.ArgumentParser):
    """argparse, but raising."""

    def error(self, message: str) -> NoReturn:
        raise BadInput("options", message)


def number(least: int, most: int):  # noqa: ANN201
    """A reader of whole numbers between the two."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}, not {text}")
        return int(text)

    return read


def seconds(text: str) -> float:
    """A reader of a time limit."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"must be seconds, more than 0 and at most 3600, not {text}")
    return value


def seat_options(argv: Sequence[str]) -> argparse.Namespace:
    """The options of `seat`. Raises `BadInput`; `-h` prints and ends."""
    reader = Reader(prog="samverk seat", description="Tables and rounds in which people meet others.")
    reader.add_argument("people", metavar="PEOPLE.csv")
    reader.add_argument("--tables", type=number(1, MOST_TABLES), required=True)
    reader.add_argument("--rounds", type=number(1, MOST_ROUNDS), default=1)
    reader.add_argument("--mix", help="sector,experience:2,organisation; all columns where not given")
    reader.add_argument("--apart", default="", help="columns whose equal values sit apart")
    reader.add_argument("--together", default="", help="columns whose equal values sit together")
    reader.add_argument("--keep-apart", metavar="PAIRS.csv")
    reader.add_argument("--keep-together", metavar="PAIRS.csv")
    reader.add_argument("--languages", help="the column of languages people speak")
    reader.add_argument("--fixed", metavar="FIXED.csv")
    reader.add_argument("--met", metavar="MET.csv")
    reader.add_argument("--table-languages", metavar="TABLES.csv")
    reader.add_argument("--size-min", type=number(0, 10_000))
    reader.add_argument("--size-max", type=number(1, 10_000))
    reader.add_argument("--effort", choices=list(EFFORTS), default="normal")
    reader.add_argument("--time-limit", type=seconds)
    reader.add_argument("--prices", action="store_true", help="also what each rule costs")
    _shared(reader)
    return reader.parse_args(list(argv))


def match_options(argv: Sequence[str]) -> argparse.Namespace:
    """The options of `match`. Raises `BadInput`; `-h` prints and ends."""
    reader = Reader(prog="samverk match", description="Mentors for organisations.")
    reader.add_argument("mentors", metavar="MENTORS.csv")
    reader.add_argument("organisations", metavar="ORGANISATIONS.csv")
    reader.add_argument("--scores", metavar="SCORES.csv")
    reader.add_argument("--mode", choices=["best", "stable"], default="best")
    _shared(reader)
    return reader.parse_args(list(argv))


def _shared(reader: Reader) -> None:
    reader.add_argument("--seed", type=number(0, 10**12 - 1), default=1)
    reader.add_argument("--json", action="store_true")


def names(text: str) -> tuple[str, ...]:
    """A list parted by commas."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def mix_of(text: str) -> tuple[dict[str, int], dict[str, str]]:
    """Weights by attribute, and those said to be an order: `sector,experience:2,level:ordinal`. Raises `BadInput`."""
    weights: dict[str, int] = {}
    kinds: dict[str, str] = {}
    for token in names(text):
        name, *said = [part.strip() for part in token.split(":")]
        if name in weights:
            raise BadInput("options", f"{name} stands twice", column="--mix")
        weights[name] = 1
        for word in said:
            if word == "ordinal":
                kinds[name] = word
            elif word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= MOST_WEIGHT:
                weights[name] = int(word)
            else:
                raise BadInput(
                    "options", f"{token}: a weight is a whole number from 1 to {MOST_WEIGHT}", column="--mix"
                )
    return weights, kinds
