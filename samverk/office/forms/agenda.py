from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.agenda.choices import ItemKind, SpeakerRole
from samverk.agenda.commands.items import Slot
from samverk.agenda.commands.speakers import Who
from samverk.agenda.models import Agenda, AgendaItem, Speaker
from samverk.agenda.rules import moment_on
from samverk.kit import words
from samverk.kit.acting import Refusal
from samverk.kit.forms import Form
from samverk.office.forms.attendance import ClockField

WORDS = ("kind", "title", "subtitle", "abstract", "track")


class ItemForm(Form):
    """An item of the programme: what, when, where. A reason is asked where a room or a person is wanted twice."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    title = forms.CharField(
        label=_("Title"), max_length=500, error_messages={"required": _("Write a title.")}
    )
    subtitle = forms.CharField(label=_("Subtitle"), max_length=500, required=False)
    day = forms.TypedChoiceField(label=_("Day"))
    starts = ClockField(label=_("From"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=24 * 60, initial=30)
    room = forms.ModelChoiceField(label=_("Room"), queryset=None, required=False, empty_label=_("No room"))
    track = forms.ModelChoiceField(label=_("Track"), queryset=None, required=False, empty_label=_("No track"))
    abstract = forms.CharField(label=_("In short"), required=False, widget=forms.Textarea({"rows": 4}))
    reason = forms.CharField(
        label=_("Why it is all right"), max_length=300, required=False,
        help_text=_("Only where a room or a person is wanted twice."),
    )  # fmt: skip

    def __init__(self, *args: Any, agenda: Agenda, days: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agenda = agenda
        self.days = {day.isoformat(): day for day in days}
        self.fields["day"].choices = [(key, words.day(day, year=True)) for key, day in self.days.items()]
        for name, choices in [("room", agenda.rooms.all()), ("track", agenda.tracks.all())]:
            self.fields[name].queryset = choices
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("day") and values.get("starts"):
            try:
                values["starts_at"] = moment_on(
                    self.days[values["day"]], values["starts"], self.agenda.zone, self.agenda.day_change
                )
            except Refusal as no:
                self.add_error(no.field, str(no.reason))
        return values

    def slot(self) -> Slot:
        values = self.cleaned_data
        return Slot(values["starts_at"], values["minutes"], values.get("room"))

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in WORDS if name in self.fields} | {
            "reason": self.cleaned_data["reason"]
        }


def facts_of(item: AgendaItem) -> dict[str, Any]:
    """What stands in the form of an item."""
    return {name: getattr(item, name) for name in WORDS} | {
        "day": item.day.isoformat(), "starts": f"{item.starts_local:%H:%M}", "minutes": item.minutes, "room": item.room,
    }  # fmt: skip


class SpeakerForm(Form):
    """Who takes part in an item: somebody on the programme already, or a name."""

    speaker = forms.ModelChoiceField(
        label=_("Who"), queryset=None, required=False, empty_label=_("Somebody new")
    )
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Whoever is registered with it keeps the place.")
    )
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=300, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=SpeakerRole.choices)
    reason = forms.CharField(
        label=_("Why it is all right"), max_length=300, required=False,
        help_text=_("Only where a room or a person is wanted twice."),
    )  # fmt: skip

    def __init__(self, *args: Any, agenda: Agenda, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = agenda.speakers.select_related("registration__person")
        self.fields["speaker"].queryset = known
        if not known:
            del self.fields["speaker"]

    @property
    def known(self) -> Speaker | None:
        return self.cleaned_data.get("speaker")

    def who(self) -> Who:
        values = self.cleaned_data
        return Who(
            given_name=values["given_name"], family_name=values["family_name"], email=values["email"],
            title=values["title"], organisation_typed=values["organisation"],
        )  # fmt: skip


class NameForm(Form):
    """A room or a track by its name."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Write a name.")})


class ProgrammeFileForm(Form):
    """A programme as another system exported it."""

    file = forms.FileField(
        label=_("File"), help_text=_("schedule.json or schedule.xml, as pretalx, frab and others write it."),
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip
