"""Groups are made, fitted, moved and taken back; who met before meets others; rules that cannot hold are said."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from samverk.activities.commands.activities import create_activity
from samverk.activities.commands.sessions import schedule_session
from samverk.activities.models import Attendance
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.tables.commands import notes, plans, seats
from samverk.tables.models import TableSeat
from samverk.tables.queries import earlier_meetings, figures_of, guests_of, met_before, my_tables, seats_of
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.sheets import fill_sheet, give_place
from tests.cast import as_person, in_days, make_person


@pytest.fixture
def session(cast):
    fill_sheet(cast, 12)
    return cast.session


def made(session, **wishes):
    usual = {"tables": 3, "rounds": 2, "mix": ["sector", "experience"], "organisations_apart": False}
    return plans.make_groups(session, by=THE_SHELL, **(usual | wishes))


def where(plan, round_: int = 1) -> dict[int, int]:
    return dict(plan.seats.filter(round=round_).values_list("attendance_id", "table"))


def last_entry(plan) -> Entry:
    return Entry.objects.filter(thing_type="tableplan", thing_id=plan.pk).exclude(undo_with="").first()


def test_everybody_expected_has_one_seat_in_each_round(session):
    plan = made(session)
    rows = set(Attendance.objects.filter(session=session).values_list("pk", flat=True))
    for round_ in (1, 2):
        assert set(where(plan, round_)) == rows
    assert Entry.objects.filter(verb="make_groups").exists()


def test_only_those_who_are_here_are_seated_where_that_is_wished(session):
    rows = list(Attendance.objects.filter(session=session)[:8])
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).update(mark="here")
    plan = made(session, only_here=True, tables=2, rounds=1)
    assert set(where(plan)) == {row.pk for row in rows}


def test_locked_people_stay_when_groups_are_made_anew(session):
    plan = made(session, rounds=1)
    for seat in plan.seats.filter(table=1):
        seats.lock_seat(seat, by=THE_SHELL)
    before = {row for row, table in where(plan).items() if table == 1}
    for _time in range(3):
        plan = made(session, rounds=1)
        assert {row for row, table in where(plan).items() if table == 1} == before


def test_moving_and_swapping_lock_and_can_be_taken_back(session, cast):
    plan = made(session, rounds=1)
    before = where(plan)
    one, other = plan.seats.filter(table=1).first(), plan.seats.filter(table=2).first()
    seats.swap_seats(one, other, by=as_person(cast.coordinator))
    assert where(plan)[one.attendance_id] == 2 and where(plan)[other.attendance_id] == 1
    undo(last_entry(plan), by=as_person(cast.coordinator))
    assert where(plan) == before
    third = plan.seats.filter(table=1).first()
    seats.move_seat(third, table=3, by=as_person(cast.coordinator))
    assert TableSeat.objects.get(plan=plan, attendance=third.attendance_id).is_locked


def test_making_anew_can_be_taken_back_with_what_was_asked_for(session, cast):
    plan = made(session)
    before = where(plan)
    again = made(session, tables=4, rounds=1)
    assert again.pk == plan.pk and again.seats.count() == 12
    undo(last_entry(plan), by=as_person(cast.coordinator))
    plan.refresh_from_db()
    assert (plan.tables, plan.rounds) == (3, 2)
    assert where(plan) == before


def test_who_comes_late_is_seated_and_nobody_else_moves(session, cast):
    plan = made(session, tables=3, rounds=3)
    first, second = where(plan, 1), where(plan, 2)
    late = give_place(cast.activity, make_person("Sen", "Kommersson"))
    row = Attendance.objects.get(registration=late, session=session)
    plan = plans.regroup(plan, first=2, by=THE_SHELL)
    assert row.pk not in where(plan, 1), "the first round is over"
    assert row.pk in where(plan, 2) and row.pk in where(plan, 3)
    assert where(plan, 1) == first
    assert {one: table for one, table in where(plan, 2).items() if one != row.pk} == second


def test_who_leaves_leaves_a_gap_that_is_closed_with_few_moves(session):
    plan = made(session, tables=3, rounds=1)
    gone = [row for row, table in where(plan).items() if table == 1][:3]
    Attendance.objects.filter(pk__in=gone).update(mark="absent")
    before = where(plan)
    plan = plans.regroup(plan, first=1, by=THE_SHELL)
    after = where(plan)
    assert set(after) == set(before) - set(gone)
    assert sum(after[row] != before[row] for row in after) <= 2


def test_people_who_sat_together_at_an_earlier_event_meet_others_now(session, cast):
    made(session, tables=3, rounds=1)
    later, _made = (
        create_activity(cast.programme, title="Again", language="sv", kind="meeting", by=THE_SHELL),
        None,
    )
    next_session = schedule_session(
        later,
        starts_at=in_days(60),
        ends_at=in_days(60) + timedelta(hours=2),
        planned_minutes=120,
        by=THE_SHELL,
    )
    for row in Attendance.objects.filter(session=session).select_related("person"):
        give_place(later, row.person)
    plan = made(next_session, tables=3, rounds=1, mix=[])
    guests = guests_of(next_session, only_here=False)
    met = met_before(guests, earlier_meetings(next_session))
    figures = figures_of(plan, seats_of(plan), guests, met)
    assert met
    # Twelve people at three tables: four of one table must meet somebody again at three new ones.
    assert figures.repeats == 3


def test_two_who_must_and_must_not_sit_together_are_refused_by_name(session):
    plan = made(session)
    one, other, third = Attendance.objects.filter(session=session).order_by("pk")[:3]
    seats.keep_pair(plan, one, other, kind="together", by=THE_SHELL)
    seats.keep_pair(plan, other, third, kind="together", by=THE_SHELL)
    seats.keep_pair(plan, third, one, kind="apart", by=THE_SHELL)
    with pytest.raises(Refusal) as refusal:
        made(session)
    assert refusal.value.code == "impossible"
    assert str(one.person) in str(refusal.value.reason)


@pytest.mark.parametrize(
    ("wishes", "code"), [({"tables": 7}, "tables"), ({"tables": 0}, "tables"), ({"rounds": 13}, "rounds")]
)
def test_numbers_that_make_no_plan_are_refused(session, wishes, code):
    with pytest.raises(Refusal) as refusal:
        made(session, **wishes)
    assert refusal.value.code == code


def test_an_empty_sheet_makes_no_groups(cast):
    with pytest.raises(Refusal) as refusal:
        made(cast.session)
    assert refusal.value.code == "nobody"


def test_participants_read_their_own_tables_once_they_are_shown(session):
    plan = made(session, tables=3, rounds=3)
    row = Attendance.objects.filter(session=session, registration__isnull=False).first()
    assert my_tables(row.registration) == []
    plans.show_tables(plan, by=THE_SHELL)
    [(_session, tables)] = my_tables(row.registration)
    assert tables == [where(plan, round_)[row.pk] for round_ in (1, 2, 3)]
    plans.hide_tables(plan, by=THE_SHELL)
    assert my_tables(row.registration) == []


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (20, 10)).save(file, "PNG")
    file.seek(0)
    return file


def test_notes_and_pictures_of_a_table_are_kept_and_a_removed_one_comes_back(session, cast):
    plan = made(session)
    notes.write_note(plan, round_=1, table=2, text="Needs: rooms, money", by=THE_SHELL)
    notes.write_note(plan, round_=1, table=2, text="Needs: rooms", by=THE_SHELL)
    assert plan.notes.get().text == "Needs: rooms"
    photo = notes.add_photo(plan, picture(), "board.png", round_=1, table=2, described="Board", by=THE_SHELL)
    notes.remove_photo(photo, by=as_person(cast.coordinator))
    undo(Entry.objects.get(verb="remove_table_photo"), by=as_person(cast.coordinator))
    photo.refresh_from_db()
    assert photo.removed_at is None


@pytest.mark.parametrize(("content", "name"), [(b"hello", "x.jpg"), (b"%PDF-1.7 nothing", "x.pdf")])
def test_a_file_that_is_no_picture_is_refused(session, content, name):
    plan = made(session)
    with pytest.raises(Refusal):
        notes.add_photo(plan, io.BytesIO(content), name, round_=1, table=1, described="x", by=THE_SHELL)
    with pytest.raises(Refusal):
        notes.write_note(plan, round_=1, table=9, text="x", by=THE_SHELL)
