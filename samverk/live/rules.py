from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.live.models import MOST_OPTIONS, LiveKind, LiveQuestion

RATINGS = ["1", "2", "3", "4", "5"]
LONGEST_WORD = 30


def choices_of(question: LiveQuestion) -> list[tuple[str, str]]:
    """(value, words) one can choose from; empty where one writes."""
    if question.kind == LiveKind.RATING:
        return [(one, one) for one in RATINGS]
    if question.kind == LiveKind.POLL:
        return [(str(place), text) for place, text in enumerate(question.options)]
    return []


def checked_vote(question: LiveQuestion, value: str) -> str:
    """The answer as it is kept. Raises Refusal."""
    if question.kind == LiveKind.WORDS:
        word = " ".join(value.split())
        if not word or len(word) > LONGEST_WORD:
            raise Refusal(_("Write one word or two, at most 30 letters."), code="word", field="value")
        return word
    if value not in dict(choices_of(question)):
        raise Refusal(_("Choose one of the answers."), code="choice", field="value")
    return value


def question_refusal(kind: str, text: str, options: list[str]) -> Refusal | None:
    if not text.strip():
        return Refusal(_("Write the question."), code="no_text", field="text")
    if kind == LiveKind.POLL and not 2 <= len(options) <= MOST_OPTIONS:
        return Refusal(_("Write two to eight answers, one on each line."), code="options", field="options")
    return None
