"""Inviting people: a list of addresses as one has it, and words of one's own."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.activities.choices import ComesAs
from samverk.activities.commands.invitations import MOST_AT_ONCE, Guest
from samverk.activities.models import Activity
from samverk.kit.choices import Language
from samverk.kit.forms import Form

_ADDRESS = re.compile(r"[^\s<>,;\"()]+@[^\s<>,;\"()]+")


class GuestsField(forms.CharField):
    """Lines as people have them: an address; "Anna Berg <anna@example.org>"; or a row copied out of a sheet."""

    widget = forms.Textarea({"rows": 8, "spellcheck": "false", "autocapitalize": "off"})

    def to_python(self, value: Any) -> Any:
        guests = []
        for number, line in enumerate((super().to_python(value) or "").splitlines(), start=1):
            if line.strip():
                guests += _guests_in(line, number)
        if len(guests) > MOST_AT_ONCE:
            raise ValidationError(_("Invite at most %(number)s people at once.") % {"number": MOST_AT_ONCE})
        return guests

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(_as_line(guest) for guest in value)


def _as_line(guest: Guest) -> str:
    return "\t".join([guest.given_name, guest.family_name, guest.email, guest.organisation]).strip("\t")


def _guests_in(line: str, number: int) -> list[Guest]:
    found = _ADDRESS.findall(line)
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            found = []
    if not found:
        raise ValidationError(
            _("Line %(number)s has no e-mail: %(line)s") % {"number": number, "line": line[:80]}
        )
    if len(found) > 1:
        return [Guest(address) for address in found]
    return [_guest(line, found[0])]


def _guest(line: str, address: str) -> Guest:
    """Names before the address, the organisation after it or in the last column."""
    before, _address, after = line.partition(address)
    names = re.sub(r"[<>\"();,\t]+", " ", before).split()
    organisation = re.sub(r"^[<>\"(),;\s]+|[<>\"(),;\s]+$", "", after)
    columns = [part.strip(' "') for part in re.split(r"[\t;]", before) if part.strip(' "<')]
    if len(columns) >= 2:
        return Guest(address, columns[0], columns[1], organisation or " ".join(columns[2:]))
    return Guest(address, names[0] if names else "", " ".join(names[1:]), organisation)


class InvitationForm(Form):
    """Whom, in which language, with which words."""

    guests = GuestsField(
        label=gettext_lazy("Whom do you invite?"), required=False, max_length=60_000,
        help_text=gettext_lazy(
            "One person a line: e-mail, or name and e-mail, or rows copied out of Excel: "
            "given name, family name, e-mail, organisation."
        ),
    )  # fmt: skip
    earlier = forms.ModelChoiceField(
        label=gettext_lazy("And everybody who had a place in"), queryset=Activity.objects.none(), required=False,
        to_field_name="code", empty_label=gettext_lazy("Nobody else"),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Words of your own"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Day, place and the personal link stand in the mail by themselves."),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=Language)
    comes_as = forms.ChoiceField(label=gettext_lazy("They come as"), choices=ComesAs.choices)

    def __init__(self, *args: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier: Any = self.fields["earlier"]
        earlier.queryset = activities

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("guests") and not values.get("earlier") and not self.errors:
            self.add_error("guests", _("Write at least one address, or choose an earlier activity."))
        return values
