from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.activities.models import Activity
from samverk.evaluation.choices import Moment
from samverk.kit import words
from samverk.kit.forms import Form, Hinted
from samverk.questions.choices import SetKind
from samverk.questions.queries import sets_to_use
from samverk.questions.shipped import shipped_of_kind
from samverk.questions.wording import page_language

PROMISES = (
    ("yes", Hinted(gettext_lazy("Anonymous"), gettext_lazy("Nobody can join an answer to a person, not even we."))),
    ("no", Hinted(gettext_lazy("With names"), gettext_lazy("The team sees who wrote what. The person is told."))),
)  # fmt: skip


class EvaluationForm(Form):
    """Which questions, when, and what is promised."""

    questions = forms.ChoiceField(label=gettext_lazy("Questions"), widget=forms.RadioSelect)
    moment = forms.ChoiceField(
        label=gettext_lazy("When"), choices=Moment, widget=forms.RadioSelect({"class": "two-up"})
    )
    promise = forms.ChoiceField(
        label=gettext_lazy("What is promised"),
        choices=PROMISES,
        widget=forms.RadioSelect({"class": "two-up"}),
    )
    session = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    closes_on = forms.DateField(
        label=gettext_lazy("Closes on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Anonymous results are shown from then on."),
    )  # fmt: skip

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = page_language()
        own = [(f"set:{one.code}", one.name) for one in sets_to_use(activity.programme, SetKind.EVALUATION)]
        ready = [
            (f"shipped:{one.key}", Hinted(one.name_in(language), one.about_in(language)))
            for one in shipped_of_kind(SetKind.EVALUATION)
        ]
        questions: Any = self.fields["questions"]
        groups: list[Any] = [(_("Yours"), own)] if own else []
        questions.choices = [*groups, (_("Ready to use, in five languages"), ready)]
        session: Any = self.fields["session"]
        sessions = activity.sessions.exclude(state="cancelled")
        session.choices = [
            ("", _("The whole activity")),
            *((one.code, f"{words.day(one.starts_local)} {one.title}".strip()) for one in sessions),
        ]
