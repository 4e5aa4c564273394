from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import Mark
from samverk.activities.models import Session
from samverk.directory.choices import AffiliationRole
from samverk.kit import words
from samverk.kit.forms import Form
from samverk.kit.wall_clock import moment_within

_CLOCK = re.compile(r"(\d{1,2})[.:,h ]?(\d{2})?")


class ClockField(forms.CharField):
    """A time as people write it on a phone: 18:35, 18.35, 1835 or 18."""

    default_error_messages = {"clock": _("Write the time with hours and minutes, for example 18:35")}

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget",
            forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 5, "maxlength": 8}),
        )
        super().__init__(**options)

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(self.error_messages["clock"], code="clock")
        return time(hour, minute)


class MarkForm(Form):
    """One tap: the mark, what the page showed when it was tapped, times for a part, a reason after Done."""

    mark = forms.ChoiceField(choices=Mark.choices)
    came = ClockField(label=_("From"), required=False)
    left = ClockField(label=_("To"), required=False)
    seen = forms.CharField(required=False, max_length=60)
    reason = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("mark") == Mark.PART:
            for name in ("came", "left"):
                if not self.errors.get(name):
                    values[name] = self._moment(name, values.get(name))
        return values

    def _moment(self, name: str, clock: time | None) -> datetime | None:
        session = self.session
        found = clock and moment_within(clock, session.starts_at, session.ends_at, session.zone)
        if not found:
            times = {"start": words.clock(session.starts_local), "end": words.clock(session.ends_local)}
            self.add_error(name, say("Write a time between %(start)s and %(end)s.") % times)
        return found or None

    def facts(self) -> dict[str, Any]:
        """What the command wants."""
        values = self.cleaned_data
        is_part = values["mark"] == Mark.PART
        return {
            "came_at": values["came"] if is_part else None,
            "left_at": values["left"] if is_part else None,
            "reason": values["reason"],
            "seen": values["seen"] or None,
        }


class WalkInForm(Form):
    """A name is enough."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("Who it is in full can be added later."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the name of who came.")},
    )
    organisation_typed = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    row_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Why afterwards"), max_length=300, required=False)

    def __init__(self, *args: Any, is_closed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


class HeadsForm(Form):
    head_count = forms.IntegerField(
        label=_("Others, not named"),
        min_value=0,
        max_value=100_000,
        required=False,
        help_text=_("Counted as heads only, never as people in a report."),
        widget=forms.NumberInput({"inputmode": "numeric", "size": 5}),
    )
    reason = forms.CharField(label=_("Why afterwards"), max_length=300, required=False)

    def __init__(self, *args: Any, is_closed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["reason"]


class LinkForm(Form):
    """Who a walk-in was: by e-mail or code, and on whose behalf she came."""

    who = forms.CharField(
        label=_("E-mail or code of the person"),
        max_length=254,
        help_text=_("Leave it empty to add a new person under this name."),
        required=False,
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        help_text=_("Its name or code, as in the list of organisations."),
    )
    role = forms.ChoiceField(
        label=_("Role there"), required=False, choices=[("", _("Not known")), *AffiliationRole.choices]
    )
