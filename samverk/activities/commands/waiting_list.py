"""The waiting list. It moves on every way a place comes free, in the transaction that frees it.

Everything here runs under the lock of the activity's row. ``places_taken`` is counted anew each time,
never added to, so that it cannot drift.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from samverk.activities import rules
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.attendance import expect
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Activity, Registration
from samverk.activities.queries import holds_over, offers_over
from samverk.kit.acting import THE_CLOCK, Actor
from samverk.kit.faults import fault_point
from samverk.trail.commands import log

HELD_STATES = (State.HELD, State.QUEUED_HELD)


def lock_activity(activity_id: int) -> Activity:
    """The activity, locked until the transaction ends. SQLite locks the whole file at its beginning."""
    locked = Activity.objects.select_for_update(of=("self",)).select_related("programme")
    return locked.get(pk=activity_id)


def locked_registration(activity: Activity, registration: Registration) -> Registration:
    """The registration as it is now that the activity is locked."""
    fresh = Registration.objects.select_related("person", "organisation").get(pk=registration.pk)
    fresh.activity = activity
    return fresh


def count_places(activity: Activity) -> None:
    """Write how many places are taken."""
    taken = activity.registrations.taking_places().count()
    if taken != activity.places_taken:
        activity.places_taken = taken
        activity.save(update_fields=["places_taken"])


def somebody_waits(activity: Activity) -> bool:
    return activity.registrations.filter(state=State.WAITING).exists()


def move_waiting_list(activity: Activity, *, by: Actor) -> list[Registration]:
    """Give or offer each free place to the first who waits. Safe to call at any time, any number of times."""
    with transaction.atomic():
        locked = lock_activity(activity.pk)
        moved = fill_free_places(locked, timezone.now(), by=by)
        activity.places_taken = locked.places_taken
        return moved


def fill_free_places(activity: Activity, now: datetime, *, by: Actor) -> list[Registration]:
    """The same for a caller that holds the lock. Ends with the right number of places taken."""
    count_places(activity)
    if activity.is_full or not rules.waiting_list_moves(activity, now):
        return []
    queue = activity.registrations.filter(state=State.WAITING).order_by("queued_at", "id")
    moved = list(queue.select_related("person", "organisation")[: activity.places_left])
    for registration in moved:
        registration.activity = activity
        if rules.place_is_offered(activity, now):
            offer_place(registration, now, by=by)
        else:
            give_place(registration, now, by=by)
            queue_registration_mail(registration, "given")
    if moved:
        count_places(activity)
    fault_point("waiting_list.before_commit")
    return moved


def give_place(registration: Registration, now: datetime, *, by: Actor, verb: str = "give_place") -> None:
    """Turn a registration into a place; its sheets expect her from now on. ``verb`` says in the trail how she came to it."""
    registration.state = State.CONFIRMED
    registration.confirmed_at = registration.confirmed_at or now
    registration.held_until = registration.offered_until = None
    registration.save()
    expect(registration, by=by)
    changed = ["state", "representation"] if verb == "register" else ["state"]
    log(verb, registration, by=by, scope=registration.activity.programme.scope, changed=changed)


def offer_place(registration: Registration, now: datetime, *, by: Actor) -> None:
    """Keep a place for somebody who waits, until she answers or the deadline passes."""
    registration.state = State.OFFERED
    registration.offered_until = rules.offer_ends(registration.activity, now)
    registration.save(update_fields=["state", "offered_until"])
    log("offer_place", registration, by=by, scope=registration.activity.programme.scope, changed=["state"])
    queue_registration_mail(registration, "offered")


def accept_offer(registration: Registration, *, by: Actor) -> Registration:
    """Take the place that was offered. Raises Refusal when the offer is over."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        if registration.state == State.CONFIRMED:
            return registration
        if refusal := rules.offer_refusal(registration, timezone.now()):
            raise refusal
        give_place(registration, timezone.now(), by=by, verb="accept_offer")
        queue_registration_mail(registration, "place")
        fault_point("offer.before_commit")
        return registration


def let_run_out(activity: Activity, now: datetime, *, by: Actor) -> list[Registration]:
    """Under the lock: end what nobody confirmed or answered in time. Who was asked and silent is told."""
    overdue = activity.registrations.filter(
        state__in=HELD_STATES, held_until__lte=now
    ) | activity.registrations.filter(state=State.OFFERED, offered_until__lte=now)
    ended = list(overdue.select_related("person", "organisation"))
    for registration in ended:
        registration.activity = activity
        was_offered = registration.state == State.OFFERED
        registration.state = State.EXPIRED
        registration.save(update_fields=["state"])
        log("let_run_out", registration, by=by, scope=activity.programme.scope, changed=["state"])
        if was_offered:
            queue_registration_mail(registration, "offer_over")
    if ended:
        count_places(activity)
    return ended


def release_held() -> int:
    """Duty of the worker: places nobody confirmed in time go to the queue."""
    now = timezone.now()
    return _release(holds_over(now), now)


def expire_offers() -> int:
    """Duty of the worker: offers nobody answered in time go to the next in the queue."""
    now = timezone.now()
    return _release(offers_over(now), now)


def _release(overdue: QuerySet[Registration], now: datetime) -> int:
    # One short transaction for each activity: sign-ups elsewhere never wait for the clock.
    ended = 0
    for activity_id in list(overdue.order_by().values_list("activity_id", flat=True).distinct()):
        with transaction.atomic():
            activity = lock_activity(activity_id)
            ended += len(let_run_out(activity, now, by=THE_CLOCK))
            fill_free_places(activity, now, by=THE_CLOCK)
            fault_point("release.before_commit")
    return ended
