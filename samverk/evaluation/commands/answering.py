"""Taking an answer, so that of an anonymous evaluation nobody can join it to whoever gave it.

Neither row holds a time. Every anonymous answer is written anew under a new random key, in random order, whenever one
comes in, and every invitation with it: so neither the order of rows, nor keys, nor what the database itself notes of
transactions (xmin) says which invitation and which answer were written together. The trail is told nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from samverk.evaluation.models import Answer, Evaluation, Invitation
from samverk.evaluation.rules import answering_refusal
from samverk.questions.answers import checked_answers
from samverk.questions.commands.sets import note_answered
from samverk.questions.queries import questions_of

_shuffler = random.SystemRandom()


def answer_evaluation(invitation: Invitation, values: Mapping[str, Any]) -> Evaluation:
    """Take the answers of one invitation, once. Raises Refusal where one does not fit, or nothing is taken any more.

    Gives the evaluation, never the answer.
    """
    with transaction.atomic():
        related = Evaluation.objects.select_for_update(of=("self",)).select_related("question_set")
        evaluation = related.get(pk=invitation.evaluation_id)
        invitation = Invitation.objects.get(pk=invitation.pk)
        if refusal := answering_refusal(evaluation, invitation, timezone.localdate()):
            raise refusal
        answers = checked_answers(questions_of(evaluation.question_set), values)
        if evaluation.is_anonymous:
            _mark_used_among_all(evaluation, invitation)
            _write_all_anew(evaluation, answers)
        else:
            Invitation.objects.filter(pk=invitation.pk).update(is_used=True)
            Answer.objects.create(
                evaluation=evaluation, is_anonymous=False, invitation=invitation, answers=answers
            )
        note_answered(evaluation.question_set)
        return evaluation


def _mark_used_among_all(evaluation: Evaluation, invitation: Invitation) -> None:
    """Every invitation is written, so that none stands out as the last one written."""
    used = Case(When(pk=invitation.pk, then=Value(True)), default=F("is_used"))
    Invitation.objects.filter(evaluation=evaluation).update(is_used=used)


def _write_all_anew(evaluation: Evaluation, answers: dict[str, Any]) -> None:
    stored = Answer.objects.filter(evaluation=evaluation)
    every = [*stored.values_list("answers", flat=True), answers]
    stored.delete()
    _shuffler.shuffle(every)
    Answer.objects.bulk_create(Answer(evaluation=evaluation, is_anonymous=True, answers=one) for one in every)
