"""The waiting list. It moves on every way a place comes free, in the transaction that frees it.

Everything here runs under the lock of the activity's row. ``places_taken`` is counted anew each time,
never added to, so that it cannot drift.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.attendance import expect
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Activity, Cohort, Invitation, Pool, Quota, Registration
from samverk.activities.queries import holds_over, offers_over, waiting_in
from samverk.kit.acting import THE_CLOCK, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.trail.commands import log

HELD_STATES = (State.HELD, State.QUEUED_HELD)


def lock_activity(activity_id: int) -> Activity:
    """The activity, locked until the transaction ends. SQLite locks the whole file at its beginning."""
    locked = Activity.objects.select_for_update(of=("self",)).select_related("programme")
    activity = locked.annotate(
        counts_roles=Exists(Quota.objects.filter(activity=OuterRef("pk"))),
        counts_cohorts=Exists(Cohort.objects.filter(activity=OuterRef("pk"))),
        invites=Exists(Invitation.objects.standing().filter(activity=OuterRef("pk"))),
    ).get(pk=activity_id)
    # Most activities have none of these: then nobody asks again.
    if not activity.counts_roles:
        activity.quota_of = {}
    if not activity.counts_cohorts:
        activity.cohort_of = {}
    activity.has_invitations = activity.invites
    return activity


def locked_registration(activity: Activity, registration: Registration) -> Registration:
    """The registration as it is now that the activity is locked."""
    fresh = Registration.objects.select_related("person", "organisation").get(pk=registration.pk)
    fresh.activity = activity
    return fresh


def count_places(activity: Activity) -> None:
    """Write how many places are taken: of participants, of each group, and of each role with places of its own."""
    taking = activity.registrations.taking_places().order_by()
    by_role: Counter[str] = Counter()
    by_cohort: Counter[int | None] = Counter()
    for role, cohort, number in taking.values_list("comes_as", "cohort").annotate(Count("pk")):
        by_role[role] += number
        by_cohort[None if role in activity.quota_of else cohort] += number
    for pk, one in activity.cohort_of.items():
        if one.taken != by_cohort[pk]:
            one.taken = by_cohort[pk]
            one.save(update_fields=["taken"])
    for role, quota in activity.quota_of.items():
        taken = by_role.pop(role, 0)
        if taken != quota.taken:
            quota.taken = taken
            quota.save(update_fields=["taken"])
    taken = sum(by_role.values())
    if taken != activity.places_taken:
        activity.places_taken = taken
        activity.save(update_fields=["places_taken"])


def somebody_waits(activity: Activity, pool: Pool) -> bool:
    return waiting_in(activity, pool).exists()


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
    if not rules.waiting_list_moves(activity, now):
        return []
    moved: list[Registration] = []
    for pool in [] if activity.cohort_of else activity.pools:
        moved += [] if pool.is_full else _fill(activity, pool, now, by)
    while activity.cohort_of and (first := _first_to_move(activity)):
        moved += _move([first], activity, now, by)
        count_places(activity)
    if moved:
        count_places(activity)
    fault_point("waiting_list.before_commit")
    return moved


def _fill(activity: Activity, pool: Pool, now: datetime, by: Actor) -> list[Registration]:
    queue = waiting_in(activity, pool).order_by("queued_at", "id").select_related("person", "organisation")
    return _move(list(queue[: pool.left]), activity, now, by)


def _first_to_move(activity: Activity) -> Registration | None:
    """Groups share the places of their activity: of those whose group has one, who has waited longest."""
    firsts = []
    for pool in activity.pools:
        if not pool.is_full:
            queue = waiting_in(activity, pool).order_by("queued_at", "id")
            firsts += list(queue.select_related("person", "organisation")[:1])
    return min(firsts, key=lambda one: (one.queued_at, one.pk), default=None)


def _move(moved: list[Registration], activity: Activity, now: datetime, by: Actor) -> list[Registration]:
    for registration in moved:
        registration.activity = activity
        if rules.place_is_offered(activity, now):
            offer_place(registration, now, by=by)
        else:
            give_place(registration, now, by=by)
            queue_registration_mail(registration, "given")
    return moved


def give_place(
    registration: Registration, now: datetime, *, by: Actor, verb: str = "give_place", reason: str = ""
) -> None:
    """Turn a registration into a place; its sheets expect her from now on. ``verb`` says in the trail how she came to it."""
    registration.state = State.CONFIRMED
    registration.confirmed_at = registration.confirmed_at or now
    registration.held_until = registration.offered_until = None
    registration.save()
    expect(registration, by=by)
    changed = ["state", "representation"] if verb == "register" else ["state"]
    log(
        verb, registration, by=by, scope=registration.activity.programme.scope, changed=changed, reason=reason
    )


def offer_place(registration: Registration, now: datetime, *, by: Actor, reason: str = "") -> None:
    """Keep a place for somebody who waits, until she answers or the deadline passes."""
    registration.state = State.OFFERED
    registration.offered_until = rules.offer_ends(registration.activity, now)
    registration.save(update_fields=["state", "offered_until"])
    scope = registration.activity.programme.scope
    log("offer_place", registration, by=by, scope=scope, changed=["state"], reason=reason)
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


def put_first(registration: Registration, *, because: str, by: Actor) -> Registration:
    """A coordinator moves somebody before all who wait for the same kind of place. The log says why."""
    with transaction.atomic():
        registration = _waiting_locked(registration, because)
        activity = registration.activity
        queue = waiting_in(activity, activity.pool_for(registration)).order_by("queued_at", "id")
        first = queue[0]
        if first.pk != registration.pk and first.queued_at is not None:
            registration.queued_at = first.queued_at - timedelta(microseconds=1)
            registration.save(update_fields=["queued_at"])
            log(
                "put_first", registration, by=by, scope=activity.programme.scope, changed=["queued_at"],
                reason=because,
            )  # fmt: skip
        return registration


def give_place_by_hand(
    registration: Registration, *, because: str, by: Actor, offer: bool = False
) -> Registration:
    """A coordinator gives, or offers, a free place to somebody who waits, whoever stands before her."""
    with transaction.atomic():
        registration = _waiting_locked(registration, because)
        activity, now = registration.activity, timezone.now()
        if activity.ends_at and activity.ends_at <= now:
            raise Refusal(_("This activity is over."), code="past")
        if let_run_out(activity, now, by=by):
            count_places(activity)
        if activity.pool_for(registration).is_full:
            raise Refusal(_("No place is free now. Put her first on the list instead."), code="full")
        if offer:
            offer_place(registration, now, by=by, reason=because)
        else:
            give_place(registration, now, by=by, verb="give_place_by_hand", reason=because)
            queue_registration_mail(registration, "given", delay_seconds=rules.UNDO_SECONDS)
        count_places(activity)
        return registration


def extend_offer(registration: Registration, *, until: datetime, by: Actor) -> Registration:
    """Let an offer stand longer; she is told the new time."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        if refusal := rules.extension_refusal(registration, until, timezone.now()):
            raise refusal
        registration.offered_until = until
        registration.save(update_fields=["offered_until"])
        log("extend_offer", registration, by=by, scope=activity.programme.scope, changed=["offered_until"])
        queue_registration_mail(registration, "offered")
        return registration


def _waiting_locked(registration: Registration, because: str) -> Registration:
    """Somebody who waits, under the lock of her activity."""
    if not because.strip():
        raise Refusal(_("Write why. It stands in the log."), code="no_reason", field="because")
    activity = lock_activity(registration.activity_id)
    registration = locked_registration(activity, registration)
    if registration.state != State.WAITING:
        raise Refusal(_("She does not stand on the waiting list now."), code="not_waiting")
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
