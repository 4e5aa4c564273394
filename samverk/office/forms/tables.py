from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.kit.forms import Form
from samverk.tables.choices import Mix, PairKind
from samverk.tables.queries import Guest
from samverk.tables.rules import MOST_ROUNDS, MOST_TABLES


class GroupsForm(Form):
    """How many tables and rounds, and what to mix."""

    tables = forms.IntegerField(
        label=_("Tables"),
        min_value=1,
        max_value=MOST_TABLES,
        error_messages={"required": _("Write how many tables.")},
    )
    rounds = forms.IntegerField(
        label=_("Rounds"),
        min_value=1,
        max_value=MOST_ROUNDS,
        initial=1,
        error_messages={"required": _("Write how many rounds.")},
    )
    mix = forms.MultipleChoiceField(
        label=_("Mix by"), choices=Mix.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    organisations_apart = forms.BooleanField(
        label=_("People of one organisation sit apart"), required=False, initial=True
    )
    remembers = forms.BooleanField(
        label=_("Avoid those who met at earlier events"), required=False, initial=True
    )
    only_here = forms.BooleanField(label=_("Only those marked as here"), required=False)


class PairForm(Form):
    """Two people who sit apart or together."""

    one = forms.TypedChoiceField(label=_("Person"), coerce=int)
    kind = forms.ChoiceField(label=_("Sit"), choices=PairKind.choices, initial=PairKind.APART)
    other = forms.TypedChoiceField(label=_("And"), coerce=int)

    def __init__(self, *args: Any, guests: list[Guest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(guest.id, guest.name) for guest in guests]
        for name in ("one", "other"):
            field: Any = self.fields[name]
            field.choices = choices


class NoteForm(Form):
    text = forms.CharField(
        label=_("What the table talked about"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
    )


class PhotoForm(Form):
    file = forms.FileField(
        label=_("Picture"),
        widget=forms.ClearableFileInput({"accept": "image/*"}),
        error_messages={"required": _("Choose a picture.")},
    )
    described = forms.CharField(
        label=_("What it shows"),
        max_length=300,
        help_text=_("For those who cannot see it."),
        error_messages={"required": _("Write what the picture shows.")},
    )
