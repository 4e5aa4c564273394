"""Checking in at the door: the camera page, the outbox with scans, a ticket's page, what a watching screen asks."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from samverk.activities.commands.checking_in import scan_ticket
from samverk.activities.models import Attendance, MarkReceived, Registration, Session
from samverk.activities.wall_codes import wall_code
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import as_person, make_activity, make_person


@pytest.fixture
def sheet(cast):
    rows = fill_sheet(cast)
    begin(cast.session)
    cast.session.refresh_from_db()
    return rows


def address(name: str, cast, *more) -> str:
    return reverse(f"office:{name}", args=[cast.session.code, *more])


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def code_of(row: Attendance) -> str:
    return Registration.objects.get(pk=row.registration_id).check_in_code


def scan(what: str = "row", **more) -> dict:
    facts = {"id": str(uuid.uuid4()), "row": "", "mark": "here", "seen": "none"}
    return facts | {"scan": what, "tapped_at": timezone.now().isoformat()} | more


def send(client, cast, marks, device="phone-a"):
    body = json.dumps({"device": device, "marks": marks})
    return client.post(address("attendance_marks", cast), body, content_type="application/json").json()


def test_a_batch_of_scans_tells_each_apart(cast, sheet, sign_in):
    other, _session = make_activity(cast.other_programme, title="Elsewhere")
    stranger = give_place(other, make_person("Siri", "Främling")).check_in_code
    known, by_code = scan(row=str(sheet[0].pk)), scan(code_of(sheet[1]))
    again, foreign, unknown = scan(row=str(sheet[0].pk)), scan(stranger), scan("BKDMPQRSTVWX")
    said = send(sign_in(cast.coordinator), cast, [known, by_code, again, foreign, unknown])
    assert said["taken"] == [known["id"], by_code["id"], again["id"]]
    assert [one["code"] for one in said["refused"]] == ["foreign", "unknown"]
    assert said["arrived"][by_code["id"]]["name"] == str(sheet[1].person)
    assert [said["arrived"][one["id"]]["again"] for one in (known, by_code, again)] == [False, False, True]
    assert Attendance.objects.filter(session=cast.session, mark="here", evidence="staff_scan").count() == 2


def test_the_same_batch_of_scans_sent_again_changes_nothing(cast, sheet, sign_in):
    client, marks = sign_in(cast.coordinator), [scan(row=str(sheet[0].pk)), scan(code_of(sheet[1]))]
    first = send(client, cast, marks)
    assert send(client, cast, marks)["taken"] == first["taken"]
    assert MarkReceived.objects.count() == 2


def test_a_batch_cannot_reach_a_row_of_another_sheet(cast, sheet, sign_in):
    _activity, session = make_activity(cast.programme, title="Next door")
    row = Attendance.objects.create(session=session, name="Somebody")
    said = send(sign_in(cast.coordinator), cast, [scan(row=str(row.pk)), scan(row="9" * 30), scan(row="-1")])
    assert said["taken"] == [] and len(said["refused"]) == 3
    assert Attendance.objects.get(pk=row.pk).mark == "none"


def test_a_scan_answers_with_the_name_a_list_may_show(cast, sheet, sign_in):
    ticket = give_place(cast.activity, cast.protected)
    said = send(sign_in(cast.coordinator), cast, [scan(ticket.check_in_code)])
    assert "Skyddsvik" not in json.dumps(said) and "Participant" in json.dumps(said)


def test_the_camera_page_holds_digests_names_and_no_code(cast, sheet, sign_in):
    give_place(cast.activity, cast.protected)
    page = words_of(sign_in(cast.coordinator).get(address("check_in", cast)))
    kept = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    assert str(sheet[0].person) in [one["name"] for one in kept] and "digest" in page
    assert code_of(sheet[0]) not in page and "Skyddsvik" not in page


def test_a_code_is_typed_without_script(cast, sheet, sign_in):
    client = sign_in(cast.leader)
    for said in (f"Here: {sheet[0].person}", "was scanned already"):
        answer = client.post(
            address("check_in_typed", cast), {"code": code_of(sheet[0]).lower()}, follow=True
        )
        assert said in words_of(answer)
    answer = client.post(address("check_in_typed", cast), {"code": "nonsense"}, follow=True)
    assert "no ticket of ours" in words_of(answer)


def test_a_typed_scan_can_be_undone(cast, sheet, sign_in):
    client = sign_in(cast.coordinator)
    page = client.post(
        address("check_in_typed", cast), {"code": code_of(sheet[0])}, follow=True
    ).content.decode()
    undo = page.split('class="undo"')[1].split('action="')[1].split('"')[0]
    client.post(undo)
    assert Attendance.objects.get(pk=sheet[0].pk).mark == "none"


def test_a_ticket_opened_by_the_phones_own_camera_asks_for_one_press(cast, sheet, sign_in):
    client, code = sign_in(cast.leader), code_of(sheet[0])
    public = reverse("portal:ticket", args=[code])
    page = words_of(client.get(public, follow=True))
    assert f"Here: {sheet[0].person} – mark" in page
    assert Attendance.objects.get(pk=sheet[0].pk).mark == "none"
    client.post(reverse("office:ticket_mark", args=[code, cast.session.code]))
    assert Attendance.objects.get(pk=sheet[0].pk).evidence == "staff_scan"


def test_a_ticket_shows_staff_the_alias_of_a_protected_person(cast, sheet, sign_in):
    ticket = give_place(cast.activity, cast.protected)
    page = words_of(sign_in(cast.coordinator).get(reverse("office:ticket", args=[ticket.check_in_code])))
    assert "Skyddsvik" not in page and "Participant" in page


def test_a_ticket_cannot_be_marked_in_a_session_of_another_activity(cast, sheet, sign_in):
    _activity, other = make_activity(cast.programme, title="Next door")
    answer = sign_in(cast.coordinator).post(
        reverse("office:ticket_mark", args=[code_of(sheet[0]), other.code])
    )
    assert answer.status_code == 404


# ---------- what a watching screen asks ----------


def test_news_are_nothing_until_something_changes(cast, sheet, sign_in):
    client, news = sign_in(cast.coordinator), address("attendance_news", cast)
    version = Session.objects.get(pk=cast.session.pk).sheet_version
    assert client.get(news, {"version": version}).status_code == 204
    scan_ticket(
        cast.session, Registration.objects.get(pk=sheet[0].registration_id), by=as_person(cast.leader)
    )
    said = client.get(news, {"version": version, "rows": f"{sheet[0].pk},x,999999"}).json()
    assert said["version"] > version
    assert said["seen"][str(sheet[0].pk)] == "here" and said["seen"][str(sheet[1].pk)] == "none"
    assert list(said["rows"]) == [str(sheet[0].pk)]
    assert "<b>1</b> of 5 here" in said["panels"]["counter"]


def test_asking_for_news_costs_the_same_on_a_small_and_on_a_large_sheet(cast, sign_in, queries):
    fill_sheet(cast, 1)
    client, news = sign_in(cast.coordinator), address("attendance_news", cast)
    client.get(news)
    few = queries(lambda: client.get(news, {"version": "x"}))
    for number in range(40):
        give_place(cast.activity, make_person("Rad", f"Nummer{number}"))
    assert queries(lambda: client.get(news, {"version": "x"})) == few


def test_nothing_new_is_a_cheap_answer(cast, sheet, sign_in, queries):
    client, news = sign_in(cast.coordinator), address("attendance_news", cast)
    version = Session.objects.get(pk=cast.session.pk).sheet_version
    client.get(news, {"version": version})
    assert queries(lambda: client.get(news, {"version": version})) <= 5


# ---------- the wall ----------


def test_the_wall_shows_the_code_that_counts_and_no_name(cast, sheet, sign_in):
    page = words_of(sign_in(cast.leader).get(address("wall", cast)))
    now = timezone.now()
    codes = {wall_code(cast.session, now - timedelta(seconds=back)) for back in (0, 2)}
    assert any(f"{code[:3]} {code[3:]}" in page for code in codes)
    assert "Åkesson" not in page


def test_the_wall_shows_no_code_before_the_sheet_opens(cast, sign_in):
    page = words_of(sign_in(cast.leader).get(address("wall", cast)))
    assert "You can check in from" in page and "wall-code" not in page


def test_without_script_the_wall_loads_itself_again_in_time(cast, sheet, sign_in):
    page = words_of(sign_in(cast.leader).get(address("wall", cast)))
    seconds = int(page.split('http-equiv="refresh" content="')[1].split('"')[0])
    assert 1 <= seconds <= 30


def test_a_poster_says_where_to_check_in(cast, sheet, sign_in):
    answer = sign_in(cast.leader).get(address("poster", cast))
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "/here" in text and cast.activity.title in text
