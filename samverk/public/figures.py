"""The one figure of the front page, counted from attendance."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from samverk.activities.queries import first_year_of_attendance, organisations_present

KEPT_SECONDS = 600


@dataclass(frozen=True)
class Figure:
    """How many organisations took part, since which year, counted when."""

    number: int
    since: int
    counted: date


_kept: tuple[float, Figure | None] = (float("-inf"), None)


def organisations_helped() -> Figure | None:
    """Counted at most once in ten minutes by a process; None while nobody has been anywhere.

    Kept in memory and not in the shared cache, since a page that reads writes nothing.
    """
    global _kept
    counted_at, figure = _kept
    if time.monotonic() - counted_at > KEPT_SECONDS:
        figure = _count()
        _kept = (time.monotonic(), figure)
    return figure


def forget_figure() -> None:
    """Count anew at the next page; for tests and after an import."""
    global _kept
    _kept = (float("-inf"), None)


def _count() -> Figure | None:
    number = organisations_present().count()
    if not number:
        return None
    return Figure(number, first_year_of_attendance() or timezone.localdate().year, timezone.localdate())
