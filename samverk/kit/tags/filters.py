"""Words, times and amounts in templates."""

from __future__ import annotations

from typing import Any

from django import template

from samverk.kit import words

register = template.Library()

register.filter("hours", words.hours)
register.filter("clock", words.clock)
register.filter("number", words.number)
register.filter("percent", words.percent)
register.filter("initials", words.initials)


@register.filter
def money(value: Any, currency: str = "") -> str:
    """{{ amount|money:"SEK" }}"""
    return words.money(value, currency)


@register.filter
def day(moment: Any, how: str = "") -> str:
    """{{ session.start|day }} or |day:"year"."""
    return words.day(moment, year=how == "year")


@register.filter
def until(start: Any, end: Any) -> str:
    """{{ session.start|until:session.end }} gives 18:00–20:00."""
    return words.span(start, end)


@register.filter
def phone_href(number: str) -> str:
    """The address that a phone rings: spaces and dashes taken away."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")
