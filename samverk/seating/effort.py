"""Effort is counted in steps, never by the clock: the same effort gives the same answer on a slow machine, later.

Quick, normal and thorough take about 0.1, 1 and 10 seconds on a small server of 2026; how long a step takes there was
measured, and stands beside each kernel.
"""

from __future__ import annotations

import time

EFFORTS = {"quick": 0.1, "normal": 1.0, "thorough": 10.0}
FEW = 100  # units: fewer are done sooner, and begun again more often
SHARE_OF_COOLING = 0.85  # the rest is for the start, the descents and the worst table


def seconds_of(effort: str | float) -> float:
    """The seconds an effort stands for; a number is taken as seconds of that server. Raises ValueError."""
    seconds = EFFORTS.get(effort) if isinstance(effort, str) else float(effort)
    if seconds is None or not 0 < seconds <= 3600:
        raise ValueError(f"effort is one of {', '.join(EFFORTS)}")
    return seconds


def work_of(seconds: float) -> float:
    """Microseconds of work of a kernel."""
    return seconds * SHARE_OF_COOLING * 1e6


def cycles_of(seconds: float, units: int) -> int:
    """How often the kernel starts again: long efforts gain more from new starts than from slower cooling."""
    return max(1, round(seconds / 5), min(FEW // max(units, 1), 6))


class Clock:
    """Measures, and stops early where a limit was asked for."""

    def __init__(self, limit: float | None = None) -> None:
        self.started = time.perf_counter()
        self.limit = limit
        self.truncated = False

    def seconds(self) -> float:
        return time.perf_counter() - self.started

    def is_over(self, share: float = 1.0) -> bool:
        """Whether that share of the limit has passed; remembers that it happened."""
        if self.limit is not None and self.seconds() > self.limit * share:
            self.truncated = True
            return True
        return False
