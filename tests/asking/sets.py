"""Sets of questions that the tests ask."""

from __future__ import annotations

from typing import Any

from samverk.activities.models import Activity
from samverk.asking.commands.asking import ask_set
from samverk.asking.models import Asked
from samverk.kit.acting import THE_SHELL
from samverk.programmes.choices import SeatRole
from samverk.questions.commands.questions import add_question
from samverk.questions.commands.sets import create_set
from samverk.questions.models import Question

TEAM = list(SeatRole.values)


def asked_in(activity: Activity, *questions: dict[str, Any], name: str = "Ours", **how: Any) -> Asked:
    """Questions as {"key": …, "kind": …, …}, asked in an activity; their texts are their keys."""
    made = create_set(name, kind="registration", language="en", programme=activity.programme, by=THE_SHELL)
    for facts in questions:
        facts = {"texts": {"en": facts["key"].capitalize()}, "seen_by": TEAM} | facts
        key = facts.pop("key")
        added = add_question(made, by=THE_SHELL, **facts)
        Question.objects.filter(pk=added.pk).update(key=key)
    return ask_set(activity, made, by=THE_SHELL, **how)


WAY = {
    "key": "way", "kind": "choice", "is_required": True,
    "options": [{"key": "bus", "texts": {"en": "By bus"}}, {"key": "bike", "texts": {"en": "By bike"}}],
}  # fmt: skip
HOPES = {"key": "hopes", "kind": "long"}
STAND = {"key": "stand", "kind": "yes_no", "is_required": True, "asked_per": "organisation"}
FOOD = {"key": "food", "kind": "long", "is_sensitive": True, "seen_by": ["coordinator"]}
PAPER = {"key": "paper", "kind": "file"}


def key_of(asked: Asked, text: str) -> str:
    """The key of an option by its English words: commands make keys anew."""
    for question in asked.question_set.questions.all():
        for option in question.options:
            if option["texts"]["en"] == text:
                return str(option["key"])
    raise LookupError(text)
