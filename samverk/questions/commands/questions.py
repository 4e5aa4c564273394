"""Writing questions. Each command gives back the question where it now stands: in a new version, if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from samverk.kit.acting import Actor, Refusal
from samverk.kit.codes import new_code
from samverk.questions.commands.sets import COPIED, editable_version, lock_set
from samverk.questions.models import Question, QuestionSet
from samverk.questions.rules import MOST_QUESTIONS, question_refusal
from samverk.trail.commands import log

UNDO_REMOVING = "question.remove"
EDITABLE = (
    "is_required", "asked_per", "is_sensitive", "seen_by", "texts", "hints", "options", "least", "most",
)  # fmt: skip


def add_question(question_set: QuestionSet, *, kind: str, by: Actor, **fields: Any) -> Question:
    """A question at the end of a set; ``fields`` as in EDITABLE. Raises Refusal where it cannot stand there."""
    question = Question(kind=kind, **_known(fields))
    question.options = keyed_options(question.options, [])
    with transaction.atomic():
        question_set = editable_version(question_set, by=by)
        places = list(question_set.questions.values_list("position", flat=True))
        if len(places) >= MOST_QUESTIONS:
            raise Refusal(
                _("A set holds %(most)s questions at most.") % {"most": MOST_QUESTIONS}, code="too_many"
            )
        question.question_set, question.position = question_set, max(places, default=0) + 1
        _refuse(question, question_set)
        question.save()
        log("add_question", question, by=by, scope=question_set.scope, changed=["kind", "position"])
        return question


def edit_question(question: Question, *, by: Actor, **fields: Any) -> Question:
    """Change a question; its kind stays. Options keep their keys by their words, then by their place."""
    with transaction.atomic():
        question = _in_editable_version(question, by=by)
        if "options" in fields:
            fields["options"] = keyed_options(fields["options"], question.options)
        changed = [name for name, value in _known(fields).items() if getattr(question, name) != value]
        for name in changed:
            setattr(question, name, fields[name])
        _refuse(question, question.question_set)
        if changed:
            question.save(update_fields=changed)
            log("edit_question", question, by=by, scope=question.question_set.scope, changed=changed)
        return question


def move_question(question: Question, *, up: bool, by: Actor) -> Question:
    """One place up or down; at the end nothing happens."""
    with transaction.atomic():
        question = _in_editable_version(question, by=by)
        order = list(question.question_set.questions.all())
        at = [one.pk for one in order].index(question.pk)
        to = at - 1 if up else at + 1
        if not 0 <= to < len(order):
            return question
        order[at], order[to] = order[to], order[at]
        for place, one in enumerate(order, 1):
            if one.position != place:
                Question.objects.filter(pk=one.pk).update(position=place)
        question.refresh_from_db(fields=["position"])
        log("move_question", question, by=by, scope=question.question_set.scope, changed=["position"])
        return question


def remove_question(question: Question, *, by: Actor) -> QuestionSet:
    """Take a question out; can be undone for 24 hours. Gives the set it was taken from."""
    with transaction.atomic():
        question = _in_editable_version(question, by=by)
        question_set = question.question_set
        facts = {name: getattr(question, name) for name in COPIED} | {"set": question_set.pk}
        log(
            "remove_question", question, by=by, scope=question_set.scope, undo_with=UNDO_REMOVING,
            undo_facts=facts,
        )  # fmt: skip
        question.delete()
        return question_set


def put_back_question(thing_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """The question at its place again, under its key; refused where the set was answered or replaced meanwhile."""
    question_set = lock_set(QuestionSet(pk=facts["set"]))
    if question_set.is_frozen or question_set.replaced_by_id:
        raise Refusal(_("Answers came in meanwhile. Add the question anew."), code="too_late")
    back = Question(question_set=question_set, **{name: facts[name] for name in COPIED})
    back.save()
    log("put_back_question", back, by=by, scope=question_set.scope)


def keyed_options(
    wanted: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Options with keys. ``wanted`` are [{"texts": {…}}]: what says the same as before keeps its key; where as many
    stand there as before, a reworded one keeps the key of its place; the rest are new."""
    keys: list[str | None] = []
    for option in wanted:
        key = _same(option, known)
        keys.append(key if key not in keys else None)
    if len(wanted) == len(known):
        for place, option in enumerate(known):
            if keys[place] is None and option["key"] not in keys:
                keys[place] = option["key"]
    return [
        {"key": key or new_code(), "texts": dict(option["texts"])}
        for key, option in zip(keys, wanted, strict=True)
    ]


def _same(option: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> str | None:
    for one in known:
        if any(text and one["texts"].get(language) == text for language, text in option["texts"].items()):
            return str(one["key"])
    return option.get("key")


def _in_editable_version(question: Question, *, by: Actor) -> Question:
    question_set = editable_version(question.question_set, by=by)
    found = Question.objects.get(question_set=question_set, key=question.key)
    found.question_set = question_set
    return found


def _refuse(question: Question, question_set: QuestionSet) -> None:
    if refusal := question_refusal(question, question_set):
        raise refusal


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if strange := set(fields) - set(EDITABLE):
        raise TypeError(f"no fields of a question: {sorted(strange)}")
    return fields
