"""When an activity is completed, and for whom it is decided by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.commands.waiting_list import lock_activity
from samverk.activities.completion import ids_of, standings
from samverk.activities.models import Activity, CompletionRuling
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log


def set_completion_share(activity: Activity, share: Decimal, *, by: Actor) -> Activity:
    """Say which percentage of the planned minutes one must attend. What is issued already stays."""
    if not 0 < share <= 100:
        raise Refusal(_("Write a percentage from 1 to 100."), code="share", field="share")
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        if activity.completion_share == share:
            return activity
        activity.completion_share = share
        activity.save(update_fields=["completion_share"])
        log(
            "set_completion_share",
            activity,
            by=by,
            scope=activity.programme.scope,
            changed=["completion_share"],
        )
        return activity


def rule_completion(
    activity: Activity, key: str, *, completes: bool, because: str, by: Actor
) -> CompletionRuling:
    """Decide by hand, with a reason, that somebody on the sheets has completed it or has not."""
    because = " ".join(because.split())
    if not because:
        raise Refusal(_("Write why, in one sentence."), code="no_reason", field="because")
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        if key not in standings(activity, [key]):
            raise Refusal(_("This person is on no sheet of the activity."), code="not_on_sheet")
        ruling, _made = CompletionRuling.objects.update_or_create(
            activity=activity, **_whose(key),
            defaults={
                "completes": completes, "because": because[:300], "ruled_by": by.person, "ruled_at": timezone.now(),
            },
        )  # fmt: skip
        scope = activity.programme.scope
        log("rule_completion", ruling, by=by, scope=scope, changed=["completes"], reason=ruling.because)
        return ruling


def withdraw_ruling(activity: Activity, key: str, *, by: Actor) -> None:
    """The minutes decide again."""
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        found = CompletionRuling.objects.filter(activity=activity, **_whose(key))
        for ruling in found:
            log("withdraw_ruling", ruling, by=by, scope=activity.programme.scope)
        found.delete()


def _whose(key: str) -> dict[str, Any]:
    person, registration = ids_of(key)
    return {"person_id": person, "registration_id": registration}
