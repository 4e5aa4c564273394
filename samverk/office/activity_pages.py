"""The pages of one activity and of one session, in the order of a coordinator's work; each line one page.

A page is shown where its address exists and ``may_see(person, thing)`` says so. A new page adds its line here and
extends ``office/activities/page.html`` (of an activity) or ``office/attendance/page.html`` (of a session).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import Format
from samverk.activities.models import Activity, Session
from samverk.activities.permissions import may_take_attendance
from samverk.adjustments.permissions import may_see_requests


def everybody(person: Any, thing: Any) -> bool:
    """Whoever sees the activity sees this page."""
    return True


@dataclass(frozen=True)
class Page:
    """An address that takes the thing's code, its words, and the other addresses that belong to it."""

    name: str
    text: Any
    also: tuple[str, ...] = ()
    may_see: Callable[[Any, Any], bool] = everybody


def answers_each(person: Any, activity: Activity) -> bool:
    """Where a coordinator answers each registration, there is a list of those who wait for it."""
    return activity.needs_approval


def asks_wishes(person: Any, activity: Activity) -> bool:
    """Where people rank groups, there is a page to decide on."""
    return activity.asks_wishes


ACTIVITY_PAGES: list[Page] = [
    Page(
        "office:activity",
        _("Overview"),
        ("office:activity_edit", "office:registration_create", "office:registration"),
    ),
    Page(
        "office:admission",
        _("Who may come"),
        (
            "office:quota_set",
            "office:invitations",
            "office:invitation_create",
            "office:invitation_send",
            "office:invitations_remind",
        ),
    ),
    Page(
        "office:asking",
        _("Questions"),
        (
            "office:asking_add",
            "office:asking_edit",
            "office:asking_answers",
            "office:asking_protected",
            "office:asking_names",
        ),
    ),
    Page("office:cohorts", _("Groups"), ("office:cohort_edit",)),
    Page("office:wishes", _("Wishes"), may_see=asks_wishes),
    Page("office:adjustments", _("What people need"), may_see=may_see_requests),
    Page(
        "office:applications",
        _("Who asks to come"),
        ("office:applications_approve", "office:applications_decline"),
        may_see=answers_each,
    ),
    Page(
        "office:agenda",
        _("Programme of the day"),
        (
            "office:agenda_rooms",
            "office:agenda_item_create",
            "office:agenda_item",
            "office:agenda_speaker_add",
        ),
    ),
    Page(
        "office:mailings", _("Messages"), ("office:mailing_create", "office:mailing", "office:mailing_edit")
    ),
    Page("office:polls", _("Find a time"), ("office:poll", "office:poll_create")),
    Page("office:follow_up", _("Afterwards")),
    Page("office:evaluations", _("Evaluation"), ("office:evaluation_create", "office:evaluation_results")),
    Page(
        "office:certificates",
        _("Certificates"),
        ("office:certificate_texts", "office:completion_why"),
    ),
]


def takes_attendance(person: Any, session: Session) -> bool:
    """Marking needs more than seeing."""
    return may_take_attendance(person, session) and session.state == Session.State.PLANNED


def meets_by_video(person: Any, session: Session) -> bool:
    """Where somebody may be online, or was: such a session has a list of who logged in."""
    return session.activity.format != Format.IN_ROOM or bool(session.link)


SESSION_PAGES: list[Page] = [
    Page("office:attendance", _("Attendance")),
    Page("office:session_paper", _("Paper")),
    Page("office:session_logs", _("By video"), may_see=meets_by_video),
    Page("office:check_in", _("Scan tickets"), may_see=takes_attendance),
    Page("office:wall", _("Code on the wall"), may_see=takes_attendance),
    Page("office:live", _("Live questions"), ("office:live_wall", "office:live_add")),
    Page("office:tables", _("Tables"), ("office:table", "office:table_seat")),
]
