"""Asking people, reminding them once, and closing in time. A duty of the worker; each step finds its own work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from samverk.evaluation.choices import INVITED, EvaluationState
from samverk.evaluation.commands.evaluations import close_evaluation
from samverk.evaluation.models import Evaluation, Invitation
from samverk.evaluation.queries import address_of, is_due, is_over, people_to_ask
from samverk.kit.acting import THE_CLOCK, Refusal
from samverk.post.commands import queue_mail

REMIND_AFTER = timedelta(days=3)
BATCH = 200


def is_something_due() -> bool:
    return Evaluation.objects.filter(state=EvaluationState.OPEN).exists()


def invite_and_close(now: datetime | None = None) -> int:
    """Everything that is due now; says how many mails were queued."""
    now = now or timezone.now()
    queued = 0
    open_ones = Evaluation.objects.filter(state=EvaluationState.OPEN)
    for evaluation in open_ones.select_related("activity__programme", "session"):
        if is_over(evaluation, now):
            _close(evaluation)
            continue
        if is_due(evaluation, now):
            queued += invite_people(evaluation, now)
        queued += _remind(evaluation, now)
    return queued


def _close(evaluation: Evaluation) -> None:
    try:
        close_evaluation(evaluation, by=THE_CLOCK)
    except Refusal:
        return  # somebody closed it meanwhile


def invite_people(evaluation: Evaluation, now: datetime) -> int:
    """One mail for each registration that is to be asked and was not. Whoever makes the row sends."""
    with transaction.atomic():
        asked = 0
        for registration in list(people_to_ask(evaluation)[:BATCH]):
            invitation, is_new = Invitation.objects.get_or_create(
                evaluation=evaluation, registration=registration, defaults={"invited_at": now}
            )
            asked += is_new and _send(invitation, is_reminder=False)
        return asked


def _remind(evaluation: Evaluation, now: datetime) -> int:
    silent = Invitation.objects.filter(
        evaluation=evaluation, is_used=False, reminded_at=None, invited_at__lte=now - REMIND_AFTER
    )
    with transaction.atomic():
        found = list(silent.select_related("registration__person")[:BATCH])
        for invitation in found:
            # In one statement, and only where it still holds: two workers never remind twice.
            if silent.filter(pk=invitation.pk).update(reminded_at=now):
                invitation.evaluation = evaluation
                _send(invitation, is_reminder=True)
        return len(found)


def _send(invitation: Invitation, *, is_reminder: bool) -> bool:
    registration, activity = invitation.registration, invitation.evaluation.activity
    to = address_of(registration)
    if not to:
        return False
    queue_mail(
        INVITED, to=to, to_name=registration.name, language=registration.language, person=registration.person,
        scope=activity.programme.scope, thing_id=invitation.pk, facts={"is_reminder": is_reminder},
    )  # fmt: skip
    return True
