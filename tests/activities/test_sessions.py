"""Sessions and activities: times in the place's own clock, moving, cancelling, telling, copying."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from samverk.activities.commands import activities, sessions
from samverk.activities.commands.attendance import close_session, mark_attendance, mark_rest
from samverk.activities.models import Activity, Attendance, Leader, Session
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.kit.registers import composers
from samverk.kit.wall_clock import moment_of, moment_within, shifted
from samverk.post.models import Mail
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import as_person, in_days, make_activity

STOCKHOLM, LONDON, WARSAW = ZoneInfo("Europe/Stockholm"), ZoneInfo("Europe/London"), ZoneInfo("Europe/Warsaw")


def reason_of(call) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code


def schedule(activity, start=None, minutes=120, **fields) -> Session:
    start = start or in_days(5)
    fields = {
        "planned_minutes": minutes,
        "ends_at": start + timedelta(minutes=minutes),
        "by": THE_SHELL,
    } | fields
    return sessions.schedule_session(activity, starts_at=start, **fields)


def move(session, hours: int, **fields) -> Session:
    shift = timedelta(hours=hours)
    return sessions.move_session(
        session, starts_at=session.starts_at + shift, ends_at=session.ends_at + shift,
        planned_minutes=session.planned_minutes, by=THE_SHELL, **fields,
    )  # fmt: skip


def queued(kind: str):
    return Mail.objects.filter(kind=f"activities.{kind}", state=Mail.State.QUEUED)


# ---------- the clock ----------


def test_a_time_is_read_in_the_clock_of_the_place():
    assert moment_of(date(2026, 7, 1), time(18), LONDON).astimezone(UTC).hour == 17
    assert moment_of(date(2026, 7, 1), time(18), WARSAW).astimezone(UTC).hour == 16


def test_an_hour_that_does_not_exist_is_refused_in_words():
    with pytest.raises(Refusal, match="02:30 does not exist on Sunday 29 March"):
        moment_of(date(2026, 3, 29), time(2, 30), STOCKHOLM)


def test_an_hour_that_comes_twice_is_refused_in_words():
    with pytest.raises(Refusal, match="02:30 comes twice on Sunday 25 October"):
        moment_of(date(2026, 10, 25), time(2, 30), STOCKHOLM)


def test_a_time_of_the_night_the_clock_goes_back_is_found_inside_the_session():
    start, end = (datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 2))
    assert moment_within(time(2, 30), start, end, STOCKHOLM).astimezone(UTC) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    assert moment_within(time(4, 30), start, end, STOCKHOLM) is None


def test_a_stay_past_midnight_is_found_on_the_next_day():
    start = datetime(2026, 5, 1, 22, tzinfo=STOCKHOLM)
    found = moment_within(time(1), start, start + timedelta(hours=4), STOCKHOLM)
    assert found == datetime(2026, 5, 2, 1, tzinfo=STOCKHOLM)


def test_the_same_hour_weeks_later_is_the_same_hour_whatever_the_clock_did():
    winter = datetime(2026, 3, 20, 18, tzinfo=STOCKHOLM)
    assert shifted(winter.astimezone(UTC), 14, STOCKHOLM).hour == 18


# ---------- scheduling ----------


@pytest.mark.parametrize(
    ("minutes", "planned", "code"),
    [
        (0, 1, "ends_first"),
        (-60, 1, "ends_first"),
        (60, 61, "planned_minutes"),
        (60, 0, "planned_minutes"),
        (1500, 60, "long"),
    ],
)
def test_times_that_make_no_session_are_refused(cast, minutes, planned, code):
    assert reason_of(lambda: schedule(cast.activity, minutes=minutes, planned_minutes=planned)) == code


def test_the_activity_knows_the_first_and_last_moment_of_its_sessions(cast):
    later = schedule(cast.activity, in_days(30))
    activity = Activity.objects.get(pk=cast.activity.pk)
    assert (activity.starts_at, activity.ends_at) == (cast.session.starts_at, later.ends_at)
    sessions.cancel_session(later, reason="Ill", by=THE_SHELL)
    assert Activity.objects.get(pk=activity.pk).ends_at == cast.session.ends_at


def test_a_session_stands_in_the_programmes_time_zone_unless_said(cast):
    assert cast.session.time_zone == cast.programme.time_zone
    assert schedule(cast.activity, time_zone="Europe/London").starts_local.tzinfo.key == "Europe/London"


# ---------- moving ----------


def test_moving_a_session_tells_who_has_a_place_with_a_newer_calendar_entry(cast):
    fill_sheet(cast, 3)
    moved = move(cast.session, 2)
    assert queued("session_moved").count() == 3
    mail = queued("session_moved").first()
    assert mail.send_after > timezone.now() + timedelta(seconds=50)
    message = composers.get(mail.kind)(mail)
    calendar = message.attachments[0][1].decode()
    assert f"SEQUENCE:{moved.sequence}" in calendar and "METHOD:PUBLISH" in calendar
    assert moved.sequence == cast.session.sequence + 1
    assert any("Before it was" in str(line) for line in message.paragraphs)


def test_moving_back_within_a_minute_writes_to_nobody(cast):
    fill_sheet(cast, 3)
    move(cast.session, 2)
    undo(Entry.objects.filter(verb="move").first(), by=as_person(cast.coordinator))
    session = Session.objects.get(pk=cast.session.pk)
    assert session.starts_at == cast.session.starts_at
    assert session.sequence == cast.session.sequence + 2
    assert queued("session_moved").count() == 0


def test_moving_back_after_the_mail_left_writes_again(cast):
    fill_sheet(cast, 3)
    move(cast.session, 2)
    queued("session_moved").update(state=Mail.State.SENT)
    undo(Entry.objects.filter(verb="move").first(), by=as_person(cast.coordinator))
    assert queued("session_moved").count() == 3


def test_moving_twice_sends_one_mail_each(cast):
    fill_sheet(cast, 3)
    move(move(cast.session, 2), 3)
    assert queued("session_moved").count() == 3


def test_moving_a_draft_writes_to_nobody(cast):
    activity, session = make_activity(cast.programme, publish=False)
    give_place(activity, cast.participant)
    move(session, 1)
    assert queued("session_moved").count() == 0


def test_a_session_that_is_done_is_not_moved_or_cancelled(cast):
    fill_sheet(cast, 1)
    begin(cast.session)
    mark_rest(cast.session, "here", by=THE_SHELL)
    done = close_session(cast.session, by=THE_SHELL)
    assert reason_of(lambda: move(done, 1)) == "done"
    assert reason_of(lambda: sessions.cancel_session(done, reason="x", by=THE_SHELL)) == "done"


def test_a_session_is_not_moved_away_from_a_part_somebody_was_here(cast):
    (row,) = fill_sheet(cast, 1)
    session = begin(cast.session)
    mark_attendance(
        row,
        "part",
        by=THE_SHELL,
        came_at=session.starts_at,
        left_at=session.starts_at + timedelta(minutes=30),
    )
    assert reason_of(lambda: move(session, 1)) == "part_outside"


# ---------- cancelling ----------


def test_cancelling_a_session_needs_a_reason_and_tells_it(cast):
    fill_sheet(cast, 2)
    assert reason_of(lambda: sessions.cancel_session(cast.session, reason=" ", by=THE_SHELL)) == "no_reason"
    sessions.cancel_session(cast.session, reason="The hall is flooded", by=THE_SHELL)
    mail = queued("session_cancelled").first()
    message = composers.get(mail.kind)(mail)
    assert any("The hall is flooded" in str(line) for line in message.paragraphs)
    assert "METHOD:CANCEL" in message.attachments[0][1].decode()
    assert queued("session_cancelled").count() == 2


def test_cancelling_a_session_is_undone_before_anybody_was_told(cast):
    fill_sheet(cast, 2)
    sessions.cancel_session(cast.session, reason="Ill", by=THE_SHELL)
    undo(Entry.objects.filter(verb="cancel").first(), by=THE_SHELL)
    assert Session.objects.get(pk=cast.session.pk).state == "planned"
    assert Mail.objects.filter(state=Mail.State.QUEUED, kind__startswith="activities.session").count() == 0


def test_cancelling_an_activity_cancels_what_is_not_done_and_tells_who_waits_too(cast):
    fill_sheet(cast, 2)
    registration = give_place(cast.activity, cast.participant)
    registration.state = "waiting"
    registration.save()
    activities.cancel_activity(cast.activity, reason="Too few", by=THE_SHELL)
    assert Session.objects.get(pk=cast.session.pk).state == "cancelled"
    assert queued("activity_cancelled").count() == 3
    message = composers.get("activities.activity_cancelled")(queued("activity_cancelled").first())
    assert any("Too few" in str(line) for line in message.paragraphs)


def test_cancelling_an_activity_is_undone_with_its_sessions(cast):
    fill_sheet(cast, 2)
    ill = schedule(cast.activity)
    sessions.cancel_session(ill, reason="Ill", by=THE_SHELL)
    Mail.objects.all().delete()
    activities.cancel_activity(cast.activity, reason="Too few", by=THE_SHELL)
    undo(Entry.objects.filter(verb="cancel", thing_type="activity").first(), by=THE_SHELL)
    assert Activity.objects.get(pk=cast.activity.pk).state == "published"
    assert Session.objects.get(pk=cast.session.pk).state == "planned"
    assert Session.objects.get(pk=ill.pk).state == "cancelled"
    assert Mail.objects.filter(state=Mail.State.QUEUED).count() == 0


# ---------- activities ----------


def test_an_activity_without_a_session_is_not_published(cast):
    draft = activities.create_activity(
        cast.programme, title="Book-keeping", language="sv", kind="course", by=as_person(cast.coordinator)
    )
    assert reason_of(lambda: activities.publish_activity(draft, by=THE_SHELL)) == "no_session"


def test_publishing_is_undone_until_somebody_registers(cast):
    undo(Entry.objects.filter(verb="publish").first(), by=THE_SHELL)
    assert Activity.objects.get(pk=cast.activity.pk).state == "draft"
    activities.publish_activity(cast.activity, by=THE_SHELL)
    give_place(cast.activity, cast.participant)
    assert reason_of(lambda: undo(Entry.objects.filter(verb="publish").first(), by=THE_SHELL)) == "registered"


def test_more_places_move_the_waiting_list_at_once(cast):
    activity, _session = make_activity(cast.programme, capacity=1)
    give_place(activity, cast.participant)
    waiting = give_place(activity, cast.representative)
    Attendance.objects.filter(registration=waiting).delete()
    waiting.state, waiting.queued_at = "waiting", timezone.now()
    waiting.save()
    assert (
        reason_of(lambda: activities.edit_activity(_counted(activity), by=THE_SHELL, capacity=0))
        == "too_few_places"
    )
    activities.edit_activity(activity, by=THE_SHELL, capacity=2)
    waiting.refresh_from_db()
    assert waiting.state == "confirmed" and waiting.attendances.count() == 1


def _counted(activity: Activity) -> Activity:
    Activity.objects.filter(pk=activity.pk).update(places_taken=1)
    return activity


def test_editing_logs_only_what_differs(cast):
    activities.edit_activity(cast.activity, by=THE_SHELL, title=cast.activity.title, venue="Hall 2")
    assert Entry.objects.filter(verb="edit").first().changed == ["venue"]


def test_a_component_of_another_programme_is_refused(cast):
    component = cast.programme.components.get()
    other, _session = make_activity(cast.other_programme)
    assert (
        reason_of(lambda: activities.edit_activity(other, by=THE_SHELL, component=component)) == "component"
    )


def test_a_copy_has_the_same_hours_from_another_day_and_is_a_draft(cast):
    schedule(cast.activity, in_days(16, hour=9))
    copy = activities.copy_activity(cast.activity, first_day=date(2027, 1, 11), by=THE_SHELL)
    assert copy.state == "draft" and copy.capacity == cast.activity.capacity
    starts = [session.starts_local for session in copy.sessions.all()]
    assert [start.date() for start in starts] == [date(2027, 1, 11), date(2027, 1, 13)]
    assert [start.hour for start in starts] == [17, 9]
    assert list(copy.leaders.values_list("person", flat=True)) == [cast.leader.pk]


def test_naming_leaders_takes_the_others_away(cast):
    activities.name_leaders(cast.activity, [cast.mentor], by=THE_SHELL)
    assert [leader.person for leader in Leader.objects.filter(activity=cast.activity)] == [cast.mentor]
