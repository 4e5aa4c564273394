"""Putting everybody into groups by their wishes, in one step."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.allocation import Allocation, allocate
from samverk.activities.commands.attendance import expect_in_own_group
from samverk.activities.commands.waiting_list import count_places, fill_free_places, lock_activity
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Activity
from samverk.activities.rules import UNDO_SECONDS
from samverk.kit.acting import Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.trail.commands import log


def publish_allocation(activity: Activity, *, seen: str, by: Actor) -> Allocation:
    """Give everybody the group that was shown, tell each by mail, and let whoever comes later choose what is free.

    ``seen`` is the mark of the answer that was looked at. Refused as `changed` where it is another by now.
    """
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        found = allocate(activity)
        if not found.rows:
            raise Refusal(_("Nobody waits for a group now."), code="nobody")
        if found.seen != seen:
            raise Refusal(_("Somebody came, left or was moved since. Look at it again."), code="changed")
        for row in found.rows:
            registration = row.registration
            registration.activity = activity
            if row.cohort is not None:
                registration.cohort = row.cohort
                registration.save(update_fields=["cohort"])
                expect_in_own_group(registration, by=by)
            queue_registration_mail(registration, "allocated", delay_seconds=UNDO_SECONDS)
        activity.asks_wishes, activity.asks_cohort = False, True
        activity.save(update_fields=["asks_wishes", "asks_cohort"])
        count_places(activity)
        log("allocate_groups", activity, by=by, scope=activity.programme.scope, changed=["cohorts"])
        fill_free_places(activity, timezone.now(), by=by)
        fault_point("allocation.before_commit")
        return found
