from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import FilterForm, Form
from samverk.programmes.models import Programme


class PeopleFilter(FilterForm):
    q = forms.CharField(
        label=_("Name or whole e-mail"), required=False, widget=forms.TextInput({"type": "search"})
    )
    organisation = forms.CharField(label=_("Organisation"), required=False)
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["programme"]
        field.queryset = programmes


class OpenForm(Form):
    """What is hidden is opened with a reason, which stands in the log."""

    reason = forms.CharField(
        label=_("Why you open it"),
        max_length=200,
        error_messages={"required": _("Write why, in a few words.")},
    )
