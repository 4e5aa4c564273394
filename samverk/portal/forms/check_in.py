"""Forms of checking in: the letters on the wall, the code of a ticket."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form


def _letters(size: int) -> forms.TextInput:
    return forms.TextInput(
        {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input", "size": size}
    )  # fmt: skip


class WallForm(Form):
    code = forms.CharField(
        label=_("Code on the wall"),
        help_text=_("Six letters on the screen in the room."),
        max_length=20,
        widget=_letters(8),
        error_messages={"required": _("Write the six letters that stand on the wall.")},
    )


class TicketForm(Form):
    ticket = forms.CharField(
        label=_("Code of your ticket"),
        help_text=_("Twelve letters, in the mail that confirmed your place."),
        max_length=200,
        required=False,
        widget=_letters(15),
    )
    mark_optional = False
