"""Where a set of questions is asked: each line finds its places by one function.

A function is ``function(question_set, person) -> list[Place]``, with what that person may see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from samverk.asking.permissions import asked_visible_to
from samverk.evaluation.permissions import evaluations_visible_to
from samverk.questions.models import QuestionSet


@dataclass(frozen=True)
class Place:
    """A page on which the set is asked, or from which it is managed."""

    text: str
    href: str


def _evaluations(question_set: QuestionSet, person: Any) -> list[Place]:
    found = evaluations_visible_to(person).filter(question_set=question_set).select_related("activity")
    return [
        Place(one.activity.title, reverse("office:evaluations", args=[one.activity.code])) for one in found
    ]


def _askings(question_set: QuestionSet, person: Any) -> list[Place]:
    found = (
        asked_visible_to(person).filter(question_set=question_set, stopped_at=None).select_related("activity")
    )
    return [Place(one.activity.title, reverse("office:asking", args=[one.activity.code])) for one in found]


PLACES: list[Callable[[QuestionSet, Any], list[Place]]] = [_evaluations, _askings]


def places_of(question_set: QuestionSet, person: Any) -> list[Place]:
    """All places where a set is asked, as far as the person may see them."""
    return [place for find in PLACES for place in find(question_set, person)]
