"""Items of a programme: inside sessions, on their day, one room and one person at a time unless somebody says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from samverk.activities.commands.sessions import move_session, schedule_session
from samverk.activities.models import Session
from samverk.agenda.choices import ClashKind
from samverk.agenda.clashing import shown_clashes
from samverk.agenda.commands.agendas import (
    add_track,
    move_room_up,
    open_agenda,
    publish_agenda,
    remove_room,
    remove_track,
    set_up_agenda,
)
from samverk.agenda.commands.items import (
    Slot,
    add_item,
    edit_item,
    move_item,
    remove_item,
    shift_items,
)
from samverk.agenda.models import AcceptedClash, AgendaItem
from samverk.agenda.queries import now_and_next, outside_number, placed_items, slots_of
from samverk.agenda.rules import Use, clashes_of, moment_on, programme_day
from samverk.directory.venue_commands import add_room as add_card
from samverk.directory.venue_commands import create_venue
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.agenda.programmes import agenda_of, item, slot
from tests.cast import as_person

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_an_item_lies_inside_a_session_and_the_refusal_names_the_sessions(cast):
    with pytest.raises(Refusal) as no:
        item(cast, "Too late", after=170, minutes=30)
    assert no.value.code == "outside" and "17:00–20:00" in str(no.value)
    assert item(cast, "Just fits", after=150).session == cast.session


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_an_item_without_length_or_longer_than_a_day_is_refused(cast, minutes):
    with pytest.raises(Refusal) as no:
        item(cast, "Odd", after=0, minutes=minutes)
    assert no.value.field == "minutes"


def test_an_item_without_a_title_is_refused_and_a_long_one_is_cut(cast):
    with pytest.raises(Refusal) as no:
        item(cast, "   ", after=0)
    assert no.value.field == "title"
    assert len(item(cast, "å" * 900, after=0).title) == 500


def test_one_room_twice_is_shown_and_stands_with_a_reason(cast):
    first = item(cast, "Talk", after=0, room="Hall")
    with pytest.raises(Refusal) as no:
        item(cast, "Panel", after=20, room="Hall")
    assert no.value.code == "clash" and "Hall twice" in str(no.value) and "Talk" in str(no.value)
    assert not AgendaItem.objects.filter(title="Panel").exists(), "nothing half is left"
    second = item(cast, "Panel", after=20, room="Hall", reason="The hall is divided by a wall")
    clash = shown_clashes(agenda_of(cast))
    assert [one.reason for one in clash] == ["The hall is divided by a wall"]
    assert Entry.objects.filter(verb="accept_clash", reason="The hall is divided by a wall").exists()
    # What was accepted is not asked about again while it lasts, and is forgotten when it is over.
    edit_item(second, slot(cast, 20, 30, second.room), title="Panel!", by=as_person(cast.coordinator))
    move_item(second, slot(cast, 60, 30, second.room), by=as_person(cast.coordinator))
    assert not AcceptedClash.objects.exists()
    with pytest.raises(Refusal):
        move_item(second, slot(cast, 10, 30, first.room), by=as_person(cast.coordinator))


def test_what_ends_when_the_next_begins_is_no_clash(cast):
    item(cast, "Talk", after=0, room="Hall")
    assert item(cast, "Next", after=30, room="Hall").pk


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 50), st.integers(1, 20)),
        max_size=12,
    )
)
def test_clashes_are_exactly_the_pairs_that_overlap_in_one_subject(rows):
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    uses = [
        Use(n, subject, zero + timedelta(minutes=start), zero + timedelta(minutes=start + length))
        for n, (subject, start, length) in enumerate(rows)
    ]
    expected = {
        (a.item, b.item)
        for a in uses
        for b in uses
        if a.item < b.item and a.subject == b.subject and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    }
    assert {(one.first, one.second) for one in clashes_of(ClashKind.ROOM, uses)} == expected


def test_what_begins_after_midnight_stands_on_the_evening_before_until_four(cast):
    assert programme_day(datetime(2026, 6, 7, 0, 30, tzinfo=STOCKHOLM), STOCKHOLM, 4) == date(2026, 6, 6)
    assert programme_day(datetime(2026, 6, 7, 3, 59, tzinfo=STOCKHOLM), STOCKHOLM, 4) == date(2026, 6, 6)
    assert programme_day(datetime(2026, 6, 7, 4, 0, tzinfo=STOCKHOLM), STOCKHOLM, 4) == date(2026, 6, 7)
    assert moment_on(date(2026, 6, 6), time(0, 30), STOCKHOLM, 4) == datetime(
        2026, 6, 7, 0, 30, tzinfo=STOCKHOLM
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 12))
def test_a_day_and_a_clock_lead_back_to_the_moment_they_came_from(naive, hour):
    moment = naive.replace(tzinfo=UTC, second=0, microsecond=0)
    here = moment.astimezone(STOCKHOLM)
    assume(
        here.utcoffset() == here.replace(fold=1 - here.fold).utcoffset()
    )  # refused in the nights the clock jumps
    assert moment_on(programme_day(moment, STOCKHOLM, hour), here.time(), STOCKHOLM, hour) == moment


def test_a_night_item_keeps_its_day_when_it_is_moved_within_the_night(cast):
    by = as_person(cast.coordinator)
    starts = cast.session.starts_at.astimezone(STOCKHOLM).replace(hour=20) + timedelta(days=1)
    night = schedule_session(
        cast.activity, starts_at=starts, ends_at=starts + timedelta(hours=7), planned_minutes=400, by=by
    )
    agenda = agenda_of(cast)
    late = add_item(agenda, Slot(starts + timedelta(hours=4, minutes=30), 60), title="Night café", by=by)
    assert late.day == starts.date() and late.session == night
    assert move_item(late, Slot(late.starts_at + timedelta(hours=1), 60), by=by).day == starts.date()


def test_the_clock_that_jumps_forward_is_refused_in_words_and_lengths_hold_over_the_night():
    with pytest.raises(Refusal) as no:
        moment_on(date(2026, 3, 28), time(2, 30), STOCKHOLM, 4)
    assert no.value.code == "gap"
    before = moment_on(date(2026, 3, 28), time(23, 30), STOCKHOLM, 4)
    after = moment_on(date(2026, 3, 28), time(3, 30), STOCKHOLM, 4)
    night = after.astimezone(UTC) - before.astimezone(UTC)
    assert night == timedelta(hours=3), "an hour is missing in that night"
    assert Slot(before, 240).ends_at.astimezone(STOCKHOLM).hour == 4, (
        "four hours later the wall shows half past four"
    )


def test_shifting_moves_what_is_left_of_the_session_and_nothing_before(cast):
    by = as_person(cast.coordinator)
    first = item(cast, "Talk", after=0, room="Hall")
    lunch = item(cast, "Lunch", after=30, kind="break")
    panel = item(cast, "Panel", after=60, room="Hall")
    assert shift_items(cast.session, since=lunch.starts_at, minutes=15, by=by) == 2
    for one in (first, lunch, panel):
        one.refresh_from_db()
    assert first.starts_at == cast.session.starts_at
    assert panel.starts_at == cast.session.starts_at + timedelta(minutes=75)
    with pytest.raises(Refusal) as no:
        shift_items(cast.session, since=lunch.starts_at, minutes=-60, by=by)
    assert no.value.code == "clash"


def test_taking_out_and_moving_can_be_undone(cast):
    by = as_person(cast.coordinator)
    one = item(cast, "Talk", after=0, room="Hall")
    move_item(one, slot(cast, 90), by=by)
    undo(Entry.objects.get(undo_with="agenda.move_item"), by=by)
    one.refresh_from_db()
    assert one.starts_at == cast.session.starts_at and one.room.name == "Hall" and one.sequence == 2
    remove_item(one, by=by)
    assert placed_items(agenda_of(cast)) == []
    undo(Entry.objects.get(undo_with="agenda.remove_item"), by=by)
    assert [row.item.title for row in placed_items(agenda_of(cast))] == ["Talk"]


def test_an_undo_is_refused_when_somebody_has_changed_the_item_since(cast):
    by = as_person(cast.coordinator)
    one = item(cast, "Talk", after=0)
    move_item(one, slot(cast, 60), by=by)
    entry = Entry.objects.get(undo_with="agenda.move_item")
    move_item(AgendaItem.objects.get(), slot(cast, 90), by=by)
    with pytest.raises(Refusal) as no:
        undo(entry, by=by)
    assert no.value.code == "changed_since"


def test_items_of_a_session_that_moved_are_counted_and_still_editable(cast):
    by = as_person(cast.coordinator)
    one = item(cast, "Talk", after=0)
    starts = cast.session.starts_at + timedelta(days=1)
    move_session(
        cast.session, starts_at=starts, ends_at=starts + timedelta(hours=3), planned_minutes=180, by=by
    )
    assert outside_number(agenda_of(cast)) == 1
    edited = edit_item(one, Slot(one.starts_at, one.minutes), title="Talk, the same time", by=by)
    assert edited.title == "Talk, the same time"
    shift_items(Session.objects.get(pk=cast.session.pk), since=one.starts_at, minutes=24 * 60, by=by)
    assert outside_number(agenda_of(cast)) == 0


def test_rooms_of_the_venue_stand_ready_and_can_be_ordered_and_taken_off(cast):
    by = as_person(cast.coordinator)
    house = create_venue("House", by=THE_SHELL)
    add_card(house, "Big", by=THE_SHELL, capacity=90)
    add_card(house, "Small", by=THE_SHELL)
    cast.activity.venue_card = house
    cast.activity.save()
    agenda = open_agenda(cast.activity, by=by)
    assert [(room.name, room.capacity) for room in agenda.rooms.all()] == [("Big", 90), ("Small", None)]
    move_room_up(agenda.rooms.get(name="Small"), by=by)
    assert [room.name for room in agenda.rooms.all()] == ["Small", "Big"]
    one = item(cast, "Talk", after=0, room="Big")
    remove_room(agenda.rooms.get(name="Big"), by=by)
    one.refresh_from_db()
    assert one.room is None
    track = add_track(agenda, "Society", by=by)
    edit_item(one, slot(cast, 0), track=track, by=by)
    remove_track(track, by=by)
    assert AgendaItem.objects.get().track is None


def test_changing_the_hour_of_the_day_counts_days_anew(cast):
    by = as_person(cast.coordinator)
    starts = cast.session.starts_at.astimezone(STOCKHOLM).replace(hour=22)
    schedule_session(
        cast.activity, starts_at=starts, ends_at=starts + timedelta(hours=6), planned_minutes=300, by=by
    )
    late = add_item(agenda_of(cast), Slot(starts + timedelta(hours=3), 60), title="Late", by=by)
    set_up_agenda(agenda_of(cast), day_change=0, by=by)
    late.refresh_from_db()
    assert late.day == starts.date() + timedelta(days=1)


def test_now_and_next_are_what_runs_and_all_that_begins_next(cast):
    item(cast, "Talk", after=0, room="Hall")
    item(cast, "Workshop A", after=40, room="Hall")
    item(cast, "Workshop B", after=40, room="Attic")
    placed = placed_items(agenda_of(cast))
    found = now_and_next(placed, cast.session.starts_at + timedelta(minutes=10))
    assert [one.item.title for one in found.now] == ["Talk"]
    assert [one.item.title for one in found.next] == ["Workshop A", "Workshop B"]
    assert [len(slot.placed) for slot in slots_of(placed)] == [1, 2]


def test_an_empty_programme_is_not_published_and_publishing_can_be_undone(cast):
    by = as_person(cast.coordinator)
    with pytest.raises(Refusal) as no:
        publish_agenda(agenda_of(cast), by=by)
    assert no.value.code == "empty"
    item(cast, "Talk", after=0)
    publish_agenda(agenda_of(cast), by=by)
    undo(Entry.objects.get(undo_with="agenda.publish"), by=by)
    assert agenda_of(cast).published_at is None
