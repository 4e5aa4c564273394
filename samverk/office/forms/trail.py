"""What to look for in the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import FilterForm
from samverk.office.verbs import THINGS


class TrailFilter(FilterForm):
    """By scope, kind of thing, code and day."""

    scope = forms.ChoiceField(label=_("Where"), required=False)
    thing = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("Everything")), *THINGS.items()]
    )
    code = forms.CharField(label=_("Code of the thing"), required=False, max_length=40)
    day = forms.DateField(label=_("Up to the day"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, scopes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [("", _("Everywhere I may look")), *scopes]  # type: ignore[attr-defined]
