"""What one may change about one's own place."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import AffiliationRole
from samverk.kit.forms import Form


class AnswersForm(Form):
    """For whom somebody comes, and in which role."""

    organisation = forms.CharField(
        label=_("Association or organisation"),
        help_text=_("If you come for yourself, leave it empty."),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    role = forms.ChoiceField(
        label=_("You are there"), required=False, choices=[("", _("Not said")), *AffiliationRole.choices]
    )
    note = forms.CharField(
        label=_("Anything you want us to take up?"),
        help_text=_("A question or a wish. Write nothing about health or food: ring us about that."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
