"""Log-in lists: read in every shape, stays merged and cut, people matched or asked, written once, taken back."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from samverk.activities.commands.attendance import close_session, mark_attendance
from samverk.activities.measures import ATTENDED_MINUTES
from samverk.activities.models import Attendance, Session
from samverk.activities.presences import stay_of
from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.ledger.models import Evidence, HourEntry
from samverk.remote.commands import answer_log, forget_lists, take_log, write_log
from samverk.remote.intervals import presence_in
from samverk.remote.matching import name_key, name_keys
from samverk.remote.models import RemoteLog
from samverk.remote.planning import KEEP, SKIP, WALK_IN, Plan, plan_of
from samverk.remote.written_times import DAY_FIRST, MONTH_FIRST, order_of, seconds_in, time_in
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.sheets import fill_sheet, give_place
from tests.remote.lists import big_blue_button, file, teams, teams_old, teams_polish, zoom

ANNA, BO = ("Amina Yusuf", "p1@example.org"), ("Björn Öberg", "p2@example.org")


@pytest.fixture
def kim(cast):
    return Actor(person=cast.coordinator)


@pytest.fixture
def held(cast):
    """Five people expected; the session was yesterday at 17:00 and lasted two hours."""
    fill_sheet(cast, 5)
    starts = cast.session.starts_local.replace(hour=17, minute=0) - timedelta(days=30)
    Session.objects.filter(pk=cast.session.pk).update(
        starts_at=starts, ends_at=starts + timedelta(hours=2), planned_minutes=120
    )
    cast.session.refresh_from_db()
    return cast.session


def taken(session, content: bytes, by: Actor, name: str = "list.csv") -> tuple[RemoteLog, Plan]:
    log = take_log(session, file(content), name, by=by)
    return log, plan_of(log)


def said(plan: Plan) -> dict[str, tuple[int, int]]:
    return {
        line.person.name: (line.person.presence.minutes, line.person.presence.away_minutes)
        for line in plan.lines
    }


TWICE = [(*ANNA, -10, 30), (*ANNA, 50, 130), (*BO, 20, 60)]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (lambda session: zoom(session, TWICE), "zoom"),
        (lambda session: zoom(session, TWICE, has_top=False), "zoom"),
        (lambda session: teams(session, TWICE), "teams"),
        (lambda session: teams_old(session, TWICE), "teams"),
    ],
)
def test_lists_of_every_shape_say_the_same(held, kim, written, kind):
    log, plan = taken(held, written(held), kim)
    assert log.kind == kind and log.time_zone == held.time_zone
    assert said(plan) == {"Amina Yusuf": (100, 20), "Björn Öberg": (40, 0)}
    assert not plan.open and plan.changes == 2


def test_a_list_that_knows_only_the_sum_loses_its_breaks_without_their_times(held, kim):
    log, plan = taken(
        held, big_blue_button(held, [("Amina Yusuf", 0, 120, 90), ("Björn Öberg", 10, 40, 30)]), kim
    )
    assert log.kind == "bigbluebutton"
    assert said(plan) == {"Amina Yusuf": (90, 30), "Björn Öberg": (30, 0)}


def test_a_polish_report_is_read_by_its_shape(held, kim):
    log, plan = taken(held, teams_polish(held, [("Łucja Åkesson", "p0@example.org", 5, 95)]), kim)
    assert said(plan) == {"Łucja Åkesson": (90, 0)} and plan.lines[0].match.how == "email"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_list"), (b"hello", "no_list"), (b"\xff\xfe\x00", "no_list"), (b"%PDF-1.7\n", "no_list"),
        (b"Name (Original Name),User Email,Total Duration (Minutes),Guest\nAnna,a@example.org,50,No\n", "no_times"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"), (b"a,b,c\n" * 20_001, "too_long"),
        (b'"' + b"x" * 200_000, "no_list"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_sentence(held, kim, content, code):
    with pytest.raises(Refusal) as no:
        take_log(held, file(content), "list.csv", by=kim)
    assert (no.value.code, no.value.field) == (code, "file") and RemoteLog.objects.count() == 0


def test_a_meeting_to_which_nobody_came_is_no_list_of_people(held, kim):
    with pytest.raises(Refusal) as no:
        take_log(held, file(zoom(held, [])), "list.csv", by=kim)
    assert no.value.code == "no_list"


def test_a_list_in_another_clock_is_recognised_and_said(held, kim):
    away = Session(starts_at=held.starts_at, ends_at=held.ends_at, time_zone="America/New_York")
    log, plan = taken(held, zoom(away, [(*ANNA, 0, 120)]), kim)
    assert log.time_zone == "America/New_York" and said(plan) == {"Amina Yusuf": (120, 0)}
    answer_log(log, {}, by=kim, clock=held.time_zone)
    log.refresh_from_db()
    assert said(plan_of(log)) == {"Amina Yusuf": (0, 0)}
    with pytest.raises(Refusal):
        answer_log(log, {}, by=kim, clock="Mars/Olympus")


def test_written_marks_are_from_to_with_breaks_and_the_ledger_counts_the_sum(held, kim):
    log, _plan = taken(held, zoom(held, [*TWICE, ("Sara Haddad", "p3@example.org", -3, 121)]), kim)
    assert write_log(log, by=kim) == 3
    rows = {str(row.person): row for row in Attendance.objects.filter(session=held).select_related("person")}
    anna, sara = rows["Amina Yusuf"], rows["Sara Haddad"]
    assert (anna.mark, anna.away_minutes, anna.evidence, len(anna.stays)) == ("part", 20, "login_log", 2)
    assert stay_of(anna, held)[1] == 100
    assert (sara.mark, sara.stays, sara.away_minutes) == ("here", [], 0)
    assert rows["Nils Ekdahl"].mark == "none"
    proof = Evidence.objects.get(session=held)
    assert (proof.kind, proof.digest) == ("remote_log", log.digest)
    Attendance.objects.filter(session=held, mark="none").update(mark="absent")
    close_session(held, by=kim)
    assert HourEntry.objects.live().get(person=anna.person).minutes == 100
    in_the_database = Attendance.objects.filter(pk=anna.pk).values_list(ATTENDED_MINUTES, flat=True).get()
    assert in_the_database == 100


def test_the_same_file_again_changes_nothing_and_all_of_it_is_taken_back(held, kim):
    content = zoom(held, [*TWICE, ("Nova Nilsdotter", "", 0, 60)])
    log, plan = taken(held, content, kim)
    with pytest.raises(Refusal) as no:
        write_log(log, by=kim)
    assert no.value.code == "open_answers"
    answer_log(log, {plan.open[0].person.key: WALK_IN}, by=kim)
    assert write_log(log, by=kim) == 3
    row = Attendance.objects.get(session=held, is_walk_in=True)
    assert (row.name, row.mark, row.evidence) == ("Nova Nilsdotter", "part", "login_log")
    before = list(Attendance.objects.filter(session=held).order_by("pk").values_list("pk", "mark", "left_at"))
    again, _plan = taken(held, content, kim, "another name.csv")
    assert again == log and write_log(again, by=kim) == 0
    assert (
        list(Attendance.objects.filter(session=held).order_by("pk").values_list("pk", "mark", "left_at"))
        == before
    )
    undo(Entry.objects.filter(verb="write_log").get(), by=kim)
    assert set(Attendance.objects.filter(session=held).values_list("mark", "away_minutes")) == {("none", 0)}
    assert not Attendance.objects.filter(session=held, is_walk_in=True).exists()
    log.refresh_from_db()
    assert write_log(log, by=kim) == 3 and Evidence.objects.count() == 1


def test_doubtful_people_are_asked_and_strangers_left_out(held, kim):
    content = zoom(
        held,
        [
            ("Amina", "", 0, 60), ("Bjorn Oeberg", "", 0, 60), ("iPhone (Nils Ekdahl)", "", 0, 60),
            ("Haddad, Sara", "", 0, 60), ("Stranger", "x@example.org", 0, 60), ("Cat", "", -60, -10),
        ],
    )  # fmt: skip
    log, plan = taken(held, content, kim)
    how = {line.person.name: line.match.how for line in plan.lines}
    assert how == {
        "Amina": "doubtful", "Bjorn Oeberg": "doubtful", "iPhone (Nils Ekdahl)": "name", "Haddad, Sara": "name",
        "Stranger": "unknown", "Cat": "unknown",
    }  # fmt: skip
    asked = {line.person.name: line for line in plan.open}
    assert set(asked) == {"Amina", "Bjorn Oeberg", "Stranger"}
    answers = {
        asked["Amina"].person.key: f"row:{asked['Amina'].match.rows[0]}",
        asked["Bjorn Oeberg"].person.key: SKIP, asked["Stranger"].person.key: SKIP,
    }  # fmt: skip
    answer_log(log, answers, by=kim)
    with pytest.raises(Refusal) as no:
        answer_log(log, {asked["Amina"].person.key: "row:999999999"}, by=kim)
    assert no.value.code == "changed_since"
    assert write_log(log, by=kim) == 3


def test_two_devices_of_one_person_are_one_stay(held, kim):
    log, plan = taken(held, zoom(held, [(*ANNA, 0, 60), ("Amina Yusuf", "", 30, 90)]), kim)
    assert len(plan.lines) == 2 and [row.minutes for row in plan.rows] == [90]
    assert write_log(log, by=kim) == 1


def test_signed_paper_goes_before_a_list(held, kim):
    row = Attendance.objects.get(session=held, person__email="p1@example.org")
    mark_attendance(row, "here", by=kim, evidence="scanned_list")
    log, plan = taken(held, zoom(held, [(*ANNA, 0, 60)]), kim)
    assert [one.why_not for one in plan.rows] == ["proved"] and plan.changes == 0
    assert write_log(log, by=kim) == 0


def test_what_somebody_saw_is_not_shortened_unasked_where_people_meet_in_a_room(held, cast, kim):
    row = Attendance.objects.get(session=held, person__email="p1@example.org")
    mark_attendance(row, "here", by=kim)
    log, plan = taken(held, zoom(held, [(*ANNA, 0, 10)]), kim)
    assert [line.seen_longer for line in plan.open] == [row.pk]
    answer_log(log, {plan.open[0].person.key: KEEP}, by=kim)
    assert write_log(log, by=kim) == 0
    answer_log(log, {plan.open[0].person.key: f"row:{row.pk}"}, by=kim)
    assert write_log(log, by=kim) == 1
    row.refresh_from_db()
    assert stay_of(row, held)[1] == 10


def test_online_the_list_knows_better_than_a_look(held, cast, kim):
    held.activity.format = "online"
    held.activity.save(update_fields=["format"])
    row = Attendance.objects.get(session=held, person__email="p1@example.org")
    mark_attendance(row, "here", by=kim)
    log, plan = taken(held, zoom(held, [(*ANNA, 0, 10)]), kim)
    assert not plan.open and write_log(log, by=kim) == 1


def test_who_confirms_a_row_with_breaks_keeps_them_and_other_times_end_them(held, kim):
    log, _plan = taken(held, zoom(held, TWICE), kim)
    write_log(log, by=kim)
    row = Attendance.objects.get(session=held, person__email="p1@example.org")
    mark_attendance(row, "part", by=kim, came_at=row.came_at, left_at=row.left_at)
    row.refresh_from_db()
    assert row.away_minutes == 20
    mark_attendance(row, "part", by=kim, came_at=row.came_at, left_at=row.left_at - timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.away_minutes, row.stays) == (0, [])


def test_a_protected_person_is_never_suggested(held, cast, kim):
    give_place(cast.activity, cast.protected)
    Attendance.objects.filter(person=cast.protected).update(session=held)
    name, email = str(cast.protected), cast.protected.email or ""
    _log, plan = taken(held, zoom(held, [(name, email, 0, 60)]), kim)
    assert (plan.lines[0].match.how, plan.lines[0].match.rows) == ("unknown", ())


def test_only_coordinators_take_lists_in_and_old_ones_are_forgotten(held, cast, kim):
    for person in (cast.leader, cast.mentor, cast.other_coordinator):
        with pytest.raises(Refusal) as no:
            take_log(held, file(zoom(held, TWICE)), "x.csv", by=Actor(person=person))
        assert no.value.code == "not_coordinator"
    taken(held, zoom(held, TWICE), kim)
    assert forget_lists() == 0
    RemoteLog.objects.update(sent_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert (forget_lists(), RemoteLog.objects.count()) == (1, 0)


def test_the_command_line_writes_the_sure_ones_and_says_who_is_to_be_asked(held, tmp_path: Path, capsys):
    path = tmp_path / "zoom.csv"
    path.write_bytes(zoom(held, [*TWICE, ("Stranger", "", 0, 60)]))

    def run(*options: str) -> tuple[int, dict]:
        out = io.StringIO()
        with pytest.raises(SystemExit) as end:
            call_command("import_presence", held.code, str(path), "--json", *options, stdout=out)
        return end.value.code, json.loads(out.getvalue())

    code, report = run("--dry-run")
    assert (code, report["written"], report["open"]) == (3, 0, 1) and RemoteLog.objects.count() == 0
    code, report = run()
    assert (code, report["written"]) == (3, 2)
    assert run()[1]["written"] == 0
    # Whoever was passed over is answered for in the office; what was corrected since stays corrected.
    log, row = RemoteLog.objects.get(), Attendance.objects.get(session=held, person__email="p2@example.org")
    assert log.state == "asked" and Evidence.objects.count() == 1
    mark_attendance(row, "absent", by=THE_SHELL)
    assert run()[1]["written"] == 0
    answer_log(log, {plan_of(log).open[0].person.key: WALK_IN}, by=THE_SHELL)
    assert write_log(log, by=THE_SHELL) == 1
    log.refresh_from_db()
    assert log.state == "written" and Attendance.objects.get(pk=row.pk).mark == "absent"
    assert {one["name"]: one["minutes"] for one in report["people"]}["Amina Yusuf"] == 100


# ---------- the small parts ----------


def test_times_are_read_in_the_order_of_the_day():
    day = datetime(2026, 4, 3).date()
    assert order_of(["4/3/2026, 5:00:00 PM"], day) == MONTH_FIRST
    assert order_of(["03/04/2026 17:00"], day) == DAY_FIRST
    assert order_of(["13/04/2026 17:00", "1/2/2026 10:00"], day) == DAY_FIRST
    assert time_in("3.04.2026, 17:02:11", MONTH_FIRST) == datetime(2026, 4, 3, 17, 2, 11)
    assert time_in("2026-04-03T15:00:00Z", DAY_FIRST) == datetime(2026, 4, 3, 15, tzinfo=UTC)
    assert time_in("2026-04-03 17.05", DAY_FIRST) == datetime(2026, 4, 3, 17, 5)
    assert time_in("4/3/26, 12:05 AM", MONTH_FIRST) == datetime(2026, 4, 3, 0, 5)
    assert time_in("31/31/2026 10:00", DAY_FIRST) is None and time_in("10:00", DAY_FIRST) is None
    lengths = ["57", "1h 30m 51s", "1 godz. 5 min 3 s", "01:40:00", "1 tim 2 min", "hour", ""]
    assert [seconds_in(one) for one in lengths] == [3420, 5451, 3903, 6000, 3720, None, None]


def test_names_are_the_same_in_any_order_and_with_brackets():
    assert name_key("Åkesson, Łucja") == name_key("Łucja  ÅKESSON")
    assert name_key("Anna Berg") in name_keys("iPhone (Anna Berg)")
    assert name_key("Bo Ek") in name_keys("Bo Ek (Gäst)")


spans = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 3000)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=12,
)


@given(spans, st.integers(0, 4000), st.integers(1, 4000))
def test_only_seconds_in_the_session_count_and_each_once(stays, start, long):
    end = start + long
    presence = presence_in(stays, 0, start, end)
    there = {second for came, left in stays for second in range(max(came, start), min(left, end))}
    assert presence.minutes == len(there) // 60
    if presence.stays:
        assert start <= presence.came < presence.left <= end
        assert presence.minutes + presence.away_minutes == max(
            (presence.left - presence.came) // 60, presence.minutes
        )
