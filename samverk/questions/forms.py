"""A set as a form, in the reader's language, drawn by the kit's field tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.kit.forms import Form
from samverk.kit.uploads import accept
from samverk.kit.written_days import WrittenDayField
from samverk.questions.choices import QuestionKind
from samverk.questions.models import LONGEST_LONG, LONGEST_SHORT, Question
from samverk.questions.rules import field_name
from samverk.questions.wording import (
    hint_of,
    label_of,
    option_label,
    page_language,
    step_label,
    text_of,
)


class AnswerFileField(forms.FileField):
    """A file by its content. ``clean`` gives kit.uploads.Accepted, or what was kept before where nothing new is sent."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found or found is initial:
            return found or None
        try:
            return accept(found, found.name)
        except Refusal as no:
            raise forms.ValidationError(str(no.reason), code=no.code) from None


class AnswersForm(Form):
    """The questions as fields named ``q_<key>``; ``answers`` after validation, to be given to checked_answers."""

    def __init__(self, *args: Any, questions: Iterable[Question], language: str = "", **kwargs: Any) -> None:
        self.questions = list(questions)
        self.language = language or page_language()
        super().__init__(*args, **kwargs)

    @property
    def answers(self) -> dict[str, Any]:
        """{key: value} of what was answered."""
        return answers_in(self.questions, self.cleaned_data)


def form_of(
    questions: Iterable[Question],
    language: str = "",
    initial: Mapping[str, Any] | None = None,
    *,
    data: Any = None,
    files: Any = None,
    prefix: str | None = None,
) -> AnswersForm:
    """The questions as a form. ``initial`` holds answers as they are kept: {key: value}."""
    asked = list(questions)
    language = language or page_language()
    kind = type("Answers", (AnswersForm,), fields_of(asked, language))
    first = {field_name(one): initial_of(one, (initial or {}).get(one.key)) for one in asked}
    return kind(data, files, initial=first, prefix=prefix, questions=asked, language=language)


def fields_of(questions: Iterable[Question], language: str) -> dict[str, forms.Field]:
    """The questions as fields for a form of your own, in their order."""
    return {field_name(one): field_of(one, language) for one in questions}


def answers_in(questions: Iterable[Question], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """{key: value} of the fields of ``fields_of`` in a form's cleaned values; empty ones left out."""
    found = {one.key: cleaned.get(field_name(one)) for one in questions}
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def initial_of(question: Question, answer: Any) -> Any:
    """A kept answer as the first value of its field."""
    if question.kind == QuestionKind.YES_NO and answer is not None:
        return "yes" if answer else "no"
    return answer


def field_of(question: Question, language: str) -> forms.Field:
    """One question as a field."""
    usual = {
        "label": label_of(question, language),
        "help_text": hint_of(question, language),
        "required": question.is_required,
        "error_messages": {"required": _("Answer: %(question)s") % {"question": text_of(question, language).text}},
    }  # fmt: skip
    return _FIELDS[QuestionKind(question.kind)](question, language, usual)


def _short(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=LONGEST_SHORT, **usual)


def _long(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=LONGEST_LONG, widget=forms.Textarea({"rows": 4}), **usual)


def _choices(question: Question, language: str) -> list[tuple[str, Any]]:
    return [(key, option_label(question, key, language)) for key in question.option_keys]


def _choice(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=_choices(question, language), widget=forms.RadioSelect, **usual)


def _several(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    choices = _choices(question, language)
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **usual)


def _yes_no(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda value: value == "yes", empty_value=None,
        widget=forms.RadioSelect({"class": "two-up"}), **usual,
    )  # fmt: skip


def _scale(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    steps = [(str(step), step_label(question, step, language)) for step in question.steps]
    return forms.TypedChoiceField(
        choices=steps, coerce=int, empty_value=None, widget=forms.RadioSelect({"class": "scale"}), **usual
    )


def _number(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return forms.DecimalField(
        min_value=question.least, max_value=question.most, max_digits=14, localize=True,
        widget=forms.TextInput({"inputmode": "decimal"}), **usual,
    )  # fmt: skip


def _date(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return WrittenDayField(**usual)


def _file(question: Question, language: str, usual: dict[str, Any]) -> forms.Field:
    return AnswerFileField(**usual)


_FIELDS: dict[QuestionKind, Callable[[Question, str, dict[str, Any]], forms.Field]] = {
    QuestionKind.SHORT: _short,
    QuestionKind.LONG: _long,
    QuestionKind.CHOICE: _choice,
    QuestionKind.SEVERAL: _several,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.SCALE: _scale,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.FILE: _file,
}
