"""Months as the ledger keeps them: by their first day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import pgettext


def first_of(day: date) -> date:
    """The month of a day."""
    return date(day.year, day.month, 1)


def last_of(month: date) -> date:
    """The month's last day."""
    return date(month.year, month.month, monthrange(month.year, month.month)[1])


def next_month(month: date) -> date:
    return last_of(month) + timedelta(days=1)


def month_before(month: date) -> date:
    return first_of(first_of(month) - timedelta(days=1))


def months_between(first: date, last: date) -> list[date]:
    """Every month that has a day from first to last."""
    months, month = [], first_of(first)
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months


def parse_month(text: str) -> date | None:
    """`2026-03` as its first day; None where it is no month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except (ValueError, TypeError):
        return None


def said(month: date) -> str:
    """“March 2026”."""
    return format_date(month, pgettext("date format", "F Y"))
