"""People and their attributes, and how far apart two of them are: whole thousandths of each attribute's weight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .chance import Floats

CATEGORICAL, ORDINAL, MULTIPLE = "categorical", "ordinal", "multiple"
WHOLE = 1000
UNKNOWN = WHOLE // 2

NUMBER = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,6})?")


@dataclass(frozen=True)
class Attribute:
    """One column. `values` in the order of the people: text, number, or a set of texts; None where it is missing."""

    name: str
    kind: str
    values: tuple[str | float | frozenset[str] | None, ...]

    def shared(self, one: int, other: int) -> bool:
        """Whether two people have the same value, or one in common; unknown is not the same."""
        return bool(self.set_of(one) & self.set_of(other))

    def set_of(self, person: int) -> frozenset[str]:
        """The person's values as texts; nothing where they are missing."""
        value = self.values[person]
        if value is None:
            return frozenset()
        return value if isinstance(value, frozenset) else frozenset([text_of(value)])

    def groups(self) -> dict[str, list[int]]:
        """The people of each value."""
        found: dict[str, list[int]] = {}
        for person in range(len(self.values)):
            for value in sorted(self.set_of(person)):
                found.setdefault(value, []).append(person)
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class People:
    """Everybody, sorted by id, so that the order of a file changes nothing."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def index(self) -> dict[str, int]:
        """The place of each id."""
        return {id_: place for place, id_ in enumerate(self.ids)}


def text_of(value: str | float) -> str:
    """A value as people wrote it: 3, not 3.0."""
    return f"{value:g}" if isinstance(value, float) else value


def number_in(text: str) -> float | None:
    """The number a cell holds, with a point or a comma; None where it is none."""
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def attribute_from(name: str, cells: Sequence[str], kind: str | None = None) -> Attribute:
    """A column read as what it is: with `|` several values, all numbers an order, else categories.

    Raises ValueError, with the place of the cell as its second argument, where `kind` says an order and a cell is no
    number.
    """
    texts = [cell.strip() for cell in cells]
    filled = [text for text in texts if text]
    if kind is None:
        if any("|" in text for text in filled):
            kind = MULTIPLE
        elif filled and all(NUMBER.fullmatch(text) for text in filled):
            kind = ORDINAL
        else:
            kind = CATEGORICAL
    values: list[str | float | frozenset[str] | None] = []
    for place, text in enumerate(texts):
        if not text:
            values.append(None)
        elif kind == MULTIPLE:
            values.append(frozenset(part.strip() for part in text.split("|") if part.strip()) or None)
        elif kind == ORDINAL:
            number = number_in(text)
            if number is None:
                raise ValueError("must be a number", place)
            values.append(number)
        else:
            values.append(text)
    return Attribute(name, kind, tuple(values))


def people_from(
    rows: Iterable[Mapping[str, str]], *, columns: Sequence[str] = (), kinds: Mapping[str, str] | None = None
) -> People:
    """People from rows with `id`, perhaps `name`, and the attribute columns. Raises ValueError on a double id."""
    ordered = sorted(rows, key=lambda row: row["id"])
    ids = tuple(row["id"] for row in ordered)
    if len(set(ids)) < len(ids):
        raise ValueError("an id stands twice")
    attributes = {
        column: attribute_from(column, [row.get(column, "") for row in ordered], (kinds or {}).get(column))
        for column in columns
    }
    return People(ids, tuple(row.get("name", "") for row in ordered), attributes)


def distance_of(attribute: Attribute) -> Floats:
    """0 … 1000 between every two people: 0 or 1000 for categories, the share of the range for an order.

    Of several values, what is not in common; 500 where one is missing.
    """
    n = len(attribute.values)
    known = np.array([value is not None for value in attribute.values], dtype=bool)
    if attribute.kind == ORDINAL:
        numbers = np.array(
            [value if value is not None else 0.0 for value in attribute.values], dtype=np.float64
        )
        span = float(np.ptp(numbers[known])) if known.any() else 0.0
        far = np.rint(WHOLE * np.minimum(abs(numbers[:, None] - numbers) / (span or 1.0), 1.0))
    else:
        words = sorted({word for person in range(n) for word in attribute.set_of(person)})
        column = {word: place for place, word in enumerate(words)}
        has = np.zeros((n, len(words)))
        for person in range(n):
            for word in attribute.set_of(person):
                has[person, column[word]] = 1
        both, each = has @ has.T, has.sum(axis=1)
        either = each[:, None] + each - both
        far = WHOLE - np.rint(WHOLE * both / np.maximum(either, 1))
    far[~known] = UNKNOWN
    far[:, ~known] = UNKNOWN
    np.fill_diagonal(far, 0)
    return far


def distance(people: People, mix: Mapping[str, int]) -> Floats:
    """The weighted sum over the attributes to mix, in thousandths; nothing to mix is no distance."""
    total = np.zeros((len(people), len(people)))
    for name, weight in mix.items():
        total += weight * distance_of(people.attributes[name])
    return total
