"""Tickets at the door: scanned once, twice, by two phones, at the wrong event; and people who check in themselves."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.check_in_queries import sessions_at_the_door, tickets_for_device
from samverk.activities.commands.attendance import close_session, mark_attendance, mark_rest
from samverk.activities.commands.checking_in import check_in_self, scan_row, scan_ticket
from samverk.activities.commands.registrations import cancel_registration
from samverk.activities.models import Attendance, MarkReceived, Registration, Session
from samverk.activities.presences import presences_of
from samverk.activities.tickets import code_in, in_groups, ticket_digest
from samverk.activities.wall_codes import door_pass, session_of_pass, session_on_wall, wall_code
from samverk.kit.acting import LINK, THE_SHELL, Actor, Refusal
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import as_person, make_activity, make_person


@pytest.fixture
def sheet(cast):
    rows = fill_sheet(cast)
    begin(cast.session)
    cast.session.refresh_from_db()
    return rows


def ticket_of_row(row: Attendance) -> Registration:
    return Registration.objects.select_related("activity").get(pk=row.registration_id)


def now_says(row: Attendance) -> tuple[str, str]:
    return Attendance.objects.values_list("mark", "evidence").get(pk=row.pk)


# ---------- what a camera read ----------


@pytest.mark.parametrize(
    "text",
    [
        "https://samverk.example.org/sv/tickets/BKDMPQRSTVWX/", "http://127.0.0.1:8000/en/tickets/bkdmpqrstvwx",
        "BKDMPQRSTVWX", " bkdm pqrs tvwx ", "BKDM-PQRS-TVWX", "BKDM PQRS\tTVWX",
    ],
)  # fmt: skip
def test_a_ticket_is_known_as_address_and_as_typed(text):
    assert code_in(text) == "BKDMPQRSTVWX"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "https://example.org/", "https://samverk.example.org/sv/tickets/BKDMPQRSTVWX/more", "BKDMPQRSTVW",
        "BKDMPQRSTVWXZ", "WIFI:S:hall;T:WPA;P:secret;;", "AEIOUAEIOUAE", "https://[broken", "x" * 5000, "\u202eBKDMPQRSTVWX",
    ],
)  # fmt: skip
def test_what_is_no_ticket_is_none(text):
    assert code_in(text) == ""


def test_a_code_is_read_in_groups_of_four():
    assert in_groups("BKDMPQRSTVWX") == "BKDM PQRS TVWX"


# ---------- staff scan ----------


def test_a_scanned_ticket_is_here_and_its_proof_is_the_scan(cast, sheet):
    arrival = scan_ticket(cast.session, ticket_of_row(sheet[0]), by=as_person(cast.coordinator))
    assert not arrival.is_again
    assert now_says(sheet[0]) == ("here", "staff_scan")
    assert MarkReceived.objects.get(attendance=sheet[0]).evidence == "staff_scan"


def test_the_proof_reaches_the_hours(cast, sheet):
    scan_ticket(cast.session, ticket_of_row(sheet[0]), by=as_person(cast.coordinator))
    mark_rest(cast.session, "absent", by=as_person(cast.coordinator))
    session = close_session(cast.session, by=as_person(cast.coordinator))
    assert [one.presence.evidence for one in presences_of(session)] == ["staff_scan"]


def test_the_same_ticket_twice_is_told_and_changes_nothing(cast, sheet):
    ticket, by = ticket_of_row(sheet[0]), as_person(cast.coordinator)
    scan_ticket(cast.session, ticket, by=by)
    again = scan_ticket(cast.session, ticket, by=as_person(cast.leader))
    assert again.is_again
    assert MarkReceived.objects.count() == 1 and Entry.objects.filter(verb="mark").count() == 1


def test_one_scan_sent_twice_is_taken_once(cast, sheet):
    ticket, by, scan_id = ticket_of_row(sheet[0]), as_person(cast.coordinator), uuid.uuid4()
    for _time in range(3):
        arrival = scan_ticket(cast.session, ticket, by=by, scan_id=scan_id, scanned_at=timezone.now())
        assert not arrival.is_again
    assert MarkReceived.objects.count() == 1


def test_a_ticket_of_another_event_is_refused_and_marks_nobody(cast, sheet):
    other, _session = make_activity(cast.other_programme, title="Somewhere else")
    stranger = give_place(other, make_person("Siri", "Främling"))
    with pytest.raises(Refusal) as refused:
        scan_ticket(cast.session, stranger, by=as_person(cast.coordinator))
    assert refused.value.code == "foreign" and "Somewhere else" not in str(refused.value.reason)
    assert not Attendance.objects.filter(session=cast.session, mark="here").exists()


@pytest.mark.parametrize(
    ("state", "said"), [("waiting", "waiting list"), ("cancelled", "given up"), ("held", "never confirmed")]
)
def test_a_ticket_without_a_place_is_refused_in_words(cast, sheet, state, said):
    ticket = ticket_of_row(sheet[0])
    Registration.objects.filter(pk=ticket.pk).update(state=state)
    ticket.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        scan_ticket(cast.session, ticket, by=as_person(cast.coordinator))
    assert refused.value.code == "no_place" and said in str(refused.value.reason)


def test_who_gave_up_the_place_is_refused_at_the_door(cast, sheet):
    ticket = ticket_of_row(sheet[0])
    cancel_registration(ticket, by=THE_SHELL)
    ticket.refresh_from_db()
    with pytest.raises(Refusal, match="given up"):
        scan_ticket(cast.session, ticket, by=as_person(cast.coordinator))


def test_who_registered_at_the_door_stands_on_the_sheet_by_the_scan(cast, sheet):
    late = give_place(cast.activity, make_person("Sen", "Kommersson"))
    Attendance.objects.filter(registration=late).delete()
    arrival = scan_ticket(cast.session, late, by=as_person(cast.coordinator))
    assert arrival.row.mark == "here"


def test_a_scan_proves_a_hand_mark_better_and_keeps_its_times(cast, sheet):
    by, ticket = as_person(cast.coordinator), ticket_of_row(sheet[0])
    came = cast.session.starts_at + timedelta(minutes=20)
    mark_attendance(sheet[0], "part", by=by, came_at=came, left_at=cast.session.ends_at)
    assert not scan_ticket(cast.session, ticket, by=by).is_again
    row = Attendance.objects.get(pk=sheet[0].pk)
    assert (row.mark, row.evidence, row.came_at) == ("part", "staff_scan", came)


def test_a_hand_mark_after_a_scan_does_not_weaken_it(cast, sheet):
    by = as_person(cast.coordinator)
    scan_ticket(cast.session, ticket_of_row(sheet[0]), by=by)
    mark_attendance(sheet[0], "here", by=by)
    assert now_says(sheet[0]) == ("here", "staff_scan")


def test_undoing_a_scan_takes_its_proof_back(cast, sheet):
    by = as_person(cast.coordinator)
    mark_attendance(sheet[0], "here", by=by)
    scan_ticket(cast.session, ticket_of_row(sheet[0]), by=by)
    undo(Entry.objects.filter(verb="mark").first(), by=by)
    assert now_says(sheet[0]) == ("here", "facilitator_mark")


def test_two_phones_that_scan_the_same_ticket_without_network_agree(cast, sheet):
    first, second = as_person(cast.coordinator), as_person(cast.leader)
    then = timezone.now() - timedelta(minutes=5)
    scan_row(sheet[0], by=first, scan_id=uuid.uuid4(), scanned_at=then, seen="none", device="a")
    later = scan_row(
        sheet[0], by=second, scan_id=uuid.uuid4(), scanned_at=timezone.now(), seen="none", device="b"
    )
    assert later.is_again
    assert not Attendance.objects.get(pk=sheet[0].pk).is_disputed


def test_a_phone_that_died_and_sends_after_the_sheet_was_done_changes_no_hour_but_is_kept(cast, sheet):
    scanned = timezone.now() - timedelta(minutes=10)
    mark_rest(cast.session, "absent", by=as_person(cast.coordinator))
    close_session(cast.session, by=as_person(cast.coordinator))
    scan_row(sheet[0], by=as_person(cast.leader), scan_id=uuid.uuid4(), scanned_at=scanned, device="dead")
    row = Attendance.objects.get(pk=sheet[0].pk)
    assert row.mark == "absent" and row.is_disputed
    assert row.marks.filter(device="dead", evidence="staff_scan").exists()


# ---------- what a device keeps ----------


def test_a_device_keeps_digests_and_no_codes(cast, sheet):
    kept = tickets_for_device(cast.session)
    codes = {ticket_of_row(row).check_in_code for row in sheet}
    assert not any(code in str(kept) for code in codes)
    assert {one["digest"] for one in kept} == {ticket_digest(cast.session, code) for code in codes}


def test_a_device_keeps_protected_people_under_their_alias(cast, sheet):
    give_place(cast.activity, cast.protected, organisation=cast.organisation)
    kept = str(tickets_for_device(cast.session))
    assert "Participant" in kept and "Skyddsvik" not in kept


def test_what_a_device_keeps_costs_the_same_for_one_ticket_and_for_many(cast, queries):
    fill_sheet(cast, 1)
    one = queries(lambda: tickets_for_device(cast.session))
    for number in range(40):
        give_place(cast.activity, make_person("Rad", f"Nummer{number}"))
    assert queries(lambda: tickets_for_device(cast.session)) == one


def test_a_ticket_is_for_the_session_that_is_on(cast, sheet):
    now = timezone.now()
    later = Session.objects.create(
        activity=cast.activity, starts_at=now + timedelta(days=7), ends_at=now + timedelta(days=7, hours=2), planned_minutes=60
    )  # fmt: skip
    assert sessions_at_the_door(cast.activity, now) == [cast.session]
    assert sessions_at_the_door(cast.activity, now + timedelta(days=2)) == [later]
    assert sessions_at_the_door(cast.activity, now + timedelta(days=30)) == [later]


# ---------- the code on the wall ----------


def test_the_code_changes_each_half_minute_and_stands_one_step_longer(cast, sheet):
    now = timezone.now()
    code = wall_code(cast.session, now)
    assert session_on_wall(code, now) == cast.session
    assert session_on_wall(code.lower(), now + timedelta(seconds=30)) == cast.session
    assert session_on_wall(f"{code[:3]} {code[3:]}", now) == cast.session
    assert session_on_wall(code, now + timedelta(seconds=61)) is None
    assert wall_code(cast.session, now + timedelta(seconds=30)) != code


def test_a_photo_is_worth_nothing_an_hour_later(cast, sheet):
    an_hour_ago = timezone.now() - timedelta(minutes=58)
    assert session_on_wall(wall_code(cast.session, an_hour_ago), timezone.now()) is None


def test_two_sessions_at_once_have_codes_of_their_own(cast, sheet):
    _activity, other = make_activity(cast.programme, title="Next door")
    begin(other)
    now = timezone.now()
    assert session_on_wall(wall_code(other, now), now) == other
    assert wall_code(other, now) != wall_code(cast.session, now)


@pytest.mark.parametrize(("minutes_ago", "works"), [(-125, False), (-115, True), (60, True), (181, False)])
def test_no_code_counts_before_the_sheet_opens_or_after_the_end(cast, minutes_ago, works):
    session, now = begin(cast.session, minutes_ago), timezone.now()
    assert (session_on_wall(wall_code(session, now), now) is not None) == works


@pytest.mark.parametrize("typed", ["", "BKD", "BKDMPQR", "AAAAAA", "ÅÄÖÅÄÖ", "'; drop", "BKD\x00MPQ"])
def test_a_code_that_never_stood_there_finds_no_session(cast, sheet, typed):
    assert session_on_wall(typed, timezone.now()) is None


def test_a_pass_is_for_its_session_and_cannot_be_made_by_hand(cast, sheet):
    now = timezone.now()
    assert session_of_pass(door_pass(cast.session), now) == cast.session
    assert session_of_pass(door_pass(cast.session) + "x", now) is None
    assert session_of_pass("", now) is None
    assert session_of_pass(door_pass(cast.session), cast.session.ends_at + timedelta(seconds=1)) is None


# ---------- checking in oneself ----------


def test_who_says_herself_that_she_is_here_has_a_weaker_proof(cast, sheet):
    check_in_self(sheet[0], by=Actor(person=sheet[0].person, through=LINK))
    assert now_says(sheet[0]) == ("here", "self_check_in")


def test_staff_strengthen_what_somebody_said_herself(cast, sheet):
    check_in_self(sheet[0], by=Actor(through=LINK))
    mark_attendance(sheet[0], "here", by=as_person(cast.leader))
    assert now_says(sheet[0]) == ("here", "facilitator_mark")
    check_in_self(sheet[0], by=Actor(through=LINK))
    assert now_says(sheet[0]) == ("here", "facilitator_mark")


def test_who_was_marked_absent_and_says_otherwise_is_decided_by_staff(cast, sheet):
    mark_attendance(sheet[0], "absent", by=as_person(cast.leader), device="phone")
    check_in_self(sheet[0], by=Actor(person=sheet[0].person, through=LINK), device="wall")
    assert Attendance.objects.get(pk=sheet[0].pk).is_disputed


@pytest.mark.parametrize(("minutes_ago", "code"), [(-130, "early"), (200, "over")])
def test_nobody_checks_in_early_or_late(cast, minutes_ago, code):
    rows = fill_sheet(cast, 1)
    begin(cast.session, minutes_ago)
    with pytest.raises(Refusal) as refused:
        check_in_self(rows[0], by=Actor(through=LINK))
    assert refused.value.code == code


def test_nobody_checks_in_on_a_sheet_that_is_done_or_cancelled(cast, sheet):
    mark_rest(cast.session, "absent", by=as_person(cast.leader))
    close_session(cast.session, by=as_person(cast.leader))
    with pytest.raises(Refusal) as refused:
        check_in_self(sheet[0], by=Actor(through=LINK))
    assert refused.value.code == "done"
    Session.objects.filter(pk=cast.session.pk).update(state="cancelled")
    with pytest.raises(Refusal) as refused:
        check_in_self(sheet[0], by=Actor(through=LINK))
    assert refused.value.code == "cancelled"


def test_every_change_of_a_sheet_is_a_new_version(cast, sheet):
    def version() -> int:
        return Session.objects.values_list("sheet_version", flat=True).get(pk=cast.session.pk)

    seen = [version()]
    by = as_person(cast.coordinator)
    for act in (
        lambda: scan_ticket(cast.session, ticket_of_row(sheet[0]), by=by),
        lambda: check_in_self(sheet[1], by=Actor(through=LINK)),
        lambda: mark_rest(cast.session, "absent", by=by),
        lambda: give_place(cast.activity, make_person("Ny", "Komling")),
    ):
        act()
        seen.append(version())
    assert seen == sorted(set(seen))
