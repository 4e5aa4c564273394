"""Somebody who had a place and did not come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.kit.acting import THE_SHELL
from tests.cast import make_activity


def missed(
    cast: Any, person: Any, *, days_ago: int = 3, programme: Any = None, mark: str = "absent"
) -> Registration:
    activity, session = make_activity(programme or cast.programme, title="Missed")
    made = register_for(activity, person=person, language="sv", by=THE_SHELL, tell=False)
    Attendance.objects.filter(registration=made).update(mark=mark)
    ends = timezone.now() - timedelta(days=days_ago)
    starts = ends - timedelta(hours=2)
    Session.objects.filter(pk=session.pk).update(state="done", starts_at=starts, ends_at=ends)
    Activity.objects.filter(pk=activity.pk).update(starts_at=starts, ends_at=ends)
    return made
