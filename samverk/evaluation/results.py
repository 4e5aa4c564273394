"""Results in sums: each question counted, one question by the groups of another, before beside after.

Of anonymous answers nothing is shown that fewer than five people gave, and nothing from which that could be reckoned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from samverk.evaluation.choices import SMALLEST_GROUP
from samverk.evaluation.models import Evaluation
from samverk.evaluation.rules import hidden_groups
from samverk.kit import words
from samverk.questions.choices import COUNTED, QuestionKind
from samverk.questions.models import Question
from samverk.questions.queries import questions_of
from samverk.questions.wording import label_of, option_label, step_label

NO_ANSWER = ""


@dataclass(frozen=True)
class Count:
    """One possible answer and how many gave it."""

    key: Any
    label: str
    number: int


@dataclass(frozen=True)
class Result:
    """One question: how many answered, the counts, the mean of a scale, texts; ``is_hidden`` where too few did."""

    question: Question
    label: str
    number: int
    counts: list[Count] = field(default_factory=list)
    mean: float | None = None
    texts: list[str] = field(default_factory=list)
    is_hidden: bool = False


def answers_of(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Every answer, in an order that says nothing."""
    return list(evaluation.answers.order_by("id").values_list("answers", flat=True))


def results_of(evaluation: Evaluation, answers: Sequence[dict[str, Any]], language: str) -> list[Result]:
    """Each question with its sum. Texts are sorted by their letters: who wrote first does not show."""
    smallest = SMALLEST_GROUP if evaluation.is_anonymous else 1
    return [_result(one, answers, language, smallest) for one in questions_of(evaluation.question_set)]


def _result(question: Question, answers: Sequence[dict[str, Any]], language: str, smallest: int) -> Result:
    given = [one[question.key] for one in answers if one.get(question.key) is not None]
    label = label_of(question, language)
    if question.kind not in COUNTED and question.kind != QuestionKind.NUMBER:
        texts = sorted((str(one) for one in given), key=str.casefold)
        return Result(question, label, len(given), texts=texts)
    if len(given) < smallest:
        return Result(question, label, len(given), is_hidden=bool(given))
    if question.kind == QuestionKind.NUMBER:
        return Result(question, label, len(given), mean=sum(given) / len(given) if given else None)
    counts = [
        Count(key, said, sum(1 for one in given if _chose(one, key)))
        for key, said in possible(question, language)
    ]
    mean = sum(given) / len(given) if question.kind == QuestionKind.SCALE and given else None
    return Result(question, label, len(given), counts, mean)


def _chose(answer: Any, key: Any) -> bool:
    return key in answer if isinstance(answer, list) else answer == key


def possible(question: Question, language: str) -> list[tuple[Any, str]]:
    """Every possible answer of a counted question with its words."""
    match question.kind:
        case QuestionKind.SCALE:
            return [(step, step_label(question, step, language)) for step in question.steps]
        case QuestionKind.YES_NO:
            return [(True, _("Yes")), (False, _("No"))]
        case _:
            return [(key, option_label(question, key, language)) for key in question.option_keys]


@dataclass(frozen=True)
class Cell:
    """A group's value of one question; hidden where too few of it answered, or where it could be reckoned."""

    said: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Breakdown:
    """Scales and yes-or-no by the groups of one choice."""

    label: str
    groups: list[tuple[str, str]]
    rows: list[tuple[str, list[Cell]]]
    has_hidden: bool


def can_divide(questions: Sequence[Question]) -> list[Question]:
    """Questions by whose answers others can be divided."""
    return [one for one in questions if one.kind in (QuestionKind.CHOICE, QuestionKind.YES_NO)]


