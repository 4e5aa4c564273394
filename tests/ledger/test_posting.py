"""The ledger says what the attendance says, after any sequence of marks, and a second run writes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samverk.activities.choices import EvidenceKind, Mark
from samverk.activities.commands.attendance import (
    close_session,
    correct_attendance,
    mark_attendance,
    undo_closing,
)
from samverk.activities.commands.sessions import cancel_session
from samverk.activities.models import Attendance, Session
from samverk.activities.presences import presences_of
from samverk.directory.models import Affiliation
from samverk.kit.acting import THE_SHELL
from samverk.ledger import doctor
from samverk.ledger.commands.following import follow_changes
from samverk.ledger.commands.posting import post_hours, post_marked
from samverk.ledger.models import HourEntry, PersonMonth
from samverk.trail.commands import log
from tests.cast import make_person
from tests.ledger.ledger_cast import at, course, employer, held, live, meeting, programme_with_line, was_here

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(cast):
    return programme_with_line("ONE")[0]


def test_closing_a_sheet_posts_everybody_who_was_here(programme):
    people = [make_person("Anna", "A"), make_person("Bo", "B")]
    session = meeting(course(programme), at(3), 120)
    was_here(session, people[0])
    was_here(session, people[1], mark=Mark.PART, came_at=at(3, 9, 30), left_at=at(3, 10, 15))
    was_here(session, make_person("Cia", "C"), mark=Mark.ABSENT)
    was_here(session, None, name="A stranger")
    close_session(session, by=THE_SHELL)
    assert [(entry.person, entry.minutes, entry.group_size) for entry in live()] == [
        (people[0], 120, 3),
        (people[1], 45, 3),
    ]
    assert live()[1].starts_local.strftime("%H:%M") == "09:30"


def test_a_stay_is_never_longer_than_what_the_session_counts(programme):
    session = meeting(course(programme), at(3), 180)
    Session.objects.filter(pk=session.pk).update(planned_minutes=150)
    session.refresh_from_db()
    was_here(session, make_person("Anna", "A"))
    was_here(session, make_person("Bo", "B"), mark=Mark.PART, came_at=at(3, 8), left_at=at(3, 13))
    close_session(session, by=THE_SHELL)
    assert [entry.minutes for entry in live()] == [150, 150]


def test_posting_twice_writes_nothing_the_second_time(programme):
    session = held(course(programme), at(3), 60, [(make_person("Anna", "A"), None)])
    before = list(HourEntry.objects.values())
    marked = list(PersonMonth.objects.values_list("marked"))
    assert post_hours(session).changed_nothing
    assert list(HourEntry.objects.values()) == before
    assert list(PersonMonth.objects.values_list("marked")) == marked


def test_a_correction_reverses_the_line_and_names_the_trail_entry(programme):
    session = held(course(programme), at(3), 60, [(make_person("Anna", "A"), None)])
    row = Attendance.objects.get(session=session)
    correct_attendance(
        row, Mark.PART, by=THE_SHELL, reason="left early", came_at=at(3, 9), left_at=at(3, 9, 30)
    )
    old, new = HourEntry.objects.order_by("id")
    assert old.reversed_at and old.reversed_because.startswith("correct ")
    assert (new.minutes, new.reversed_at) == (30, None)


def test_a_late_guest_changes_the_group_but_reverses_nobody(programme):
    from samverk.activities.commands.attendance import add_walk_in

    session = held(course(programme), at(3), 60, [(make_person("Anna", "A"), None)])
    kept = live()[0].pk
    add_walk_in(session, name="Guest", by=THE_SHELL, reason="was forgotten")
    assert [(entry.pk, entry.group_size) for entry in live()] == [(kept, 2)]


def test_another_session_of_the_course_changes_the_plan_on_every_line_of_it(programme):
    activity = course(programme)
    person = make_person("Anna", "A")
    held(activity, at(3), 60, [(person, None)])
    second = held(activity, at(4), 90, [(person, None)])
    assert [entry.planned_minutes for entry in live()] == [150, 150]
    Session.objects.filter(pk=second.pk).update(planned_minutes=60)
    post_hours(second)
    assert sorted(entry.planned_minutes for entry in live()) == [120, 120]


def test_opening_a_sheet_again_takes_its_hours_back(programme):
    session = held(course(programme), at(3), 60, [(make_person("Anna", "A"), None)])
    undo_closing(session.pk, {}, THE_SHELL)
    assert live() == []
    assert doctor.findings() == []


def test_the_stronger_proof_of_row_and_session_stands_on_the_line(programme):
    session = meeting(course(programme), at(3), 60, evidence=EvidenceKind.FACILITATOR_MARK)
    was_here(session, make_person("Anna", "A"), evidence=EvidenceKind.STAFF_SCAN)
    was_here(session, make_person("Bo", "B"), evidence=EvidenceKind.SELF_CLAIM)
    close_session(session, by=THE_SHELL)
    assert [entry.evidence for entry in live()] == ["staff_scan", "facilitator_mark"]


def test_the_contract_share_is_that_of_the_day(programme):
    person = make_person("Anna", "A")
    organisation = employer("E", person)
    Affiliation.objects.filter(person=person).update(contract_share=Decimal("0.6"))
    held(course(programme), at(3), 60, [(person, organisation)])
    assert live()[0].contract_share == Decimal("0.600")


def test_a_changed_affiliation_reaches_the_lines_through_the_trail(programme):
    person = make_person("Anna", "A")
    organisation = employer("E", person)
    follow_changes()
    held(course(programme), at(3), 60, [(person, organisation)])
    affiliation = Affiliation.objects.get(person=person)
    Affiliation.objects.filter(pk=affiliation.pk).update(contract_share=Decimal("0.5"))
    log("edit", affiliation, by=THE_SHELL, changed=["contract_share"])
    while follow_changes():
        pass
    assert post_marked() == 1
    assert live()[0].contract_share == Decimal("0.500")


def test_a_cancelled_session_has_no_hours(programme):
    session = held(course(programme), at(3), 60, [(make_person("Anna", "A"), None)])
    Session.objects.filter(pk=session.pk).update(state=Session.State.CANCELLED)
    post_hours(session)
    assert live() == []
    assert cancel_session


MARKS = st.sampled_from(["here", "absent", "first_half", "second_half"])
STEPS = st.lists(st.tuples(st.integers(0, 2), MARKS, st.booleans()), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_marks_ends_as_posting_once_would(programme, steps):
    people = [
        make_person("Anna", f"A{len(HourEntry.objects.all())}{number}", email=None) for number in range(3)
    ]
    session = meeting(course(programme), at(3), 60)
    rows = [was_here(session, person) for person in people]
    session = close_session(session, by=THE_SHELL)
    for number, what, post_between in steps:
        halves = {"first_half": (at(3, 9), at(3, 9, 30)), "second_half": (at(3, 9, 30), at(3, 10))}
        came, left = halves.get(what, (None, None))
        wanted = Mark.PART if what in halves else Mark(what)
        mark_attendance(rows[number], wanted, by=THE_SHELL, came_at=came, left_at=left, reason="said so")
        if post_between:
            post_hours(session)
    post_hours(session)
    wanted = {row.attendance_id: (row.presence.minutes, row.starts_at) for row in presences_of(session)}
    entries = HourEntry.objects.live().filter(session=session)
    assert {entry.attendance_id: (entry.minutes, entry.starts_at) for entry in entries} == wanted
    for row in rows:
        history = list(HourEntry.objects.filter(attendance=row).order_by("id"))
        assert all(entry.reversed_at for entry in history[:-1])
    assert post_hours(session).changed_nothing


KILLED = """
import os, django
django.setup()
from samverk.activities.models import Session
from samverk.ledger.commands.{module} import {command}
{call}
"""


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("point", "module", "command", "call"),
    [
        ("posting.before_commit", "posting", "post_marked", "post_marked()"),
        ("judging.before_commit", "judging", "judge_stale", "judge_stale()"),
    ],
)
def test_a_power_cut_leaves_nothing_half_written(bare_folder, point, module, command, call):
    """In a database of its own: killed at the point, then run again, and doctor finds nothing."""
    env = {
        **os.environ,
        "SAMVERK_DATA": str(bare_folder),
        "DJANGO_SETTINGS_MODULE": "samverk.config.settings",
    }
    env.pop("DATABASE_URL", None)

    def run(code, **more):
        return subprocess.run([sys.executable, "-c", code], env=env | more, capture_output=True, text=True)

    prepared = run(PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    code = KILLED.format(module=module, command=command, call=call)
    if point.startswith("judging"):
        assert (
            run(KILLED.format(module="posting", command="post_marked", call="post_marked()")).returncode == 0
        )
    killed = run(code, SAMVERK_TEST_KILL_AT=point)
    assert killed.returncode == -signal.SIGKILL
    finished = run(FINISH)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.strip() == "[] 2 120"


PREPARE = """
import django
django.setup()
from tests.ledger.ledger_cast import *
from tests.cast import make_person
from samverk.ledger.models import PersonMonth
programme, line = programme_with_line("ONE")
session = held(course(programme), at(3), 60, [(make_person("Anna", "A"), None), (make_person("Bo", "B"), None)])
HourEntry.objects.all().delete()
PersonMonth.objects.all().delete()
Session.objects.update(needs_posting=True)
"""
FINISH = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from samverk.ledger import doctor
from samverk.ledger.commands.posting import post_marked
from samverk.ledger.commands.judging import judge_stale
from samverk.ledger.models import HourEntry, PersonMonth
post_marked()
# The lease of the killed worker runs out by itself; here time is moved on.
PersonMonth.objects.update(leased_until=None)
while judge_stale():
    pass
print(doctor.findings(), HourEntry.objects.live().count(), sum(PersonMonth.objects.values_list("minutes", flat=True)))
"""
