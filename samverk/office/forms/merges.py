from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form


class MergeFindForm(Form):
    """Two rows by their codes."""

    mark_optional = False
    kind = forms.ChoiceField(
        label=_("What they are"), choices=[("organisation", _("Organisations")), ("person", _("People"))]
    )
    stays = forms.CharField(label=_("Code of the one that stays"), max_length=20)
    goes = forms.CharField(label=_("Code of the other one"), max_length=20)
