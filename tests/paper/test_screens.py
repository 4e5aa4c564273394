"""The screens of paper: print, send, the tray, the page beside its sheet."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from samverk.activities.models import Attendance
from samverk.kit.acting import Actor
from samverk.paper.commands.scans import send_scan, work_on_scans
from samverk.paper.models import ScanPage
from tests.activities.sheets import fill_sheet, give_place
from tests.cast import make_person, signed_in_client
from tests.paper.papers import photo, printed, rasterised, scanned, sent, turn, without_code


@pytest.fixture
def kim(cast):
    return signed_in_client(cast.coordinator)


def upload(file: io.BytesIO, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, file.getvalue())


def test_print_photograph_send_and_mark_beside_it(cast, kim):
    fill_sheet(cast, 4)
    paper = kim.post(reverse("office:sheet_print", args=[cast.session.code]))
    assert paper["Content-Type"] == "application/pdf"
    image = rasterised(paper.content)[0]
    home = reverse("office:session_paper", args=[cast.session.code])
    answer = kim.post(
        home, {"files": [upload(photo(image, turn(92)))], "programme": cast.programme.pk}, follow=True
    )
    page = ScanPage.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("office:paper_page", args=[page.code])
    rows = page.printed_page.rows
    said = answer.content.decode()
    assert all(f'name="r{row}-mark"' in said for row in rows)
    picture = kim.get(reverse("office:paper_picture", args=[page.code]))
    with Image.open(io.BytesIO(picture.content)) as upright:
        assert upright.height > upright.width
    data = {
        f"r{rows[0]}-mark": "here",
        f"r{rows[0]}-seen": "none",
        f"r{rows[1]}-mark": "part",
        f"r{rows[1]}-came": "99",
    }
    wrong = kim.post(reverse("office:paper_page_mark", args=[page.code]), data)
    assert wrong.status_code == 422 and 'value="99"' in wrong.content.decode()
    assert not Attendance.objects.exclude(mark="none").exists()
    turned = kim.post(reverse("office:paper_page_turn", args=[page.code]), data | {"beside": "1"})
    assert turned.status_code == 200 and 'value="here" checked' in turned.content.decode()
    del data[f"r{rows[1]}-mark"]
    kim.post(reverse("office:paper_page_mark", args=[page.code]), data)
    assert (Attendance.objects.get(pk=rows[0]).mark, Attendance.objects.get(pk=rows[0]).evidence) == (
        "here",
        "scanned_list",
    )
    assert kim.get(home).content.decode().count("scan-thumb") == 1


def test_a_protected_person_stands_under_an_alias_on_paper_and_beside_it(cast, kim):
    give_place(cast.activity, cast.protected)
    paper = kim.post(reverse("office:sheet_print", args=[cast.session.code])).content
    with pypdfium2.PdfDocument(paper) as document:
        text = document[0].get_textpage().get_text_range()
    page = sent(cast.session, cast.coordinator, photo(rasterised(paper)[0]))[0]
    said = text + kim.get(reverse("office:paper_page", args=[page.code])).content.decode()
    assert "Skyddsvik" not in said and "Hemliga" not in said


def test_of_several_files_the_good_ones_are_taken_and_each_bad_one_is_named(cast, kim):
    _print, images = printed(cast.session, cast.coordinator)
    good, bad = upload(photo(images[0]), "good.jpg"), SimpleUploadedFile("bad.jpg", b"MZ no picture")
    data = {"files": [good, bad], "programme": cast.programme.pk}
    answer = kim.post(reverse("office:paper_send"), data, follow=True)
    said = answer.content.decode()
    assert "bad.jpg: This is no PDF" in said and ScanPage.objects.count() == 1
    bad = SimpleUploadedFile("bad.jpg", b"MZ no picture")
    again = kim.post(reverse("office:paper_send"), {"files": [bad], "programme": cast.programme.pk})
    assert again.status_code == 422 and "bad.jpg: This is no PDF" in again.content.decode()
    twice = kim.post(
        reverse("office:paper_send"),
        {"files": [upload(photo(images[0]))], "programme": cast.programme.pk},
        follow=True,
    )
    assert "was sent before" in twice.content.decode()


def test_a_long_scan_is_left_to_the_worker_and_its_page_says_how_far_it_is(cast, kim):
    fill_sheet(cast, 70)
    _print, images = printed(cast.session, cast.coordinator)
    assert len(images) > 3
    file = upload(scanned(*images), "scan.pdf")
    answer = kim.post(
        reverse("office:paper_send"), {"files": [file], "programme": cast.programme.pk}, follow=True
    )
    assert "<progress" in answer.content.decode()
    while work_on_scans():
        pass
    said = kim.get(answer.redirect_chain[-1][0]).content.decode()
    assert "<progress" not in said and said.count("scan-thumb") == len(images)


def test_in_the_tray_a_session_and_its_page_are_chosen_by_hand(cast, kim):
    print_, images = printed(cast.session, cast.coordinator)
    page = sent(cast.session, cast.coordinator, photo(without_code(images[0])))[0]
    assert page.code in kim.get(reverse("office:paper")).content.decode()
    address = reverse("office:paper_page", args=[page.code])
    found = kim.get(address, {"q": cast.activity.title[:4].upper()}).content.decode()
    assert cast.session.code in found
    assert "File it here" in kim.get(address, {"session": cast.session.code}).content.decode()
    data = {"session": cast.session.code, "page": print_.pages.get().pk}
    kim.post(reverse("office:paper_page_file", args=[page.code]), data)
    page.refresh_from_db()
    assert (page.state, page.printed_page) == ("filed", print_.pages.get())


def test_who_sent_anothers_list_reads_nothing_of_it(cast):
    fill_sheet(cast, 3)
    _print, images = printed(cast.session, cast.coordinator)
    actor = Actor(person=cast.other_coordinator)
    send_scan(photo(images[0]), "x.jpg", cast.other_programme, by=actor)
    work_on_scans()
    page = ScanPage.objects.get()
    ola = signed_in_client(cast.other_coordinator)
    for address in (
        reverse("office:paper"), reverse("office:paper_page", args=[page.code]),
        reverse("office:paper_scan", args=[page.scan.code]),
    ):  # fmt: skip
        said = ola.get(address).content.decode()
        assert cast.session.code not in said and cast.activity.title not in said and "TST" not in said
    code = page.printed_page.code
    typed = ola.post(reverse("office:paper_page_code", args=[page.code]), {"code": code})
    assert typed.status_code == 422 and "No list of yours carries this code" in typed.content.decode()


def test_lists_ask_the_database_as_often_for_many_as_for_few(cast, kim):
    fill_sheet(cast, 2)
    _print, images = printed(cast.session, cast.coordinator)
    page = sent(cast.session, cast.coordinator, photo(images[0]))[0]
    sent(cast.session, cast.coordinator, photo(Image.new("RGB", (200, 300), (9, 9, 9))))

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert kim.get(address).status_code == 200
        return len(caught)

    def beside(one: ScanPage) -> str:
        return reverse("office:paper_page", args=[one.code])

    lists = [reverse("office:paper"), reverse("office:paper") + "?show=sent"]
    lists.append(reverse("office:session_paper", args=[cast.session.code]))
    few = [asked(one) for one in [*lists, beside(page)]]
    for number in range(6):
        person = {"email": f"more{number}@example.org"}
        give_place(cast.activity, make_person("Mer", f"Folk{number}", **person))
        sent(cast.session, cast.coordinator, photo(Image.new("RGB", (200, 300), (9 * number + 30, 9, 9))))
    _print, images = printed(cast.session, cast.coordinator)
    more = sent(cast.session, cast.coordinator, photo(images[0]))[0]
    assert [asked(one) for one in [*lists, beside(more)]] == few
