"""Power cuts while scans are read and lists written: no page twice, none lost, no half list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.models import Attendance
from samverk.kit.acting import Actor
from samverk.ledger.models import Evidence
from samverk.paper.choices import Why
from samverk.paper.commands.scans import send_scan, work_on_scans
from samverk.paper.models import Scan, ScanPage
from samverk.paper.queries import paper_faults
from samverk.remote.commands import take_log, write_log
from samverk.remote.models import RemoteLog
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet
from tests.activities.test_race import act_and_die, same_database  # noqa: F401
from tests.cast import make_cast
from tests.paper.papers import printed, scanned
from tests.remote.lists import file, zoom

pytestmark = pytest.mark.django_db(transaction=True)
READ = "from samverk.paper.commands.scans import work_on_scans; work_on_scans()"


@pytest.fixture
def course(transactional_db):
    cast = make_cast()
    fill_sheet(cast, 20)
    cast.session = begin(cast.session)
    return cast


@pytest.fixture
def scan(course) -> Scan:
    _print, images = printed(course.session, course.coordinator)
    sent = send_scan(scanned(*images), "scan.pdf", course.programme, by=Actor(person=course.coordinator))
    return sent.scan


def lease_over() -> None:
    Scan.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def test_killed_between_two_pages_the_next_worker_goes_on_with_the_second(scan, same_database):  # noqa: F811
    act_and_die("paper.between_pages", READ, same_database)
    assert sorted(ScanPage.objects.values_list("state", flat=True)) == ["filed", "unread"]
    assert work_on_scans() == 0, "another worker may still have it"
    lease_over()
    work_on_scans()
    assert set(ScanPage.objects.values_list("state", flat=True)) == {"filed"}
    assert Evidence.objects.count() == 2 and paper_faults() == []


def test_a_page_that_kills_its_reader_each_time_ends_in_the_tray_and_the_rest_is_read(scan, same_database):  # noqa: F811
    for _time in range(3):
        act_and_die("paper.reading_page", READ, same_database)
        lease_over()
    work_on_scans()
    first, second = ScanPage.objects.order_by("number")
    assert (first.state, first.why, second.state) == ("tray", Why.BROKEN, "filed")
    assert Scan.objects.get().file


def test_killed_while_writing_a_list_nothing_of_it_is_on_the_sheet(course, same_database):  # noqa: F811
    stays = [("Amina Yusuf", "p1@example.org", 0, 30), ("Nova Nilsdotter", "", 0, 20)]
    log = take_log(
        course.session, file(zoom(course.session, stays)), "x.csv", by=Actor(person=course.coordinator)
    )
    act = (
        "from samverk.kit.acting import THE_SHELL\nfrom samverk.remote.commands import write_log\n"
        f"from samverk.remote.models import RemoteLog\nwrite_log(RemoteLog.objects.get(pk={log.pk}), by=THE_SHELL, leaves_open=True)"
    )
    act_and_die("remote.before_commit", act, same_database)
    assert not Attendance.objects.exclude(mark="none").exists()
    assert RemoteLog.objects.get().state == "asked" and Evidence.objects.count() == 0
    assert not Entry.objects.filter(verb="write_log").exists()
    assert write_log(log, by=Actor(person=course.coordinator), leaves_open=True) == 1
