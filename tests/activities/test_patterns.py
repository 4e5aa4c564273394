"""Many sessions at once: days, clocks, and a copy of a whole series."""

from __future__ import annotations

from datetime import UTC, date, time
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from samverk.activities.commands.activities import cancel_activity, copy_activity
from samverk.activities.commands.quotas import set_quota
from samverk.activities.commands.sessions import cancel_session, schedule_series
from samverk.activities.models import Registration, Session
from samverk.activities.patterns import days_in_a_row, sessions_on, weekly
from samverk.kit.acting import THE_SHELL, Refusal
from tests.activities.sheets import fill_sheet
from tests.cast import make_activity

WARSAW = ZoneInfo("Europe/Warsaw")


def hours_of(activity) -> list[str]:
    living = activity.sessions.exclude(state=Session.State.CANCELLED).order_by("starts_at")
    return [f"{one.starts_local:%m-%d %H:%M}–{one.ends_local:%H:%M}" for one in living]


def test_two_days_of_eight_hours_with_their_breaks():
    days = days_in_a_row(date(2027, 3, 27), 2)
    first, second = sessions_on(days, time(9), time(18), break_minutes=60, zone=WARSAW)
    assert first.planned_minutes + second.planned_minutes == 16 * 60
    # The clock went forward in the night between: the same hour on the wall, another one in the world.
    assert [one.starts_at.astimezone(UTC).hour for one in (first, second)] == [8, 7]


def test_an_evening_that_is_skipped_is_made_up_for_at_the_end():
    days = weekly(date(2027, 3, 18), 4, skip=[date(2027, 4, 1)])
    assert [f"{day:%m-%d}" for day in days] == ["03-18", "03-25", "04-08", "04-15"]


@given(
    first=some.dates(date(2020, 1, 1), date(2040, 1, 1)),
    number=some.integers(1, 60),
    every=some.integers(1, 4),
    skip=some.lists(some.integers(0, 300), max_size=20),
)
def test_a_weekly_series_has_its_number_its_weekday_and_no_day_that_is_skipped(first, number, every, skip):
    left_out = {date.fromordinal(first.toordinal() + days) for days in skip}
    days = weekly(first, number, every=every, skip=left_out)
    assert len(set(days)) == number
    assert {day.weekday() for day in days} == {first.weekday()}
    assert not left_out.intersection(days)
    assert all((day - first).days % (7 * every) == 0 for day in days)


@pytest.mark.parametrize(
    ("starts", "ends", "code"), [(time(2, 30), time(4), "gap"), (time(9), time(10), "breaks")]
)
def test_a_time_that_makes_no_session_is_refused_by_name(starts, ends, code):
    with pytest.raises(Refusal) as refused:
        sessions_on([date(2027, 3, 28)], starts, ends, break_minutes=60, zone=WARSAW)
    assert refused.value.code == code


def test_all_sessions_are_added_or_none(cast):
    activity, _session = make_activity(cast.programme)
    cancel_activity(activity, reason="No hall", by=THE_SHELL)
    planned = sessions_on(
        days_in_a_row(date(2027, 3, 27), 2), time(9), time(17), break_minutes=0, zone=WARSAW
    )
    with pytest.raises(Refusal):
        schedule_series(activity, planned, by=THE_SHELL)
    assert activity.sessions.count() == 1


def test_a_copy_takes_the_series_and_places_but_neither_people_nor_what_was_cancelled(cast):
    fill_sheet(cast, 3)
    activity, first = cast.activity, cast.activity.sessions.get()
    days = weekly(first.starts_local.date(), 3)[1:]
    planned = sessions_on(days, time(18), time(20), break_minutes=0, zone=first.zone)
    last = schedule_series(activity, planned, by=THE_SHELL)[-1]
    cancel_session(last, reason="Snow", by=THE_SHELL)
    set_quota(activity, "speaker", places=2, by=THE_SHELL)
    copy = copy_activity(activity, first_day=date(2027, 9, 1), by=THE_SHELL)
    assert hours_of(copy)[1] == "09-08 18:00–20:00"
    assert copy.sessions.count() == 2
    assert [quota.places for quota in copy.quotas.all()] == [2]
    assert not Registration.objects.filter(activity=copy).exists()


# ---------- the page ----------

TYPED = {
    "kind": "weekly",
    "first_day": "2027-03-18",
    "number": "3",
    "every": "1",
    "starts": "18",
    "ends": "20.30",
}


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.coordinator)


def test_nothing_is_written_before_the_list_was_seen(cast, office):
    address = reverse("office:sessions_create", args=[cast.activity.code])
    page = office.post(address, TYPED | {"look": "1"})
    assert "7 h 30 min" in page.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert cast.activity.sessions.count() == 1
    seen = page.context["form"].seen
    # Changed since: the new list is shown, nothing is written.
    again = office.post(address, TYPED | {"number": "4", "seen": seen})
    assert (again.status_code, cast.activity.sessions.count()) == (200, 1)
    office.post(address, TYPED | {"seen": seen})
    assert cast.activity.sessions.count() == 4


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"),
        ({"skip": "next Friday"}, "skip"),
        ({"kind": "days"}, "days"),
        ({"first_day": "9999-12-30"}, "first_day"),
        ({"ends": "18"}, "__all__"),
    ],
)
def test_what_makes_no_series_is_said_at_its_field(cast, office, wrong, field):
    page = office.post(reverse("office:sessions_create", args=[cast.activity.code]), TYPED | wrong)
    assert page.status_code == 422
    assert field == "__all__" or field in page.context["form"].errors
    assert cast.activity.sessions.count() == 1


def test_a_copy_shows_its_new_days_first(cast, office):
    address = reverse("office:activity_copy", args=[cast.activity.code])
    page = office.post(address, {"title": "Again", "first_day": "2027-05-03", "look": "1"})
    assert "3 May 2027" in page.content.decode().replace("\xa0", " ")
    assert not type(cast.activity).objects.filter(title="Again").exists()
