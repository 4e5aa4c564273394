"""Reads: sets that can be used, the newest version of one, its questions with their set loaded."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from samverk.programmes.models import Programme
from samverk.questions.models import Question, QuestionSet
from samverk.questions.permissions import sets_visible_to


def questions_of(question_set: QuestionSet) -> list[Question]:
    """The questions in their order, each knowing its set; one query."""
    found = list(question_set.questions.all())
    for one in found:
        one.question_set = question_set
    return found


def newest_of(question_set: QuestionSet) -> QuestionSet:
    """The version that is asked from now on, read anew. A line of versions is walked upwards, one query a step."""
    related = QuestionSet.objects.select_related("programme")
    newest = related.get(pk=question_set.pk)
    while newest.replaced_by_id:
        newest = related.get(pk=newest.replaced_by_id)
    return newest


def sets_to_use(programme: Programme | None, kind: str) -> QuerySet[QuestionSet]:
    """Sets of a kind that a programme can ask: its own and the centre's, newest versions only."""
    own = Q(programme=None) | Q(programme=programme)
    living = Q(kind=kind, is_shared=True, replaced_by=None, archived_at=None)
    return QuestionSet.objects.filter(own & living).annotate(size=Count("questions")).order_by("name", "pk")


def sets_listed(person: Any) -> QuerySet[QuestionSet]:
    """What stands on the office's list: shared sets, newest versions, with their number of questions."""
    living = sets_visible_to(person).filter(replaced_by=None, archived_at=None, is_shared=True)
    return living.annotate(size=Count("questions")).select_related("programme").order_by("kind", "name", "pk")
