"""From a day and a time as people write them to a moment, in a place's own clock.

Twice a year the clock jumps: one hour does not exist, another comes twice. Both are refused in words, since a
guess would move somebody's hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from samverk.kit import words
from samverk.kit.acting import Refusal


def moment_of(day: date, clock: time, zone: ZoneInfo, *, field: str = "") -> datetime:
    """The moment at which the place's clock shows this. Raises Refusal `gap` or `overlap` on nights the clock jumps."""
    first = datetime.combine(day, clock, tzinfo=zone)
    second = first.replace(fold=1)
    said = {"time": words.clock(clock), "day": words.day(day)}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise Refusal(
            _("%(time)s does not exist on %(day)s: the clock goes forward. Choose an hour later.") % said,
            code="gap",
            field=field,
        )
    if first.utcoffset() != second.utcoffset():
        raise Refusal(
            _("%(time)s comes twice on %(day)s: the clock goes back. Choose an hour earlier or later.")
            % said,
            code="overlap",
            field=field,
        )
    return first


def moment_within(clock: time, start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment between start and end at which the clock shows this; None when it never does."""
    days = {start.astimezone(zone).date(), end.astimezone(zone).date()}
    for day in sorted(days):
        for fold in (0, 1):
            moment = datetime.combine(day, clock, tzinfo=zone).replace(fold=fold)
            if start <= moment <= end:
                return moment
    return None


def shifted(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same wall clock so many days later, whatever the clock did between. Raises Refusal as `moment_of`."""
    here = moment.astimezone(zone)
    return moment_of(here.date() + timedelta(days=days), here.time(), zone)
