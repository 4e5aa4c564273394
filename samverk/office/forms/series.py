"""Many sessions at once, in a few words."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samverk.activities.patterns import MOST_SESSIONS, Planned, days_in_a_row, sessions_on, weekly
from samverk.kit.acting import Refusal
from samverk.kit.forms import Form
from samverk.office.forms.attendance import ClockField


class DaysField(forms.CharField):
    """Days as people list them: one on a line, or with commas between."""

    widget = forms.Textarea({"rows": 4})

    def to_python(self, value: Any) -> list[date]:  # type: ignore[override]
        one = forms.DateField()
        found = []
        for typed in filter(None, re.split(r"[\s,;]+", super().to_python(value) or "")):
            try:
                found.append(one.to_python(typed))
            except forms.ValidationError as no:
                said = gettext("“%(typed)s” is no day. Write each as 2026-03-19.") % {"typed": typed[:40]}
                raise forms.ValidationError(said, code="invalid") from no
        return [day for day in found if day is not None]


class PatternForm(Form):
    """Many sessions at once: which days, and the hours of each."""

    # Which are asked depends on the first answer.
    mark_optional = False
    ROW, WEEKLY, DAYS = "row", "weekly", "days"
    kind = forms.ChoiceField(
        label=_("Which days"), widget=forms.RadioSelect, initial=WEEKLY,
        choices=[(WEEKLY, _("The same day of the week")), (ROW, _("Days in a row")), (DAYS, _("These days"))],
    )  # fmt: skip
    first_day = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    number = forms.IntegerField(
        label=_("How many sessions"), required=False, min_value=1, max_value=MOST_SESSIONS
    )
    every = forms.TypedChoiceField(
        label=_("How often"), required=False, coerce=int, empty_value=1,
        choices=[(1, _("Every week")), (2, _("Every second week")), (4, _("Every fourth week"))],
    )  # fmt: skip
    skip = DaysField(
        label=_("Not on these days"), required=False, max_length=2000,
        help_text=_("Holidays, for example. One on a line; the number of sessions stays."),
    )  # fmt: skip
    days = DaysField(
        label=_("The days"), required=False, max_length=2000, help_text=_("One on a line, as 2026-03-19.")
    )
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"))
    break_minutes = forms.IntegerField(
        label=_("Minutes of breaks in each"), required=False, min_value=0, max_value=1439,
        help_text=_("They do not count as hours."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title of each session"), max_length=200, required=False)
    card = forms.ChoiceField(label=_("Another house, or a room"), required=False)

    def __init__(self, *args: Any, zone: str, places: Any, cohorts: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.planned: list[Planned] = []
        if cohorts is not None:
            self.fields["cohorts"] = cohorts
        card: Any = self.fields["card"]
        card.choices = [("", _("Where the activity is")), *places]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == self.DAYS:
            self._ask("days", values)
        elif values.get("kind"):
            self._ask("first_day", values)
            self._ask("number", values)
        if not self.errors:
            try:
                self.planned = sessions_on(
                    self._days(values), values["starts"], values["ends"],
                    break_minutes=values.get("break_minutes") or 0, zone=self.zone,
                )  # fmt: skip
            except Refusal as no:
                self.add_error(no.field if no.field in self.fields else None, str(no.reason))
        return values

    def _ask(self, name: str, values: dict[str, Any]) -> None:
        if name not in self.errors and not values.get(name):
            self.add_error(name, gettext("Fill in: %(label)s") % {"label": self.fields[name].label})

    def _days(self, values: dict[str, Any]) -> list[date]:
        if values["kind"] == self.DAYS:
            return list(values["days"])
        first, number, skip = values["first_day"], values["number"], values["skip"]
        if values["kind"] == self.ROW:
            return days_in_a_row(first, number, skip=skip)
        return weekly(first, number, every=values["every"], skip=skip)

    @property
    def seen(self) -> str:
        """What the preview showed: whoever writes something else is shown it first."""
        said = "".join(f"{one.starts_at.isoformat()}{one.planned_minutes}" for one in self.planned)
        return hashlib.sha256(said.encode()).hexdigest()[:16]
