"""Answers of whoever asks: checked against the questions, files kept, shown in lists. No table of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from samverk.kit import words
from samverk.kit.acting import Refusal
from samverk.kit.uploads import Accepted
from samverk.questions.choices import QuestionKind
from samverk.questions.models import Question
from samverk.questions.rules import checked_answer
from samverk.questions.wording import label_of, option_label, page_language, step_label

FOLDER = "answers"


def checked_answers(
    questions: Iterable[Question], values: Mapping[str, Any], language: str = ""
) -> dict[str, Any]:
    """{key of question: answer} as JSON keeps it; what was not answered is left out.

    Raises Refusal for the first answer that does not fit, for one that is missing, and for a key nobody asked.
    A file that was sent (``Accepted``) is kept, and a reference to it stands in its place.
    """
    asked = {question.key: question for question in questions}
    if strange := set(values) - set(asked):
        raise Refusal(_("These answers belong to other questions."), code="unknown", keys=sorted(strange))
    language = language or page_language()
    made = {key: checked_answer(one, values.get(key), language) for key, one in asked.items()}
    return {key: _kept(value) for key, value in made.items() if value is not None}


def _kept(value: Any) -> Any:
    if not isinstance(value, Accepted):
        return value
    place = default_storage.save(f"{FOLDER}/{value.random_name}", ContentFile(value.content))
    return {"file": place, "name": value.name, "media_type": value.media_type, "digest": value.digest}


def open_file(answer: Mapping[str, str]) -> BinaryIO:
    """The file of an answer; give it out with kit.uploads.download, after a check who may see it."""
    return default_storage.open(answer["file"])  # type: ignore[return-value]


def forget_files(answers: Mapping[str, Any]) -> None:
    """Delete the files that answers refer to. Call it when answers are erased."""
    for value in answers.values():
        if isinstance(value, Mapping) and str(value.get("file", "")).startswith(f"{FOLDER}/"):
            default_storage.delete(value["file"])


def split_sensitive(
    questions: Iterable[Question], answers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(open answers, protected answers), so that whoever asks keeps the protected ones apart."""
    protected = {question.key for question in questions if question.is_sensitive}
    plain = {key: value for key, value in answers.items() if key not in protected}
    return plain, {key: value for key, value in answers.items() if key in protected}


@dataclass(frozen=True)
class Shown:
    """A question and its answer in words, for a page, a list or an export; ``value`` is what is kept."""

    key: str
    label: str
    text: str
    value: Any
    is_file: bool = False


def shown(questions: Iterable[Question], answers: Mapping[str, Any], language: str = "") -> list[Shown]:
    """Each question with its answer in words, empty where none was given, in the order of the questions."""
    language = language or page_language()
    return [
        Shown(
            one.key, label_of(one, language), words_of(one, answers.get(one.key), language),
            answers.get(one.key), one.kind == QuestionKind.FILE,
        )
        for one in questions
    ]  # fmt: skip


def words_of(question: Question, value: Any, language: str = "") -> str:
    """One answer in words."""
    language = language or page_language()
    if value is None or value == []:
        return ""
    match question.kind:
        case QuestionKind.CHOICE:
            return option_label(question, value, language)
        case QuestionKind.SEVERAL:
            return ", ".join(option_label(question, key, language) for key in value)
        case QuestionKind.YES_NO:
            return _("Yes") if value else _("No")
        case QuestionKind.SCALE:
            return step_label(question, value, language)
        case QuestionKind.NUMBER:
            return words.number(value)
        case QuestionKind.DATE:
            day = parse_date(value)
            return words.day(day, year=True, weekday=False) if day else str(value)
        case QuestionKind.FILE:
            return str(value.get("name", ""))
    return str(value)
