"""What one looks for in the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.activities.queries import IN_ROOM, ONLINE, CalendarChoices, CalendarWish
from samverk.kit.choices import Language
from samverk.kit.forms import FilterForm


class CalendarFilter(FilterForm):
    """GET form above the calendar. A value nothing coming has any more is simply not chosen."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    theme = forms.CharField(label=_("Theme"), required=False, max_length=100, widget=forms.Select)
    place = forms.CharField(label=_("Place"), required=False, max_length=100, widget=forms.Select)
    language = forms.CharField(label=_("Language"), required=False, max_length=2, widget=forms.Select)
    how = forms.CharField(
        label=_("In the room or online"), required=False, max_length=10, widget=forms.Select
    )
    free = forms.CharField(label=_("Places"), required=False, max_length=5, widget=forms.Select)

    def __init__(self, *args: Any, choices: CalendarChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer("theme", _("All themes"), [(name, name) for name in choices.themes])
        self._offer("place", _("All places"), [(name, name) for name in choices.places])
        names = dict(Language.choices)
        self._offer("language", _("All languages"), [(code, names[code]) for code in choices.languages])
        self.fields["how"].widget.choices = [
            ("", _("Both")),
            (IN_ROOM, _("In the room")),
            (ONLINE, _("Online")),
        ]
        self.fields["free"].widget.choices = [("", _("All")), ("yes", _("With places left"))]

    def _offer(self, name: str, everything: Any, values: list[tuple[str, str]]) -> None:
        if len(values) < 2 and not self.data.get(name):
            del self.fields[name]
            return
        asked = self.data.get(name)
        # What somebody bookmarked stays visible as her choice, also when nothing coming has it.
        if asked and asked not in dict(values):
            values = [*values, (asked, asked)]
        self.fields[name].widget.choices = [("", everything), *values]

    def wish(self, *, past: bool = False) -> CalendarWish:
        asked = self.cleaned_data if self.is_valid() else {}
        return CalendarWish(
            theme=asked.get("theme", ""),
            place=asked.get("place", ""),
            language=asked.get("language", ""),
            how=asked.get("how", ""),
            with_places=asked.get("free") == "yes",
            search=asked.get("q", ""),
            past=past,
        )
