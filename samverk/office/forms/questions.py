from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.kit.choices import Language
from samverk.kit.forms import Form, Hinted
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.questions.choices import WITH_OPTIONS, AskedPer, QuestionKind, SetKind
from samverk.questions.models import Question, QuestionSet
from samverk.questions.shipped import shipped_of_kind
from samverk.questions.wording import NAMES, page_language

LONGEST_TEXT = 300
CENTRE = "centre"


class SetForm(Form):
    """A set's name and first language."""

    name = forms.CharField(
        label=gettext_lazy("Name of the set"), max_length=120,
        error_messages={"required": gettext_lazy("Give the set a name.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("First language"), choices=Language,
        help_text=gettext_lazy("Whoever reads another language sees this one where a translation is missing."),
    )  # fmt: skip


class NewSetForm(Form):
    """What a new set starts from, whose it is, and its name."""

    start = forms.ChoiceField(label=gettext_lazy("Start from"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("Name of the set"), max_length=120, required=False,
        help_text=gettext_lazy("Empty: the name of what you start from."),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("First language"), choices=Language)
    programme = forms.ChoiceField(label=gettext_lazy("Belongs to"))

    def __init__(
        self, *args: Any, kind: str, own: list[QuestionSet], programmes: list[Programme], of_centre: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        start: Any = self.fields["start"]
        start.choices = _starts(kind, own)
        programme: Any = self.fields["programme"]
        programme.choices = [(one.code, str(one)) for one in programmes]
        if of_centre:
            programme.choices += [(CENTRE, _("The centre: every programme may use it"))]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("start") == "empty" and not found.get("name", "").strip():
            self.add_error("name", _("Give the set a name."))
        return found


def _starts(kind: str, own: list[QuestionSet]) -> list[Any]:
    language = page_language()
    ready = [
        (f"shipped:{one.key}", Hinted(one.name_in(language), one.about_in(language)))
        for one in shipped_of_kind(kind)
    ]
    copies = [(f"set:{one.code}", one.name) for one in own]
    groups: list[Any] = [(_("Ready to use, in five languages"), ready)] if ready else []
    groups += [(_("A copy of yours"), copies)] if copies else []
    return [*groups, (_("Nothing"), [("empty", _("An empty set"))])]


class QuestionForm(Form):
    """One question of a kind. Its fields depend on the kind; ``fields_for_command`` is what the command takes."""

    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    asked_per = forms.ChoiceField(
        label=gettext_lazy("Who answers"), choices=AskedPer, widget=forms.RadioSelect({"class": "two-up"})
    )
    is_sensitive = forms.BooleanField(
        label=gettext_lazy("Protected: allergies, access needs, health"), required=False,
        help_text=gettext_lazy("Never in a list. Each reading is logged. Erased 30 days after the activity."),
    )  # fmt: skip
    seen_by = forms.MultipleChoiceField(
        label=gettext_lazy("Who reads the answers"), choices=SeatRole, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose who reads the answers.")},
    )  # fmt: skip
    least = forms.IntegerField(label=gettext_lazy("Lowest"), required=False)
    most = forms.IntegerField(label=gettext_lazy("Highest"), required=False)

    def __init__(
        self,
        *args: Any,
        kind: str,
        question_set: QuestionSet,
        question: Question | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", _initial(kind, question))
        super().__init__(*args, **kwargs)
        self.kind, self.main = kind, question_set.language
        self.languages = [self.main, *(key for key in Language.values if key != self.main)]
        for language in self.languages:
            self._add_texts(language)
        if question_set.kind != SetKind.REGISTRATION:
            for name in ("asked_per", "is_sensitive", "seen_by"):
                del self.fields[name]
        if kind not in (QuestionKind.NUMBER, QuestionKind.SCALE):
            del self.fields["least"], self.fields["most"]

    def _add_texts(self, language: str) -> None:
        is_main = language == self.main
        lang = {"lang": language}
        self.fields[f"text_{language}"] = forms.CharField(
            label=_("Question"), max_length=LONGEST_TEXT, required=is_main, widget=forms.TextInput(lang),
            error_messages={"required": _("Write the question.")},
        )  # fmt: skip
        self.fields[f"hint_{language}"] = forms.CharField(
            label=_("Hint below it"), max_length=LONGEST_TEXT, required=False, widget=forms.TextInput(lang)
        )
        if self.kind in WITH_OPTIONS:
            self.fields[f"options_{language}"] = forms.CharField(
                label=_("Answers, one on each line"), required=is_main, max_length=6000,
                widget=forms.Textarea({"rows": 5, **lang}),
                error_messages={"required": _("Write at least two answers to choose from.")},
            )  # fmt: skip
        if self.kind == QuestionKind.SCALE:
            for end, label in (
                ("low", _("Words of the lowest step")),
                ("high", _("Words of the highest step")),
            ):
                self.fields[f"{end}_{language}"] = forms.CharField(
                    label=label, max_length=60, required=False, widget=forms.TextInput(lang)
                )

    def texts_in(self, language: str) -> list[Any]:
        """The fields of a language that are there, for the template."""
        names = [f"{part}_{language}" for part in ("text", "hint", "options", "low", "high")]
        return [self[name] for name in names if name in self.fields]

    @property
    def first_texts(self) -> list[Any]:
        return self.texts_in(self.main)

    @property
    def other_texts(self) -> list[tuple[str, Any, list[Any], bool]]:
        """(language, its name, its fields, whether one of them is to be put right)."""
        found = [(language, self.texts_in(language)) for language in self.languages[1:]]
        return [(key, NAMES[key], fields, any(one.errors for one in fields)) for key, fields in found]

    @property
    def conditions(self) -> list[Any]:
        names = ("is_required", "asked_per", "is_sensitive", "seen_by")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.kind in WITH_OPTIONS:
            self._check_options(found)
        return found

    def _check_options(self, found: dict[str, Any]) -> None:
        """Every language has one line for each answer, or none at all; no answer stands there twice."""
        number = len(_lines(found.get(f"options_{self.main}", "")))
        for language in self.languages:
            lines = _lines(found.get(f"options_{language}", ""))
            if len(set(lines)) < len(lines):
                self.add_error(f"options_{language}", _("The same answer stands there twice."))
            if lines and language != self.main and len(lines) != number:
                said = {"language": NAMES[self.main], "lines": number}
                self.add_error(
                    f"options_{language}", _("Write as many lines as in %(language)s: %(lines)s.") % said
                )

    @property
    def fields_for_command(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "texts": self._per_language("text"),
            "hints": self._per_language("hint"),
            "options": self._options(),
            "is_required": found["is_required"],
            "asked_per": found.get("asked_per") or AskedPer.PERSON.value,
            "is_sensitive": found.get("is_sensitive", False),
            "seen_by": found.get("seen_by") or list(SeatRole.values),
            "least": found.get("least"),
            "most": found.get("most"),
        }

    def _per_language(self, part: str) -> dict[str, str]:
        texts = {key: self.cleaned_data.get(f"{part}_{key}", "").strip() for key in self.languages}
        return {key: text for key, text in texts.items() if text}

    def _options(self) -> list[dict[str, Any]]:
        if self.kind == QuestionKind.SCALE:
            ends = [{"key": end, "texts": self._per_language(end)} for end in ("low", "high")]
            return ends if any(one["texts"] for one in ends) else []
        lines = {key: _lines(self.cleaned_data.get(f"options_{key}", "")) for key in self.languages}
        return [
            {"texts": {key: found[place] for key, found in lines.items() if found}}
            for place in range(len(lines[self.main]))
        ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _initial(kind: str, question: Question | None) -> dict[str, Any]:
    if question is None:
        return {"asked_per": AskedPer.PERSON, "seen_by": [SeatRole.COORDINATOR, SeatRole.TRAINER]}
    start: dict[str, Any] = {
        name: getattr(question, name)
        for name in ("is_required", "asked_per", "is_sensitive", "seen_by", "least", "most")
    }
    start |= {f"text_{key}": text for key, text in question.texts.items()}
    start |= {f"hint_{key}": text for key, text in question.hints.items()}
    for key in Language.values:
        texts = [option["texts"].get(key, "") for option in question.options]
        if kind == QuestionKind.SCALE:
            start |= dict(zip((f"low_{key}", f"high_{key}"), texts, strict=False))
        elif all(texts):
            start[f"options_{key}"] = "\n".join(texts)
    return start
