"""Checking in at the door: scans per second through one web process, and what a watching screen costs.

A sheet of 300 people. Scans arrive one by one (a phone with network) and as one batch (a phone that comes back).
Figures are CPU of this process: the phones, the network and the other processes of a real installation come on top.

    bin/bench checkin [--people 300]
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from datetime import date, timedelta
from typing import Any

from benchmarks.installation import empty_installation, measured, said


def make_sheet(people: int) -> tuple[Any, Any]:
    """A running session with so many people who have a place, and its coordinator."""
    from django.utils import timezone

    from samverk.activities.commands.activities import create_activity, publish_activity
    from samverk.activities.commands.registrations import register_for
    from samverk.activities.commands.sessions import schedule_session
    from samverk.kit.acting import THE_SHELL
    from samverk.people.commands import create_person
    from samverk.programmes.commands import create_programme, give_seat

    programme = create_programme(
        "DOOR", name="Door", language="en", country="SE", starts=date(2020, 1, 1), ends=date(2040, 12, 31), by=THE_SHELL
    )  # fmt: skip
    coordinator = create_person("Dora", "Door", email="dora@example.org", by=THE_SHELL)
    give_seat(programme, coordinator, "coordinator", by=THE_SHELL)
    activity = create_activity(
        programme, title="Forum", language="en", kind="conference", audience="public", capacity=None, by=THE_SHELL
    )  # fmt: skip
    starts = timezone.now() + timedelta(hours=1)
    session = schedule_session(
        activity, starts_at=starts, ends_at=starts + timedelta(hours=6), planned_minutes=300, by=THE_SHELL
    )
    publish_activity(activity, by=THE_SHELL)
    for number in range(people):
        person = create_person("Guest", f"Number {number}", email=f"g{number}@example.org", by=THE_SHELL)
        register_for(activity, person=person, language="en", by=THE_SHELL, tell=False)
    return session, coordinator


def browser_of(person: Any) -> Any:
    """A browser in which the person is signed in."""
    from django.test import Client

    from samverk.people.models import Device

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    Device.objects.get_or_create(session_key=client.session.session_key, defaults={"person": person})
    return client


def scan(code: str) -> dict[str, str]:
    from django.utils import timezone

    return {
        "id": str(uuid.uuid4()), "row": "", "mark": "here", "seen": "", "scan": code, "tapped_at": timezone.now().isoformat()
    }  # fmt: skip


def send(client: Any, address: str, marks: list[dict[str, str]]) -> dict[str, Any]:
    body = json.dumps({"device": "bench", "marks": marks, "panels": ["counter"]})
    return client.post(address, body, content_type="application/json").json()


def timed(name: str, count: int, act: Any) -> None:
    """Scans per second of wall clock and CPU milliseconds each."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:<46} {count / wall:7.0f} a second, {cpu * 1000 / count:5.1f} ms CPU each")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--people", type=int, default=300)
    people = ask.parse_args().people
    with empty_installation():
        from django.urls import reverse

        from samverk.activities.models import Attendance, Registration, Session

        session, coordinator = make_sheet(people)
        client = browser_of(coordinator)
        codes = list(Registration.objects.values_list("check_in_code", flat=True))
        marks, news = (
            reverse(f"office:{name}", args=[session.code]) for name in ("attendance_marks", "attendance_news")
        )
        half = people // 2
        timed(
            "one by one, as from phones with network",
            half,
            lambda: [send(client, marks, [scan(code)]) for code in codes[:half]],
        )
        batch = [scan(code) for code in codes[half:]]
        timed("one batch, as from a phone that comes back", len(batch), lambda: send(client, marks, batch))
        timed("the same batch sent again", len(batch), lambda: send(client, marks, batch))
        here = Attendance.objects.filter(session=session, mark="here").count()
        print(f"{here} of {people} are here, each once")
        version = Session.objects.get(pk=session.pk).sheet_version
        said(
            "a watching screen, nothing new",
            measured(lambda: client.get(news, {"version": version})),
            "every 3 s",
        )
        said(
            "a watching screen, something new",
            measured(lambda: client.get(news, {"version": "-1"})),
            "once a change",
        )
        said(
            "the camera page",
            measured(lambda: client.get(reverse("office:check_in", args=[session.code]))),
            "once",
        )
    return 0 if here == people else 1
