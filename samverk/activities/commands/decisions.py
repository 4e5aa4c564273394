"""A coordinator's yes or no to somebody who asks to come. Mails wait a minute; a no may become a yes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.admission_rules import crowd_refusal, deciding_refusal
from samverk.activities.choices import Decision
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.places import settle_place
from samverk.activities.commands.registrants import refuse_second_place
from samverk.activities.commands.waiting_list import lock_activity, locked_registration
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Registration
from samverk.activities.queries.admission import candidate_of
from samverk.kit.acting import Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.trail.commands import log


def approve_registration(registration: Registration, *, by: Actor, because: str = "") -> Registration:
    """Yes: she gets a place, or where none is free the end of the waiting list. ``because`` is for the team only."""
    with transaction.atomic():
        registration, now = _to_decide(registration)
        activity = registration.activity
        if refusal := rules.registration_refusal(
            activity, now, by_staff=True, comes_as=registration.comes_as
        ):
            raise refusal
        if registration.state == State.DECLINED:
            refuse_second_place(registration)
        if refusal := crowd_refusal(activity, candidate_of(registration).colleagues):
            raise refusal
        _decide(registration, Decision.APPROVED, because, now, by)
        settle_place(registration, now, by=by, verb="approve_registration")
        queue_registration_mail(registration, "approved", delay_seconds=rules.UNDO_SECONDS)
        fault_point("approval.before_commit")
        return registration


def decline_registration(registration: Registration, *, because: str, by: Actor) -> Registration:
    """No, with the reason that she reads."""
    if not because.strip():
        raise Refusal(_("Write why. The person reads it."), code="no_reason", field="because")
    with transaction.atomic():
        registration, now = _to_decide(registration)
        _decide(registration, Decision.DECLINED, because, now, by)
        registration.state = State.DECLINED
        registration.save()
        log(
            "decline_registration", registration, by=by, scope=registration.activity.programme.scope,
            changed=["state", "decision"], reason=because,
        )  # fmt: skip
        queue_registration_mail(registration, "declined", delay_seconds=rules.UNDO_SECONDS)
        return registration


def _to_decide(registration: Registration) -> tuple[Registration, datetime]:
    """The registration as it is under the lock, and the moment."""
    activity = lock_activity(registration.activity_id)
    registration = locked_registration(activity, registration)
    if refusal := deciding_refusal(registration):
        raise refusal
    return registration, timezone.now()


def _decide(registration: Registration, decision: str, because: str, now: datetime, by: Actor) -> None:
    registration.decision, registration.decided_at, registration.decided_by = decision, now, by.person
    registration.decided_because = because.strip()[:300]
