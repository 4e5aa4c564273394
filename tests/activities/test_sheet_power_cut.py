"""Power cuts while a sheet is marked or closed: each act is whole, or it never was."""

from __future__ import annotations

import uuid

import pytest

from samverk.activities.commands.attendance import close_session, mark_attendance, mark_rest
from samverk.activities.models import Attendance, MarkReceived, Session
from samverk.activities.sheet_queries import counts_of, sheet_faults
from samverk.kit.acting import THE_SHELL
from samverk.ledger.commands.posting import post_hours
from samverk.ledger.models import HourEntry
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet
from tests.activities.test_race import act_and_die, same_database  # noqa: F401
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
ACT = """
from samverk.activities.commands.attendance import *
from samverk.activities.models import Attendance, Session
from samverk.kit.acting import THE_SHELL
"""


@pytest.fixture
def sheet(transactional_db):
    cast = make_cast()
    fill_sheet(cast, 3)
    begin(cast.session)
    return cast.session


def test_killed_while_marking_leaves_no_half_mark_and_the_tap_is_taken_when_it_comes_again(
    sheet, same_database
):  # noqa: F811
    row, tap = Attendance.objects.filter(session=sheet).first(), uuid.uuid4()
    act = f"mark_attendance(Attendance.objects.get(pk={row.pk}), 'here', by=THE_SHELL, mark_id=uuid.UUID('{tap}'))"
    act_and_die("attendance.before_commit", ACT + act, same_database)
    assert Attendance.objects.get(pk=row.pk).mark == "none"
    assert not MarkReceived.objects.exists() and not Entry.objects.filter(verb="mark").exists()
    assert mark_attendance(row, "here", by=THE_SHELL, mark_id=tap).mark == "here"


def test_killed_while_marking_the_rest_marks_nobody(sheet, same_database):  # noqa: F811
    act = f"mark_rest(Session.objects.get(pk={sheet.pk}), 'here', by=THE_SHELL)"
    act_and_die("attendance.before_commit", ACT + act, same_database)
    assert counts_of(sheet).unmarked == 3
    assert mark_rest(sheet, "here", by=THE_SHELL) == 3


def test_killed_while_closing_leaves_the_sheet_open_and_no_hour_asked_for(sheet, same_database):  # noqa: F811
    mark_rest(sheet, "here", by=THE_SHELL)
    act = f"close_session(Session.objects.get(pk={sheet.pk}), by=THE_SHELL)"
    act_and_die("closing.before_commit", ACT + act, same_database)
    session = Session.objects.get(pk=sheet.pk)
    assert not session.is_closed and not session.needs_posting
    assert not HourEntry.objects.exists() and sheet_faults() == []
    close_session(session, by=THE_SHELL)
    post_hours(session)
    assert HourEntry.objects.live().count() == 3
