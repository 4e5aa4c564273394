"""600 people race for 500 places and 40 for 5, through four web processes.

Exactly 500 and 5 get a place, everybody else stands on the waiting list once, nobody is lost, nobody stands twice;
one form in ten is sent twice at the same moment. On SQLite in a folder of its own, or on the database of DATABASE_URL
(an empty one).

    bin/bench race [--people 600] [--places 500] [--workers 4]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

BROWSERS = 32
WAIT_SECONDS = 60


@dataclass
class Outcome:
    """What stands in the database after the race."""

    confirmed: int
    waiting: int
    registrations: int
    people: int
    on_sheet: int
    places_taken: int
    findings: list[str]

    def is_exact(self, people: int, places: int) -> bool:
        """Whether every place is taken once and everybody else waits."""
        stands = (
            self.confirmed,
            self.waiting,
            self.registrations,
            self.people,
            self.on_sheet,
            self.places_taken,
        )
        return stands == (places, people - places, people, people, places, places) and not self.findings


# ---------- inside a process of the product ----------


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samverk.config.settings")
    import django

    django.setup()


def make_activity(places: int) -> str:
    """A published activity with so many places; its code."""
    from django.utils import timezone

    from samverk.activities.commands.activities import create_activity, publish_activity
    from samverk.activities.commands.sessions import schedule_session
    from samverk.kit.acting import THE_SHELL
    from samverk.programmes.models import Programme

    programme, _made = Programme.objects.get_or_create(
        code="RACE",
        defaults={
            "name": "Race",
            "language": "en",
            "country": "SE",
            "starts": date(2020, 1, 1),
            "ends": date(2040, 12, 31),
        },
    )
    activity = create_activity(
        programme, title=f"{places} places", language="en", kind="meeting", by=THE_SHELL,
        audience="public", capacity=places,
    )  # fmt: skip
    starts = timezone.now() + timedelta(days=30)
    schedule_session(
        activity, starts_at=starts, ends_at=starts + timedelta(hours=2), planned_minutes=120, by=THE_SHELL
    )
    return publish_activity(activity, by=THE_SHELL).code


def register_and_confirm(code: str, first: int, count: int) -> None:
    """The race without web servers: one of several processes that call the commands."""
    from samverk.activities.commands.registrations import confirm_registration, register
    from samverk.activities.models import Activity
    from samverk.kit.acting import LINK, Actor

    activity = Activity.objects.get(code=code)
    for number in range(first, first + count):
        registration = register(
            activity, given_name=f"Person{number}", email=f"p{number}.{code}@example.org".lower(), language="en",
            form_key=uuid.uuid4(), by=Actor(),
        )  # fmt: skip
        confirm_registration(registration, by=Actor(through=LINK))


def links_to_confirm(code: str) -> list[str]:
    """The personal links that the mails of this activity carry."""
    from samverk.activities.messages import place_token
    from samverk.activities.models import Registration

    waiting = Registration.objects.filter(activity__code=code, state__in=["held", "queued_held"])
    return [f"/en/place/{place_token(registration)}/" for registration in waiting]


def outcome_of(code: str) -> Outcome:
    """Counted from the rows, beside what the doctor finds."""
    from samverk.activities.models import Activity, Attendance
    from samverk.activities.queries import registration_faults

    activity = Activity.objects.get(code=code)
    registrations = activity.registrations.all()
    return Outcome(
        confirmed=registrations.filter(state="confirmed").count(),
        waiting=registrations.filter(state="waiting").count(),
        registrations=registrations.count(),
        people=registrations.values("person").distinct().count(),
        on_sheet=Attendance.objects.filter(session__activity=activity).values("person").distinct().count(),
        places_taken=activity.places_taken,
        findings=registration_faults(),
    )


STEPS: dict[str, Callable[..., Any]] = {
    "make": lambda places: make_activity(int(places)),
    "run": lambda code, first, count: register_and_confirm(code, int(first), int(count)),
    "links": links_to_confirm,
    "outcome": lambda code: vars(outcome_of(code)),
}


def step(name: str, *arguments: object, environ: dict[str, str]) -> Any:
    """Do one step in a process of its own, and read its answer."""
    return finish(start_step(name, *arguments, environ=environ))


def start_step(name: str, *arguments: object, environ: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "-m", "benchmarks.race", "--step", name, *map(str, arguments)]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen) -> Any:
    said, _nothing = process.communicate()
    if process.returncode:
        raise RuntimeError(f"a process of the race ended with {process.returncode}")
    return json.loads(said)


# ---------- a browser that is no browser ----------


class Browser:
    """Reads the page, keeps the cookie, sends the form. Each comes from an address of its own."""

    def __init__(self, port: int, address: str) -> None:
        self.port = port
        self.headers = {"X-Forwarded-For": address, "X-Forwarded-Proto": "http", "Host": f"127.0.0.1:{port}"}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        headers = dict(self.headers)
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
            answer = connection.getresponse()
            cookies = answer.headers.get_all("Set-Cookie") or []
            if cookies:
                self.headers["Cookie"] = "; ".join(cookie.partition(";")[0] for cookie in cookies)
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's form."""
        status, page = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return fields_of(page)


