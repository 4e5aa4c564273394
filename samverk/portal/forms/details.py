"""A person's own details."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from samverk.kit.choices import Language
from samverk.kit.forms import Form

OFFERED = {code for code, _name in settings.LANGUAGES}


class DetailsForm(Form):
    """What a person may change about herself; the address she signs in with is not among it."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=100, error_messages={"required": _("Write your given name")},
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )  # fmt: skip
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, help_text=_("We ring only when something changes at short notice."),
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Place"), max_length=100, required=False, help_text=_("Town or municipality."),
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of your pages and mails"),
        choices=[(code, name) for code, name in Language.choices if code in OFFERED],
        widget=forms.RadioSelect,
    )
