from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.activities.choices import ComesAs
from samverk.activities.models import Activity
from samverk.kit.forms import Form, Hinted
from samverk.questions.choices import SetKind
from samverk.questions.queries import sets_to_use
from samverk.questions.shipped import shipped_of_kind
from samverk.questions.wording import page_language

OWN = "own"


class AskingForm(Form):
    """Of whom a set is asked, and for whose eyes beside the roles its questions name."""

    comes_as = forms.MultipleChoiceField(
        label=gettext_lazy("Who is asked"), required=False, choices=ComesAs, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none, and everybody is asked."),
    )  # fmt: skip
    leaders_read = forms.BooleanField(
        label=gettext_lazy("Those who lead the activity read the answers too"), required=False
    )
    leaders_read_protected = forms.BooleanField(
        label=gettext_lazy("Those who lead the activity may open allergies and access needs too"), required=False,
        help_text=gettext_lazy("The form says so to whoever answers, and each reading is noted."),
    )  # fmt: skip

    @property
    def fields_for_command(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("comes_as", "leaders_read", "leaders_read_protected")
        }


class AskingAddForm(AskingForm):
    """Which questions: a shared set, a ready one, or questions of one's own for this activity."""

    questions = forms.ChoiceField(label=gettext_lazy("Questions"), widget=forms.RadioSelect)
    field_order = ["questions", "comes_as", "leaders_read", "leaders_read_protected"]

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = page_language()
        shared = [
            (f"set:{one.code}", one.name) for one in sets_to_use(activity.programme, SetKind.REGISTRATION)
        ]
        ready = [
            (f"shipped:{one.key}", Hinted(one.name_in(language), one.about_in(language)))
            for one in shipped_of_kind(SetKind.REGISTRATION)
        ]
        own = (
            OWN,
            Hinted(_("Questions of your own"), _("You write them on the next page, for this activity only.")),
        )
        questions: Any = self.fields["questions"]
        groups: list[Any] = [(_("Yours"), shared)] if shared else []
        questions.choices = [*groups, (_("Ready to use, in five languages"), ready), own]
