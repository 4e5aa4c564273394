from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.columns import FIELDS
from samverk.directory.models import Import
from samverk.kit.forms import Form
from samverk.kit.sheets.encodings import NAMES

DELIMITERS = [(";", _("Semicolon ;")), (",", _("Comma ,")), ("\t", _("Tab")), ("|", _("Bar |"))]


class ImportForm(Form):
    """A list somebody keeps, as a file."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV, XLSX or XLS, at most 50 MB. Nothing is written before you say so."),
        error_messages={"required": _("Choose the file with the list.")},
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx,.xls"}),
    )


class GuessForm(Form):
    """How the file is read, and which column is what; first filled with the guess."""

    mark_optional = False
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(
        label=_("Encoding"), required=False, choices=[(name, name) for name in NAMES.values()]
    )
    delimiter = forms.ChoiceField(label=_("Sign between cells"), required=False, choices=DELIMITERS)
    header_row = forms.IntegerField(
        label=_("Row of the header"),
        required=False,
        min_value=0,
        max_value=300,
        help_text=_("0 where there is none."),
    )

    def __init__(self, one: Import, data: Any = None) -> None:
        read = one.options
        super().__init__(
            data, initial={name: read[name] for name in ("sheet", "encoding", "delimiter", "header_row")}
        )
        self.one = one
        sheets: Any = self.fields["sheet"]
        sheets.choices = [(sheet["name"], sheet["name"]) for sheet in read["sheets"]]
        for name in ("encoding", "delimiter") if read["sheets"] else ("sheet",):
            del self.fields[name]
        targets = [("", _("Leave it out")), *sorted(FIELDS.items(), key=lambda field: str(field[1]))]
        for place, column in enumerate(read["columns"]):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column["name"],
                required=False,
                choices=targets,
                initial=read["mapping"].get(column["name"], ""),
            )

    @property
    def own_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("column-")]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Each column with its samples and its field of the form."""
        return [
            column | {"field": self[f"column-{place}"]}
            for place, column in enumerate(self.one.options["columns"])
        ]

    def corrections(self) -> dict[str, Any]:
        """What to correct. Read otherwise, the file has other columns: then they are guessed anew."""
        read, chosen = self.one.options, self.cleaned_data
        told = {
            name: chosen[name]
            for name in ("sheet", "encoding", "delimiter", "header_row")
            if chosen.get(name) not in (None, "")
        }
        if told.get("header_row") == read["header_row"]:
            # A header of two rows stays one; its height is not asked.
            told["header_height"] = read["header_height"]
        if any(value != read[name] for name, value in told.items()):
            return told
        mapping = {column["name"]: chosen[f"column-{place}"] for place, column in enumerate(read["columns"])}
        return told | {"mapping": mapping}
