"""The sheet of a session in the office: every door, with and without script."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from samverk.activities.commands.attendance import add_walk_in, close_session, mark_rest
from samverk.activities.models import Attendance, MarkReceived, Session
from samverk.kit.acting import THE_SHELL
from samverk.paper.models import PrintedList
from samverk.paper.page_codes import page_code
from samverk.people.models import Person
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import make_person

HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def sheet(cast):
    rows = fill_sheet(cast)
    begin(cast.session)
    return rows


def address(name: str, cast, *more) -> str:
    return reverse(f"office:{name}", args=[cast.session.code, *more])


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def send(client, cast, marks, device="phone-a"):
    body = json.dumps({"device": device, "marks": marks})
    return client.post(address("attendance_marks", cast), body, content_type="application/json")


def tap(row, mark="here", **more):
    now = timezone.now().isoformat()
    return {
        "id": str(uuid.uuid4()),
        "row": str(row.pk),
        "mark": mark,
        "seen": "none",
        "tapped_at": now,
    } | more


def test_a_tap_without_script_leads_back_to_its_row_in_the_filtered_list(cast, sheet, sign_in):
    kept = {"mark": "here", "seen": "none", "show": "unmarked", "q": "lu & x"}
    answer = sign_in(cast.leader).post(address("attendance_mark", cast, sheet[0].pk), kept)
    assert answer["Location"] == address("attendance", cast) + f"?q=lu+%26+x&show=unmarked#r{sheet[0].pk}"
    assert Attendance.objects.get(pk=sheet[0].pk).mark == "here"


def test_with_htmx_only_the_row_and_the_numbers_are_swapped(cast, sheet, sign_in):
    answer = sign_in(cast.leader).post(address("attendance_mark", cast, sheet[0].pk), {"mark": "here"}, **HX)
    page = words_of(answer)
    assert page.startswith(f'<li id="r{sheet[0].pk}"') and "<html" not in page
    assert page.count("hx-swap-oob") == 4
    # The control that was pressed keeps its id, so that the focus stays.
    assert f'id="a{sheet[0].pk}"' in page


@pytest.mark.parametrize(
    ("came", "left"), [("3:00", "4:00"), ("soon", "later"), ("", ""), ("25:00", "26:00")]
)
def test_times_that_make_no_stay_are_refused_by_the_row(cast, sheet, sign_in, came, left):
    part = {"mark": "part", "came": came, "left": left}
    answer = sign_in(cast.leader).post(address("attendance_mark", cast, sheet[0].pk), part, **HX)
    assert answer.status_code == 422
    assert 'role="alert"' in words_of(answer)


@pytest.mark.parametrize("written", ["{0:%H:%M}", "{0:%H.%M}", "{0:%H%M}"])
def test_times_are_read_as_people_write_them(cast, sheet, sign_in, written):
    session = Session.objects.get(pk=cast.session.pk)
    came, left = session.starts_local + timedelta(minutes=20), session.starts_local + timedelta(minutes=50)
    part = {"mark": "part", "came": written.format(came), "left": written.format(left)}
    sign_in(cast.leader).post(address("attendance_mark", cast, sheet[0].pk), part)
    row = Attendance.objects.get(pk=sheet[0].pk)
    assert (row.came_at, row.left_at) == (came, left)


def test_a_batch_is_taken_once_each_and_what_cannot_be_taken_says_why(cast, sheet, sign_in):
    client = sign_in(cast.coordinator)
    good, bad_time = tap(sheet[0]), tap(sheet[1], "part", came="1:00", left="2:00")
    gone, broken = tap(sheet[2]) | {"row": "999999"}, {"id": "x", "row": []}
    for _time in range(2):
        answer = send(client, cast, [good, bad_time, gone, broken, "nonsense"]).json()
        assert answer["taken"] == [good["id"]]
        assert [one["id"] for one in answer["refused"]] == [bad_time["id"], gone["id"], "x", ""]
        assert all(one["reason"] for one in answer["refused"])
    assert MarkReceived.objects.count() == 1
    assert f'id="r{sheet[0].pk}"' in answer["rows"][str(sheet[0].pk)]
    assert "<b>1</b> of 5 here" in answer["panels"]["counter"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"marks": 3, "device": 1}', "\x00", '{"device": "x"}'])
def test_a_batch_that_is_none_is_refused_in_words(cast, sheet, sign_in, body):
    answer = sign_in(cast.coordinator).post(
        address("attendance_marks", cast), body, content_type="application/json"
    )
    assert answer.status_code == 400 and answer.json()["reason"]


def test_a_tap_without_a_time_or_with_a_naive_one_is_refused(cast, sheet, sign_in):
    taps = [
        tap(sheet[0]) | {"tapped_at": when}
        for when in ("", "now", "2026-01-01T10:00:00", "9999-99-99T00:00Z")
    ]
    answer = send(sign_in(cast.coordinator), cast, taps).json()
    assert answer["taken"] == [] and len(answer["refused"]) == 4


def test_rows_of_another_session_are_not_marked_through_this_one(cast, sheet, sign_in):
    other = Attendance.objects.create(
        session=Session.objects.create(
            activity=cast.activity,
            starts_at=timezone.now(),
            ends_at=timezone.now() + timedelta(hours=1),
            planned_minutes=60,
        ),
        name="Elsewhere",
    )
    assert send(sign_in(cast.coordinator), cast, [tap(other)]).json()["taken"] == []
    assert (
        sign_in(cast.coordinator)
        .post(address("attendance_mark", cast, other.pk), {"mark": "here"})
        .status_code
        == 404
    )


def test_the_rest_is_marked_and_taken_back_by_the_buttons_of_the_page(cast, sheet, sign_in):
    client = sign_in(cast.leader)
    page = words_of(client.post(address("attendance_rest", cast), {"rest": "absent"}, follow=True))
    assert "5 are marked absent." in page
    undo = page.split('<form method="post" action="/office/undo/')[1].split('"')[0]
    client.post(f"/office/undo/{undo}")
    assert Attendance.objects.filter(session=cast.session, mark="none").count() == 5


def test_a_sheet_is_closed_from_its_page_only_when_everybody_is_marked(cast, sheet, sign_in):
    client = sign_in(cast.coordinator)
    assert "5 people are not marked" in words_of(client.post(address("session_close", cast), follow=True))
    mark_rest(cast.session, "here", by=THE_SHELL)
    assert "The sheet is done" in words_of(client.post(address("session_close", cast), follow=True))
    assert Session.objects.get(pk=cast.session.pk).is_closed


def test_a_row_is_corrected_after_done_by_the_leader_with_a_reason(cast, sheet, sign_in):
    mark_rest(cast.session, "here", by=THE_SHELL)
    close_session(cast.session, by=THE_SHELL)
    client, where = sign_in(cast.leader), address("attendance_mark", cast, sheet[0].pk)
    assert "Write why you correct it" in words_of(client.post(where, {"mark": "absent"}, follow=True))
    client.post(where, {"mark": "absent", "reason": "Left before it began"})
    assert Attendance.objects.get(pk=sheet[0].pk).mark == "absent"


def test_a_viewer_reads_the_sheet_and_has_no_button(cast, sheet, sign_in):
    page = words_of(sign_in(cast.controller).get(address("attendance", cast)))
    assert "Łucja Åkesson" in page
    assert 'name="mark"' not in page and "outbox.js" not in page


def test_a_walk_in_is_added_with_a_name_and_the_form_says_what_is_missing(cast, sheet, sign_in):
    client = sign_in(cast.leader)
    answer = client.post(address("walk_in_add", cast), {"name": " "})
    assert answer.status_code == 422 and "Write the name of who came." in words_of(answer)
    client.post(
        address("walk_in_add", cast), {"name": "Gun-Britt Lindqvist", "organisation_typed": "Odla Ihop"}
    )
    row = Attendance.objects.get(is_walk_in=True)
    assert (row.mark, row.organisation_typed) == ("here", "Odla Ihop")


def test_a_walk_in_becomes_a_known_person_of_an_organisation(cast, sheet, sign_in):
    give_place(cast.activity, cast.participant).attendances.all().delete()
    row = add_walk_in(cast.session, name="Pia", by=THE_SHELL)
    named = {"who": cast.participant.email, "organisation": "läxlyktan", "role": "employee"}
    sign_in(cast.coordinator).post(address("walk_in_link", cast, row.pk), named)
    row.refresh_from_db()
    assert (row.person, row.organisation, row.representation) == (
        cast.participant,
        cast.organisation,
        "confirmed",
    )


def test_a_walk_in_nobody_knows_becomes_a_new_person(cast, sheet, sign_in):
    row = add_walk_in(cast.session, name="Anna Maria Berg", by=THE_SHELL)
    sign_in(cast.coordinator).post(address("walk_in_link", cast, row.pk), {"who": ""})
    row.refresh_from_db()
    assert (row.person.given_name, row.person.family_name) == ("Anna Maria", "Berg")


def test_somebody_of_another_programme_is_not_found_by_address(cast, sheet, sign_in):
    stranger = make_person("Sten", "Stranger")
    row = add_walk_in(cast.session, name="Sten", by=THE_SHELL)
    answer = sign_in(cast.coordinator).post(address("walk_in_link", cast, row.pk), {"who": stranger.email})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.person is None


def test_the_paper_list_names_everybody_and_hides_who_is_protected(cast, sheet, sign_in):
    give_place(cast.activity, cast.protected, organisation=cast.organisation)
    answer = sign_in(cast.leader).post(address("sheet_print", cast))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages
    )
    assert "Łucja Åkesson" in text and "Financed by the example fund." in text
    assert page_code(PrintedList.objects.get().code, 1) in text
    assert "Skyddsvik" not in text and "Hemliga" not in text


def test_protected_identity_stands_nowhere_on_the_sheet_or_in_what_a_search_finds(cast, sheet, sign_in):
    row = give_place(cast.activity, cast.protected, organisation=cast.organisation).attendances.get()
    client = sign_in(cast.coordinator)
    for answer in (
        client.get(address("attendance", cast)),
        client.post(address("attendance_mark", cast, row.pk), {"mark": "here"}, **HX),
    ):
        page = answer.content.decode().lower()
        assert f'id="r{row.pk}"' in page
        assert "skyddsvik" not in page and "hemliga" not in page
    for asked in ("hemliga", "participant"):
        assert f'id="r{row.pk}"' not in words_of(client.get(address("attendance", cast), {"q": asked}))


def test_the_sheet_asks_the_database_as_often_for_three_rows_as_for_thirty(cast, sign_in, queries):
    fill_sheet(cast, 3)
    client = sign_in(cast.coordinator)
    client.get(address("attendance", cast))
    few = queries(lambda: client.get(address("attendance", cast)))
    for number in range(27):
        give_place(cast.activity, make_person("Many", f"People{number}"))
    assert queries(lambda: client.get(address("attendance", cast))) == few


def test_hostile_names_are_shown_as_text(cast, sheet, sign_in):
    Person.objects.filter(pk=sheet[0].person_id).update(
        given_name="<script>alert(1)</script>", family_name="{{ 7*7 }}'\""
    )
    page = sign_in(cast.coordinator).get(address("attendance", cast)).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "{{ 7*7 }}" in page
