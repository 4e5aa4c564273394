"""What somebody was asked and answered, protected answers too: they are hers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.asking.models import Given, Sealed
from samverk.asking.queries import items_of
from samverk.asking.sealing import opened
from samverk.kit.exports import Part, Table, Words
from samverk.questions.answers import words_of
from samverk.questions.wording import page_language, text_of


def part_of_person(person: Any) -> Part:
    rows = []
    known: dict[int, dict[str, Any]] = {}
    for registration, answers in _answers_of(person):
        activity = registration.activity
        if activity.pk not in known:
            found = items_of(activity, with_stopped=True)
            known[activity.pk] = {one.question.key: one.question for one in found}
        for key, value in answers.items():
            question = known[activity.pk].get(key)
            rows.append({
                "activity": activity.title,
                "question": text_of(question, page_language()).text if question else key,
                "answer": words_of(question, value) if question else str(value),
            })  # fmt: skip
    columns: list[tuple[str, Words]] = [
        ("activity", _("Activity")),
        ("question", _("Question")),
        ("answer", _("Answer")),
    ]
    return Part(_("Answers"), [Table("answers", _("What I answered when registering"), columns, rows)])


def _answers_of(person: Any) -> list[tuple[Any, dict[str, Any]]]:
    related = "registration__activity"
    given = Given.objects.filter(registration__person=person).select_related(related)
    sealed = Sealed.objects.filter(registration__person=person).select_related(related)
    return [
        *((one.registration, one.answers) for one in given),
        *((one.registration, opened(one.content)) for one in sealed),
    ]
