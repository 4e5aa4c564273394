"""Stays of a person in a meeting: merged, cut to the session, summed. Moments are whole seconds since 1970, UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from samverk.reckoning.timeline import Span, length, merged

# Clocks of programs differ a little, and nobody lets people in on the second.
NEARLY = 60
# Programs round lengths to minutes; less than this is no break.
SMALLEST_BREAK = 120


@dataclass(frozen=True)
class Presence:
    """What counts of somebody's stays in a session."""

    stays: tuple[Span, ...] = ()
    # Seconds of breaks nobody knows the time of: the list says only how long she was there in all.
    lost: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes of the merged sum."""
        return max(length(self.stays) - self.lost, 0) // 60

    @property
    def away_minutes(self) -> int:
        """Minutes between coming and leaving that do not count."""
        return max((self.left - self.came) // 60 - self.minutes, 0) if self.stays else 0

    @property
    def came(self) -> int:
        return self.stays[0][0]

    @property
    def left(self) -> int:
        return self.stays[-1][1]

    def is_whole(self, start: int, end: int) -> bool:
        """Whether she was there from the start to the end, give or take a minute."""
        return (
            bool(self.stays)
            and not self.away_minutes
            and self.came - start <= NEARLY
            and end - self.left <= NEARLY
        )


def presence_in(stays: Iterable[Span], lost: int, start: int, end: int) -> Presence:
    """Stays merged, each second once, and only what lies in the session."""
    inside = [(max(came, start), min(left, end)) for came, left in stays if came < end and left > start]
    return Presence(tuple(merged(inside)), lost if inside else 0)


def seconds_of(moment: datetime) -> int:
    return int(moment.timestamp())


def moment_at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
