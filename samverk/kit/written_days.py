"""Days as people write them: 14/3, 14.3., 14 mars, 14 marca 2026, 2026-03-14."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone, translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT
from django.utils.translation import gettext_lazy as _

_NUMBERS = re.compile(r"([0-9]{1,2})\s*[./-]\s*([0-9]{1,2})(?:\s*[./-]\s*([0-9]{4})?)?\Z")
_WORDS = re.compile(r"([0-9]{1,2})\.?\s+([^\W\d_]{3,})\.?(?:\s+([0-9]{4}))?\Z")


def read_day(text: str, today: date) -> date | None:
    """The day somebody wrote, or None. Day before month; without a year the nearest such day."""
    typed = " ".join(text.split()).lower()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return _day(int(typed[:4]), int(typed[5:7]), int(typed[8:]))
    if found := _NUMBERS.match(typed):
        return _in_year(found[3], int(found[2]), int(found[1]), today)
    found = _WORDS.match(typed)
    month = _month_called(found[2]) if found else None
    return _in_year(found[3], month, int(found[1]), today) if found and month else None


def _month_called(word: str) -> int | None:
    """A month by its name, whole or its first three letters, in the reader's language or in English."""
    for language in (translation.get_language() or "en", "en"):
        with translation.override(language):
            for number in MONTHS:
                names = {str(MONTHS[number]), str(MONTHS_ALT[number]), str(MONTHS_3[number])}
                if word in {name.lower().rstrip(".") for name in names} or (
                    len(word) == 3 and str(MONTHS[number]).lower().startswith(word)
                ):
                    return number
    return None


def _in_year(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _day(int(year), month, day)
    near = [found for turn in (-1, 0, 1) if (found := _day(today.year + turn, month, day))]
    return min(near, key=lambda found: abs(found - today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class WrittenDayField(forms.DateField):
    """A day in a text field. A near day of the office keeps the browser's own picker (``type=date``)."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write the day, for example 14/3 or 2026-03-14")}

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        found = read_day(str(value), timezone.localdate())
        if found is None or abs(found - timezone.localdate()) > timedelta(days=366 * 150):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found
