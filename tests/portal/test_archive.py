"""My archive: years, certificates and hours, and everything as one file that only she can fetch."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.models import Attendance, Session
from samverk.kit.acting import Refusal
from samverk.kit.exports import Part, Table, parts_of
from samverk.kit.registers import erasures, export_parts
from samverk.ledger.commands.posting import post_hours
from samverk.people.archives import (
    ask_archive,
    build_archive,
    is_short,
    remove_old_archives,
    work_on_archives,
    write_archive,
)
from samverk.people.models import Archive, Person
from tests.cast import as_person
from tests.certificates.courses import a_course, certified, issue, was_there
from tests.certificates.test_screens import shown

PAGE = "/en/my/archive/"


@pytest.fixture
def her(cast):
    """The participant with a certificate, hours and one absence."""
    made = certified(cast)
    for session in Session.objects.filter(activity=made.activity):
        post_hours(session)
    missed = a_course(cast, title="Missed evening")
    was_there(missed, cast.participant)
    Attendance.objects.filter(session__activity=missed).update(mark="absent")
    return cast.participant


def opened(person: Person, language: str = "en") -> zipfile.ZipFile:
    target = io.BytesIO()
    write_archive(person, target, language)
    return zipfile.ZipFile(target)


def test_the_page_shows_meetings_hours_and_certificates_of_a_year(her, sign_in):
    text = shown(sign_in(her).get(PAGE))
    assert f"{timezone.localdate().year}: 3 h in meetings." in text
    assert text.count("Books for treasurers") == 2
    assert "Missed evening" not in text
    certificate = her.certificates.get()
    assert f"Number {certificate.code}" in text


def test_years_are_chosen_one_at_a_time_and_nonsense_gives_the_newest(cast, her, sign_in):
    old = a_course(cast, title="Long ago")
    was_there(old, her)
    then = timezone.now() - timedelta(days=800)
    Session.objects.filter(activity=old).update(starts_at=then, ends_at=then + timedelta(hours=3))
    client = sign_in(her)
    assert "Long ago" not in shown(client.get(PAGE))
    assert "Long ago" in shown(client.get(f"{PAGE}?year={then.year}"))
    for nonsense in ("1", "20 26", "99999", "x", "-2026", "²²²²"):
        assert "Books for treasurers" in shown(client.get(PAGE, {"year": nonsense}))


def test_an_empty_archive_says_what_will_stand_there(cast, sign_in):
    assert "Nothing here yet" in shown(sign_in(cast.keeper).get(PAGE))


def test_the_archive_holds_a_page_tables_and_certificates(her):
    archive = opened(her)
    names = set(archive.namelist())
    assert {
        "index.html",
        "style.css",
        "attendance.csv",
        "attendance.json",
        "hours.csv",
        "hours.json",
    } <= names
    certificate = her.certificates.get()
    pdf = next(name for name in names if name.endswith(f"{certificate.code}.pdf"))
    assert archive.read(pdf).startswith(b"%PDF-")
    assert archive.read(pdf.replace(".pdf", ".jwt")).decode() == certificate.credential
    attendance = json.loads(archive.read("attendance.json"))
    assert [(row["activity"], row["minutes"]) for row in attendance] == [
        ("Books for treasurers", 180),
        ("Missed evening", 0),
    ]
    hours = json.loads(archive.read("hours.json"))
    assert [row["minutes"] for row in hours] == [180]
    rows = list(csv.reader(io.StringIO(archive.read("hours.csv").decode("utf-8-sig")), delimiter=";"))
    assert rows[1][4] == "Books for treasurers"
    page = archive.read("index.html").decode()
    assert "Archive of Pia Parkvall" in page and f'href="{pdf}"' in page


def test_the_archive_holds_nothing_of_anybody_else(cast, her):
    other = a_course(cast, title="Only Ruts evening")
    issue(other, was_there(other, cast.representative))
    whole = b"".join(opened(her).read(name) for name in opened(her).namelist())
    assert b"Only Ruts evening" not in whole and b"Representant" not in whole


def test_cells_that_look_like_formulas_are_text_and_markup_is_words(cast):
    person = cast.participant
    Person.objects.filter(pk=person.pk).update(phone="=1+1", place="<script>alert(1)</script>")
    person.refresh_from_db()
    archive = opened(person)
    assert "'=1+1" in archive.read("details.csv").decode("utf-8-sig")
    page = archive.read("index.html").decode()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_archive_speaks_her_language(her):
    page = opened(her, "pl").read("index.html").decode()
    assert '<html lang="pl">' in page


def test_a_short_archive_is_made_at_once_and_only_she_can_fetch_it(cast, her, sign_in):
    client = sign_in(her)
    answer = client.post(f"{PAGE}ask/", follow=True)
    assert "Your archive is ready." in shown(answer)
    archive = Archive.objects.get()
    answer = client.get(f"{PAGE}{archive.code}/")
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    for other in (cast.representative, cast.coordinator, cast.keeper):
        assert sign_in(other).get(f"{PAGE}{archive.code}/").status_code == 404


def test_a_long_one_is_left_to_the_worker_and_shows_progress(cast, her, sign_in):
    for number in range(3):
        course = a_course(cast, title=f"Evening {number}")
        issue(course, was_there(course, her))
    assert not is_short(her)
    client = sign_in(her)
    answer = client.post(f"{PAGE}ask/", follow=True)
    assert "Your archive is being made" in shown(answer)
    assert "is being made already" in shown(client.post(f"{PAGE}ask/", follow=True))
    assert work_on_archives() == 1
    archive = Archive.objects.get()
    assert (archive.state, archive.done, archive.total) == ("ready", 8, 8)
    assert "Download my archive" in shown(client.get(PAGE))


def test_a_new_one_takes_the_old_ones_place_and_both_go_after_seven_days(her):
    by = as_person(her)
    first = ask_archive(her, language="sv", by=by)
    with pytest.raises(Refusal) as no:
        ask_archive(her, language="sv", by=by)
    assert no.value.code == "at_work"
    build_archive(first)
    second = ask_archive(her, language="sv", by=by)
    build_archive(second)
    stored = Archive.objects.get()
    assert stored == second
    assert remove_old_archives() == 0
    name, storage = stored.file.name, stored.file.storage
    assert storage.exists(name)
    Archive.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert remove_old_archives() == 1
    assert not Archive.objects.exists()


def test_an_archive_that_fails_again_and_again_says_so(her, sign_in):
    archive = ask_archive(her, language="sv", by=as_person(her))
    Archive.objects.update(attempts=3)
    assert not build_archive(archive)
    assert "could not be made" in shown(sign_in(her).get(PAGE))


def test_every_app_that_knows_people_has_its_part(cast):
    assert {"people", "directory", "programmes", "activities", "ledger", "certificates"} <= {
        name for name, _function in export_parts
    }
    for part in parts_of(cast.protected):
        assert isinstance(part, Part)
        for table in part.tables:
            assert isinstance(table, Table)
            assert all(set(row) == {key for key, _label in table.columns} for row in table.rows)


def test_an_erasure_takes_archives_that_lie_ready(her):
    build_archive(ask_archive(her, language="sv", by=as_person(her)))
    assert erasures.get("archives")(her) == 1
    assert not Archive.objects.exists()


def test_the_page_costs_the_same_with_one_and_with_many_meetings(cast, her, sign_in, queries):
    client = sign_in(her)
    client.get(PAGE)
    one = queries(lambda: client.get(PAGE))
    for number in range(8):
        course = a_course(cast, title=f"More {number}")
        issue(course, was_there(course, her))
    assert queries(lambda: client.get(PAGE)) == one
