from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from samverk.kit.codes import typed_code
from samverk.live.models import FloorQuestion, LiveKind, LiveQuestion, Room, Vote
from samverk.live.rules import choices_of

MOST_WORDS = 40


def room_by(code: str) -> Room | None:
    """An open room by its code as people type it, with what stands there now; one query."""
    return Room.objects.filter(code=typed_code(code), is_open=True).select_related("current").first()


def signature_of(room: Room, *, is_wall: bool) -> str:
    """What a page shows, as a short text: where it is the same, nothing has to be sent. The wall follows each vote."""
    follows = is_wall or (room.current is not None and room.current.kind == LiveKind.FLOOR)
    seen = room.votes if follows or (room.current and room.current.shows_results) else 0
    return f"{room.pk}-{room.step}-{seen}"


@dataclass(frozen=True)
class Line:
    """One answer and how many gave it; ``size`` from 1 to 5 for a cloud of words."""

    text: str
    number: int
    size: int = 1


@dataclass(frozen=True)
class Results:
    """A question's answers: counted lines, or questions from the floor."""

    question: LiveQuestion
    total: int
    lines: list[Line]
    floor: list[FloorQuestion]


def results_of(questions: list[LiveQuestion], *, with_hidden: bool = False) -> list[Results]:
    """Answers of several questions in two queries."""
    votes: dict[int, Counter[str]] = {one.pk: Counter() for one in questions}
    for question, value in Vote.objects.filter(question__in=questions).values_list("question_id", "value"):
        votes[question][value] += 1
    floor: dict[int, list[FloorQuestion]] = {one.pk: [] for one in questions}
    asked = FloorQuestion.objects.filter(question__in=questions)
    for one in asked if with_hidden else asked.filter(is_hidden=False):
        floor[one.question_id].append(one)
    return [
        Results(one, sum(votes[one.pk].values()), _lines(one, votes[one.pk]), floor[one.pk])
        for one in questions
    ]


def _lines(question: LiveQuestion, votes: Counter[str]) -> list[Line]:
    if question.kind != LiveKind.WORDS:
        return [Line(text, votes[value]) for value, text in choices_of(question)]
    together: dict[str, tuple[str, int]] = {}
    for word, number in votes.items():
        said, before = together.get(word.casefold(), (word, 0))
        together[word.casefold()] = (said, before + number)
    most = max((number for _word, number in together.values()), default=1)
    found = sorted(together.values(), key=lambda one: (-one[1], one[0].casefold()))[:MOST_WORDS]
    return [Line(word, number, 1 + round(4 * number / most)) for word, number in found]


def vote_of(question: LiveQuestion, device: str) -> Any:
    return Vote.objects.filter(question=question, device=device).values_list("value", flat=True).first()
