"""Signs of life that the health page shows: the schema and the clock."""

from __future__ import annotations

from functools import cache

from samverk.trail.queries import CLOCK_LATE, seconds_since_clock
from samverk.trail.schema import schema_problem


@cache
def _fits() -> bool:
    """A process that met a schema that fits keeps it: only a restart changes the program."""
    if schema_problem():
        raise LookupError
    return True


def schema() -> tuple[bool, str]:
    try:
        return _fits(), "fits"
    except LookupError:
        return False, "does not fit"


def clock() -> tuple[bool, dict[str, int | None]]:
    """Seconds since a worker last finished a duty."""
    seconds = seconds_since_clock()
    return seconds is not None and seconds < CLOCK_LATE.total_seconds(), {"seconds_since_last_duty": seconds}
