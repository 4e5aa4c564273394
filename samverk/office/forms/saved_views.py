from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form
from samverk.programmes.models import Programme


class SaveViewForm(Form):
    """A name for the list as it is filtered now."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=60,
        error_messages={"required": _("Write a name for the view.")},
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Share with the team of"), required=False, empty_label=_("Only me")
    )

    def __init__(self, *args, programmes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
