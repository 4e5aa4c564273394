from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.directory.models import Organisation
from samverk.kit.forms import Form, ModelForm
from samverk.programmes.choices import PartnerKind, SeatRole
from samverk.programmes.models import Programme, RuleSet


def organisation_by_text(text: str) -> Organisation | None:
    """The one living organisation with this code or exact name."""
    text = text.strip()
    found = (
        Organisation.objects.alive().filter(code=text.upper())[:1]
        or (Organisation.objects.alive().filter(name__iexact=text)[:2])
    )
    return found[0] if len(found) == 1 else None


class OrganisationField(forms.CharField):
    """An organisation named by its exact name or code; a datalist of the page suggests."""

    default_error_messages = {
        "required": _("Write the organisation's name."),
        "unknown": _(
            "No organisation has this name. Choose one of the list, or add it to the directory first."
        ),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"max_length": 300, "label": _("Organisation")} | options))
        self.widget.attrs |= {"list": "organisations", "autocomplete": "off"}

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        organisation = organisation_by_text(text)
        if organisation is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return organisation


class ProgrammeForm(ModelForm):
    """A programme's facts; the goals are one to a line."""

    goals_text = forms.CharField(
        label=_("Goals"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One goal on each line."),
    )

    class Meta:
        model = Programme
        fields = [
            "code", "name", "short_name", "language", "country", "region", "starts", "ends",
            "currency", "budget", "support", "summary", "goals_text", "funder_information", "report_name", "is_public",
        ]  # fmt: skip
        widgets = {
            "starts": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "ends": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "summary": forms.Textarea({"rows": 3}),
            "funder_information": forms.Textarea({"rows": 2}),
        }
        help_texts = {
            "code": _("Short, such as KCM. It stands on lists and in files."),
            "funder_information": _("Stands on public pages, sheets and reports."),
            "report_name": _("For example redovisning or sprawozdanie."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.initial.setdefault("goals_text", "\n".join(map(str, self.instance.goals)))

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if len(currency) != 3 or not currency.isalpha():
            raise forms.ValidationError(_("Write three letters, for example SEK, PLN or EUR."))
        return currency

    def values(self) -> dict[str, Any]:
        """What the commands take: the form's values with the goals as a list."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "goals_text"}
        values["goals"] = [
            line.strip() for line in self.cleaned_data["goals_text"].splitlines() if line.strip()
        ]
        return values


class SeatForm(Form):
    """Seat somebody by exact e-mail; nobody is shown to whoever does not know it."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("The address the person signs in with."))
    role = forms.ChoiceField(label=_("Seat"), choices=SeatRole)
    organisation = OrganisationField(required=False, label=_("Comes from"))
    sees_protected = forms.BooleanField(
        label=_("May open what is hidden of people with protected identity"), required=False
    )


class PartnerForm(Form):
    organisation = OrganisationField()
    kind = forms.ChoiceField(label=_("Role"), choices=PartnerKind)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class ComponentForm(Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=200)


class FundingLineForm(Form):
    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("Letters, digits and dashes."))
    name = forms.CharField(label=_("Name"), max_length=200)
    rule_set = forms.ModelChoiceField(
        RuleSet.objects.all(), label=_("Rules"), empty_label=_("Not decided yet"), required=False
    )
    to_prove = forms.DecimalField(
        label=_("Co-financing to prove"), required=False, min_value=0, max_digits=14, decimal_places=2
    )


class EnrolForm(Form):
    organisation = OrganisationField()
    starts = forms.DateField(
        label=_("From"),
        initial=timezone.localdate,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