def breakdown_of(
    evaluation: Evaluation, by: Question, answers: Sequence[dict[str, Any]], language: str
) -> Breakdown:
    """Each scale and yes-or-no, by the groups that answered ``by``; those who did not answer it are a group too."""
    smallest = SMALLEST_GROUP if evaluation.is_anonymous else 1
    groups = [*possible(by, language), (NO_ANSWER, _("No answer"))]
    members = {key: [one for one in answers if one.get(by.key, NO_ANSWER) == key] for key, _label in groups}
    groups = [(key, label) for key, label in groups if members[key]]
    whole = hidden_groups({key: len(found) for key, found in members.items()}, smallest)
    asked = [
        one for one in questions_of(evaluation.question_set)
        if one.kind in (QuestionKind.SCALE, QuestionKind.YES_NO) and one.key != by.key
    ]  # fmt: skip
    rows = [
        (label_of(one, language), _cells(one, [key for key, _label in groups], members, (whole, smallest)))
        for one in asked
    ]
    heads = [
        (label, _("hidden") if key in whole else words.number(len(members[key]))) for key, label in groups
    ]
    has_hidden = bool(whole) or any(cell.is_hidden for _label, cells in rows for cell in cells)
    return Breakdown(label_of(by, language), heads, rows, has_hidden)


def _cells(
    question: Question,
    keys: list[Any],
    members: dict[Any, list[dict[str, Any]]],
    limits: tuple[set[Any], int],
) -> list[Cell]:
    whole, smallest = limits
    given = {
        key: [one[question.key] for one in members[key] if one.get(question.key) is not None] for key in keys
    }
    hidden = whole | hidden_groups({key: len(found) for key, found in given.items()}, smallest)
    hidden = _still_two(hidden, {key: len(found) for key, found in given.items()}, smallest)
    return [Cell("", True) if key in hidden else Cell(_mean_said(given[key])) for key in keys]


def _still_two(hidden: set[Any], sizes: dict[Any, int], smallest: int) -> set[Any]:
    """What is hidden for two reasons must together still be two groups and enough people of this question."""
    shown = sorted(
        (key for key, size in sizes.items() if size and key not in hidden), key=lambda key: -sizes[key]
    )
    hidden = set(hidden)
    while shown and hidden:
        living = [key for key in hidden if sizes.get(key)]
        if not living or (len(living) >= 2 and sum(sizes[key] for key in living) >= smallest):
            break
        hidden.add(shown.pop())
    return hidden


def _mean_said(given: list[Any]) -> str:
    if not given:
        return "–"
    if isinstance(given[0], bool):
        return words.percent(sum(given) / len(given))
    return words.number(round(sum(given) / len(given), 1), 1)


@dataclass(frozen=True)
class Change:
    """A scale asked before and after: both means, how many answered each; hidden where too few did."""

    label: str
    before: float | None
    after: float | None
    before_number: int
    after_number: int
    is_hidden: bool

    @property
    def difference(self) -> float | None:
        return None if self.before is None or self.after is None else round(self.after - self.before, 1)


def changes_of(evaluation: Evaluation, language: str) -> list[Change]:
    """Scales that stand in this evaluation and in the one before, side by side."""
    before = evaluation.compared_with
    if before is None:
        return []
    earlier = {one.key: one for one in questions_of(before.question_set) if one.kind == QuestionKind.SCALE}
    first, second = answers_of(before), answers_of(evaluation)
    return [
        _change(one, label_of(one, language), (before, first), (evaluation, second))
        for one in questions_of(evaluation.question_set)
        if one.kind == QuestionKind.SCALE and one.key in earlier and earlier[one.key].steps == one.steps
    ]


def _change(question: Question, label: str, *sides: tuple[Evaluation, list[dict[str, Any]]]) -> Change:
    means, numbers, is_hidden = [], [], False
    for evaluation, answers in sides:
        given = [one[question.key] for one in answers if one.get(question.key) is not None]
        is_hidden |= evaluation.is_anonymous and len(given) < SMALLEST_GROUP
        means.append(round(sum(given) / len(given), 1) if given else None)
        numbers.append(len(given))
    if is_hidden:
        means = [None, None]
    return Change(label, means[0], means[1], numbers[0], numbers[1], is_hidden)
