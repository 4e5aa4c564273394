"""Attendance: everybody expected has a row, marking is one tap, and nobody is present because nobody looked."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from samverk.activities.choices import Mark, Representation
from samverk.activities.commands import attendance as commands
from samverk.activities.commands.sessions import schedule_session
from samverk.activities.models import Attendance, Leader, MarkReceived, Session
from samverk.activities.sheet_queries import counts_of, row_of, rows_of, sheet_faults
from samverk.activities.sheet_rules import seen_of
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.kit.registers import attendance_guards
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import as_person, in_days, make_person


@pytest.fixture
def sheet(cast):
    rows = fill_sheet(cast)
    begin(cast.session)
    return rows


@pytest.fixture
def guard():
    """A guard as a sealed period is one: it writes down who asked, and says no when told to."""

    class Guard:
        def __init__(self):
            self.sealed, self.asked, self.told = False, [], []

        def may_change(self, session):
            self.asked.append(session.pk)
            if self.sealed:
                raise Refusal("The period is sealed.", code="sealed")

        def changed(self, session):
            assert not transaction.get_autocommit()
            self.told.append(session.pk)

    guard = Guard()
    attendance_guards._entries["test"] = guard
    yield guard
    del attendance_guards._entries["test"]


def mark(row, what, cast, **how):
    return commands.mark_attendance(row, what, by=as_person(cast.coordinator), **how)


def last(verb: str) -> Entry:
    return Entry.objects.filter(verb=verb).first()


def reason_of(call) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code


# ---------- who is expected ----------


def test_everybody_with_a_place_stands_on_the_sheet_not_marked_sorted_by_family_name(cast):
    rows = fill_sheet(cast)
    assert {row.mark for row in rows} == {Mark.NOT_MARKED}
    assert [row.name for row in rows_of(cast.session)] == [
        "Łucja Åkesson", "Nils Ekdahl", "Sara Haddad", "Björn Öberg", "Amina Yusuf",
    ]  # fmt: skip


def test_a_session_added_later_expects_everybody_who_has_a_place(cast):
    fill_sheet(cast)
    later = schedule_session(
        cast.activity, starts_at=in_days(21), ends_at=in_days(21, 19), planned_minutes=120, by=THE_SHELL
    )
    assert counts_of(later).unmarked == 5


def test_who_gets_a_place_after_a_session_is_not_expected_at_it(cast):
    begin(cast.session, minutes_ago=600)
    give_place(cast.activity, cast.participant)
    assert not Attendance.objects.filter(session=cast.session).exists()


def test_a_confirmed_representation_reaches_the_rows_that_stand_already(cast, guard):
    registration = give_place(
        cast.activity, cast.participant, organisation=cast.organisation, representation=Representation.CLAIMED
    )
    registration.representation = Representation.CONFIRMED
    commands.expect(registration, by=THE_SHELL)
    assert registration.attendances.get().representation == Representation.CONFIRMED
    assert guard.told


def test_a_sealed_sheet_does_not_change_when_a_registration_does(cast, guard):
    registration = give_place(cast.activity, cast.participant, organisation=cast.organisation)
    guard.sealed = True
    registration.representation = Representation.CONFIRMED
    commands.expect(registration, by=THE_SHELL)
    assert registration.attendances.get().representation == Representation.NONE


def test_who_came_before_registering_keeps_one_row(cast):
    begin(cast.session)
    row = commands.add_walk_in(cast.session, name="", person=cast.participant, by=THE_SHELL)
    registration = give_place(cast.activity, cast.participant)
    assert registration.attendances.get() == row


def test_giving_up_a_place_takes_the_row_away_but_not_one_that_was_marked(cast, sheet):
    untouched, marked = sheet[0], mark(sheet[1], "here", cast)
    for row in (untouched, marked):
        commands.no_longer_expect(row.registration, by=THE_SHELL)
    assert not Attendance.objects.filter(pk=untouched.pk).exists()
    assert Attendance.objects.get(pk=marked.pk).mark == Mark.HERE


def test_a_row_whose_mark_was_taken_back_stays_as_absent(cast, sheet):
    mark(sheet[0], "here", cast)
    row = mark(sheet[0], "none", cast)
    commands.no_longer_expect(row.registration, by=THE_SHELL)
    assert Attendance.objects.get(pk=row.pk).mark == Mark.ABSENT


# ---------- marks ----------


def test_here_is_the_whole_session_and_a_part_has_from_and_to(cast, sheet):
    session = Session.objects.get(pk=cast.session.pk)
    here = mark(sheet[0], "here", cast)
    part = mark(
        sheet[1], "part", cast, came_at=session.starts_at + timedelta(minutes=35), left_at=session.ends_at
    )
    assert (here.came_at, here.left_at) == (None, None)
    assert part.came_at - session.starts_at == timedelta(minutes=35)
    assert counts_of(session).here == 2 and counts_of(session).part == 1


@pytest.mark.parametrize(("came", "left"), [(None, 30), (30, None), (40, 30), (30, 30), (-1, 30), (30, 181)])
def test_a_part_outside_the_session_or_turned_round_is_refused(cast, sheet, came, left):
    start = Session.objects.get(pk=cast.session.pk).starts_at
    at = [None if minutes is None else start + timedelta(minutes=minutes) for minutes in (came, left)]
    assert reason_of(lambda: mark(sheet[0], "part", cast, came_at=at[0], left_at=at[1])) == "part_times"


def test_a_mark_is_undone_through_the_trail(cast, sheet):
    mark(sheet[0], "absent", cast)
    mark(sheet[0], "here", cast)
    undo(last("mark"), by=as_person(cast.coordinator))
    assert Attendance.objects.get(pk=sheet[0].pk).mark == Mark.ABSENT


def test_a_mark_that_was_changed_since_is_not_undone(cast, sheet):
    mark(sheet[0], "here", cast)
    first = last("mark")
    mark(sheet[0], "absent", cast)
    assert reason_of(lambda: undo(first, by=THE_SHELL)) == "changed_since"


def test_a_mark_is_not_undone_after_a_day(cast, sheet):
    mark(sheet[0], "here", cast)
    Entry.objects.filter(verb="mark").update(at=timezone.now() - timedelta(hours=25))
    assert reason_of(lambda: undo(last("mark"), by=THE_SHELL)) == "too_late"


def test_a_late_tap_from_before_an_undo_does_not_come_back(cast, sheet):
    before = timezone.now()
    mark(sheet[0], "here", cast)
    undo(last("mark"), by=THE_SHELL)
    mark(sheet[0], "here", cast, mark_id=uuid.uuid4(), tapped_at=before)
    assert Attendance.objects.get(pk=sheet[0].pk).mark == Mark.NOT_MARKED


# ---------- the two rest-buttons ----------


@pytest.mark.parametrize("rest", ["here", "absent"])
def test_the_rest_is_marked_by_one_button_and_undone_as_one(cast, sheet, rest):
    mark(sheet[0], "absent", cast)
    assert commands.mark_rest(cast.session, rest, by=as_person(cast.coordinator)) == 4
    assert counts_of(cast.session).unmarked == 0
    mark(sheet[1], "none", cast)
    mark(sheet[1], "here", cast)
    undo(last(f"mark_rest_{rest}"), by=as_person(cast.coordinator))
    counts = counts_of(cast.session)
    # The row that was marked before, and the one marked since, keep their marks.
    assert (counts.unmarked, counts.here, counts.absent) == (3, 1, 1)


# ---------- two devices ----------


def test_a_tap_sent_twice_is_taken_once(cast, sheet):
    tap = uuid.uuid4()
    for _time in range(3):
        mark(sheet[0], "here", cast, mark_id=tap, device="a")
    assert MarkReceived.objects.count() == 1
    assert Entry.objects.filter(verb="mark").count() == 1


def test_an_older_tap_that_arrives_late_does_not_overwrite_a_newer_one(cast, sheet):
    now = timezone.now()
    mark(sheet[0], "absent", cast, device="a", tapped_at=now, mark_id=uuid.uuid4())
    mark(sheet[0], "here", cast, device="a", tapped_at=now - timedelta(minutes=5), mark_id=uuid.uuid4())
    row = Attendance.objects.get(pk=sheet[0].pk)
    assert row.mark == Mark.ABSENT and not row.is_disputed


def test_a_device_whose_clock_runs_ahead_does_not_win_for_ever(cast, sheet):
    mark(
        sheet[0], "here", cast, device="a", tapped_at=timezone.now() + timedelta(days=3), mark_id=uuid.uuid4()
    )
    mark(sheet[0], "absent", cast, device="a", tapped_at=timezone.now(), mark_id=uuid.uuid4())
    assert Attendance.objects.get(pk=sheet[0].pk).mark == Mark.ABSENT


@pytest.mark.parametrize("minutes", [-5, 0])
def test_two_devices_that_disagree_are_both_kept_and_shown_until_somebody_decides(cast, sheet, minutes):
    online, offline = as_person(cast.coordinator), as_person(cast.leader)
    tapped = timezone.now() + timedelta(minutes=minutes)
    commands.mark_attendance(sheet[0], "absent", by=online, device="a", seen="none")
    commands.mark_attendance(
        sheet[0], "here", by=offline, device="b", seen="none", tapped_at=tapped, mark_id=uuid.uuid4()
    )
    row = row_of(sheet[0])
    assert row.is_disputed
    assert {answer.words for answer in row.answers} == {"Here", "Absent"}
    assert {answer.who for answer in row.answers} == {str(cast.coordinator), str(cast.leader)}
    # A third tap that saw neither does not decide it.
    commands.mark_attendance(sheet[0], "here", by=offline, device="b", seen="none", mark_id=uuid.uuid4())
    assert Attendance.objects.get(pk=sheet[0].pk).is_disputed
    decided = Attendance.objects.get(pk=sheet[0].pk)
    commands.mark_attendance(decided, "here", by=online, device="a", seen=seen_of(decided))
    assert not Attendance.objects.get(pk=sheet[0].pk).is_disputed


def test_two_devices_that_agree_are_no_dispute(cast, sheet):
    commands.mark_attendance(sheet[0], "here", by=as_person(cast.coordinator), device="a", seen="none")
    commands.mark_attendance(sheet[0], "here", by=as_person(cast.leader), device="b", seen="none")
    assert not Attendance.objects.get(pk=sheet[0].pk).is_disputed


def test_somebody_who_saw_the_mark_and_changes_it_is_no_dispute(cast, sheet):
    row = commands.mark_attendance(sheet[0], "here", by=as_person(cast.coordinator), device="a", seen="none")
    row = commands.mark_attendance(row, "absent", by=as_person(cast.leader), device="b", seen=seen_of(row))
    assert row.mark == Mark.ABSENT and not row.is_disputed


# ---------- people nobody expected ----------


def test_a_walk_in_needs_a_name_only_and_is_here(cast, sheet):
    row = commands.add_walk_in(cast.session, name="  Gun-Britt   Lindqvist ", by=THE_SHELL)
    assert (row.name, row.mark, row.is_walk_in, row.person) == ("Gun-Britt Lindqvist", "here", True, None)
    assert reason_of(lambda: commands.add_walk_in(cast.session, name=" ", by=THE_SHELL)) == "name_missing"


def test_the_same_form_sent_twice_adds_one_walk_in(cast, sheet):
    key = uuid.uuid4()
    rows = {
        commands.add_walk_in(cast.session, name="Ola", by=THE_SHELL, row_key=key).pk for _time in range(2)
    }
    assert len(rows) == 1


def test_a_walk_in_is_linked_to_a_person_who_then_stands_for_her_organisation(cast, sheet, guard):
    row = commands.add_walk_in(cast.session, name="Pia", by=THE_SHELL)
    row = commands.link_walk_in(
        row, cast.participant, by=THE_SHELL, organisation=cast.organisation, role="employee"
    )
    assert row.person == cast.participant and row.representation == Representation.CONFIRMED
    assert len(guard.told) == 2


def test_a_walk_in_is_not_linked_to_somebody_who_is_on_the_sheet_already(cast, sheet):
    row = commands.add_walk_in(cast.session, name="Somebody", by=THE_SHELL)
    assert reason_of(lambda: commands.link_walk_in(row, sheet[0].person, by=THE_SHELL)) == "on_the_list"


def test_a_leader_on_the_sheet_is_known_as_one(cast):
    begin(cast.session)
    Leader.objects.get_or_create(activity=cast.activity, person=cast.leader)
    assert commands.add_walk_in(cast.session, name="", person=cast.leader, by=THE_SHELL).is_leader


def test_heads_are_counted_and_name_nobody(cast, sheet):
    commands.count_heads(cast.session, 12, by=THE_SHELL)
    assert Session.objects.get(pk=cast.session.pk).head_count == 12
    assert counts_of(cast.session).rows == 5


# ---------- done ----------


def test_a_sheet_with_a_row_nobody_marked_cannot_be_closed(cast, sheet):
    for row in sheet[1:]:
        mark(row, "here", cast)
    assert reason_of(lambda: commands.close_session(cast.session, by=THE_SHELL)) == "unmarked"


def test_a_sheet_with_two_answers_cannot_be_closed(cast, sheet):
    commands.mark_rest(cast.session, "here", by=THE_SHELL)
    Attendance.objects.filter(pk=sheet[0].pk).update(is_disputed=True)
    assert reason_of(lambda: commands.close_session(cast.session, by=THE_SHELL)) == "disputed"


def test_a_session_that_has_not_begun_cannot_be_closed(cast):
    assert reason_of(lambda: commands.close_session(cast.session, by=THE_SHELL)) == "not_begun"


def test_closing_tells_the_ledger_in_the_same_transaction_and_happens_once(cast, sheet, guard):
    commands.mark_rest(cast.session, "here", by=THE_SHELL)
    guard.told.clear()
    commands.close_session(cast.session, by=as_person(cast.leader))
    commands.close_session(cast.session, by=as_person(cast.leader))
    session = Session.objects.get(pk=cast.session.pk)
    assert session.is_closed and session.closed_by == cast.leader
    assert guard.told == [session.pk]
    assert Entry.objects.filter(verb="close").count() == 1


def test_closing_is_undone_and_the_ledger_hears_of_it(cast, sheet, guard):
    commands.mark_rest(cast.session, "here", by=THE_SHELL)
    commands.close_session(cast.session, by=THE_SHELL)
    guard.told.clear()
    undo(last("close"), by=THE_SHELL)
    assert not Session.objects.get(pk=cast.session.pk).is_closed
    assert guard.told == [cast.session.pk]


def test_a_row_is_corrected_after_done_with_a_reason_and_only_with_one(cast, sheet, guard):
    commands.mark_rest(cast.session, "here", by=THE_SHELL)
    commands.close_session(cast.session, by=THE_SHELL)
    guard.told.clear()
    by = as_person(cast.leader)
    assert reason_of(lambda: commands.mark_attendance(sheet[0], "absent", by=by)) == "reason_missing"
    assert (
        reason_of(lambda: commands.correct_attendance(sheet[0], "absent", by=by, reason=" "))
        == "reason_missing"
    )
    assert reason_of(lambda: commands.correct_attendance(sheet[0], "none", by=by, reason="x")) == "done"
    row = commands.correct_attendance(sheet[0], "absent", by=by, reason="Was ill that day")
    assert row.mark == Mark.ABSENT
    assert last("correct").reason == "Was ill that day" and last("correct").actor == cast.leader
    assert guard.told == [cast.session.pk]


def test_nothing_changes_in_a_sealed_period(cast, sheet, guard):
    commands.mark_rest(cast.session, "here", by=THE_SHELL)
    commands.close_session(cast.session, by=THE_SHELL)
    guard.sealed = True
    for change in (
        lambda: commands.correct_attendance(sheet[0], "absent", by=THE_SHELL, reason="late"),
        lambda: commands.add_walk_in(cast.session, name="Late", by=THE_SHELL, reason="late"),
        lambda: commands.count_heads(cast.session, 3, by=THE_SHELL, reason="late"),
        lambda: undo(last("close"), by=THE_SHELL),
    ):
        assert reason_of(change) == "sealed"
    assert counts_of(cast.session).here == 5


def test_the_doctor_finds_a_place_that_stands_on_no_sheet(cast):
    rows = fill_sheet(cast)
    assert sheet_faults() == []
    rows[0].delete()
    assert len(sheet_faults()) == 1


def test_protected_identity_stands_on_the_sheet_under_an_alias(cast):
    give_place(
        cast.activity, cast.protected, organisation=cast.organisation, organisation_typed="Hemliga huset"
    )
    row = rows_of(cast.session)[0]
    for shown in (row.name, row.organisation, row.folded):
        assert "hemliga" not in shown.lower() and "skyddsvik" not in shown.lower()


def test_a_sheet_of_three_hundred_asks_the_database_as_often_as_one_of_three(cast, queries):
    few = fill_sheet(cast, 3)
    Attendance.objects.filter(pk=few[0].pk).update(is_disputed=True, mark="here")
    before = queries(lambda: rows_of(cast.session))
    for number in range(30):
        give_place(cast.activity, make_person("Many", f"People{number}"))
    assert queries(lambda: rows_of(cast.session)) == before


def test_a_tap_from_before_done_that_arrives_after_it_changes_no_hour_and_is_shown(cast, sheet, guard):
    commands.mark_rest(cast.session, "absent", by=as_person(cast.coordinator))
    commands.close_session(cast.session, by=as_person(cast.coordinator))
    guard.told.clear()
    late = {"tapped_at": timezone.now() - timedelta(minutes=9), "device": "b", "seen": "none"}
    commands.mark_attendance(sheet[0], "here", by=as_person(cast.leader), mark_id=uuid.uuid4(), **late)
    commands.mark_attendance(sheet[1], "absent", by=as_person(cast.leader), mark_id=uuid.uuid4(), **late)
    rows = {row.id: row for row in rows_of(cast.session)}
    assert rows[sheet[0].pk].mark == "absent" and rows[sheet[0].pk].is_disputed
    assert not rows[sheet[1].pk].is_disputed
    assert guard.told == []
    row = commands.correct_attendance(
        sheet[0], "here", by=as_person(cast.leader), reason="She signed the list"
    )
    assert row.mark == "here" and not row.is_disputed