def fields_of(page: str) -> dict[str, str]:
    """Hidden fields of a page's forms."""
    fields = {}
    for element in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', element), re.search(r'value="([^"]*)"', element)
        if name and name[1] in ("csrfmiddlewaretoken", "form_key", "who"):
            fields[name[1]] = value[1] if value else ""
    return fields


def address_of(number: int) -> str:
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def register_by_form(port: int, code: str, number: int) -> list[int]:
    """One person sends the form; every tenth sends it twice at once, as an impatient finger does."""
    browser = Browser(port, address_of(number))
    fields = browser.form(f"/en/activities/{code}/")
    fields |= {
        "given_name": f"Person{number}",
        "family_name": "Race",
        "email": f"p{number}.{code}@example.org".lower(),
    }
    path = f"/en/activities/{code}/register/"
    if number % 10:
        return [browser.ask("POST", path, fields)[0]]
    answers: list[int] = []
    fingers = [
        threading.Thread(target=lambda: answers.append(browser.ask("POST", path, fields)[0]))
        for _ in range(2)
    ]
    for finger in fingers:
        finger.start()
    for finger in fingers:
        finger.join()
    return answers


def confirm_by_link(port: int, number: int, path: str) -> int:
    browser = Browser(port, address_of(number))
    fields = browser.form(path)
    return browser.ask("POST", f"{path}confirm/", fields)[0]


# ---------- the race ----------


@contextmanager
def web_processes(environ: dict[str, str], workers: int) -> Iterator[int]:
    """`samverk web` with so many processes; the port it listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "samverk", "web", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=WAIT_SECONDS)


def _wait_for(port: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        try:
            if Browser(port, "10.0.0.1").ask("GET", "/en/calendar/")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web processes do not answer")


def race(code: str, people: int, port: int, environ: dict[str, str]) -> tuple[Outcome, dict[int, int]]:
    """Everybody registers at once, then everybody confirms at once."""
    with ThreadPoolExecutor(BROWSERS) as crowd:
        answers = [
            status
            for sent in crowd.map(lambda n: register_by_form(port, code, n), range(people))
            for status in sent
        ]
        links: Iterable[str] = step("links", code, environ=environ)
        answers += crowd.map(lambda pair: confirm_by_link(port, *pair), enumerate(links))
    counted = {status: answers.count(status) for status in sorted(set(answers))}
    return Outcome(**step("outcome", code, environ=environ)), counted


def environment(folder: str) -> dict[str, str]:
    """Settings of the race: its own folder, and a proxy that tells where each person comes from."""
    return os.environ | {
        "SAMVERK_DATA": folder,
        "SAMVERK_PROXIES": "1",
        "SAMVERK_LANGUAGE": "en",
        "SAMVERK_DEBUG": "no",
    }


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--people", type=int, default=600)
    ask.add_argument("--places", type=int, default=500)
    ask.add_argument("--workers", type=int, default=4)
    ask.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    chosen = ask.parse_args()
    if chosen.step:
        _django()
        name, *arguments = chosen.step
        print(json.dumps(STEPS[name](*arguments)))
        return 0
    with tempfile.TemporaryDirectory(prefix="samverk-race-") as folder:
        environ = environment(folder)
        subprocess.run([sys.executable, "-m", "samverk", "migrate", "-v0"], env=environ, check=True)
        heats = [(chosen.people, chosen.places), (40, 5)]
        codes = [step("make", places, environ=environ) for _people, places in heats]
        with web_processes(environ, chosen.workers) as port:
            results = [
                _heat(code, people, places, port, environ)
                for code, (people, places) in zip(codes, heats, strict=True)
            ]
    return 0 if all(results) else 1


def _heat(code: str, people: int, places: int, port: int, environ: dict[str, str]) -> bool:
    started = time.monotonic()
    outcome, answers = race(code, people, port, environ)
    exact = outcome.is_exact(people, places)
    print(
        f"{people} people for {places} places: {'exact' if exact else 'WRONG'}, {time.monotonic() - started:.1f} s"
    )
    print(f"  {outcome}\n  answers {answers}")
    return exact


if __name__ == "__main__":
    sys.exit(main())
