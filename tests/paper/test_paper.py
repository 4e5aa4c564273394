"""Paper comes back: printed with a code, photographed badly, found again, filed as a copy, marked beside the sheet."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image, ImageDraw

from samverk.activities.commands.attendance import add_walk_in, mark_attendance, remove_walk_in
from samverk.activities.models import Attendance, Session
from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.ledger.models import Evidence
from samverk.paper.choices import MOST_PAGES, PageState, Why
from samverk.paper.commands import scans
from samverk.paper.commands.marking import PaperMark, add_from_paper, mark_from_paper
from samverk.paper.commands.pages import (
    discard_blank,
    discard_page,
    file_by_code,
    file_page,
    forget_discarded,
    restore_page,
    withdraw_page,
)
from samverk.paper.commands.scans import send_scan, work_on_scan, work_on_scans
from samverk.paper.models import PrintedList, Scan, ScanPage
from samverk.paper.page_codes import page_code, read_page_code
from samverk.paper.permissions import may_open_original, pages_visible_to, scans_visible_to
from samverk.paper.queries import paper_faults, rows_beside
from samverk.paper.rules import Place
from samverk.programmes.commands import give_seat
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.sheets import fill_sheet
from tests.paper.papers import (
    blur,
    darken,
    far_away,
    noise,
    pale,
    photo,
    printed,
    scanned,
    sent,
    turn,
    without_code,
)


@pytest.fixture
def kim(cast):
    return Actor(person=cast.coordinator)


@pytest.fixture
def listed(cast):
    """Thirty people: two pages."""
    fill_sheet(cast, 30)
    return printed(cast.session, cast.coordinator)


def test_a_code_is_ours_or_none():
    code = page_code("BCDFGHJKM", 12)
    assert read_page_code(code) == ("BCDFGHJKM", 12)
    assert read_page_code(f" {code.lower().replace('-', ' ')} ") == ("BCDFGHJKM", 12)
    assert len(page_code("BCDFGHJKM", 1)) == 16
    for wrong in (
        code[:-1] + ("B" if code[-1] != "B" else "C"),
        code.replace("-12-", "-13-"),
        "",
        "ÅÄÖ",
        "9" * 500,
    ):
        assert read_page_code(wrong) is None


def test_every_row_stands_on_exactly_one_page_and_the_same_list_is_one_print(cast, listed):
    print_, images = listed
    pages = list(print_.pages.all())
    assert len(pages) == len(images) == 2
    rows = [row for page in pages for row in page.rows]
    assert rows == list(Attendance.objects.filter(session=cast.session).values_list("pk", flat=True))
    assert pages[1].first == len(pages[0].rows) + 1
    assert printed(cast.session, cast.coordinator)[0] == print_
    add_walk_in(cast.session, name="Nova Ny", by=THE_SHELL)
    assert printed(cast.session, cast.coordinator)[0] != print_


ACCIDENTS = {
    "as it is": [], "on its side": [turn(90)], "head down": [turn(180)], "the other side": [turn(270)],
    "skew": [turn(5)], "skew the other way": [turn(-5)], "dark": [darken], "grainy": [noise], "unsharp": [blur],
    "pale": [pale], "far away": [far_away], "all of it": [turn(185), darken, noise],
}  # fmt: skip


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_a_bad_photo_finds_its_page(cast, listed, accident):
    print_, images = listed
    page = sent(cast.session, cast.coordinator, photo(images[1], *ACCIDENTS[accident]))[0]
    assert (page.state, page.session, page.printed_page) == (
        PageState.FILED,
        cast.session,
        print_.pages.last(),
    )
    assert page.turned == {"on its side": 1, "head down": 2, "the other side": 3, "all of it": 2}.get(
        accident, 0
    )
    assert page.evidence.kind == Evidence.Kind.SCAN and page.evidence.session == cast.session
    assert len(page.evidence.digest) == 64
    # A copy of paper raises nobody's proof by itself.
    cast.session.refresh_from_db()
    assert cast.session.evidence == "facilitator_mark"


def test_pages_of_one_file_go_each_its_own_way_and_none_is_lost(cast, listed):
    _print, images = listed
    file = scanned(
        images[1], Image.new("RGB", images[0].size, "white"), without_code(images[0]), images[0].rotate(180)
    )
    pages = sent(cast.session, cast.coordinator, file, "scan.pdf")
    assert [page.state for page in pages] == ["filed", "tray", "tray", "filed"]
    assert [page.why for page in pages] == ["", Why.BLANK, Why.NO_CODE, ""]
    assert [page.printed_page and page.printed_page.number for page in pages] == [2, None, None, 1]
    assert pages[3].turned == 2
    assert all(page.picture and page.thumbnail for page in pages) and paper_faults() == []


def test_the_same_file_twice_is_one(cast, listed, kim):
    file = photo(listed[1][0])
    first = sent(cast.session, cast.coordinator, file)[0]
    again = send_scan(file, "under another name.jpg", cast.programme, by=kim)
    assert again.is_known and again.scan == first.scan
    assert Scan.objects.count() == 1 and Evidence.objects.count() == 1


def test_two_pages_in_one_picture_wait_for_a_person(cast, listed):
    left, right = listed[1]
    both = Image.new("RGB", (left.width * 2, left.height))
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    page = sent(cast.session, cast.coordinator, photo(both))[0]
    assert (page.state, page.why) == (PageState.TRAY, Why.SEVERAL)


def test_an_old_print_is_understood_after_the_sheet_changed(cast, kim):
    fill_sheet(cast, 3)
    guest = add_walk_in(cast.session, name="Åke Förbi", by=THE_SHELL)
    _print, images = printed(cast.session, cast.coordinator)
    remove_walk_in(guest, by=THE_SHELL)
    add_walk_in(cast.session, name="Sena Nyman", by=THE_SHELL)
    page = sent(cast.session, cast.coordinator, photo(images[0]))[0]
    numbers = {row.row.id: row.number for row in rows_beside(page)}
    assert len(numbers) == 3 and guest.pk not in numbers
    assert sorted(numbers.values()) == [
        place + 1 for place, pk in enumerate(page.printed_page.rows) if pk in numbers
    ]


# ---------- faults ----------


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90 not a picture at all", "list.jpg", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "list.svg", "kind"),
        (b"", "empty.pdf", "empty"),
        (b"%PDF-1.7 and then nothing", "half.pdf", "damaged"),
    ],
)
def test_what_is_no_scan_is_refused_with_a_sentence(cast, kim, content, name, code):
    with pytest.raises(Refusal) as no:
        send_scan(io.BytesIO(content), name, cast.programme, by=kim)
    assert (no.value.code, no.value.field) == (code, "file")
    assert Scan.objects.count() == 0


def test_sixty_megabytes_are_refused_before_they_are_read(cast, kim):
    class Large(TemporaryUploadedFile):
        def read(self, *args):
            raise AssertionError("nobody reads it")

    file = Large("scan.pdf", "application/pdf", 60 * 1024 * 1024, None)
    with pytest.raises(Refusal, match="larger than 50 MB") as no:
        send_scan(file, "scan.pdf", cast.programme, by=kim)
    assert no.value.code == "too_large"


def test_too_many_pages_and_a_locked_file_are_refused(cast, kim):
    from pypdf import PdfWriter

    def written(pages: int, password: str = "") -> io.BytesIO:
        writer, buffer = PdfWriter(), io.BytesIO()
        for _page in range(pages):
            writer.add_blank_page(200, 300)
        if password:
            writer.encrypt(password, algorithm="RC4-128")
        writer.write(buffer)
        buffer.seek(0)
        return buffer

    for file, code in ((written(MOST_PAGES + 1), "pages"), (written(1, "secret"), "locked")):
        with pytest.raises(Refusal) as no:
            send_scan(file, "scan.pdf", cast.programme, by=kim)
        assert no.value.code == code


def test_a_name_of_two_hundred_letters_stays_a_name(cast, listed):
    page = sent(cast.session, cast.coordinator, photo(listed[1][0]), "ż" * 200 + ".jpg")[0]
    assert page.state == PageState.FILED and len(page.scan.file_name) <= 200
    assert len(page.evidence.file_name) <= 200


def test_codes_of_another_event_reveal_nothing_to_who_sent_them(cast, listed):
    """Ola of another programme sends Kim's list: she learns nothing of it, Kim finds it in her tray."""
    ola = cast.other_coordinator
    one = send_scan(photo(listed[1][0]), "x.jpg", cast.other_programme, by=Actor(person=ola)).scan
    work_on_scan(one)
    page = one.pages.get()
    assert (page.state, page.why) == (PageState.TRAY, Why.ELSEWHERE)
    assert Evidence.objects.count() == 0
    assert page in pages_visible_to(ola) and page in pages_visible_to(cast.coordinator)
    with pytest.raises(Refusal):
        file_page(page, Place(cast.session), by=Actor(person=ola))
    filed = file_page(page, Place(page.session, page.printed_page), by=Actor(person=cast.coordinator))
    assert filed.state == PageState.FILED
    assert filed not in pages_visible_to(ola) and not may_open_original(ola, one)


def test_a_code_of_another_house_lies_in_the_tray(cast, kim):
    import segno

    buffer = io.BytesIO()
    segno.make("https://example.org/event/1").save(buffer, kind="png", scale=12, border=4)
    page = sent(cast.session, cast.coordinator, buffer.__class__(buffer.getvalue()), "other.png")[0]
    assert (page.state, page.why, page.session) == (PageState.TRAY, Why.ELSEWHERE, None)


def test_a_page_that_brings_its_reader_down_is_left_to_people(cast, listed, kim, monkeypatch):
    one = send_scan(photo(listed[1][0]), "x.jpg", cast.programme, by=kim).scan
    one.pages.update(attempts=scans.MOST_ATTEMPTS)
    work_on_scan(one)
    page = one.pages.get()
    assert (page.state, page.why) == (PageState.TRAY, Why.BROKEN)
    with pytest.raises(Refusal):
        file_page(page, Place(cast.session), by=kim)
    assert restore_page(discard_page(page, "scanned again", by=kim), by=kim).state == PageState.TRAY


def test_the_worker_takes_up_what_was_left_and_nobody_reads_twice(cast, listed, kim):
    one = send_scan(scanned(*listed[1]), "scan.pdf", cast.programme, by=kim).scan
    work_on_scan(one, seconds=0.000001)
    one.refresh_from_db()
    assert one.read_at is None and one.pages.filter(state=PageState.UNREAD).count() == 1
    work_on_scans()
    work_on_scans()
    one.refresh_from_db()
    assert one.read_at and Evidence.objects.count() == 2


# ---------- the tray ----------


def test_by_hand_a_page_is_filed_by_its_letters_or_thrown_away_and_taken_out(cast, listed, kim, settings):
    print_, images = listed
    page = sent(cast.session, cast.coordinator, photo(without_code(images[1])))[0]
    with pytest.raises(Refusal) as no:
        discard_page(page, "  ", by=kim)
    assert no.value.code == "reason_missing"
    discard_page(page, "Coffee", by=kim)
    undo(Entry.objects.filter(verb="discard_page").get(), by=kim)
    with pytest.raises(Refusal) as no:
        file_by_code(page, "BCDFGHJKM-1-BCDF", by=kim)
    assert no.value.code == "unknown_code"
    code = print_.pages.last().code.replace("-", " ").lower()
    filed = file_by_code(page, code, by=kim)
    assert (filed.session, filed.printed_page) == (cast.session, print_.pages.last())
    with pytest.raises(Refusal):
        discard_page(filed, "too late", by=kim)


def test_blank_backs_go_at_once_and_what_somebody_wrote_is_not_blank(cast, listed, kim):
    white = Image.new("RGB", (1654, 2339), (250, 248, 244))
    note = white.copy()
    pen = ImageDraw.Draw(note)
    for word in range(6):
        at = (200 + word * 130, 400)
        pen.line([at, (at[0] + 40, 430), (at[0] + 80, 395), (at[0] + 110, 425)], fill=(40, 50, 120), width=5)
    pages = sent(cast.session, cast.coordinator, scanned(noise(white), darken(white), note), "backs.pdf")
    assert [page.why for page in pages] == [Why.BLANK, Why.BLANK, Why.NO_CODE]
    assert discard_blank(pages, by=kim) == 2
    assert [page.state for page in ScanPage.objects.order_by("number")] == ["discarded", "discarded", "tray"]


def test_a_page_filed_at_a_wrong_place_comes_back_into_the_tray(cast, listed, kim):
    page = sent(cast.session, cast.coordinator, photo(without_code(listed[1][0])))[0]
    page = file_page(page, Place(cast.session), by=kim)
    with pytest.raises(Refusal):
        withdraw_page(page, "", by=kim)
    page = withdraw_page(page, "Another course", by=kim)
    assert (page.state, page.why, page.session, page.evidence) == ("tray", Why.WITHDRAWN, None, None)
    assert Evidence.objects.count() == 0
    assert Entry.objects.filter(verb="withdraw_evidence", reason="Another course").exists()
    assert file_by_code(page, listed[0].pages.first().code, by=kim).state == "filed"


