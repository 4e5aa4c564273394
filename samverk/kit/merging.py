"""What an app says when two rows become one: which of its rows move, which fall away, and what stands in the way.

Each app puts a function (kind, survivor, absorbed) -> Part into ``kit.registers.merge_movers``. Nothing is written by
it; the merge moves rows, and takes the same list to put them back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Move:
    """Rows whose foreign key changes from one row to another; ``what`` names them for the person who decides."""

    model: type[models.Model]
    field: str
    ids: list[int]
    what: Words = ""
    source: int = 0
    target: int = 0


@dataclass(frozen=True)
class Removal:
    """Rows the survivor has already: they fall away and come back at undo."""

    model: type[models.Model]
    ids: list[int]


@dataclass
class Part:
    """One app's share of a merge. ``settle`` brings up to date what follows from the moved rows, also after an undo."""

    moves: list[Move] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    refusals: list[Words] = field(default_factory=list)
    settle: Callable[[Any], None] | None = None

    def take(
        self, model: type[models.Model], name: str, survivor: Any, absorbed: Any, what: Words = "", *,
        unique: Sequence[str] = (), only: models.Q | None = None,
    ) -> list[int]:  # fmt: skip
        """Move all rows of the absorbed one; those that would stand twice by ``unique`` fall away. Gives the ids that move."""
        rows = model._default_manager.filter(**{name: absorbed})
        ids = list(rows.values_list("pk", flat=True))
        double: list[int] = []
        if unique:
            mine = model._default_manager.filter(**{name: survivor})
            if only is not None:
                rows, mine = rows.filter(only), mine.filter(only)
            there = set(mine.values_list(*unique))
            double = [pk for pk, *values in rows.values_list("pk", *unique) if tuple(values) in there]
        if double:
            self.removals.append(Removal(model, double))
        moving = [pk for pk in ids if pk not in set(double)]
        if moving:
            self.moves.append(Move(model, name, moving, what, absorbed.pk, survivor.pk))
        return moving
