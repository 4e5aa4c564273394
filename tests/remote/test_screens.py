"""The screens of log-in lists: send, say who is who, write, take back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverk.activities.models import Attendance, Session
from samverk.remote.models import RemoteLog
from samverk.trail.models import Entry
from tests.activities.sheets import fill_sheet, give_place
from tests.cast import make_person, signed_in_client
from tests.remote.lists import zoom


@pytest.fixture
def kim(cast):
    fill_sheet(cast, 5)
    starts = cast.session.starts_local.replace(hour=17, minute=0) - timedelta(days=30)
    Session.objects.filter(pk=cast.session.pk).update(
        starts_at=starts, ends_at=starts + timedelta(hours=2), planned_minutes=120
    )
    cast.session.refresh_from_db()
    return signed_in_client(cast.coordinator)


def send(kim, session, stays, name: str = "zoom.csv"):
    file = SimpleUploadedFile(name, zoom(session, stays))
    return kim.post(reverse("office:session_logs", args=[session.code]), {"file": file}, follow=True)


def test_a_list_is_sent_asked_about_written_and_taken_back(cast, kim):
    stays = [("Amina Yusuf", "p1@example.org", 0, 60), ("Stranger", "", 0, 60), ("Bjorn Oeberg", "", 10, 110)]
    page = send(kim, cast.session, stays).content.decode()
    log = RemoteLog.objects.get()
    assert "Found by e-mail" in page and "2 people are not clear" in page
    write = reverse("office:remote_log_write", args=[log.code])
    refused = kim.post(write)
    assert (
        refused.status_code == 422 and "2 people on the list are not answered for" in refused.content.decode()
    )
    keys = [line.split('"')[0] for line in page.split('name="a-')[1:]]
    assert len(keys) == 2
    bo = Attendance.objects.get(session=cast.session, person__email="p2@example.org")
    answers = dict(zip([f"a-{key}" for key in keys], [f"row:{bo.pk}", "skip"], strict=True))
    kept = kim.post(
        reverse("office:remote_log_answer", args=[log.code]), answers, follow=True
    ).content.decode()
    assert "2 rows would change" in kept and not Attendance.objects.exclude(mark="none").exists()
    done = kim.post(write, follow=True).content.decode()
    assert "2 rows are marked from the list" in done and "Written onto the sheet" in done
    assert "The filed list" in done
    kim.post(reverse("office:undo", args=[Entry.objects.get(verb="write_log").code]))
    assert not Attendance.objects.exclude(mark="none").exists()


def test_a_wrong_file_is_said_at_its_field(cast, kim):
    answer = kim.post(
        reverse("office:session_logs", args=[cast.session.code]),
        {"file": SimpleUploadedFile("x.csv", b"hello")},
    )
    assert answer.status_code == 422 and "No list of people with times was found" in answer.content.decode()


def test_a_list_of_another_day_says_so(cast, kim):
    page = send(
        kim, cast.session, [("Amina Yusuf", "p1@example.org", 60 * 24 * 9, 60 * 24 * 9 + 60)]
    ).content.decode()
    assert "Nobody on this list was there during the session" in page


def test_a_done_sheet_asks_why(cast, kim):
    send(kim, cast.session, [("Amina Yusuf", "p1@example.org", 0, 60)])
    Attendance.objects.filter(session=cast.session).update(mark="absent")
    Session.objects.filter(pk=cast.session.pk).update(state="done")
    write = reverse("office:remote_log_write", args=[RemoteLog.objects.get().code])
    assert kim.post(write).status_code == 422
    assert kim.post(write, {"reason": "She was there by video"}).status_code == 302
    assert Attendance.objects.filter(mark="part").count() == 1


def test_a_long_list_asks_the_database_as_often_as_a_short_one(cast, kim):
    def asked(session) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert (
                kim.get(reverse("office:remote_log", args=[RemoteLog.objects.latest("pk").code])).status_code
                == 200
            )
        return len(caught)

    send(kim, cast.session, [("Amina Yusuf", "p1@example.org", 0, 60), ("Bo", "", 0, 60)])
    few = asked(cast.session)
    Session.objects.filter(pk=cast.session.pk).update(
        starts_at=cast.session.starts_at + timedelta(days=400),
        ends_at=cast.session.ends_at + timedelta(days=400),
    )
    for number in range(15):
        give_place(cast.activity, make_person("Mer", f"Folk{number}", email=f"more{number}@example.org"))
    cast.session.refresh_from_db()
    stays = [(f"Folk{n} Mer", f"more{n}@example.org" if n % 2 else "", 0, 10 + n) for n in range(15)]
    send(kim, cast.session, [*stays, *[(f"Stranger {n}", "", 0, 60) for n in range(9)]], "more.csv")
    assert asked(cast.session) == few
