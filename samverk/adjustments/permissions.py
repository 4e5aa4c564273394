"""The team of the activity reads what somebody needs; whoever edits the activity answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import may_edit_activity
from samverk.adjustments.choices import RequestState
from samverk.adjustments.models import AdjustmentRequest
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import programmes_of

ANSWERING = (SeatRole.COORDINATOR, SeatRole.TRAINER)


def requests_visible_to(person: Any) -> QuerySet[AdjustmentRequest]:
    """Requests in the activities that somebody may edit; nobody else reads what others need."""
    return AdjustmentRequest.objects.filter(
        registration__activity__programme__in=programmes_of(person, ANSWERING)
    )


def may_see_requests(person: Any, activity: Activity) -> bool:
    """Where something is offered, its page stands with the activity's others."""
    return bool(activity.adjustments) and may_edit_activity(person, activity)


def open_requests_of(person: Any) -> QuerySet[AdjustmentRequest]:
    """Those that wait for this person's answer, the most urgent first."""
    return requests_visible_to(person).filter(state=RequestState.ASKED)
