"""Who wrote what, of an evaluation by name only; and what an export, an erasure and the doctor ask of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.evaluation.choices import EvaluationState
from samverk.evaluation.models import Answer, Evaluation, Invitation
from samverk.kit.exports import Part, Table, Words
from samverk.people.rules import alias_of
from samverk.questions.answers import words_of
from samverk.questions.choices import COUNTED
from samverk.questions.models import Question
from samverk.questions.permissions import answers_readable_by, roles_in
from samverk.questions.queries import questions_of
from samverk.questions.wording import label_of, page_language, text_of


@dataclass(frozen=True)
class Named:
    """One person's answers, in the order of the questions; empty where she did not answer."""

    name: str
    # (question, answer)
    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class NamedAnswers:
    labels: list[str]
    rows: list[Named]


def named_answers(evaluation: Evaluation, reader: Any) -> NamedAnswers | None:
    """Answers by name, of the questions that the reader's roles in the team read. None where they are anonymous, or
    where she sits in no team that reads them."""
    if evaluation.is_anonymous:
        return None
    roles = roles_in(reader, evaluation.activity.programme)
    questions = answers_readable_by(questions_of(evaluation.question_set), roles)
    if not questions:
        return None
    found = _by_name(Answer.objects.filter(evaluation=evaluation, is_anonymous=False))
    language = page_language()
    return NamedAnswers(
        [label_of(one, language) for one in questions], [_row(one, questions, language) for one in found]
    )


def _by_name(found: QuerySet[Answer]) -> QuerySet[Answer]:
    registration = "invitation__registration"
    related = found.select_related(f"{registration}__person")
    return related.order_by(f"{registration}__family_name", f"{registration}__given_name", "id")


def _row(answer: Answer, questions: list[Question], language: str) -> Named:
    """Of somebody with protected identity only what was chosen from a list stands here."""
    assert answer.invitation is not None  # a constraint of the table
    registration = answer.invitation.registration
    person = registration.person
    hidden = person is not None and person.is_protected
    name = alias_of(person.code) if person and hidden else registration.name
    pairs = []
    for one in questions:
        text = words_of(one, answer.answers.get(one.key), language)
        said = _("hidden") if hidden and text and one.kind not in COUNTED else text
        pairs.append((label_of(one, language), said))
    return Named(name, pairs)


def part_of_person(person: Any) -> Part:
    """What she wrote under her name. What was promised to be anonymous is nobody's, so it cannot stand here."""
    related = ("evaluation__question_set", "evaluation__activity")
    mine = Answer.objects.filter(invitation__registration__person=person).select_related(*related)
    rows: list[dict[str, Any]] = []
    for answer in mine.order_by("evaluation_id", "id"):
        for one in questions_of(answer.evaluation.question_set):
            if text := words_of(one, answer.answers.get(one.key)):
                asked = text_of(one, page_language()).text
                rows.append(
                    {"activity": answer.evaluation.activity.title, "question": asked, "answer": str(text)}
                )
    columns: list[tuple[str, Words]] = [
        ("activity", _("Activity")), ("question", _("Question")), ("answer", _("Answer")),
    ]  # fmt: skip
    return Part(
        _("Evaluations"),
        [Table("evaluations", _("What I wrote in evaluations, with my name"), columns, rows)],
    )


def forget_answers(person: Any) -> None:
    """An erasure: what she wrote under her name is gone; that somebody answered anonymously stays."""
    Answer.objects.filter(invitation__registration__person=person).delete()


def faults() -> list[str]:
    """Answers and used invitations that do not tally, and evaluations that nobody closed."""
    return [*_untallied(), *_never_closed()]


def _untallied() -> list[str]:
    answers = (
        Answer.objects.order_by().values("evaluation").annotate(n=Count("pk")).values_list("evaluation", "n")
    )
    given = dict(answers)
    used = Invitation.objects.order_by().values("evaluation").annotate(n=Count("pk", filter=Q(is_used=True)))
    asked = dict(used.values_list("evaluation", "n"))
    wrong = [pk for pk in {*given, *asked} if given.get(pk, 0) > asked.get(pk, 0)]
    found = [
        f"evaluation {one}: more answers than people who answered"
        for one in Evaluation.objects.filter(pk__in=wrong).values_list("code", flat=True)
    ]
    mixed = Answer.objects.exclude(is_anonymous=F("evaluation__is_anonymous"))
    codes = mixed.values_list("evaluation__code", flat=True).distinct()
    return found + [f"evaluation {one}: an answer of the other kind than was promised" for one in codes]


def _never_closed() -> list[str]:
    late = timezone.localdate() - timedelta(days=2)
    stuck = Evaluation.objects.filter(state=EvaluationState.OPEN, closes_on__lt=late)
    return [f"evaluation {one}: should be closed" for one in stuck.values_list("code", flat=True)]
