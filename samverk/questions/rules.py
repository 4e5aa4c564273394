"""What an answer must be, and what a question must be. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.kit.uploads import Accepted
from samverk.programmes.choices import SeatRole
from samverk.questions.choices import KINDS_OF_SET, WITH_OPTIONS, QuestionKind
from samverk.questions.models import LONGEST_LONG, LONGEST_SHORT, Question, QuestionSet
from samverk.questions.wording import text_of

MOST_OPTIONS = 40
MOST_QUESTIONS = 60
MOST_STEPS = 11
LARGEST = 10**12
FIELD = "q_{}"


def field_name(question: Question) -> str:
    """The name of a question's field in every form."""
    return FIELD.format(question.key)


def checked_answer(question: Question, value: Any, language: str) -> Any:
    """An answer as JSON keeps it, None where nothing was said. Raises Refusal (field as in forms).

    short, long: text. choice: the key of an option. several: keys in the order of the options. yes_no: bool.
    number: int or float. date: "2026-03-19". scale: int. file: the Accepted of kit.uploads, or what was kept of one.
    """
    if value is None or value == "" or value == []:
        if question.is_required:
            raise _refusal(question, "required", _("Answer: %(question)s"), language)
        return None
    made = _CHECKS[QuestionKind(question.kind)](question, value)
    if made is None:
        raise _refusal(question, "invalid", _("This answer does not fit: %(question)s"), language)
    return made


def _refusal(question: Question, code: str, reason: str, language: str) -> Refusal:
    text = text_of(question, language).text
    return Refusal(reason % {"question": text}, code=code, field=field_name(question))


def _text(longest: int) -> Callable[[Question, Any], Any]:
    def check(question: Question, value: Any) -> str | None:
        return value.strip() or None if isinstance(value, str) and len(value) <= longest else None

    return check


def _choice(question: Question, value: Any) -> str | None:
    return value if value in question.option_keys else None


def _several(question: Question, value: Any) -> list[str] | None:
    if not isinstance(value, list | tuple) or set(value) - set(question.option_keys):
        return None
    return [key for key in question.option_keys if key in value]


def _yes_no(question: Question, value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(question: Question, value: Any) -> int | float | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if (
        isinstance(value, bool)
        or not number.is_finite()
        or abs(number) > LARGEST
        or not _within(question, number)
    ):
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _within(question: Question, number: Decimal) -> bool:
    low = -math.inf if question.least is None else question.least
    high = math.inf if question.most is None else question.most
    return low <= number <= high


def _date(question: Question, value: Any) -> str | None:
    try:
        return (value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError:
        return None


def _scale(question: Question, value: Any) -> int | None:
    try:
        step = int(str(value))
    except ValueError:
        return None
    return step if step in question.steps else None


def _file(question: Question, value: Any) -> Any:
    kept = isinstance(value, dict) and {"file", "name", "media_type"} <= value.keys()
    return value if kept or isinstance(value, Accepted) else None


_CHECKS: dict[QuestionKind, Callable[[Question, Any], Any]] = {
    QuestionKind.SHORT: _text(LONGEST_SHORT),
    QuestionKind.LONG: _text(LONGEST_LONG),
    QuestionKind.CHOICE: _choice,
    QuestionKind.SEVERAL: _several,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.SCALE: _scale,
    QuestionKind.FILE: _file,
}


def question_refusal(question: Question, question_set: QuestionSet) -> Refusal | None:
    """Why a question cannot stand in this set, or None."""
    if question.kind not in KINDS_OF_SET[question_set.kind]:  # type: ignore[index]
        return Refusal(_("This kind of answer does not go here. Choose another."), code="kind", field="kind")
    main = question_set.language
    if not question.texts.get(main):
        return Refusal(_("Write the question."), code="no_text", field=f"text_{main}")
    if question.kind in WITH_OPTIONS and not 2 <= len(question.options) <= MOST_OPTIONS:
        return Refusal(
            _("Write two to %(most)s answers to choose from, one on each line.") % {"most": MOST_OPTIONS},
            code="options", field=f"options_{main}",
        )  # fmt: skip
    if question.kind == QuestionKind.SCALE and not 2 <= len(question.steps) <= MOST_STEPS:
        return Refusal(
            _("A scale has two to %(most)s steps.") % {"most": MOST_STEPS}, code="steps", field="most"
        )
    if question.least is not None and question.most is not None and question.least >= question.most:
        return Refusal(_("The highest is below the lowest. Change it."), code="bounds", field="most")
    return _role_refusal(question)


def _role_refusal(question: Question) -> Refusal | None:
    if set(question.seen_by) - set(SeatRole.values):
        return Refusal(_("Choose one of the roles."), code="role", field="seen_by")
    if not question.seen_by:
        return Refusal(_("Choose who reads the answers."), code="no_reader", field="seen_by")
    return None
