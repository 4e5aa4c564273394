"""The two fields of signing in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form


class EmailForm(Form):
    """The address that a code and a link are sent to."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We send you a code. You need no password."),
        error_messages={"required": _("Write your e-mail, for example anna@example.org")},
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class CodeForm(Form):
    """Eight letters, typed or pasted in any way."""

    code = forms.CharField(
        label=_("The code from the mail"),
        help_text=_("Eight letters. Small or large, with or without the space."),
        max_length=40,
        error_messages={"required": _("Write the eight letters that stand in the mail.")},
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "size": "12",
            }
        ),
    )
