from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.models import Organisation
from samverk.kit.forms import ModelForm, WordsField


class ProfileForm(ModelForm):
    """What a representative keeps true about her organisation. Name and numbers the centre keeps."""

    themes = WordsField(label=_("Themes"), required=False, help_text=_("Divide them by commas."))

    class Meta:
        model = Organisation
        fields = ["description", "language", "themes", "email", "phone", "web", "street", "postcode", "place"]
        widgets = {"description": forms.Textarea({"rows": 4}), "web": forms.URLInput({"autocomplete": "url"})}
        help_texts = {"description": _("One sentence: what you do, and for whom.")}
