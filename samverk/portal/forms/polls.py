from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit import words
from samverk.kit.forms import Form
from samverk.polls.choices import Answer
from samverk.polls.models import ProposedTime


class AnswersForm(Form):
    """Yes, if need be or no to each time."""

    note = forms.CharField(
        label=_("A word to whoever asks"), max_length=300, required=False, widget=forms.TextInput
    )

    def __init__(self, *args: Any, times: list[ProposedTime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = times
        asked: dict[str, forms.Field] = {}
        for time in times:
            label = f"{words.day(time.starts_local)}, {words.span(time.starts_local, time.ends_local)}"
            asked[f"time-{time.pk}"] = forms.ChoiceField(
                label=label, choices=Answer, widget=forms.RadioSelect({"class": "three-up"}),
                error_messages={"required": _("Answer: {label}").format(label=label)},
            )  # fmt: skip
        self.fields = asked | self.fields

    def answers(self) -> dict[int, str]:
        return {time.pk: self.cleaned_data[f"time-{time.pk}"] for time in self.times}


class NameForm(Form):
    name = forms.CharField(
        label=_("Your name"), max_length=200, error_messages={"required": _("Write your name.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip
