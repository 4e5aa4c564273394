"""Live questions in a full hall: 500 phones on one small server, each looking every few seconds and answering.

Each phone keeps its cookie and does what the page's script does: asks whether anything changed (304 as long as nothing
did), fetches the page when it has, answers. Waves: everybody comes in; a poll is shown and answered by all within 20
seconds; its results are shown to the phones while they still look; questions from the floor with votes. Printed: how
long an answer took (the 50th and 95th of 100), the server's CPU, and whether every vote stands exactly once.

    bin/bench live [--phones 500] [--workers 2] [--seconds 20]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

import psutil

from benchmarks.race import environment, web_processes

LOOKS_EVERY = 4.5


# ---------- inside a process of the product ----------


def make_room() -> list[str]:
    """An open room with a poll and a list of questions from the floor: codes of room, session, poll, floor."""
    from django.utils import timezone

    from samverk.activities.commands.activities import create_activity, publish_activity
    from samverk.activities.commands.sessions import schedule_session
    from samverk.kit.acting import THE_SHELL
    from samverk.live.commands import add_live_question, open_room
    from samverk.programmes.commands import create_programme

    programme = create_programme(
        "HALL", name="Hall", language="en", country="SE", starts=date(2020, 1, 1), ends=date(2040, 12, 31), by=THE_SHELL
    )  # fmt: skip
    activity = create_activity(
        programme, title="Forum", language="en", kind="conference", audience="public", by=THE_SHELL
    )
    starts = timezone.now()
    session = schedule_session(
        activity, starts_at=starts, ends_at=starts + timedelta(hours=6), planned_minutes=300, by=THE_SHELL
    )
    publish_activity(activity, by=THE_SHELL)
    poll = add_live_question(
        session, kind="poll", text="Which day?", options=["Monday", "Tuesday", "Friday"], by=THE_SHELL
    )
    floor = add_live_question(session, kind="floor", text="Ask the panel", options=[], by=THE_SHELL)
    return [open_room(session, by=THE_SHELL).code, session.code, poll.code, floor.code]


def show(question: str) -> None:
    from samverk.kit.acting import THE_SHELL
    from samverk.live.commands import show_question
    from samverk.live.models import LiveQuestion

    show_question(LiveQuestion.objects.get(code=question), by=THE_SHELL)


def reveal(question: str) -> None:
    from samverk.kit.acting import THE_SHELL
    from samverk.live.commands import reveal_results
    from samverk.live.models import LiveQuestion

    reveal_results(LiveQuestion.objects.get(code=question), by=THE_SHELL)


def counts(poll: str, floor: str) -> dict[str, int]:
    from samverk.live.models import Support, Vote

    votes = Vote.objects.filter(question__code=poll)
    stands = Support.objects.filter(asked__question__code=floor)
    return {
        "votes": votes.count(),
        "devices": votes.values("device").distinct().count(),
        "supports": stands.count(),
    }


STEPS: dict[str, Callable[..., Any]] = {"make": make_room, "show": show, "reveal": reveal, "counts": counts}


def step(name: str, *arguments: str, environ: dict[str, str]) -> Any:
    """Do one step in a process of its own, and read its answer."""
    command = [sys.executable, "-m", "benchmarks.live", "--step", name, *arguments]
    return json.loads(
        subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True).stdout
    )


# ---------- the hall ----------


@dataclass
class Hall:
    """What all phones share: where they are, what they shall do, and what happened to them."""

    port: int
    room: str
    poll: str = ""
    floor: str = ""
    answers_within: float = 20.0
    is_over: bool = False
    took: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float) -> None:
        with self.lock:
            self.took.append(seconds)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.took)
        return ordered[int(share * (len(ordered) - 1))] * 1000 if ordered else 0.0


class Phone(threading.Thread):
    """One phone, as the script of the page makes it behave."""

    def __init__(self, hall: Hall, number: int) -> None:
        super().__init__(daemon=True)
        self.hall, self.number = hall, number
        self.cookies: dict[str, str] = {}
        self.mark = ""
        self.answered: set[str] = set()
        self.came = False
        self._connection: HTTPConnection | None = None

    def run(self) -> None:
        time.sleep(random.random() * 8)  # noqa: S311 - people come through the door one after the other
        page = self.ask("GET", f"/l/{self.hall.room}/")
        self.came = bool(page)
        self.read(page)
        while not self.hall.is_over:
            time.sleep(LOOKS_EVERY * (0.9 + 0.2 * random.random()))  # noqa: S311
            if self.has_news():
                self.read(self.ask("GET", f"/l/{self.hall.room}/"))

    def has_news(self) -> bool:
        return bool(self.ask("GET", f"/l/{self.hall.room}/news/", {"If-None-Match": f'"{self.mark}"'}))

    def read(self, page: str) -> None:
        found = re.search(r'data-mark="([^"]+)"', page)
        self.mark = found[1] if found else self.mark
        question = re.search(rf"/l/{self.hall.room}/([A-Z0-9]+)/(vote|ask)/", page)
        if question is None or question[1] in self.answered:
            return
        self.answered.add(question[1])
        time.sleep(random.random() * self.hall.answers_within)  # noqa: S311 - people think
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
        fields = {"csrfmiddlewaretoken": token[1] if token else ""}
        if question[2] == "vote":
            self.send(f"{question[1]}/vote/", fields | {"value": str(self.number % 3)})
        elif self.number % 25 == 0:
            self.send(f"{question[1]}/ask/", fields | {"text": f"What about question {self.number}?"})
        else:
            page = self.ask("GET", f"/l/{self.hall.room}/")
            asked = re.findall(r"/l/[A-Z0-9]+/([A-Z0-9]+)/support/", page)
            if asked:
                self.send(f"{asked[self.number % len(asked)]}/support/", fields)

    def send(self, path: str, fields: dict[str, str]) -> None:
        self.ask("POST", f"/l/{self.hall.room}/{path}", body=urlencode(fields))
        self.read(self.ask("GET", f"/l/{self.hall.room}/"))

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> str:
        """The body of an answer, empty where nothing changed; faults are kept."""
        sent = {"Host": f"127.0.0.1:{self.hall.port}", "X-Forwarded-For": "192.0.2.7", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.monotonic()
        try:
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self.hall.port, timeout=30)
            self._connection.request(method, path, body, sent)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException) as no:
            self._connection = None
            with self.hall.lock:
                self.hall.faults.append(type(no).__name__)
            return ""
        self.hall.note(time.monotonic() - started)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status >= 400:
            with self.hall.lock:
                self.hall.faults.append(f"{method} {path.rsplit('/', 2)[-2]} {answer.status}")
        return text if answer.status == 200 else ""


def cpu_of(port: int) -> float:
    """CPU seconds that the processes behind the port have used so far."""
    found = {
        process.pid: process
        for one in psutil.process_iter(["cmdline"])
        if str(port) in (one.info["cmdline"] or [])
        for process in [one, *one.children(recursive=True)]
    }
    return sum(sum(process.cpu_times()[:2]) for process in found.values())


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--phones", type=int, default=500)
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--seconds", type=float, default=20)
    ask.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    chosen = ask.parse_args()
    if chosen.step:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samverk.config.settings")
        import django

        django.setup()
        name, *arguments = chosen.step
        print(json.dumps(STEPS[name](*arguments)))
        return 0
    with tempfile.TemporaryDirectory(prefix="samverk-live-") as folder:
        environ = environment(folder)
        subprocess.run([sys.executable, "-m", "samverk", "migrate", "-v0"], env=environ, check=True)
        room, _session, poll, floor = step("make", environ=environ)
        with web_processes(environ, chosen.workers) as port:
            hall = Hall(port, room, poll, floor, chosen.seconds)
            return play(hall, chosen.phones, chosen.seconds, environ)


def play(hall: Hall, number: int, seconds: float, environ: dict[str, str]) -> int:
    phones = [Phone(hall, one) for one in range(number)]
    for phone in phones:
        phone.start()
    waves: list[tuple[str, Callable[[], Any], float]] = [
        ("everybody comes in and waits", lambda: None, 15),
        (f"a poll, answered by all within {seconds:.0f} s", lambda: step("show", hall.poll, environ=environ), seconds + 10),
        ("its results on every phone", lambda: step("reveal", hall.poll, environ=environ), 10),
        (f"questions from the floor, within {seconds:.0f} s", lambda: step("show", hall.floor, environ=environ), seconds + 10),
    ]  # fmt: skip
    for name, begin, lasts in waves:
        with hall.lock:
            hall.took.clear()
        begin()
        before = cpu_of(hall.port)
        time.sleep(lasts)
        used = (cpu_of(hall.port) - before) / lasts
        print(
            f"{name:<48} {len(hall.took) / lasts:6.0f} answers a second, p50 {hall.percentile(0.5):6.0f} ms,"
            f" p95 {hall.percentile(0.95):6.0f} ms, {used:5.0%} of one processor"
        )
    hall.is_over = True
    for phone in phones:
        phone.join(timeout=40)
    stands = step("counts", hall.poll, hall.floor, environ=environ)
    exact = stands["votes"] == stands["devices"] == number
    print(
        f"{stands}: {'every vote once' if exact else 'WRONG'}; faults: {sorted(set(hall.faults))} ({len(hall.faults)})"
    )
    return 0 if exact and not hall.faults else 1


if __name__ == "__main__":
    sys.exit(main())
