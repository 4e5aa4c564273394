"""The next meeting: an activity of its own that knows on which it follows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from samverk.activities.commands.activities import EDITABLE, create_activity
from samverk.activities.commands.sessions import schedule_session
from samverk.activities.models import Activity, Leader
from samverk.follow_up.models import NextMeeting
from samverk.kit.acting import Actor
from samverk.trail.commands import log

# What belongs to the day that was, and not to the next.
NOT_TAKEN_ALONG = {"title", "opens_at", "closes_at", "summary", "description", "online_link"}


def plan_next_meeting(
    activity: Activity, *, title: str, starts_at: datetime, ends_at: datetime, by: Actor
) -> Activity:
    """A draft with one session at the same place, the same leaders, and the thread back to this one."""
    fields = {name: getattr(activity, name) for name in EDITABLE if name not in NOT_TAKEN_ALONG}
    language, kind = fields.pop("language"), fields.pop("kind")
    session = activity.sessions.order_by("-starts_at").first()
    with transaction.atomic():
        made = create_activity(activity.programme, title=title, language=language, kind=kind, by=by, **fields)
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        schedule_session(
            made, starts_at=starts_at, ends_at=ends_at, planned_minutes=minutes, by=by,
            time_zone=session.time_zone if session else "",
        )  # fmt: skip
        for leader in activity.leaders.all():
            Leader.objects.create(
                activity=made, person_id=leader.person_id, title=leader.title, is_public=leader.is_public
            )
        NextMeeting.objects.create(before=activity, after=made)
        log("plan_next", activity, by=by, scope=activity.programme.scope)
        made.refresh_from_db()
    return made
