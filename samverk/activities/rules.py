"""Facts of activities: who may register and why not, when the waiting list moves, how long an offer stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE, ActivityState, ComesAs, RegistrationState
from samverk.activities.models import Activity, Pool, Registration
from samverk.kit import words
from samverk.kit.acting import Refusal

# An unconfirmed place is kept this long, then it goes to the queue.
HOLD = timedelta(minutes=60)
# So close to the start nobody is given a place unasked: she may have made other plans.
OFFER_INSIDE = timedelta(hours=24)
LONGEST_OFFER = timedelta(hours=4)
# Mails that an undoable act causes wait, so that undo is real.
UNDO_SECONDS = 60
# One shared mailbox may register a family or a board, but not block an activity or flood a stranger.
UNCONFIRMED_PER_ADDRESS = 5
CODES_IN_TEN_MINUTES = 6
CODES_A_DAY = 20


def registration_refusal(
    activity: Activity,
    now: datetime,
    *,
    by_staff: bool = False,
    is_invited: bool = False,
    on_programme: bool = False,
    comes_as: str = ComesAs.PARTICIPANT,
    cohort_id: int | None = None,
) -> Refusal | None:
    """Why nobody can register now, or None. Staff may before it opens and after it closes; who is invited before.

    Who stands ``on_programme`` is known before it is published and remembered when it is over; she needs a place.
    """
    if on_programme:
        return _place_refusal(activity, activity.pool_of(comes_as, cohort_id))
    if activity.state == ActivityState.DRAFT:
        return Refusal(_("This activity is not published yet."), code="draft")
    if activity.state == ActivityState.CANCELLED:
        return Refusal(_("This activity is cancelled."), code="cancelled")
    if activity.ends_at and activity.ends_at <= now:
        return Refusal(_("This activity is over."), code="past")
    if not by_staff and (refusal := _not_open_now(activity, now, is_invited)):
        return refusal
    if activity.pool_of(comes_as, cohort_id).is_full and not activity.has_waiting_list:
        return Refusal(_("All places are taken, and there is no waiting list."), code="full")
    return None


def _place_refusal(activity: Activity, pool: Pool) -> Refusal | None:
    if activity.state == ActivityState.CANCELLED:
        return Refusal(_("This activity is cancelled."), code="cancelled")
    return Refusal(_("All places are taken."), code="full") if pool.is_full else None


def _not_open_now(activity: Activity, now: datetime, is_invited: bool) -> Refusal | None:
    if not activity.takes_registrations:
        return Refusal(_("You need not register. Just come."), code="no_registration")
    if activity.opens_at and now < activity.opens_at and not is_invited:
        when = {"day": words.day(activity.opens_at), "time": words.clock(activity.opens_at)}
        return Refusal(_("Registration opens on %(day)s at %(time)s.") % when, code="not_open")
    closes = closes_at(activity)
    if closes and closes <= now:
        return Refusal(
            _("Registration closed on %(day)s at %(time)s.")
            % {"day": words.day(closes), "time": words.clock(closes)},
            code="closed",
        )
    return None


def closes_at(activity: Activity) -> datetime | None:
    """When registration closes: as said, or when the activity starts."""
    return activity.closes_at or activity.starts_at


def already_registered(registration: Registration) -> Refusal:
    """The same person stands in the same activity once."""
    return Refusal(_("You are already registered."), code="already_registered", registration=registration)


def has_free_place(pool: Pool, somebody_waits: bool) -> bool:
    """Whether the next who comes may have a place: there is one, and nobody stands before her."""
    return not pool.is_full and not somebody_waits


def waiting_list_moves(activity: Activity, now: datetime) -> bool:
    """A list moves by itself from publishing until the start; then people stand at the door, and staff decide."""
    started = activity.starts_at is not None and activity.starts_at <= now
    return activity.state == ActivityState.PUBLISHED and not started and not activity.moves_by_hand


def place_is_offered(activity: Activity, now: datetime) -> bool:
    """Whether a place that comes free now is offered with a deadline instead of given."""
    if activity.offer_hours is not None:
        return True
    return activity.starts_at is not None and activity.starts_at - now < OFFER_INSIDE


def offer_ends(activity: Activity, now: datetime) -> datetime:
    """As the coordinator said, else four hours; at most half of the time left, so that others can be asked too."""
    longest = LONGEST_OFFER if activity.offer_hours is None else timedelta(hours=activity.offer_hours)
    time_left = activity.starts_at - now if activity.starts_at else longest * 2
    ends = now + min(longest, max(time_left, timedelta(0)) / 2)
    return ends.replace(second=0, microsecond=0) + timedelta(minutes=1)


def extension_refusal(registration: Registration, until: datetime, now: datetime) -> Refusal | None:
    """Why an offer cannot stand until then, or None: a later moment, before the activity starts."""
    if refusal := offer_refusal(registration, now):
        return refusal
    if registration.offered_until and until <= registration.offered_until:
        return Refusal(_("Write a later time than the offer has now."), code="not_later", field="until")
    starts = registration.activity.starts_at
    if starts and until > starts:
        return Refusal(_("Write a time before the activity starts."), code="after_start", field="until")
    return None


def giving_up_refusal(registration: Registration, now: datetime) -> Refusal | None:
    """Why a person cannot give up her place herself, or None. Staff always can."""
    if registration.state not in LIVE:
        return Refusal(_("This place is given up already."), code="not_live")
    if registration.activity.ends_at and registration.activity.ends_at <= now:
        return Refusal(_("This activity is over."), code="past")
    return None


def confirming_refusal(registration: Registration, now: datetime) -> Refusal | None:
    """Why this registration can no longer be confirmed, or None. A held place that ran out may come back."""
    if registration.state == RegistrationState.CANCELLED:
        return Refusal(_("This place was given up. Register again if you want to come."), code="given_up")
    if registration.state == RegistrationState.DECLINED:
        return Refusal(_("The organiser has said no to this registration."), code="declined")
    if registration.state == RegistrationState.EXPIRED:
        return registration_refusal(
            registration.activity, now, is_invited=registration.invitation_id is not None,
            comes_as=registration.comes_as, cohort_id=registration.cohort_id,
        )  # fmt: skip
    if registration.activity.state == ActivityState.CANCELLED:
        return Refusal(_("This activity is cancelled."), code="cancelled")
    return None


def offer_refusal(registration: Registration, now: datetime) -> Refusal | None:
    """Why an offered place can no longer be taken, or None."""
    if registration.state != RegistrationState.OFFERED:
        return Refusal(_("No place is offered to you now."), code="no_offer")
    if registration.offered_until and registration.offered_until <= now:
        return Refusal(_("The offer has run out. The next in the queue is asked."), code="offer_over")
    return None


def capacity_refusal(activity: Activity, capacity: int | None) -> Refusal | None:
    """Why the number of places cannot become this, or None: nobody loses a place by a changed number."""
    if capacity is None or capacity >= activity.places_taken:
        return None
    taken = {"number": activity.places_taken}
    return Refusal(
        _("%(number)s places are taken. Write at least that number.") % taken,
        code="too_few_places",
        field="capacity",
    )
