"""Who sees and writes sets of questions, and who reads which answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from samverk.programmes.models import Programme
from samverk.programmes.permissions import (
    coordinates_somewhere,
    is_in_a_team,
    may_run_activities,
    programmes_visible_to,
    seats_of,
)
from samverk.questions.models import Question, QuestionSet


def sets_visible_to(person: Any) -> QuerySet[QuestionSet]:
    """Sets of the programmes in whose team a person sits, and those of the centre."""
    if not is_in_a_team(person):
        return QuestionSet.objects.none()
    return QuestionSet.objects.filter(Q(programme=None) | Q(programme__in=programmes_visible_to(person)))


def questions_visible_to(person: Any) -> QuerySet[Question]:
    return Question.objects.filter(question_set__in=sets_visible_to(person))


def may_write_sets(person: Any, programme: Programme | None) -> bool:
    """Coordinators and trainers for their programme; any coordinator for the centre."""
    return may_run_activities(person, programme) if programme else coordinates_somewhere(person)


def may_edit_set(person: Any, question_set: QuestionSet) -> bool:
    return may_write_sets(person, question_set.programme)


def roles_in(person: Any, programme: Programme) -> set[str]:
    """Roles in which a person sits in a programme's team today."""
    return set(seats_of(person).filter(programme=programme).values_list("role", flat=True))


def answers_readable_by(questions: Iterable[Question], roles: Collection[str]) -> list[Question]:
    """Questions whose answers these roles read in lists. Protected answers are never in a list: see the next."""
    return [one for one in questions if not one.is_sensitive and set(one.seen_by) & set(roles)]


def sensitive_readable_by(questions: Iterable[Question], roles: Collection[str]) -> list[Question]:
    """Protected questions whose answers these roles may open, by POST, each opening logged."""
    return [one for one in questions if one.is_sensitive and set(one.seen_by) & set(roles)]
