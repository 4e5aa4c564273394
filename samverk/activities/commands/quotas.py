"""Places of their own for a role, and changing what somebody comes as. Both may free places, so the list moves."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.choices import LIVE, TAKES_PLACE, ComesAs
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.waiting_list import (
    count_places,
    fill_free_places,
    lock_activity,
    locked_registration,
    somebody_waits,
)
from samverk.activities.models import Activity, Quota, Registration
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log


def set_quota(activity: Activity, comes_as: str, *, places: int, by: Actor, is_chosen: bool = False) -> Quota:
    """Give a role a number of places of its own, or another number. Nobody loses a place by it."""
    if comes_as == ComesAs.PARTICIPANT:
        raise Refusal(
            _("Participants have the activity's own places."), code="participants", field="comes_as"
        )
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        standing = activity.registrations.filter(comes_as=comes_as, state__in=TAKES_PLACE).count()
        if places < standing:
            raise Refusal(
                _("%(number)s places are taken. Write at least that number.") % {"number": standing},
                code="too_few_places", field="places",
            )  # fmt: skip
        quota, _made = Quota.objects.update_or_create(
            activity=activity, comes_as=comes_as,
            defaults={"places": places, "is_chosen": is_chosen, "taken": standing},
        )  # fmt: skip
        _counted_anew(activity, by)
        log("set_quota", quota, by=by, scope=activity.programme.scope, changed=["places", "is_chosen"])
        return quota


def drop_quota(quota: Quota, *, by: Actor) -> None:
    """The role draws from the activity's own places again, as far as they reach."""
    with transaction.atomic():
        activity = lock_activity(quota.activity_id)
        left = activity.places_left
        quota = Quota.objects.select_for_update().get(pk=quota.pk)
        if left is not None and quota.taken > left:
            raise Refusal(
                _("%(number)s people have these places, and the activity has not so many left.")
                % {"number": quota.taken},
                code="too_few_places",
            )
        log("drop_quota", quota, by=by, scope=activity.programme.scope, changed=["places"])
        quota.delete()
        _counted_anew(activity, by)


def change_comes_as(registration: Registration, comes_as: str, *, by: Actor) -> Registration:
    """Somebody comes as something else: her place goes on to the next, and she has or waits for one of the other kind."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        if registration.state not in LIVE:
            raise Refusal(_("This place is given up already."), code="not_live")
        if registration.comes_as == comes_as:
            return registration
        before, after = activity.pool_for(registration), activity.pool_of(comes_as, registration.cohort_id)
        takes = registration.state in TAKES_PLACE
        if (
            takes
            and before.role != after.role
            and not rules.has_free_place(after, somebody_waits(activity, after))
        ):
            raise Refusal(
                _("No place is free for this. Give it more places first."), code="full", field="comes_as"
            )
        registration.comes_as = comes_as
        if registration.state == State.WAITING and before.role != after.role:
            registration.queued_at = timezone.now()
        registration.save(update_fields=["comes_as", "queued_at"])
        log("change_comes_as", registration, by=by, scope=activity.programme.scope, changed=["comes_as"])
        fill_free_places(activity, timezone.now(), by=by)
        return registration


def _counted_anew(activity: Activity, by: Actor) -> None:
    """Who comes as what is counted into other places than before."""
    activity.__dict__.pop("quota_of", None)
    count_places(activity)
    fill_free_places(activity, timezone.now(), by=by)
