from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import validate_email
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from samverk.kit.acting import Refusal
from samverk.kit.forms import Form
from samverk.kit.wall_clock import moment_of
from samverk.office.forms.attendance import ClockField
from samverk.polls.choices import MOST_TIMES
from samverk.polls.rules import times_refusal

ADDRESSES_AT_MOST = 200


class PollForm(Form):
    """What it is about, whom to ask, and until when; the times stand in a set of their own."""

    title = forms.CharField(
        label=_("What it is about"), max_length=200, error_messages={"required": _("Write what it is about.")}
    )
    note = forms.CharField(
        label=_("A word to those you ask"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )
    asks_registered = forms.BooleanField(label=_("Ask everybody who is registered"), required=False)
    addresses = forms.CharField(
        label=_("Ask these addresses, too"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("One e-mail on each line."),
    )  # fmt: skip
    last_day = forms.DateField(label=_("Answer by"), widget=forms.DateInput({"type": "date"}))
    last_hour = ClockField(label=_("at"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)

    def clean_addresses(self) -> list[str]:
        found = [part for part in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if part]
        if len(found) > ADDRESSES_AT_MOST:
            raise forms.ValidationError(_("Write at most 200 addresses."))
        for address in found:
            try:
                validate_email(address)
            except forms.ValidationError:
                words = _now("“%(address)s” is no whole e-mail address.") % {"address": address[:60]}
                raise forms.ValidationError(words) from None
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("last_day") and values.get("last_hour"):
            try:
                values["deadline"] = moment_of(
                    values["last_day"], values["last_hour"], self.zone, field="last_hour"
                )
            except Refusal as no:
                self.add_error(no.field, str(no.reason))
        return values

    def refuse(self, times: list[tuple[datetime, datetime]]) -> bool:
        """Say what is wrong with the times together; True where nothing is."""
        deadline = self.cleaned_data.get("deadline")
        refusal = times_refusal(times, deadline, timezone.now()) if deadline else None
        if refusal:
            self.add_error("last_day" if refusal.field == "deadline" else None, str(refusal.reason))
        return refusal is None

    def facts(self) -> dict[str, Any]:
        names = ("title", "note", "asks_registered", "addresses", "deadline")
        return {name: self.cleaned_data[name] for name in names}


class TimeForm(Form):
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
            starts = moment_of(values["day"], values["starts"], self.zone, field="starts")
            ends = moment_of(values["day"], values["ends"], self.zone, field="ends")
        except Refusal as no:
            self.add_error(no.field, str(no.reason))
            return values
        if ends <= starts:
            self.add_error("ends", _("The end comes before the start. Change one of them."))
        values["span"] = (starts, ends)
        return values


class BaseTimeSet(BaseFormSet):
    """Rows one leaves empty are none."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"empty_permitted": True}

    def spans(self) -> list[tuple[datetime, datetime]]:
        return [
            one.cleaned_data["span"] for one in self.forms if one.has_changed() and "span" in one.cleaned_data
        ]


TimeSet = formset_factory(TimeForm, formset=BaseTimeSet, extra=3, max_num=MOST_TIMES, absolute_max=MOST_TIMES)
