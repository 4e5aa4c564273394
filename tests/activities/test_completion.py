"""Who has completed an activity: the share attended, exactly as the engine reckons it, or a ruling with a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samverk.activities.commands.activities import copy_activity
from samverk.activities.commands.completion import rule_completion, set_completion_share, withdraw_ruling
from samverk.activities.commands.sessions import schedule_session
from samverk.activities.completion import Share, key_of, open_sheets, percent_words, standings, why
from samverk.activities.models import Attendance, Session
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.trail.models import Entry
from tests.activities.sheets import give_place
from tests.cast import as_person, in_days, make_activity, make_person


def thirty_hours(programme, **fields):
    """A course of five days of six hours: 1,800 minutes, as the golden case has it."""
    activity, _first = make_activity(programme, days=-40, minutes=360, title="Thirty hours", **fields)
    for day in (-39, -38, -37, -36):
        starts = in_days(day)
        schedule_session(
            activity,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=360),
            planned_minutes=360,
            by=THE_SHELL,
        )
    return activity


def attend(activity, person, *minutes: int | None, closed: bool = True) -> str:
    """So many minutes at each session in turn; None is absent. Gives the person's key."""
    registration = give_place(activity, person)
    for session, stay in zip(activity.sessions.order_by("starts_at"), minutes, strict=True):
        row, _made = Attendance.objects.get_or_create(
            session=session, person=person, defaults={"registration": registration}
        )
        row.mark = "absent" if stay is None else "part"
        if stay is not None:
            row.came_at = session.starts_at
            row.left_at = session.starts_at + timedelta(minutes=stay)
        row.save()
    if closed:
        activity.sessions.update(state=Session.State.DONE)
    return key_of(person.pk, None)


def standing_of(activity, key):
    activity.refresh_from_db()
    return standings(activity)[key]


def test_1440_of_1800_minutes_pass_80_percent_and_1425_fail(cast):
    activity = thirty_hours(cast.programme)
    set_completion_share(activity, Decimal(80), by=THE_SHELL)
    enough = attend(activity, cast.participant, 360, 360, 360, 360, None)
    short = attend(activity, cast.representative, 360, 360, 360, 345, None)
    assert standing_of(activity, enough).share == Share(1440, 1800)
    assert standing_of(activity, enough).completes
    assert standing_of(activity, short).share == Share(1425, 1800)
    assert not standing_of(activity, short).completes
    assert (
        why(standing_of(activity, short), Decimal(80), 0)
        == "Attended 23\xa0h\xa045\xa0min of 30\xa0h, less than 80\xa0%."
    )


def test_a_share_is_never_rounded():
    assert not Share(7999, 10000).reaches(Decimal(80))
    assert Share(8000, 10000).reaches(Decimal("80.00"))
    assert not Share(799_999_999, 1_000_000_000).reaches(Decimal(80))
    assert not Share(0, 0).reaches(Decimal(80))
    assert percent_words(Decimal("79.99")) == "79.99\xa0%"
    assert percent_words(Decimal("80.00")) == "80\xa0%"


@settings(max_examples=200, deadline=None)
@given(attended=st.integers(1, 10_000), planned=st.integers(1, 10_000), percent=st.integers(1, 10_000))
def test_a_share_is_judged_as_the_engine_judges_it(attended, planned, percent):
    minimum = Decimal(percent) / 100
    assert Share(attended, planned).reaches(minimum) == (attended * 10_000 >= percent * planned)


def test_each_session_has_its_own_share_and_parallel_minutes_count_once(cast):
    activity, first = make_activity(cast.programme, days=-5, minutes=120, title="Parallel")
    schedule_session(
        activity,
        starts_at=first.starts_at + timedelta(minutes=60),
        ends_at=first.ends_at + timedelta(minutes=60),
        planned_minutes=120,
        by=THE_SHELL,
    )
    key = attend(activity, cast.participant, 120, 90)
    standing = standing_of(activity, key)
    assert [share.attended for share in standing.by_session.values()] == [120, 90]
    assert standing.share == Share(150, 240)


