"""Groups of an activity: a group, and who is put into it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity, Cohort
from samverk.kit.forms import Form


class CohortForm(Form):
    name = forms.CharField(
        label=_("Name of the group"), max_length=100,
        error_messages={"required": _("Write a name for the group.")},
    )  # fmt: skip
    place = forms.CharField(
        label=_("Place or region"), max_length=100, required=False,
        help_text=_("Stands beside the name, for example the town where the group meets."),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Number of places"), required=False, min_value=1, max_value=100_000,
        widget=forms.NumberInput({"min": 1, "inputmode": "numeric"}),
        help_text=_("Empty means: as many as like."),
    )  # fmt: skip


class PutForm(Form):
    """Into which group those who are ticked go."""

    mark_optional = False
    cohort = forms.ChoiceField(label=_("Put them into"), required=False)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {one.code: one for one in activity.cohort_of.values()}
        choice: Any = self.fields["cohort"]
        choice.choices = [("", _("No group")), *((code, one.name) for code, one in self.groups.items())]

    @property
    def chosen(self) -> Cohort | None:
        return self.groups.get(self.cleaned_data["cohort"])


def cohorts_field(activity: Activity) -> forms.TypedMultipleChoiceField | None:
    """Which groups come to a session; nothing where the activity has none."""
    groups = {one.code: one for one in activity.cohort_of.values()}
    if not groups:
        return None
    return forms.TypedMultipleChoiceField(
        label=_("Which groups come"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, one.name) for code, one in groups.items()], coerce=groups.__getitem__, empty_value=[],
        help_text=_("Tick several for a session they share. None ticked means everybody."),
    )  # fmt: skip
