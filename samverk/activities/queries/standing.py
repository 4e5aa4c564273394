"""Where a registration stands, in one sentence for page, mail and list; and the order of the waiting list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samverk.activities.admission_rules import waits_for_answer
from samverk.activities.choices import ActivityState
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Pool, Registration
from samverk.kit import words


@dataclass(frozen=True)
class Status:
    """The status sentence: its kind for the sign, the state in few words, and the rest of the sentence."""

    kind: str
    state: str
    rest: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.state} {self.rest}".strip()


def status_of(registration: Registration, now: datetime) -> Status:
    """State, date, what happens next, who acts. The activity is loaded."""
    activity = registration.activity
    if activity.state == ActivityState.CANCELLED:
        return Status("bad", _("The activity is cancelled."), activity.cancelled_because)
    says = {
        State.HELD: _held,
        State.QUEUED_HELD: _queued_held,
        State.CONFIRMED: _confirmed,
        State.WAITING: _waiting,
        State.OFFERED: _offered,
        State.APPLIED: _applied,
        State.DECLINED: _declined,
        State.CANCELLED: _given_up,
        State.EXPIRED: _run_out,
    }
    return says[State(registration.state)](registration, now)


def _held(registration: Registration, now: datetime) -> Status:
    until = {"time": words.clock(registration.held_until or now)}
    return Status("act", _("Your place is kept until %(time)s.") % until, _("Confirm it before that."))


def _queued_held(registration: Registration, now: datetime) -> Status:
    until = {"time": words.clock(registration.held_until or now)}
    if waits_for_answer(registration):
        return Status(
            "act", _("The organiser answers each registration."), _("Confirm yours before %(time)s.") % until
        )
    if registration.activity.only_invited:
        return Status(
            "act", _("This activity is by invitation."), _("Confirm your address before %(time)s.") % until
        )
    return Status(
        "act", _("All places are taken."), _("Confirm before %(time)s to stand on the waiting list.") % until
    )


def _confirmed(registration: Registration, now: datetime) -> Status:
    activity = registration.activity
    if activity.ends_at and activity.ends_at <= now:
        return Status("ok", _("You had a place."), _("This activity is over."))
    starts = registration.starts_at
    if not starts:
        return Status("ok", _("You have a place."), _("We write to you when the day is set."))
    when = {"day": words.day(starts), "time": words.clock(starts)}
    return Status("ok", _("You have a place."), _("We meet on %(day)s at %(time)s.") % when)


def _waiting(registration: Registration, now: datetime) -> Status:
    number = {"number": words.number(queue_number(registration))}
    return Status(
        "wait",
        _("You are number %(number)s on the waiting list.") % number,
        _("We write to you if a place comes free."),
    )


def _offered(registration: Registration, now: datetime) -> Status:
    until = registration.offered_until or now
    when = {"day": words.day(until), "time": words.clock(until)}
    return Status("act", _("A place is free for you."), _("Answer before %(day)s at %(time)s.") % when)


def _applied(registration: Registration, now: datetime) -> Status:
    return Status("wait", _("You have asked to come."), _("The organiser answers you by mail."))


def _declined(registration: Registration, now: datetime) -> Status:
    return Status("off", _("You did not get a place."), registration.decided_because)


def _given_up(registration: Registration, now: datetime) -> Status:
    return Status("off", _("This place is given up."), "")


def _run_out(registration: Registration, now: datetime) -> Status:
    if registration.offered_until:
        return Status("off", _("The offer has run out."), _("The place went to the next in the queue."))
    return Status("off", _("Your place was not confirmed in time."), _("It is no longer kept for you."))


def waiting_in(activity: Activity, pool: Pool) -> QuerySet[Registration]:
    """Who waits for a place of this pool, in no order."""
    waiting = activity.registrations.filter(state=State.WAITING)
    if pool.role:
        return waiting.filter(comes_as=pool.role)
    return waiting.filter(cohort=pool.cohort).exclude(
        comes_as__in=activity.quotas.order_by().values("comes_as")
    )


def queue_number(registration: Registration) -> int:
    """1 for the first who waits for the same kind of place."""
    activity = registration.activity
    queue = waiting_in(activity, activity.pool_for(registration))
    earlier = Q(queued_at__lt=registration.queued_at) | Q(
        queued_at=registration.queued_at, pk__lt=registration.pk
    )
    return queue.filter(earlier).count() + 1


def waiting_count(activity: Activity) -> int:
    """How many wait for a participant's place, in whatever group."""
    waiting = activity.registrations.filter(state=State.WAITING)
    return waiting.exclude(comes_as__in=activity.quotas.order_by().values("comes_as")).count()
