from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Session
from samverk.kit.forms import Form
from samverk.remote.planning import CLOCKS


class LogForm(Form):
    file = forms.FileField(
        label=_("Log-in list"),
        max_length=None,
        help_text=_("The participants file of Zoom, Teams or BigBlueButton, as the program wrote it (CSV)."),
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,.tsv,text/csv", "class": "drop"}),
        error_messages={"required": _("Choose the file with the log-in list.")},
        allow_empty_file=True,
    )


class ClockForm(Form):
    """In which zone the times of the list are written."""

    clock = forms.ChoiceField(label=_("The clock of the list"))

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict.fromkeys([session.time_zone, *CLOCKS])
        field: Any = self.fields["clock"]
        field.choices = [(name, name.replace("_", " ")) for name in names]
