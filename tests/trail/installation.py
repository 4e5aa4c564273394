"""An installation of its own in a folder, driven from the shell as an operator does."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.post.mailbox import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """A folder with database and files, and the commands of the product."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SAMVERK_", "DATABASE_URL"))
        }
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return kept | {"SAMVERK_DATA": str(self.folder), "SAMVERK_LANGUAGE": "en"} | self.settings

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-m", "samverk", *command]
        return subprocess.run(
            call, cwd=ROOT, env=self.environ | settings, capture_output=True, text=True, timeout=300
        )

    def python(self, lines: str) -> str:
        done = self.run("shell", "-v0", "-c", lines)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def ask(self, question: str, *given: Any) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / "samverk.sqlite3", timeout=30)) as database, database:
            return database.execute(question, given).fetchall()

    @contextmanager
    def serving(self, command: str = "serve") -> Iterator[Serving]:
        serving = self._start(command)
        try:
            yield serving
        finally:
            serving.stop()

    def _start(self, command: str) -> Serving:
        """Running and answering. A port that was free may be taken by the time it is asked for: then another."""
        for _try in range(3):
            port = free_port()
            process = subprocess.Popen(
                [sys.executable, "-m", "samverk", command, "--port", str(port)], cwd=ROOT, env=self.environ,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            serving = Serving(process, port)
            try:
                serving.wait_for(lambda serving=serving: serving.health() is not None)
            except ProductEnded:
                continue
            except BaseException:
                serving.stop()
                raise
            return serving
        raise AssertionError("the product ended three times while it started")


class ProductEnded(AssertionError):
    """The process that was to serve is gone."""


@dataclass
class Serving:
    """A running product."""

    process: subprocess.Popen
    port: int

    def health(self) -> dict | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=10) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def child(self, word: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):  # it may end while we look
                if word in child.cmdline():
                    return child
        return None

    def child_in_time(self, word: str) -> psutil.Process:
        """A child that may just be starting."""
        self.wait_for(lambda: self.child(word))
        found = self.child(word)
        assert found is not None
        return found

    def end_a_web_process(self) -> None:
        """Kills the newest process below granian, whichever it is by then."""

        def killed_one() -> bool:
            with suppress(psutil.Error, IndexError):
                self.child_in_time("granian").children()[-1].kill()
                return True
            return False

        self.wait_for(killed_one)

    def wait_for(self, holds: Callable[[], Any], seconds: int = 300) -> None:
        """Until it holds. The wait is long because machines are busy; nothing is slower for that."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(psutil.NoSuchProcess):  # it may end while we look
                if holds():
                    return
            if self.process.poll() is not None:
                raise ProductEnded(f"the product ended with {self.process.returncode}")
            time.sleep(0.1)
        raise AssertionError("waited in vain")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(180)
