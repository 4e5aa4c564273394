"""What the worker does: each duty finds its own work by date and state, so it may run any number of times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samverk.kit.registers import duties


@dataclass(frozen=True)
class Duty:
    """A named function run every so many seconds, by one worker at a time (the lease stands in trail.ClockRun).

    ``is_needed`` is a cheap question asked first: where it says no, nothing is written and nothing is run.
    """

    name: str
    every_seconds: int
    run: Callable[[], object]
    lease_seconds: int = 300
    is_needed: Callable[[], bool] | None = None


def add_duty(
    name: str,
    every_seconds: int,
    run: Callable[[], object],
    lease_seconds: int = 300,
    is_needed: Callable[[], bool] | None = None,
) -> None:
    """Register a duty at start-up."""
    duties.add(name, Duty(name, every_seconds, run, lease_seconds, is_needed))
