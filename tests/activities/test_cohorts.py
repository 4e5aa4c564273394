"""Groups of an activity: places, queue and sheets stay right whoever moves where."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from samverk.activities.choices import LIVE
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.activities import copy_activity, edit_activity
from samverk.activities.commands.attendance import close_session, mark_attendance
from samverk.activities.commands.cohorts import (
    add_cohort,
    call_cohorts,
    edit_cohort,
    put_into_cohort,
    remove_cohort,
)
from samverk.activities.commands.registrations import cancel_registration, register_for
from samverk.activities.commands.sessions import cancel_session, move_session, schedule_session
from samverk.activities.completion import standings
from samverk.activities.models import Attendance, Registration, Session
from samverk.activities.presences import presences_of
from samverk.activities.queries import registration_faults, status_of
from samverk.activities.sheet_queries import sheet_faults
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.post.models import Mail
from tests.activities.places import an_activity, come, state_of, taken
from tests.activities.sheets import begin


def session_of(activity, *cohorts, days: int = 10, minutes: int = 120) -> Session:
    starts = timezone.now() + timedelta(days=days)
    return schedule_session(
        activity, starts_at=starts, ends_at=starts + timedelta(minutes=minutes), planned_minutes=minutes,
        cohorts=cohorts, by=THE_SHELL,
    )  # fmt: skip


def group(activity, name: str, capacity: int | None = None):
    return add_cohort(activity, name=name, capacity=capacity, by=THE_SHELL)


def expected(session) -> set[str]:
    return set(Attendance.objects.filter(session=session).values_list("registration__given_name", flat=True))


@pytest.fixture
def two(db):
    """Two groups of one place each, a session for each and one for both."""
    activity = an_activity(None)
    activity.sessions.all().delete()
    north, south = group(activity, "North", 1), group(activity, "South", 1)
    activity.sessions_of = {
        "north": session_of(activity, north), "south": session_of(activity, south, days=12),
        "both": session_of(activity, north, south, days=14), "all": session_of(activity, days=16),
    }  # fmt: skip
    activity.north, activity.south = north, south
    return activity


def test_each_group_stands_on_its_own_sheets_and_on_those_it_shares(two):
    come(two, "Anna", cohort=two.north)
    come(two, "Bo", cohort=two.south)
    come(two, "Cia")
    sheets = {name: expected(session) for name, session in two.sessions_of.items()}
    assert sheets == {
        "north": {"Anna"}, "south": {"Bo"}, "both": {"Anna", "Bo"}, "all": {"Anna", "Bo", "Cia"},
    }  # fmt: skip
    assert sheet_faults() == registration_faults() == []


def test_a_full_group_has_a_waiting_list_of_its_own(two):
    anna = come(two, "Anna", cohort=two.north)
    waits = come(two, "Bo", cohort=two.north)
    assert (state_of(waits), state_of(come(two, "Cia", cohort=two.south))) == (State.WAITING, State.CONFIRMED)
    cancel_registration(anna, by=THE_SHELL)
    assert state_of(waits) == State.CONFIRMED
    assert registration_faults() == []


def test_who_waits_gets_a_place_at_once_in_a_group_that_has_one(two):
    come(two, "Anna", cohort=two.north)
    waits = come(two, "Bo", cohort=two.north)
    put_into_cohort(waits, two.south, by=THE_SHELL)
    assert state_of(waits) == State.CONFIRMED
    assert "Bo" in expected(two.sessions_of["south"])


def test_who_has_a_place_is_not_put_into_a_full_group(two):
    come(two, "Anna", cohort=two.north)
    bo = come(two, "Bo", cohort=two.south)
    with pytest.raises(Refusal) as refused:
        put_into_cohort(bo, two.north, by=THE_SHELL)
    assert refused.value.code == "full"
    edit_cohort(two.north, name="North", capacity=2, place="", by=THE_SHELL)
    put_into_cohort(bo, two.north, by=THE_SHELL)
    assert expected(two.sessions_of["north"]) == {"Anna", "Bo"}


def test_places_of_the_activity_end_where_its_groups_have_more(two):
    edit_activity(two, capacity=1, by=THE_SHELL)
    come(two, "Anna", cohort=two.north)
    waits = come(two, "Bo", cohort=two.south)
    assert (state_of(waits), taken(two)) == (State.WAITING, 1)
    edit_activity(two, capacity=2, by=THE_SHELL)
    assert state_of(waits) == State.CONFIRMED


def test_moving_leaves_what_is_marked(two):
    edit_cohort(two.south, name="South", capacity=5, place="", by=THE_SHELL)
    anna = come(two, "Anna", cohort=two.north)
    row = Attendance.objects.get(session=two.sessions_of["north"], registration=anna)
    begin(two.sessions_of["north"])
    mark_attendance(row, "here", by=THE_SHELL)
    put_into_cohort(anna, two.south, by=THE_SHELL)
    assert "Anna" in expected(two.sessions_of["north"])
    assert "Anna" in expected(two.sessions_of["south"])
    row.refresh_from_db()
    assert row.mark == "here"


def test_only_those_who_come_are_told_of_a_move(two):
    come(two, "Anna", cohort=two.north)
    come(two, "Bo", cohort=two.south)
    session = two.sessions_of["north"]
    later = timedelta(hours=1)
    move_session(
        session, starts_at=session.starts_at + later, ends_at=session.ends_at + later,
        planned_minutes=session.planned_minutes, by=THE_SHELL,
    )  # fmt: skip
    assert [mail.to_name for mail in Mail.objects.filter(kind="activities.session_moved")] == ["Anna Berg"]
    cancel_session(two.sessions_of["both"], reason="Snow", by=THE_SHELL)
    assert Mail.objects.filter(kind="activities.session_cancelled").count() == 2


def test_another_choice_of_groups_changes_the_sheet(two):
    come(two, "Anna", cohort=two.north)
    come(two, "Bo", cohort=two.south)
    session = call_cohorts(two.sessions_of["north"], [two.south], by=THE_SHELL)
    assert expected(session) == {"Bo"}
    assert expected(call_cohorts(session, [], by=THE_SHELL)) == {"Anna", "Bo"}


def test_she_reads_the_day_of_her_own_first_session(two):
    with_groups = Registration.objects.select_related("activity", "cohort")
    bo = with_groups.get(pk=come(two, "Bo", cohort=two.south).pk)
    day = two.sessions_of["south"].starts_local.day
    assert f" {day} " in status_of(bo, timezone.now()).sentence


def test_the_share_is_of_the_sessions_of_her_group(two):
    two.completion_share = Decimal(80)
    two.save()
    come(two, "Anna", cohort=two.north)
    come(two, "Bo", cohort=two.south)
    session = two.sessions_of["north"]
    begin(session)
    for row in Attendance.objects.filter(session=session):
        mark_attendance(row, "here", by=THE_SHELL)
    Session.objects.filter(pk=session.pk).update(ends_at=timezone.now())
    session = close_session(Session.objects.get(pk=session.pk), by=THE_SHELL)
    shares = sorted((one.share.attended, one.share.planned) for one in standings(two).values())
    assert shares == [(0, 360), (120, 360)]
    assert {presence.presence.planned_minutes for presence in presences_of(session)} == {360}


def test_a_group_that_is_used_stays_and_a_name_is_given_once(two):
    with pytest.raises(Refusal) as used:
        remove_cohort(two.north, by=THE_SHELL)
    with pytest.raises(Refusal) as twice:
        group(two, " North ")
    other = an_activity(None, title="Other")
    with pytest.raises(Refusal) as foreign:
        come(other, "Anna", cohort=two.north)
    codes = [refused.value.code for refused in (used, twice, foreign)]
    assert codes == ["used", "name_taken", "other_activity"]


def test_a_copy_has_the_same_groups_at_the_same_sessions(two):
    copy = copy_activity(two, first_day=timezone.localdate() + timedelta(days=100), by=THE_SHELL)
    called = [
        sorted(one.name for one in session.cohorts.all()) for session in copy.sessions.order_by("starts_at")
    ]
    assert called == [["North"], ["South"], ["North", "South"], []]
    assert not {one.pk for one in copy.cohorts.all()} & {two.north.pk, two.south.pk}


class Groups(RuleBasedStateMachine):
    """People come, move between groups and leave; sessions call other groups; some rows are marked."""

    @initialize(capacity=st.sampled_from([None, 3, 5]), small=st.integers(0, 2))
    def start(self, capacity: int | None, small: int) -> None:
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.activity = an_activity(capacity)
        self.groups = [
            group(self.activity, "A", small),
            group(self.activity, "B", 3),
            group(self.activity, "C"),
        ]
        self.sessions = [
            session_of(self.activity, self.groups[0]), session_of(self.activity, *self.groups[:2], days=11),
            session_of(self.activity, days=12),
        ]  # fmt: skip
        self.people, self.marked = 0, {}

    def teardown(self) -> None:
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def _pick(self, number: int) -> Registration | None:
        found = list(self.activity.registrations.filter(state__in=LIVE).order_by("pk"))
        return found[number % len(found)] if found else None

    @rule(where=st.sampled_from([0, 1, 2, None]))
    def somebody_comes(self, where: int | None) -> None:
        self.people += 1
        cohort = None if where is None else self.groups[where]
        register_for(
            self.activity, given_name=f"P{self.people}", family_name="", email="", language="sv",
            cohort=cohort, by=THE_SHELL,
        )  # fmt: skip

    @rule(number=st.integers(0, 99), where=st.sampled_from([0, 1, 2, None]))
    def somebody_moves(self, number: int, where: int | None) -> None:
        if one := self._pick(number):
            with contextlib.suppress(Refusal):
                put_into_cohort(one, None if where is None else self.groups[where], by=THE_SHELL)

    @rule(number=st.integers(0, 99))
    def somebody_leaves(self, number: int) -> None:
        if one := self._pick(number):
            cancel_registration(one, by=THE_SHELL)

    @rule(number=st.integers(0, 2), where=st.sets(st.integers(0, 2)))
    def a_session_calls_others(self, number: int, where: set[int]) -> None:
        call_cohorts(self.sessions[number], [self.groups[one] for one in where], by=THE_SHELL)

    @rule(number=st.integers(0, 99))
    def a_row_is_marked(self, number: int) -> None:
        rows = list(Attendance.objects.filter(session__in=self.sessions).order_by("pk"))
        if rows:
            row = rows[number % len(rows)]
            mark_attendance(row, "here", by=THE_SHELL)
            self.marked[row.pk] = "here"

    @invariant()
    def sheets_places_and_queue_are_right(self) -> None:
        if hasattr(self, "activity"):
            assert sheet_faults() == []
            assert registration_faults() == []
            kept = dict(Attendance.objects.filter(pk__in=self.marked).values_list("pk", "mark"))
            assert kept == self.marked


@pytest.mark.django_db
def test_sheets_and_places_stay_right_in_any_order():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Groups,
        settings=settings(
            max_examples=25, stateful_step_count=15, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