def test_an_open_sheet_counts_as_planned_and_not_yet_as_attended(cast):
    activity = thirty_hours(cast.programme)
    set_completion_share(activity, Decimal(80), by=THE_SHELL)
    key = attend(activity, cast.participant, 360, 360, 360, 360, 360, closed=False)
    last = activity.sessions.order_by("starts_at").last()
    activity.sessions.exclude(pk=last.pk).update(state=Session.State.DONE)
    standing = standing_of(activity, key)
    assert standing.share == Share(1440, 1800)
    assert standing.completes
    assert standing.by_session[last.pk] == Share(0, 360)
    assert open_sheets(activity) == 1


def test_a_cancelled_session_is_neither_planned_nor_attended(cast):
    activity = thirty_hours(cast.programme)
    key = attend(activity, cast.participant, 360, 360, 360, 360, 360)
    last = activity.sessions.order_by("starts_at").last()
    Session.objects.filter(pk=last.pk).update(state=Session.State.CANCELLED)
    assert standing_of(activity, key).share == Share(1440, 1440)


def test_nobody_completes_before_somebody_says_what_completing_is(cast):
    activity = thirty_hours(cast.programme)
    key = attend(activity, cast.participant, 360, 360, 360, 360, 360)
    assert not standing_of(activity, key).completes


def test_a_coordinator_decides_by_hand_with_a_reason_and_takes_it_back(cast):
    activity = thirty_hours(cast.programme)
    set_completion_share(activity, Decimal(80), by=THE_SHELL)
    key = attend(activity, cast.participant, 360, 360, 360, 345, None)
    by = as_person(cast.coordinator)
    with pytest.raises(Refusal) as no:
        rule_completion(activity, key, completes=True, because="  ", by=by)
    assert no.value.code == "no_reason"
    rule_completion(activity, key, completes=True, because="Did the last day at home.", by=by)
    standing = standing_of(activity, key)
    assert standing.completes
    assert why(standing, Decimal(80), 0) == "Decided by hand: Did the last day at home."
    withdraw_ruling(activity, key, by=by)
    assert not standing_of(activity, key).completes
    verbs = Entry.objects.filter(thing_type="completionruling").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["rule_completion", "withdraw_ruling"]


def test_nothing_is_ruled_about_somebody_who_is_on_no_sheet(cast):
    activity = thirty_hours(cast.programme)
    for key in (key_of(cast.mentor.pk, None), "", "p", "x1", "p-1", "p" + "9" * 30, "r999999"):
        with pytest.raises(Refusal) as no:
            rule_completion(activity, key, completes=True, because="Because.", by=THE_SHELL)
        assert no.value.code == "not_on_sheet"


@pytest.mark.parametrize("share", ["0", "-1", "100.01", "1000"])
def test_a_share_is_a_percentage(cast, share):
    with pytest.raises(Refusal) as no:
        set_completion_share(cast.activity, Decimal(share), by=THE_SHELL)
    assert no.value.field == "share"


def test_somebody_who_shares_a_mailbox_is_reckoned_by_her_registration(cast):
    activity = thirty_hours(cast.programme)
    set_completion_share(activity, Decimal(80), by=THE_SHELL)
    person = make_person("Bo", "Delad")
    attend(activity, person, 360, 360, 360, 360, None)
    registration = activity.registrations.get(person=person)
    Attendance.objects.filter(person=person).update(person=None)
    standing = standing_of(activity, key_of(None, registration.pk))
    assert standing.completes
    assert standing.registration_id == registration.pk


def test_the_leaders_of_an_activity_complete_nothing(cast):
    activity = thirty_hours(cast.programme)
    key = attend(activity, cast.participant, 360, 360, 360, 360, 360)
    Attendance.objects.filter(person=cast.participant).update(is_leader=True)
    assert key not in standings(activity)


def test_a_copy_asks_for_the_same_share(cast):
    activity = thirty_hours(cast.programme)
    set_completion_share(activity, Decimal("75.5"), by=THE_SHELL)
    activity.refresh_from_db()
    copy = copy_activity(activity, first_day=in_days(30).date(), by=THE_SHELL)
    assert copy.completion_share == Decimal("75.5")


def test_standings_cost_the_same_for_one_and_for_many(cast, queries):
    activity = thirty_hours(cast.programme)
    attend(activity, cast.participant, 360, 360, 360, 360, None)
    one = queries(lambda: standings(activity))
    for number in range(12):
        attend(
            activity, make_person("Eva", "Många", email=f"m{number}@example.org"), 360, 360, 360, 100, None
        )
    assert queries(lambda: standings(activity)) == one
