"""Reminders go by themselves: once, in time, to those who have a place, and to nobody who has just got it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.commands.registrations import cancel_registration, register_for
from samverk.activities.commands.sessions import move_session
from samverk.activities.models import Registration
from samverk.kit.registers import composers
from samverk.mailings.commands import plan_reminders
from samverk.mailings.models import Reminder
from samverk.mailings.reminding import KIND, remind_of_sessions
from samverk.post.models import Mail
from tests.cast import as_person


@pytest.fixture
def placed(cast):
    """A participant who got her place a month ago."""
    registration = register_for(
        cast.activity, person=cast.participant, language="sv", by=as_person(cast.coordinator)
    )
    month_ago = timezone.now() - timedelta(days=30)
    Registration.objects.filter(pk=registration.pk).update(registered_at=month_ago, confirmed_at=month_ago)
    registration.refresh_from_db()
    return registration


def before(cast, **ahead):
    return cast.session.starts_at - timedelta(**ahead)


def test_the_day_before_everybody_with_a_place_is_reminded_once(cast, placed):
    assert [remind_of_sessions(before(cast, hours=hours)) for hours in (25, 24, 23, 20, 3)] == [0, 1, 0, 0, 0]
    message = composers.get(KIND)(Mail.objects.get(kind=KIND))
    assert message is not None and message.attachments and cast.activity.title in str(message.subject)


def test_the_week_before_is_asked_for(cast, placed):
    assert remind_of_sessions(before(cast, days=6)) == 0
    plan_reminders(cast.activity, week_before=True, day_before=False, by=as_person(cast.coordinator))
    assert remind_of_sessions(before(cast, days=6)) == 1
    assert remind_of_sessions(before(cast, hours=20)) == 0


def test_a_worker_that_slept_does_not_remind_of_what_is_about_to_begin(cast, placed):
    assert remind_of_sessions(before(cast, hours=1)) == 0


def test_who_has_just_got_the_place_is_not_reminded_of_it(cast):
    registration = register_for(
        cast.activity, person=cast.participant, language="sv", by=as_person(cast.coordinator)
    )
    late = before(cast, hours=22)
    Registration.objects.filter(pk=registration.pk).update(registered_at=late, confirmed_at=late)
    assert remind_of_sessions(before(cast, hours=20)) == 0


def test_a_session_that_moved_is_reminded_of_at_its_new_time(cast, placed):
    assert remind_of_sessions(before(cast, hours=23)) == 1
    later = timedelta(days=3)
    starts, ends = cast.session.starts_at + later, cast.session.ends_at + later
    cast.session = move_session(
        cast.session, starts_at=starts, ends_at=ends, planned_minutes=cast.session.planned_minutes,
        by=as_person(cast.coordinator),
    )  # fmt: skip
    assert remind_of_sessions(before(cast, hours=23)) == 1
    assert Reminder.objects.count() == 2


def test_a_place_given_up_meanwhile_is_not_reminded_of(cast, placed):
    remind_of_sessions(before(cast, hours=23))
    cancel_registration(placed, by=as_person(cast.participant))
    assert composers.get(KIND)(Mail.objects.get(kind=KIND)) is None
