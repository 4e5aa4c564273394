"""Figures in words: values with their unit, the sentence that sums a report up, a digest in groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.activities.choices import ActivityKind
from samverk.directory.choices import Sector
from samverk.kit import words
from samverk.kit.measuring import HOURS, MINUTES, MONEY
from samverk.programmes.models import Programme
from samverk.reporting.queries.co_financing import CoFinancing
from samverk.reporting.queries.differences import Difference
from samverk.reporting.queries.figures import Figures


def said(unit: str, value: Any, currency: str = "") -> str:
    """A value as people write it: 1,486; 212 h 30 min; 3,120 h; 936,000 SEK."""
    if unit == MINUTES:
        return words.hours(int(value))
    if unit == MONEY:
        return words.money(Decimal(value).quantize(Decimal("0.01")), currency)
    if unit == HOURS:
        return words.hours(int((Decimal(value) * 60).to_integral_value()))
    return words.number(value)


def target_said(unit: str, value: Decimal, currency: str = "") -> str:
    """A target, which for time is written in hours."""
    if unit in (MINUTES, HOURS):
        return said(MINUTES, int(value * 60))
    return said(unit, plain(value), currency)


def plain(value: Decimal | int) -> Decimal | int:
    """A whole number without decimals."""
    return int(value) if value == int(value) else value


def period(starts: date, ends: date) -> str:
    """“1 January – 31 March 2026”."""
    same = starts.year == ends.year
    first = words.day(starts, year=not same, weekday=False)
    return f"{first} – {words.day(ends, year=True, weekday=False)}"


def in_short(figures: Figures) -> str:
    """The report in two sentences."""
    people, visits = figures.value("unique_people"), figures.value("visits")
    organisations = figures.value("unique_organisations")
    met = ngettext("%(people)s person", "%(people)s people", people) % {"people": words.number(people)}
    stood = ngettext("%(n)s organisation", "%(n)s organisations", organisations) % {
        "n": words.number(organisations)
    }
    came = ngettext("%(n)s time", "%(n)s times", visits) % {"n": words.number(visits)}
    sentence = _("%(people)s from %(organisations)s took part, %(times)s in all.") % {
        "people": met,
        "organisations": stood,
        "times": came,
    }
    amount = Decimal(figures.value("approved_amount"))
    if not amount:
        return sentence
    proven = _("%(hours)s count, which proves %(money)s of the co-financing.") % {
        "hours": said(HOURS, figures.value("approved_hours")),
        "money": said(MONEY, amount, figures.programme["currency"]),
    }
    return f"{sentence} {proven}"


def money_finding(found: CoFinancing) -> str:
    """The title of the chart is its finding."""
    if not found.needed:
        return _("%(money)s count by the rules") % {"money": said(MONEY, found.approved, found.currency)}
    if found.planned:
        return _("On course for %(share)s of the co-financing") % {
            "share": percent(found.share(found.forecast))
        }
    return _("%(share)s of the co-financing is proven") % {"share": percent(found.share(found.approved), 2)}


def grouped(digest: str) -> str:
    """A digest in groups of four, for eyes and telephone."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def percent(share: Decimal | None, decimals: int = 0) -> str:
    """“96 %”, or with two decimals “23.34 %”."""
    if share is None:
        return "–"
    value = (share * 100).quantize(Decimal(10) ** -decimals, ROUND_HALF_UP)
    return f"{words.number(value, decimals)}{words.FIRM}%"


def cell(value: Any) -> str:
    """A value of a row: dates and numbers as people write them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return words.number(value)
    return str(value)


def narrowed(filters: Mapping[str, str], programme: Programme) -> str:
    """“Course, Association”: to what an indicator is narrowed."""
    names = {component.code: component.name for component in programme.components.all()} if filters else {}
    labels = {**dict(ActivityKind.choices), **dict(Sector.choices), **names}
    return ", ".join(str(labels.get(value, value)) for value in filters.values())


def effect(row: Difference) -> str:
    """By how much the row changed the report: time, or money of a decision."""
    if row.section == "decision":
        return _signed(words.money(abs(row.effect("amount"))), row.effect("amount"))
    minutes = row.effect("minutes")
    return _signed(words.hours(int(abs(minutes))), minutes) if minutes else "–"


def _signed(text: str, number: Decimal) -> str:
    return f"+{text}" if number > 0 else f"−{text}" if number < 0 else "–"
