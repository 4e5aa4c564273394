from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.models import ACCESS_PARTS, Room, Venue
from samverk.kit.forms import FilterForm, ModelForm

ACCESS_FIELDS = [name for part in ACCESS_PARTS for name in (part, f"{part}_note")]


class VenueFilter(FilterForm):
    q = forms.CharField(
        label=_("Name, address or place"), required=False, widget=forms.TextInput({"type": "search"})
    )


class AccessForm(ModelForm):
    """What is known of getting in, part by part, beside a note to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, name in ACCESS_PARTS.items():
            note = self.fields[f"{part}_note"]
            note.label = _("Note")
            note.widget.attrs["aria-label"] = _("Note: %(what)s") % {"what": name}

    @property
    def access(self) -> list[tuple[Any, Any]]:
        return [(self[part], self[f"{part}_note"]) for part in ACCESS_PARTS]

    @property
    def about(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in ACCESS_FIELDS]

    def _post_clean(self) -> None:
        """The command writes; this form only asks."""

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class VenueForm(AccessForm):
    class Meta:
        model = Venue
        fields = ["name", "address", "place", "country", "capacity", "directions", "map_link", *ACCESS_FIELDS]
        widgets = {
            "capacity": forms.NumberInput({"min": 1, "inputmode": "numeric"}),
            "directions": forms.Textarea({"rows": 2}),
        }
        help_texts = {
            "directions": _("The door, the bell, the floor; the nearest stop."),
            "map_link": _("The address of the house on a map you trust."),
        }
        error_messages = {"name": {"required": _("Write a name.")}}


class RoomForm(AccessForm):
    class Meta:
        model = Room
        fields = ["name", "capacity", *ACCESS_FIELDS]
        widgets = {"capacity": forms.NumberInput({"min": 1, "inputmode": "numeric"})}
        error_messages = {"name": {"required": _("Write a name.")}}
