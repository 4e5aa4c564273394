"""The clock: one worker at a time, every so often, whatever happened to the last one."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from samverk.kit.acting import THE_SHELL, Actor
from samverk.kit.duties import Duty
from samverk.people.commands import create_person
from samverk.trail import clock
from samverk.trail.clock import give_back, run, run_until, take
from samverk.trail.commands import forget_addresses, forget_undo_facts, log
from samverk.trail.models import ClockRun, Entry
from samverk.trail.queries import clock_faults

pytestmark = pytest.mark.django_db


def duty(work=lambda: None, every: int = 60, **more) -> Duty:
    return Duty("tests.duty", every, work, **more)


def past(**span):
    return timezone.now() - timedelta(**span)


def test_a_duty_runs_and_waits_for_its_time():
    ran = []
    mine = duty(lambda: ran.append(1))
    assert (run(mine), run(mine)) == (True, False)
    ClockRun.objects.update(last_started=past(seconds=61))
    assert run(mine) and len(ran) == 2


def test_only_one_worker_holds_a_duty():
    assert take(duty()) and not take(duty())
    ClockRun.objects.update(last_started=past(seconds=61))
    assert not take(duty())  # the first is still at it
    ClockRun.objects.update(leased_until=past(seconds=1))
    assert take(duty())  # it died


def test_a_duty_that_fails_is_noted_and_tried_at_its_next_time():
    def fail():
        raise ValueError("no paper")

    assert run(duty(fail))
    run_row = ClockRun.objects.get()
    assert run_row.last_error == "ValueError: no paper" and run_row.leased_until is None
    assert clock_faults() == ["clock: tests.duty failed: ValueError: no paper"]
    ClockRun.objects.update(last_started=past(seconds=61))
    run(duty())
    assert clock_faults() == []


def test_a_duty_that_is_not_needed_writes_nothing(queries):
    idle = duty(is_needed=lambda: False)
    assert queries(lambda: run(idle)) == 0


def test_the_doctor_sees_a_clock_that_stands_still():
    run(duty())
    ClockRun.objects.update(last_finished=past(minutes=30))
    assert "no duty was done for 30 minutes" in clock_faults()[0]
    take(Duty("tests.other", 60, lambda: None))
    ClockRun.objects.filter(duty="tests.other").update(leased_until=past(minutes=30))
    assert any("tests.other was begun and never finished" in line for line in clock_faults())
    give_back(Duty("tests.other", 60, lambda: None))
    assert clock_faults() == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_stops_when_it_is_told_to():
    stop = threading.Event()
    worker = threading.Thread(target=run_until, args=(stop,))
    worker.start()
    time.sleep(0.3)
    stop.set()
    worker.join(timeout=20)
    assert not worker.is_alive()


def test_the_trail_forgets_addresses_after_ninety_days_and_undo_after_one():
    person = create_person("Anna", by=THE_SHELL)
    log("edit", person, by=Actor(address="192.0.2.1"), undo_with="x", undo_facts={"given_name": "Ana"})
    assert forget_addresses() == 0 and forget_undo_facts() == 0
    Entry.objects.update(at=past(hours=25))
    forget_undo_facts()
    entry = Entry.objects.get(verb="edit")
    assert entry.undo_facts == {} and entry.address == "192.0.2.1"
    Entry.objects.update(at=past(days=91))
    forget_addresses()
    entry.refresh_from_db()
    assert entry.address is None


def test_the_health_page_measures_schema_clock_and_mail(client):
    answer = client.get("/health/").json()
    assert answer["schema"] == "fits" and answer["mail"] == {"waiting": 0} and not answer["ok"]
    run(duty())
    assert client.get("/health/").json()["ok"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_busy_for_a_moment_does_not_keep_a_duty_waiting():
    def busy():
        raise OperationalError("database is locked")

    assert run(duty(busy))
    row = ClockRun.objects.get()
    assert row.leased_until is None and "database is locked" in row.last_error


@pytest.mark.django_db(transaction=True)
def test_one_duty_that_stumbles_does_not_stop_the_clock(monkeypatch):
    asked = []

    def stumble():
        asked.append(1)
        raise ValueError("no")

    monkeypatch.setattr(clock, "REST_AFTER_FAULT_SECONDS", 0.05)
    monkeypatch.setattr(clock, "duties", [("tests.duty", duty(every=0, is_needed=stumble))])
    stop = threading.Event()
    worker = threading.Thread(target=run_until, args=(stop,))
    worker.start()
    time.sleep(0.5)
    stop.set()
    worker.join(timeout=20)
    assert len(asked) > 1
