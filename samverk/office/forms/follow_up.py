from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity, Leader
from samverk.activities.sheet_rules import times_refusal
from samverk.follow_up.choices import MaterialAudience, Rights
from samverk.kit.acting import Refusal
from samverk.kit.forms import Form
from samverk.kit.wall_clock import moment_of
from samverk.office.forms.attendance import ClockField
from samverk.people.models import Person
from samverk.people.rules import shown_name
from samverk.programmes.models import TeamSeat


class SummaryForm(Form):
    text = forms.CharField(
        label=_("Text"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 12})
    )


class OwnerField(forms.ModelChoiceField):
    """Somebody of the team, by name; with protected identity by alias."""

    def label_from_instance(self, obj: Person) -> str:
        return shown_name(obj)


class TaskForm(Form):
    text = forms.CharField(
        label=_("What is to be done"),
        max_length=300,
        error_messages={"required": _("Write what is to be done.")},
    )
    owner = OwnerField(
        label=_("Who"), queryset=Person.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    due = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = TeamSeat.objects.filter(programme=activity.programme).values("person")
        leaders = Leader.objects.filter(activity=activity).values("person")
        owner: Any = self.fields["owner"]
        everybody = Person.objects.alive()
        owner.queryset = (everybody.filter(pk__in=team) | everybody.filter(pk__in=leaders)).order_by(
            "sort_key"
        )


class MaterialForm(Form):
    """A file or a link; a file wants a right, a picture its description."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, JPEG, PNG, WebP or HEIC, at most 20 MB."),
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png,.webp,.heic"}),
    )  # fmt: skip
    link = forms.URLField(label=_("Or an address"), max_length=500, required=False)
    audience = forms.ChoiceField(label=_("For whom"), choices=MaterialAudience, widget=forms.RadioSelect)
    described = forms.CharField(
        label=_("What the picture shows"), max_length=300, required=False,
        help_text=_("One sentence, for those who cannot see it. Needed for a picture."),
    )  # fmt: skip
    rights = forms.ChoiceField(
        label=_("By what right we show it"), required=False, choices=[("", _("Choose")), *Rights.choices],
        help_text=_("Needed for a file. People in a picture must have said yes to it."),
    )  # fmt: skip
    maker = forms.CharField(label=_("Who made it"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and bool(values.get("file")) == bool(values.get("link")):
            both = bool(values.get("file"))
            words = (
                _("Choose the file or the address, not both.")
                if both
                else _("Choose a file, or write an address.")
            )
            self.add_error("file", words)
        return values

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("file", "link")}


class NextMeetingForm(Form):
    title = forms.CharField(
        label=_("Title"), max_length=200, error_messages={"required": _("Write a title.")}
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not all(values.get(name) for name in ("day", "starts", "ends")):
            return values
        try:
            values["starts_at"] = moment_of(values["day"], values["starts"], self.zone, field="starts")
            values["ends_at"] = moment_of(values["day"], values["ends"], self.zone, field="ends")
        except Refusal as no:
            self.add_error(no.field, str(no.reason))
            return values
        minutes = int((values["ends_at"] - values["starts_at"]) / timedelta(minutes=1))
        if refusal := times_refusal(values["starts_at"], values["ends_at"], minutes):
            self.add_error("ends", str(refusal.reason))
        return values

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "starts_at", "ends_at")}
