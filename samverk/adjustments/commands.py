"""Asking for what one needs, the team's answer, taking it back, and erasing what was needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE, Adjustment
from samverk.activities.models import Registration
from samverk.adjustments.choices import ANSWERED, RequestState
from samverk.adjustments.models import AdjustmentRequest
from samverk.adjustments.queries import is_over
from samverk.kit.acting import Actor, Refusal
from samverk.post.commands import UNDO_SECONDS, cancel_mails, queue_mail
from samverk.trail.commands import log

# An interpreter is not found in a day: the team answers a week before, or the next day where it is later than that.
ANSWER_BEFORE = timedelta(days=7)
KEPT_AFTER = timedelta(days=30)
OUTCOMES = (RequestState.ARRANGED, RequestState.IMPOSSIBLE)


def ask_for_adjustments(registration: Registration, kinds: Sequence[str], *, by: Actor) -> AdjustmentRequest:
    """Say what one needs of what is offered; a second time takes the place of the first and is answered anew."""
    with transaction.atomic():
        registration = _lock(registration)
        activity = registration.activity
        if registration.state not in LIVE or is_over(activity, timezone.now()):
            raise Refusal(_("This is over, or you have no place in it."), code="over")
        chosen = [one.value for one in Adjustment if one.value in kinds and one.value in activity.adjustments]
        if not chosen or set(kinds) - set(activity.adjustments):
            raise Refusal(_("Choose something that is offered."), code="kinds", field="kinds")
        request, _is_new = AdjustmentRequest.objects.update_or_create(
            registration=registration,
            defaults={
                "kinds": chosen, "state": RequestState.ASKED, "answer": "", "asked_at": timezone.now(),
                "needed_by": _needed_by(registration), "answered_at": None, "answered_by": None,
            },
        )  # fmt: skip
        cancel_mails(ANSWERED, request.pk)
        log("ask_adjustments", registration, by=by, scope=activity.programme.scope)
        return request


def _needed_by(registration: Registration) -> date:
    activity = registration.activity
    zone = ZoneInfo(activity.programme.time_zone)
    starts = activity.starts_at or timezone.now()
    first = starts.astimezone(zone).date()
    return max(first - ANSWER_BEFORE, timezone.localdate(timezone=zone) + timedelta(days=1))


def answer_request(request: AdjustmentRequest, outcome: str, answer: str, *, by: Actor) -> AdjustmentRequest:
    """Arranged, or not possible because; the person is told in a minute."""
    answer = " ".join(answer.split())[:300]
    if outcome not in OUTCOMES:
        raise Refusal(_("Choose an outcome."), code="outcome", field="outcome")
    if outcome == RequestState.IMPOSSIBLE and not answer:
        raise Refusal(
            _("Write why it is not possible, and what you offer instead."), code="why", field="answer"
        )
    with transaction.atomic():
        registration = _lock(request.registration)
        request = AdjustmentRequest.objects.get(pk=request.pk)
        request.state, request.answer = outcome, answer
        request.answered_at, request.answered_by = timezone.now(), by.person
        request.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        log("answer_adjustments", registration, by=by, scope=registration.activity.programme.scope)
        cancel_mails(ANSWERED, request.pk)
        _tell(request, registration)
    return request


def _tell(request: AdjustmentRequest, registration: Registration) -> None:
    person = registration.person
    to = registration.email or (person.mail_address if person else "")
    if to:
        queue_mail(
            ANSWERED, to=to, to_name=registration.name, language=registration.language, person=person,
            scope=registration.activity.programme.scope, thing_id=request.pk, delay_seconds=UNDO_SECONDS,
        )  # fmt: skip


def withdraw_request(registration: Registration, *, by: Actor) -> None:
    """It is no longer needed; the team sees that it is off the list."""
    with transaction.atomic():
        registration = _lock(registration)
        open_now = AdjustmentRequest.objects.filter(registration=registration)
        if open_now.exclude(state=RequestState.WITHDRAWN).update(
            state=RequestState.WITHDRAWN, kinds=[], answer=""
        ):
            log("withdraw_adjustments", registration, by=by, scope=registration.activity.programme.scope)


def erase_requests(now: datetime | None = None) -> int:
    """What people needed goes 30 days after the activity. A duty of the worker; says how many."""
    over = (now or timezone.now()) - KEPT_AFTER
    return AdjustmentRequest.objects.filter(registration__activity__ends_at__lt=over).delete()[0]


def forget_requests(person: Any) -> None:
    """An erasure: what one needs may tell of health."""
    AdjustmentRequest.objects.filter(registration__person=person).delete()


def _lock(registration: Registration) -> Registration:
    related = Registration.objects.select_for_update(of=("self",))
    return related.select_related("activity__programme", "person").get(pk=registration.pk)
