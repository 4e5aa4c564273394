from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import AffiliationRole, MandateScope, Sector
from samverk.directory.identifiers import SCHEMES
from samverk.directory.models import Organisation
from samverk.kit.choices import Country, Language
from samverk.kit.forms import FilterForm, Form, ModelForm, WordsField


class OrganisationFilter(FilterForm):
    q = forms.CharField(
        label=_("Name, place or theme"), required=False, widget=forms.TextInput({"type": "search"})
    )
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("All")), *Sector.choices])
    place = forms.CharField(label=_("Place"), required=False)
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=[("", _("All")), *Country.choices]
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("name", _("By name")), ("place", _("By place")), ("newest", _("Newest first"))],
    )


class OrganisationForm(ModelForm):
    """What is known of an organisation; numbers have a form of their own."""

    themes = WordsField(label=_("Themes"), required=False, help_text=_("Divide them by commas."))
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Organisation
        fields = [
            "name", "short_name", "sector", "legal_form", "founded", "size", "street", "postcode", "place",
            "region", "country", "email", "phone", "web", "themes", "languages", "description", "language", "is_public",
        ]  # fmt: skip
        widgets = {"description": forms.Textarea({"rows": 4}), "web": forms.URLInput({"autocomplete": "url"})}
        error_messages = {"name": {"required": _("Write the organisation's name.")}}
        help_texts = {"description": _("One sentence: what you do, and for whom.")}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class IdentifierForm(Form):
    scheme = forms.ChoiceField(label=_("Which register"), choices=[])
    typed = forms.CharField(label=_("Number"), max_length=60, required=False)
    missing_because = forms.CharField(
        label=_("Missing, because"),
        max_length=200,
        required=False,
        help_text=_("Only where there is no number."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [(scheme.code, scheme.name) for scheme in SCHEMES.values()]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("typed") and not values.get("missing_because"):
            self.add_error("typed", _("Write the number, or say why it is missing."))
        return values


class AffiliationForm(Form):
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("Of somebody who has signed in or registered before.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=AffiliationRole)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    starts = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))


class MandateForm(Form):
    email = forms.EmailField(label=_("E-mail"))
    scopes = forms.MultipleChoiceField(
        label=_("What the person may do"),
        choices=MandateScope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the person may do.")},
    )
    starts = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    ends = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    is_deputy = forms.BooleanField(label=_("As a deputy"), required=False)
