"""Time, length and amounts as people write them, in the language of the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

# Not a plain space: the unit stays on the line of its number.
FIRM = "\u00a0"


def local(moment: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """A moment in the centre's time zone; one that stands in a place's own zone already, and a plain date, as it is."""
    if isinstance(moment, dt.datetime) and timezone.is_aware(moment):
        stands_in_a_place = isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC"
        return moment if stands_in_a_place else timezone.localtime(moment)
    return moment


def day(moment: dt.date | dt.datetime, *, year: bool = False, weekday: bool = True) -> str:
    """“Thursday 19 March”, with the year where it is asked for."""
    here = local(moment)
    plain = here.date() if isinstance(here, dt.datetime) else here
    return _day_in(get_language(), plain, year, weekday)


@lru_cache(maxsize=2_000)
def _day_in(language: str | None, day: dt.date, year: bool, weekday: bool) -> str:
    # E and not F: the month as it stands beside a day, “marca” and not “marzec”.
    pattern = pgettext("date format", "l j E") if weekday else pgettext("date format", "j E")
    return format_date(day, f"{pattern} Y" if year else pattern)


def month(moment: dt.date | dt.datetime) -> str:
    """The month as it stands under a day: whole where it is short, else shortened."""
    here = local(moment)
    whole = format_date(here, "E")
    return whole if len(whole) <= 6 else format_date(here, "M")


def clock(moment: dt.datetime | dt.time) -> str:
    """“18:00”; every language of ours writes 24 hours."""
    if isinstance(moment, dt.datetime):
        moment = local(moment)  # type: ignore[assignment]
    return f"{moment:%H:%M}"


def span(start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> str:
    """“18:00–20:00”."""
    return f"{clock(start)}–{clock(end)}"


def hours(minutes: int) -> str:
    """Minutes as “6 h 30 min”, never as a decimal fraction."""
    sign, minutes = ("−", -minutes) if minutes < 0 else ("", minutes)
    whole, rest = divmod(minutes, 60)
    parts = []
    if whole or not rest:
        parts.append(_("%(number)s h") % {"number": number(whole)})
    if rest:
        parts.append(_("%(number)s min") % {"number": rest})
    return sign + FIRM.join(part.replace(" ", FIRM) for part in parts)


def number(value: int | Decimal | float, decimals: int | None = None) -> str:
    """A number with the language's separators, figures kept on one line."""
    if isinstance(value, float):
        value = Decimal(str(value))
    text = formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return text.replace(" ", FIRM)


def money(value: Decimal | int, currency: str = "") -> str:
    """“38 200 SEK”, with hundredths only where there are any."""
    amount = Decimal(value)
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{number(amount, decimals)}{FIRM}{currency}" if currency else number(amount, decimals)


def percent(share: float | Decimal) -> str:
    """A share between 0 and 1 as “96 %”."""
    return f"{number(round(Decimal(str(share)) * 100))}{FIRM}%"


def initials(name: str) -> str:
    """At most two letters that stand for a name."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()
