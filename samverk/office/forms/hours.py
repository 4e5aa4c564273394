"""Forms of the hours: filters, a scan that came back, why a line stands, which months to seal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from samverk.kit import words
from samverk.kit.forms import FilterForm, Form
from samverk.ledger import months
from samverk.ledger.models import HourEntry
from samverk.programmes.models import Programme

ALL_MONTHS = "all"


def month_choices(known: Iterable[date]) -> list[tuple[str, str]]:
    return [(f"{month:%Y-%m}", months.said(month)) for month in known]


class HoursFilter(FilterForm):
    q = forms.CharField(label=_("Person"), required=False, widget=forms.TextInput({"type": "search"}))
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        required=False,
        queryset=Programme.objects.none(),
        to_field_name="code",
        empty_label=_("All"),
    )
    month = forms.ChoiceField(label=_("Month"), required=False)
    reason = forms.ChoiceField(label=_("Why it does not count"), required=False)

    def __init__(
        self,
        *args: Any,
        programmes: QuerySet[Programme],
        known: Iterable[date],
        reasons: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        self.fields["month"].choices = [("", _("Newest")), (ALL_MONTHS, _("All")), *month_choices(known)]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", _("All")), *reasons]  # type: ignore[attr-defined]


class StatementsFilter(FilterForm):
    q = forms.CharField(label=_("Person"), required=False, widget=forms.TextInput({"type": "search"}))
    month = forms.ChoiceField(label=_("Month"), required=False)

    def __init__(self, *args: Any, known: Iterable[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [("", _("Newest")), *month_choices(known)]  # type: ignore[attr-defined]


class FileForm(Form):
    file = forms.FileField(
        label=_("The signed paper"),
        help_text=_("A scan or a photo: PDF, JPEG, PNG, WebP or HEIC, at most 20 MB."),
        widget=forms.ClearableFileInput({"accept": ".pdf,image/*"}),
        error_messages={"required": _("Choose the file with the signed paper.")},
    )


class PaperForm(FileForm):
    """A statement that came back signed: which lines stand on it, and whether the employer signed too."""

    lines = forms.MultipleChoiceField(
        label=_("Lines that are signed"),
        help_text=_("Untick what is crossed out on the paper."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the lines that stand on the paper.")},
    )
    employer_signed = forms.BooleanField(label=_("The employer signed the same paper"), required=False)

    def __init__(self, *args: Any, entries: Sequence[HourEntry], asks_employer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = [  # type: ignore[attr-defined]
            (
                entry.code,
                f"{words.day(entry.starts_local.date(), weekday=False)}, {entry.activity.title}, {words.hours(entry.minutes)}",
            )
            for entry in entries
        ]
        self.fields["lines"].initial = [entry.code for entry in entries]
        if not asks_employer:
            del self.fields["employer_signed"]


class ListForm(FileForm):
    """A signed attendance list of a session."""

    original_kept = forms.BooleanField(
        label=_("The paper with ink is kept"),
        help_text=_("Then it is a signed list. A scan alone is a scanned list."),
        required=False,
    )


class SettleForm(Form):
    because = forms.CharField(
        label=_("Why the line is right"),
        help_text=_("The person reads it, and is asked again."),
        max_length=500,
        error_messages={"required": _("Write why the line is right. The person reads it.")},
    )


class ReopenForm(Form):
    because = forms.CharField(
        label=_("Why it is opened again"),
        max_length=300,
        error_messages={"required": _("Write why the period is opened again.")},
    )


class SealForm(Form):
    """First and last month of a period."""

    first = forms.ChoiceField(label=_("First month"))
    last = forms.ChoiceField(label=_("Last month"))

    def __init__(self, *args: Any, known: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].choices = month_choices(known)  # type: ignore[attr-defined]

    @property
    def period(self) -> tuple[date, date]:
        first, last = (months.parse_month(self.cleaned_data[name]) for name in ("first", "last"))
        assert first is not None and last is not None
        return first, last
