"""The door: tickets before a camera and typed, without network and back; arrivals on a second screen; the wall."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from PIL import Image

from samverk.activities.messages import place_token, ticket_address
from samverk.activities.models import Attendance, MarkReceived, Registration
from samverk.kit.qr import qr_picture
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import make_activity, make_cast, make_person, signed_in_client
from tests.journeys.conftest import ARGS, SIZES

pytestmark = pytest.mark.journey
BROWSER = os.environ.get("SAMVERK_TEST_BROWSER", "/usr/bin/chromium")


@pytest.fixture
def course(transactional_db):
    """A session that runs, with six people expected."""
    cast = make_cast()
    cast.extra["rows"] = fill_sheet(cast, 6)
    begin(cast.session)
    return cast


def code_of(row: Attendance) -> str:
    return Registration.objects.get(pk=row.registration_id).check_in_code


def door(course, page):
    page.goto(f"/office/sessions/{course.session.code}/attendance/check-in/")
    page.locator("#camera:not([hidden])").wait_for()
    return page


def type_code(page, code: str, said: str) -> None:
    page.locator("#ticket-code").fill(code)
    page.keyboard.press("Enter")
    page.locator("#scan-said").get_by_text(said).wait_for()


def test_codes_typed_without_network_are_sent_once_when_it_is_back(course, open_page):
    page, rows = door(course, open_page(course.coordinator)), course.extra["rows"]
    page.context.set_offline(True)
    for row in rows[:3]:
        type_code(page, code_of(row), str(row.person))
        assert page.locator("#scan-said").get_attribute("data-kind") == "here"
    type_code(page, code_of(rows[0]), "Scanned already")
    assert page.locator("#scan-said").get_attribute("data-kind") == "again"
    page.locator("#outbox").get_by_text("3 marks wait to be sent").wait_for()
    assert MarkReceived.objects.count() == 0
    page.context.set_offline(False)
    page.locator("#outbox").wait_for(state="hidden")
    page.locator("#counter").get_by_text(re.compile(r"3\s+of 6 here")).wait_for()
    marks = Attendance.objects.filter(session=course.session, mark="here", evidence="staff_scan")
    assert marks.count() == 3 and MarkReceived.objects.count() == 3


def test_a_foreign_ticket_and_no_ticket_are_told_apart_from_ours(course, open_page):
    other, _session = make_activity(course.other_programme, title="Elsewhere")
    stranger = give_place(other, make_person("Siri", "Främling")).check_in_code
    page = door(course, open_page(course.coordinator))
    type_code(page, "something else", "No ticket")
    type_code(page, stranger, "This ticket belongs to another event.")
    assert page.locator("#scan-said").get_attribute("data-kind") == "foreign"
    assert not Attendance.objects.filter(mark="here").exists()


def test_a_ticket_younger_than_the_page_is_known_when_there_is_network(course, open_page):
    page = door(course, open_page(course.coordinator))
    late = give_place(course.activity, make_person("Sen", "Kommersson"))
    type_code(page, late.check_in_code, "Sen Kommersson")
    assert page.locator("#scan-said").get_attribute("data-kind") == "here"


def test_a_scan_is_taken_back_on_the_spot(course, open_page):
    page, row = door(course, open_page(course.coordinator)), course.extra["rows"][0]
    type_code(page, code_of(row), str(row.person))
    page.locator("#counter").get_by_text(re.compile(r"1\s+of 6 here")).wait_for()
    page.locator("#scan-said [data-undo]").click()
    page.locator("#scan-said").get_by_text("Taken back").wait_for()
    page.locator("#counter").get_by_text(re.compile(r"0\s+of 6 here")).wait_for()
    assert Attendance.objects.get(pk=row.pk).mark == "none"


def test_a_reload_without_network_keeps_the_page_and_what_was_scanned(course, open_page):
    page, row = door(course, open_page(course.coordinator)), course.extra["rows"][0]
    kept = "async () => Boolean(navigator.serviceWorker.controller && await caches.match(location.href, {ignoreVary: true}))"
    for _turn in range(100):
        if page.evaluate(kept):
            break
        page.wait_for_timeout(100)
    page.context.set_offline(True)
    type_code(page, code_of(row), str(row.person))
    page.reload()
    page.locator("#camera:not([hidden])").wait_for()
    type_code(page, code_of(row), "Scanned already")
    type_code(page, code_of(course.extra["rows"][1]), str(course.extra["rows"][1].person))
    page.context.set_offline(False)
    page.locator("#counter").get_by_text(re.compile(r"2\s+of 6 here")).wait_for()
    assert MarkReceived.objects.count() == 2


def test_arrivals_at_the_door_are_seen_on_the_coordinators_sheet(course, open_page):
    sheet = open_page(course.coordinator, "desktop")
    sheet.goto(f"/office/sessions/{course.session.code}/attendance/")
    row = course.extra["rows"][2]
    type_code(door(course, open_page(course.leader)), code_of(row), str(row.person))
    sheet.locator(f"#r{row.pk}[data-state=here]").wait_for(timeout=10_000)
    sheet.locator("#counter").get_by_text(re.compile(r"1\s+of 6 here")).wait_for()
    assert sheet.faults == []


def test_a_walk_in_takes_two_presses_and_a_name(course, open_page):
    page = open_page(course.coordinator)
    page.goto(f"/office/sessions/{course.session.code}/attendance/")
    page.get_by_label("Name", exact=True).click()
    page.keyboard.type("Gun Oanmäld")
    page.get_by_role("button", name="Add and mark here").click()
    page.get_by_text("Gun Oanmäld is added and marked as here.").wait_for()
    assert Attendance.objects.get(name="Gun Oanmäld").mark == "here"


@pytest.fixture
def camera(browser, live_server, course, tmp_path):
    """A browser whose camera sees the first ticket of the sheet."""
    film = tmp_path / "door.mjpeg"
    registration = Registration.objects.get(pk=course.extra["rows"][0].registration_id)
    _film(film, qr_picture(ticket_address(registration), scale=7))
    seeing = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}",
    ]  # fmt: skip
    fresh = browser.browser_type.launch(executable_path=BROWSER, args=[*ARGS, *seeing])
    context = fresh.new_context(
        viewport=SIZES["phone"], locale="en-GB", base_url=live_server.url, permissions=["camera"]
    )
    key = signed_in_client(course.coordinator).session.session_key
    context.add_cookies([{"name": "samverk", "value": key, "url": live_server.url}])
    yield context.new_page()
    fresh.close()


def _film(path: Path, ticket: bytes) -> None:
    """A ticket held a little askew on a grey ground, twenty times."""
    import io

    ground = Image.new("RGB", (640, 480), "#8a8f94")
    held = Image.open(io.BytesIO(ticket)).convert("RGB").rotate(8, expand=True, fillcolor="#8a8f94")
    ground.paste(held, ((640 - held.width) // 2, (480 - held.height) // 2))
    frame = io.BytesIO()
    ground.save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * 20)


def test_a_ticket_before_the_camera_is_here(course, camera):
    row = course.extra["rows"][0]
    faults = []
    camera.on("pageerror", lambda error: faults.append(str(error)))
    camera.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    door(course, camera)
    camera.get_by_role("button", name="Open the camera").click()
    camera.locator("#scan-said").get_by_text(str(row.person)).wait_for(timeout=20_000)
    camera.locator("#counter").get_by_text(re.compile(r"1\s+of 6 here")).wait_for()
    assert Attendance.objects.get(pk=row.pk).evidence == "staff_scan"
    assert MarkReceived.objects.count() == 1
    assert faults == []


def test_a_person_checks_herself_in_by_the_code_on_the_wall(course, open_page):
    place = give_place(course.activity, course.participant)
    wall = open_page(course.leader, "desktop")
    wall.goto(f"/office/sessions/{course.session.code}/wall/")
    code = wall.locator(".wall-code").inner_text()
    phone = open_page(None)
    phone.goto("/en/here/")
    phone.get_by_label("Code on the wall").fill(code.lower())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Code of your ticket").fill(place.check_in_code)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_text("You are marked as here. Welcome!").wait_for()
    assert Attendance.objects.get(registration=place).evidence == "self_check_in"
    wall.get_by_text("1 person är här.").wait_for(timeout=15_000)
    assert wall.faults == [] and phone.faults == []


def test_without_script_a_person_checks_in_by_her_personal_link(course, open_page):
    place = give_place(course.activity, course.participant)
    wall = open_page(course.leader, "desktop", java_script_enabled=False)
    wall.goto(f"/office/sessions/{course.session.code}/wall/")
    code = wall.locator(".wall-code").inner_text()
    phone = open_page(None, java_script_enabled=False)
    phone.goto(f"/en/place/{place_token(place)}/")
    phone.get_by_label("Code on the wall").fill(code)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_text("You are marked as here. Welcome!").wait_for()
    assert Attendance.objects.get(registration=place).evidence == "self_check_in"
