from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form
from samverk.live.models import LiveKind


class LiveQuestionForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=LiveKind, widget=forms.RadioSelect({"class": "two-up"}))
    text = forms.CharField(label=_("Question"), max_length=200)
    options = forms.CharField(
        label=_("Answers, one on each line"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 4}), help_text=_("For a poll only."),
    )  # fmt: skip

    def clean_options(self) -> list[str]:
        lines = [line.strip()[:100] for line in self.cleaned_data["options"].splitlines() if line.strip()]
        return list(dict.fromkeys(lines))
