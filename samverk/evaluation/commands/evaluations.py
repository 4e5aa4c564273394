"""Writing evaluations: made, opened, closed. Questions are frozen by the first answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity, Session
from samverk.evaluation.choices import EvaluationState, Moment
from samverk.evaluation.models import Evaluation
from samverk.kit.acting import Actor, Refusal
from samverk.questions.choices import SetKind
from samverk.questions.models import QuestionSet
from samverk.questions.queries import newest_of
from samverk.trail.commands import log


def create_evaluation(
    activity: Activity, question_set: QuestionSet, *, by: Actor, closes_on: date, moment: str = Moment.AFTER,
    is_anonymous: bool = True, session: Session | None = None,
) -> Evaluation:  # fmt: skip
    """A draft. An evaluation after is put beside the one before of the same activity, if there is one."""
    _refuse(activity, question_set, session, closes_on)
    with transaction.atomic():
        before = None
        if moment == Moment.AFTER:
            before = Evaluation.objects.filter(activity=activity, moment=Moment.BEFORE).last()
        made = Evaluation.objects.create(
            activity=activity, session=session, question_set=question_set, moment=moment, closes_on=closes_on,
            is_anonymous=is_anonymous, compared_with=before, created_by=by.person,
        )  # fmt: skip
        log(
            "create",
            made,
            by=by,
            scope=activity.programme.scope,
            changed=["moment", "is_anonymous", "closes_on"],
        )
        return made


def _refuse(activity: Activity, question_set: QuestionSet, session: Session | None, closes_on: date) -> None:
    if question_set.kind != SetKind.EVALUATION:
        raise Refusal(_("Choose a set for evaluation."), code="kind", field="question_set")
    if question_set.programme_id not in (None, activity.programme_id):
        raise Refusal(_("This set belongs to another programme."), code="foreign", field="question_set")
    if session is not None and session.activity_id != activity.pk:
        raise Refusal(_("This session belongs to another activity."), code="foreign", field="session")
    if closes_on < timezone.localdate():
        raise Refusal(_("Choose a day that is still to come."), code="past", field="closes_on")


def open_evaluation(evaluation: Evaluation, *, by: Actor) -> Evaluation:
    """From now on it is sent when its moment comes. It asks the newest version of its set."""
    with transaction.atomic():
        evaluation = _lock(evaluation)
        if evaluation.state != EvaluationState.DRAFT:
            raise Refusal(_("This evaluation was opened before."), code="state")
        newest = newest_of(evaluation.question_set)
        if not newest.questions.exists():
            raise Refusal(_("The set has no questions. Write some first."), code="no_questions")
        evaluation.question_set, evaluation.state = newest, EvaluationState.OPEN
        evaluation.save(update_fields=["question_set", "state"])
        log("open", evaluation, by=by, scope=evaluation.activity.programme.scope, changed=["state"])
        return evaluation


def close_evaluation(evaluation: Evaluation, *, by: Actor) -> Evaluation:
    """No further answers. It is never opened again: looking between two answers would show the second."""
    with transaction.atomic():
        evaluation = _lock(evaluation)
        if evaluation.state != EvaluationState.OPEN:
            raise Refusal(_("This evaluation is not open."), code="state")
        evaluation.state, evaluation.closed_at = EvaluationState.CLOSED, timezone.now()
        evaluation.save(update_fields=["state", "closed_at"])
        log(
            "close_evaluation",
            evaluation,
            by=by,
            scope=evaluation.activity.programme.scope,
            changed=["state"],
        )
        return evaluation


def remove_evaluation(evaluation: Evaluation, *, by: Actor) -> None:
    """A draft that nobody was asked is thrown away."""
    with transaction.atomic():
        evaluation = _lock(evaluation)
        if evaluation.state != EvaluationState.DRAFT:
            raise Refusal(_("People were asked already. Close it instead."), code="state")
        log("remove", evaluation, by=by, scope=evaluation.activity.programme.scope)
        evaluation.delete()


def _lock(evaluation: Evaluation) -> Any:
    related = Evaluation.objects.select_for_update(of=("self",))
    return related.select_related("activity__programme", "question_set").get(pk=evaluation.pk)
