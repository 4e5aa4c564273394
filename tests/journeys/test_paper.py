"""Paper comes back: printed at a desk, photographed, sent, marked beside the picture; on a phone the photo is sent from the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from samverk.activities.models import Attendance
from samverk.paper.commands.scans import work_on_scans
from samverk.paper.models import ScanPage
from samverk.paper.queries import is_a_scan_waiting
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import make_cast, make_person
from tests.paper.papers import darken, noise, photo, printed, rasterised, scanned, turn
from tests.remote.lists import zoom

pytestmark = pytest.mark.journey


@pytest.fixture
def course(transactional_db):
    cast = make_cast()
    cast.extra["rows"] = fill_sheet(cast, 6)
    cast.session = begin(cast.session)
    return cast


def fill_more(cast) -> None:
    """Enough for four pages."""
    for number in range(70):
        give_place(cast.activity, make_person("Mer", f"Folk{number}", email=f"more{number}@example.org"))


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_at_a_desk_a_list_is_printed_photographed_sent_and_marked_beside_the_picture(
    course, open_page, tmp_path: Path
):
    page = open_page(course.coordinator, "desktop")
    page.goto(f"/office/sessions/{course.session.code}/attendance/")
    page.get_by_role("link", name="Paper").last.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print the list with signature lines").click()
    image = rasterised(Path(download.value.path()).read_bytes())[0]
    picture = tmp_path / "IMG_2041.jpg"
    picture.write_bytes(photo(image, turn(94), darken, noise).getvalue())

    page.locator("#id_files").set_input_files(picture)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Page 1 of the list").wait_for()
    page.get_by_text("6 rows are not marked.").wait_for()
    shown = page.get_by_role("img", name="Scan: IMG_2041.jpg, page 1")
    assert shown.evaluate(
        "async image => { await image.decode(); return image.naturalHeight > image.naturalWidth }"
    )
    narrow = shown.bounding_box()["width"]
    page.get_by_text("Larger", exact=True).click()
    assert shown.bounding_box()["width"] > narrow * 1.5

    page.get_by_role("link", name="All have signed").click()
    absent = course.extra["rows"][2]
    page.locator(f'input[name="r{absent.pk}-mark"][value="absent"]').check()
    part = course.extra["rows"][3]
    page.locator(f'input[name="r{part.pk}-mark"][value="part"]').check()
    page.locator(f'input[name="r{part.pk}-came"]').wait_for(state="visible")
    page.get_by_role("button", name="Save what the paper says").click()
    page.get_by_text("6 rows are marked from the paper.").wait_for()
    page.get_by_text("Every row is marked.").wait_for()
    marks = dict(Attendance.objects.filter(session=course.session).values_list("pk", "mark"))
    assert marks[absent.pk] == "absent" and sorted(marks.values()) == ["absent", *["here"] * 4, "part"]
    assert set(Attendance.objects.values_list("evidence", flat=True)) == {"scanned_list"}

    page.get_by_role("button", name="Undo").click()
    page.get_by_text("6 rows are not marked.").wait_for()
    assert page.faults == [] and fits(page)


def test_on_a_phone_the_photo_is_sent_from_the_room_and_marked_below_it(course, open_page, tmp_path: Path):
    _print, images = printed(course.session, course.coordinator)
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(photo(images[0], turn(5)).getvalue())
    page = open_page(course.coordinator, "phone")
    page.goto(f"/office/sessions/{course.session.code}/paper/")
    page.locator("#id_files").set_input_files(picture)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Page 1 of the list").wait_for()
    assert fits(page)
    page.get_by_text("The scan", exact=True).click()
    assert not page.get_by_role("img", name="Scan: photo.jpg, page 1").is_visible()
    first = course.extra["rows"][0]
    page.locator(f'label:has(input[name="r{first.pk}-mark"][value="here"])').click()
    page.get_by_role("button", name="Save what the paper says").click()
    page.get_by_text("1 row is marked from the paper.").wait_for()
    assert Attendance.objects.get(pk=first.pk).mark == "here"
    assert ScanPage.objects.get().evidence.session == course.session
    assert page.faults == []


def test_a_long_scan_is_read_while_one_looks_on_and_its_pages_appear_by_themselves(
    course, open_page, tmp_path: Path
):
    fill_more(course)
    _print, images = printed(course.session, course.coordinator)
    file = tmp_path / "scan.pdf"
    file.write_bytes(scanned(*images).getvalue())
    page = open_page(course.coordinator, "phone")
    page.goto("/office/paper/")
    page.locator("#id_files").set_input_files(file)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Reading the pages").wait_for()
    page.get_by_text(f"0 of {len(images)}").first.wait_for()
    work_on_scans()
    while is_a_scan_waiting():
        work_on_scans()
    page.get_by_role("link", name=f"Page {len(images)}").wait_for()
    assert page.get_by_role("heading", name="Reading the pages").count() == 0
    assert page.faults == [] and fits(page)


def test_on_a_phone_a_log_in_list_is_looked_at_and_written(course, open_page, tmp_path: Path):
    stays = [("Amina Yusuf", "p1@example.org", 0, 30), ("Stranger", "", 0, 40)]
    file = tmp_path / "participants.csv"
    file.write_bytes(zoom(course.session, stays))
    page = open_page(course.coordinator, "phone")
    page.goto(f"/office/sessions/{course.session.code}/log-in-lists/")
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_text("1 person is not clear.").wait_for()
    page.get_by_label("Who is Stranger?").select_option("walk_in")
    page.get_by_role("button", name="Write onto the sheet").click()
    page.get_by_text("2 rows are marked from the list.").wait_for()
    assert Attendance.objects.filter(session=course.session, mark="part", evidence="login_log").count() == 2
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Write onto the sheet").wait_for()
    assert not Attendance.objects.exclude(mark="none").exists()
    assert page.faults == [] and fits(page)
