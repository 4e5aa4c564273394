"""Where a registration comes to stand: a place, held or sure, or the waiting list. Under the lock of the activity."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.admission_rules import waits_for_answer
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.representation import carry_to_sheets
from samverk.activities.commands.waiting_list import (
    HELD_STATES,
    count_places,
    fill_free_places,
    give_place,
    let_run_out,
    somebody_waits,
)
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Registration
from samverk.activities.queries import waiting_in
from samverk.kit.acting import Actor, Refusal
from samverk.people.commands import prepare_sign_in
from samverk.people.models import SignIn
from samverk.trail.commands import log


def make_room(wish: Registration, now: datetime, *, by: Actor) -> None:
    """When all is taken, first let go what nobody confirmed in time; the queue comes before the newcomer."""
    activity = wish.activity
    if activity.pool_for(wish).is_full and let_run_out(activity, now, by=by):
        fill_free_places(activity, now, by=by)


def place_or_queue(
    wish: Registration,
    now: datetime,
    *,
    is_sure: bool,
    by: Actor,
    tell: bool = True,
    goes_first: bool = False,
) -> Registration:
    """A place, the waiting list, or the wait for a coordinator's answer. On whose behalf she comes is settled."""
    activity = wish.activity
    # Where an answer or an invitation comes first, no place is kept for whoever types an address.
    comes_later = waits_for_answer(wish) or (activity.only_invited and not is_sure)
    has_place = not comes_later and _has_free_place(wish, goes_first=goes_first)
    if not has_place and not comes_later and not activity.has_waiting_list:
        raise _full()
    wish.queued_at = None if has_place or comes_later else now
    if is_sure and has_place:
        give_place(wish, now, by=by, verb="register")
    else:
        if is_sure:
            wish.state, wish.confirmed_at = State.APPLIED if comes_later else State.WAITING, now
            wish.save()
        else:
            _hold(wish, now, has_place=has_place, by=by)
        log("register", wish, by=by, scope=activity.programme.scope, changed=["state", "representation"])
    count_places(activity)
    if tell:
        queue_registration_mail(wish, "place" if is_sure else "confirm")
    return wish


def _has_free_place(registration: Registration, *, goes_first: bool = False) -> bool:
    pool = registration.activity.pool_for(registration)
    return rules.has_free_place(pool, not goes_first and somebody_waits(registration.activity, pool))


def _full() -> Refusal:
    return Refusal(_("All places are taken, and there is no waiting list."), code="full")


def settle_place(registration: Registration, now: datetime, *, by: Actor, verb: str) -> None:
    """A place where one is free and nobody stands before her, else the end of the waiting list. Writes ``verb``."""
    activity = registration.activity
    if _has_free_place(registration):
        give_place(registration, now, by=by, verb=verb)
    elif activity.has_waiting_list:
        registration.state, registration.held_until = State.WAITING, None
        registration.queued_at = registration.queued_at or now
        registration.save()
        log(verb, registration, by=by, scope=activity.programme.scope, changed=["state"])
    else:
        raise _full()
    count_places(activity)


def _hold(wish: Registration, now: datetime, *, has_place: bool, by: Actor) -> None:
    _refuse_flood(wish, now)
    wish.state = State.HELD if has_place else State.QUEUED_HELD
    wish.held_until = now + rules.HOLD
    wish.sign_in = prepare_sign_in(wish.email, language=wish.language, by=by)
    wish.save()


def _refuse_flood(wish: Registration, now: datetime) -> None:
    held = wish.activity.registrations.filter(email=wish.email, state__in=HELD_STATES).count()
    if held >= rules.UNCONFIRMED_PER_ADDRESS:
        raise Refusal(
            _("Confirm those you registered already. Look in your mail."), code="too_many", field="email"
        )
    refuse_flood_of_codes(wish, now)


def refuse_flood_of_codes(registration: Registration, now: datetime) -> None:
    """Nobody is written to without end because somebody types her address."""
    asked = SignIn.objects.filter(email=registration.email, asked_at__gt=now - timedelta(days=1)).aggregate(
        today=Count("pk"), lately=Count("pk", filter=Q(asked_at__gt=now - timedelta(minutes=10)))
    )
    if asked["lately"] >= rules.CODES_IN_TEN_MINUTES or asked["today"] >= rules.CODES_A_DAY:
        raise Refusal(
            _("We have sent many mails to this address. Wait ten minutes."), code="too_many", field="email"
        )


def confirm_state(registration: Registration, now: datetime, *, by: Actor) -> None:
    """From held or run out to a place, or to the waiting list; what is sure already stays as it is."""
    activity = registration.activity
    registration.confirmed_at = registration.confirmed_at or now
    if registration.state not in (*HELD_STATES, State.EXPIRED):
        registration.save()
        carry_to_sheets(registration, by=by)
        return
    if registration.state == State.EXPIRED:
        registration.queued_at = registration.offered_until = None
    verb = "confirm_registration"
    if registration.state == State.HELD:
        give_place(registration, now, by=by, verb=verb)
        count_places(activity)
    elif waits_for_answer(registration):
        registration.state, registration.held_until = State.APPLIED, None
        registration.save()
        log(verb, registration, by=by, scope=activity.programme.scope, changed=["state"])
    else:
        settle_place(registration, now, by=by, verb=verb)
    queue_registration_mail(registration, "place")


def give_way(extra: Registration, standing: Registration, now: datetime, *, by: Actor) -> Registration:
    """One person has one place: the second registration ends, and its place goes on."""
    extra.state, extra.cancelled_at = State.CANCELLED, now
    extra.save(update_fields=["state", "cancelled_at"])
    log("give_way", extra, by=by, scope=extra.activity.programme.scope, changed=["state"])
    fill_free_places(extra.activity, now, by=by)
    standing.activity = extra.activity
    return standing


def facts_for_undo(registration: Registration) -> dict[str, Any]:
    moment = registration.queued_at.isoformat() if registration.queued_at else ""
    return {"state": str(registration.state), "queued_at": moment}


def bring_back(registration: Registration, facts: dict[str, Any], now: datetime, *, by: Actor) -> None:
    activity = registration.activity
    if facts["state"] in HELD_STATES:
        # Nobody had confirmed it: it can be confirmed again, for whatever place there is then.
        registration.state, registration.cancelled_at = State.EXPIRED, None
        registration.save()
        return
    registration.cancelled_at, registration.cancelled_because = None, ""
    if facts["state"] == State.APPLIED:
        registration.state = State.APPLIED
        registration.save()
        log("restore_registration", registration, by=by, scope=activity.programme.scope, changed=["state"])
        queue_registration_mail(registration, "place")
        return
    pool = activity.pool_for(registration)
    first = waiting_in(activity, pool).order_by("queued_at", "id").first()
    had_place = facts["state"] in (State.CONFIRMED, State.OFFERED, State.HELD)
    if had_place and rules.has_free_place(pool, first is not None):
        give_place(registration, now, by=by, verb="restore_registration")
        why = "place"
    else:
        registration.state = State.WAITING
        kept = datetime.fromisoformat(facts["queued_at"]) if facts["queued_at"] else now
        # Before everybody who waits: she had the place, or stood where she stood.
        registration.queued_at = (
            first.queued_at - timedelta(microseconds=1) if had_place and first and first.queued_at else kept
        )
        registration.offered_until = registration.held_until = None
        registration.save()
        log("restore_registration", registration, by=by, scope=activity.programme.scope, changed=["state"])
        why = "back" if had_place else "place"
    fill_free_places(activity, now, by=by)
    queue_registration_mail(registration, why)
