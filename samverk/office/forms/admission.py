"""Who may come, and how the waiting list moves: as a coordinator says it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.activities.choices import ComesAs
from samverk.activities.models import Activity
from samverk.directory.choices import AffiliationRole, Sector
from samverk.directory.regions import region_codes, region_name
from samverk.kit.forms import Form


class RegionsField(forms.CharField):
    """Regions and municipalities by name, one on a line; a doubtful name is asked about."""

    widget = forms.Textarea({"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(region_name(code) for code in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return list(dict.fromkeys(_code(line) for line in lines))


def _code(line: str) -> str:
    name, _bracket, within = line.rstrip(")").partition(" (")
    codes = region_codes(name)
    if within:
        around = region_codes(within)
        codes = {code for code in codes if any(code.startswith(top) for top in around)}
    if len(codes) == 1:
        return codes.pop()
    if codes:
        known = ", ".join(sorted(region_name(code) for code in codes))
        raise ValidationError(
            _("%(name)s is several places. Write one of: %(known)s.") % {"name": line, "known": known}
        )
    raise ValidationError(_("We know no region or municipality called %(name)s.") % {"name": line})


class AdmissionForm(Form):
    """The conditions; an empty one asks nothing."""

    mark_optional = False
    only_invited = forms.BooleanField(
        label=gettext_lazy("Only those who are invited"), required=False,
        help_text=gettext_lazy("Each gets a personal link. The conditions below are not asked of them."),
    )  # fmt: skip
    only_enrolled = forms.BooleanField(
        label=gettext_lazy("Only organisations and people enrolled in the programme"), required=False
    )
    needs_approval = forms.BooleanField(
        label=gettext_lazy("A coordinator answers each registration"), required=False,
        help_text=gettext_lazy("Nobody takes a place before that."),
    )  # fmt: skip
    per_organisation = forms.IntegerField(
        label=gettext_lazy("Most people from one organisation"), required=False, min_value=1, max_value=1000,
        widget=forms.NumberInput({"min": 1, "inputmode": "numeric"}),
        help_text=gettext_lazy("Empty means: as many as like."),
    )  # fmt: skip
    regions = RegionsField(
        label=gettext_lazy("Only people and organisations in"), required=False, max_length=2000,
        help_text=gettext_lazy("A region or municipality on each line, for example Podlaskie or Malmö."),
    )  # fmt: skip
    target_sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Only from these kinds of organisation"), required=False, choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple({"class": "two-up"}),
    )  # fmt: skip
    target_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Only people who are"), required=False, choices=AffiliationRole.choices,
        widget=forms.CheckboxSelectMultiple({"class": "two-up"}),
    )  # fmt: skip
    has_waiting_list = forms.BooleanField(label=gettext_lazy("There is a waiting list"), required=False)
    moves_by_hand = forms.BooleanField(
        label=gettext_lazy("A coordinator moves it by hand"), required=False,
        help_text=gettext_lazy("Otherwise the first in the queue gets each place that comes free."),
    )  # fmt: skip
    offer_hours = forms.IntegerField(
        label=gettext_lazy("Hours to answer an offered place"), required=False, min_value=1, max_value=720,
        widget=forms.NumberInput({"min": 1, "inputmode": "numeric"}),
        help_text=gettext_lazy("Empty means: places are given at once, and offered only on the last day."),
    )  # fmt: skip
    WHO = (
        "only_invited",
        "only_enrolled",
        "needs_approval",
        "per_organisation",
        "regions",
        "target_sectors",
        "target_roles",
    )
    LIST = ("has_waiting_list", "moves_by_hand", "offer_hours")

    @classmethod
    def of(cls, activity: Activity, sent: Any = None) -> AdmissionForm:
        return cls(sent, initial={name: getattr(activity, name) for name in (*cls.WHO, *cls.LIST)})

    @property
    def who(self) -> list[Any]:
        return [self[name] for name in self.WHO]

    @property
    def waiting_list(self) -> list[Any]:
        return [self[name] for name in self.LIST]


OWN_PLACES = [choice for choice in ComesAs.choices if choice[0] != ComesAs.PARTICIPANT]


class QuotaForm(Form):
    """Places of their own for a role."""

    comes_as = forms.ChoiceField(label=gettext_lazy("They come as"), choices=OWN_PLACES)
    places = forms.IntegerField(
        label=gettext_lazy("Number of places"), min_value=0, max_value=100_000,
        widget=forms.NumberInput({"min": 0, "inputmode": "numeric"}),
    )  # fmt: skip
    is_chosen = forms.BooleanField(
        label=gettext_lazy("People choose it themselves when they register"), required=False
    )


class ComesAsForm(Form):
    comes_as = forms.ChoiceField(label=gettext_lazy("Comes as"), choices=ComesAs.choices)


class BecauseForm(Form):
    """Why a coordinator does it; ``hint`` says who reads it."""

    because = forms.CharField(
        label=gettext_lazy("Why"), max_length=300,
        error_messages={"required": gettext_lazy("Write why, in one sentence.")},
    )  # fmt: skip

    def __init__(self, *args: Any, hint: Any = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].help_text, self.fields["because"].required = hint, required


class ExtendForm(Form):
    until = forms.DateTimeField(
        label=gettext_lazy("The offer stands until"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
