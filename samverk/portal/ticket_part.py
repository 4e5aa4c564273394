"""The ticket on "My place": its code large enough for a screenshot, and checking in once the doors are open."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from samverk.activities.check_in_rules import self_check_in_refusal
from samverk.activities.choices import ActivityState, RegistrationState
from samverk.activities.messages import ticket_address
from samverk.activities.models import Attendance, Registration, Session
from samverk.activities.tickets import in_groups
from samverk.portal.forms.check_in import WallForm


def ticket_part(registration: Registration) -> dict[str, Any] | None:
    """Nothing without a place, and nothing once the activity is over."""
    activity, now = registration.activity, timezone.now()
    if registration.state != RegistrationState.CONFIRMED or activity.state == ActivityState.CANCELLED:
        return None
    coming = list(
        activity.sessions.of_cohort(registration.cohort_id).filter(
            state=Session.State.PLANNED, ends_at__gte=now
        )
    )
    if not coming:
        return None
    is_open = any(self_check_in_refusal(session, now) is None for session in coming)
    rows = Attendance.objects.filter(registration=registration, session__in=coming)
    return {
        "address": ticket_address(registration),
        "code": in_groups(registration.check_in_code),
        "is_here": any(row.was_here for row in rows) if is_open else False,
        "form": WallForm(auto_id="wall_%s") if is_open else None,
    }
