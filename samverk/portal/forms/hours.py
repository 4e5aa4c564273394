"""Forms about hours: right or wrong-because for each line, and an employer's list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form
from samverk.ledger.commands.attesting import Answer
from samverk.ledger.models import HourEntry, StatementAnswer

RIGHT, WRONG = "right", "wrong"


class StatementForm(Form):
    """Two fields for each line: the answer, and what is wrong where it is."""

    # The reason is asked only where something is wrong, and there it must be given.
    mark_optional = False

    def __init__(
        self, *args: Any, lines: Sequence[HourEntry], answers: dict[int, StatementAnswer], **kwargs: Any
    ) -> None:
        self.lines = lines
        super().__init__(*args, **kwargs)
        for line in lines:
            known = answers.get(line.pk)
            self.fields[f"line_{line.pk}"] = self._answer(line, known)
            self.fields[f"because_{line.pk}"] = self._because(known)

    def _answer(self, line: HourEntry, known: StatementAnswer | None) -> forms.ChoiceField:
        # What a coordinator stood by is asked anew, with nothing chosen.
        asks_anew = known is not None and known.settled_at is not None
        initial = None if asks_anew else WRONG if known and not known.is_right else RIGHT
        return forms.ChoiceField(
            label=line.activity.title,
            choices=[(RIGHT, _("Right")), (WRONG, _("Wrong"))],
            initial=initial,
            widget=forms.RadioSelect({"class": "two-up"}),
            error_messages={
                "required": _("Choose right or wrong: %(title)s") % {"title": line.activity.title}
            },
        )

    def _because(self, known: StatementAnswer | None) -> forms.CharField:
        return forms.CharField(
            label=_("What is wrong?"),
            help_text=_("For example: I left at 11."),
            required=False,
            max_length=500,
            initial=known.because if known else "",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            wrong = cleaned.get(f"line_{line.pk}") == WRONG
            if wrong and not (cleaned.get(f"because_{line.pk}") or "").strip():
                self.add_error(f"because_{line.pk}", _("Write what is wrong, for example: I left at 11."))
        return cleaned

    @property
    def rows(self) -> list[tuple[HourEntry, Any, Any]]:
        """For the page: line, its answer, its reason."""
        return [(line, self[f"line_{line.pk}"], self[f"because_{line.pk}"]) for line in self.lines]

    @property
    def answers(self) -> dict[int, Answer]:
        values = self.cleaned_data
        return {
            line.pk: Answer(values[f"line_{line.pk}"] == RIGHT, values[f"because_{line.pk}"].strip())
            for line in self.lines
        }