def test_pictures_thrown_away_long_ago_go_and_the_note_stays(cast, listed, kim):
    page = sent(cast.session, cast.coordinator, photo(without_code(listed[1][0])))[0]
    discard_page(page, "Coffee", by=kim)
    assert forget_discarded() == 0
    ScanPage.objects.update(decided_at="2020-01-01T00:00:00Z")
    assert (forget_discarded(), forget_discarded()) == (1, 0)
    page.refresh_from_db()
    assert not page.picture and page.said == "Coffee" and not Scan.objects.get().file
    with pytest.raises(Refusal):
        restore_page(page, by=kim)
    # The same picture again is no dead end: it is read anew.
    again = sent(cast.session, cast.coordinator, photo(without_code(listed[1][0])))[0]
    assert (again, again.state) == (page, PageState.TRAY) and again.picture


def test_a_picture_of_an_iphone_is_read(cast, listed):
    import pillow_heif

    buffer = io.BytesIO()
    pillow_heif.from_pillow(turn(90)(listed[1][0])).save(buffer, quality=50)
    buffer.seek(0)
    page = sent(cast.session, cast.coordinator, buffer, "IMG_0001.HEIC")[0]
    assert (page.state, page.turned, page.scan.media_type) == (PageState.FILED, 1, "image/jpeg")


# ---------- marks ----------


def test_marks_from_paper_carry_the_scan_as_proof_and_are_undone_as_one(cast, listed, kim):
    page = sent(cast.session, cast.coordinator, photo(listed[1][0]))[0]
    here, part, absent = page.printed_page.rows[:3]
    mark_attendance(Attendance.objects.get(pk=here), "here", by=Actor(person=cast.leader))
    start, end = cast.session.starts_at, cast.session.ends_at
    number = mark_from_paper(
        page,
        [
            PaperMark(here, "here", seen="here"), PaperMark(absent, "absent", seen="none"),
            PaperMark(part, "part", start, start + (end - start) / 2, seen="none"),
        ],
        by=kim,
    )  # fmt: skip
    assert number == 3
    said = {
        row.pk: (row.mark, row.evidence) for row in Attendance.objects.filter(pk__in=(here, part, absent))
    }
    assert said == {
        here: ("here", "scanned_list"), part: ("part", "scanned_list"), absent: ("absent", "scanned_list"),
    }  # fmt: skip
    undo(Entry.objects.filter(verb="mark_from_paper").get(), by=kim)
    said = {
        row.pk: (row.mark, row.evidence) for row in Attendance.objects.filter(pk__in=(here, part, absent))
    }
    assert said == {
        here: ("here", "facilitator_mark"), part: ("none", "facilitator_mark"), absent: ("none", "facilitator_mark"),
    }  # fmt: skip


def test_two_coordinators_on_one_sheet_do_not_overwrite_each_other_unseen(cast, listed, kim):
    page = sent(cast.session, cast.coordinator, photo(listed[1][0]))[0]
    other = Actor(person=cast.other_coordinator)
    give_seat(cast.programme, cast.other_coordinator, "coordinator", by=THE_SHELL)
    row = page.printed_page.rows[0]
    mark_from_paper(page, [PaperMark(row, "here", seen="none")], by=kim)
    mark_from_paper(page, [PaperMark(row, "absent", seen="none")], by=other)
    found = Attendance.objects.get(pk=row)
    assert found.is_disputed and found.marks.count() == 2


def test_a_name_at_the_foot_becomes_a_row_beside_the_page(cast, listed, kim):
    page = sent(cast.session, cast.coordinator, photo(listed[1][1]))[0]
    row = add_from_paper(page, "Łucja Nowa", by=kim)
    page.refresh_from_db()
    assert (row.mark, row.evidence) == ("here", "scanned_list")
    assert rows_beside(page)[-1].row.name == "Łucja Nowa"


def test_a_done_sheet_is_corrected_from_paper_only_with_a_reason(cast, listed, kim):
    page = sent(cast.session, cast.coordinator, photo(listed[1][0]))[0]
    Attendance.objects.filter(session=cast.session).update(mark="absent")
    Session.objects.filter(pk=cast.session.pk).update(state="done")
    row = page.printed_page.rows[0]
    with pytest.raises(Refusal) as no:
        mark_from_paper(page, [PaperMark(row, "here", seen="absent")], by=kim)
    assert no.value.code == "reason_missing"
    assert mark_from_paper(page, [PaperMark(row, "here", seen="absent")], by=kim, reason="She signed") == 1


def test_who_loses_the_seat_sees_nothing_more(cast, listed):
    sent(cast.session, cast.coordinator, photo(listed[1][0]))
    assert scans_visible_to(cast.coordinator).count() == pages_visible_to(cast.coordinator).count() == 1
    cast.coordinator.seats.all().delete()
    assert not scans_visible_to(cast.coordinator) and not pages_visible_to(cast.coordinator)
    assert PrintedList.objects.count() == 1
