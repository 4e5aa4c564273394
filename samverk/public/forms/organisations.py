from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import Sector
from samverk.kit.forms import FilterForm


class DirectoryFilter(FilterForm):
    """What a visitor asks of the directory."""

    q = forms.CharField(
        label=_("What are you looking for?"),
        required=False,
        widget=forms.TextInput({"type": "search"}),
        help_text=_("A name, a place or a theme."),
    )
    sector = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Sector.choices])
    place = forms.CharField(label=_("Place"), required=False)
