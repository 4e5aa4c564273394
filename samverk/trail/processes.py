"""The processes of the product, and the supervisor that keeps them alive: starts again whichever ends, passes
SIGTERM and SIGINT on. Stands on the standard library alone, so that it weighs little.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

GRACE_SECONDS = 20
LOOK_SECONDS = 0.2
# With this code a process says that the database's schema does not fit: to start again would not help.
SCHEMA_REFUSED = 2
# Who ends sooner than this after its start is broken, not unlucky: it is started again after a growing pause.
HEALTHY_SECONDS = 10
LONGEST_PAUSE = 30
THREADS = 4
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The web server: granian with our WSGI application, a few threads for each process."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(THREADS), "--blocking-threads-idle-timeout", "600",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning",
        "samverk.config.wsgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The worker and its clock."""
    return [sys.executable, "-m", "samverk", "worker", "--with-parent"]


@dataclass
class Child:
    """A process that is to run for as long as we do."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=0.5)

    def look(self) -> None:
        """Start it where it does not run, as soon as its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self._ended(now)
        if self.process is None and now >= self.start_at:
            self.process = subprocess.Popen(self.command, preexec_fn=end_with_parent)  # noqa: PLW1509, S603
            self.started = now

    @property
    def gave_up(self) -> bool:
        """It said that nothing can be done here by starting again."""
        return self.process is not None and self.process.poll() == SCHEMA_REFUSED

    def _ended(self, now: float) -> None:
        assert self.process is not None
        lived = now - self.started
        self.pause = 0.5 if lived > HEALTHY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.start_at = now + self.pause
        say(
            "process ended, starts again",
            process=self.name,
            code=self.process.returncode,
            seconds=round(lived, 1),
        )
        self.process = None

    def tell(self, sign: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)


def say(message: str, **facts: object) -> None:
    """A log line in the form of all the others."""
    line = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "level": "warning",
        "logger": "samverk.serve",
        "message": message,
    }
    print(json.dumps(line | facts), file=sys.stderr, flush=True)  # noqa: T201


def end_with_parent(sign: int = signal.SIGTERM) -> None:
    """Called in a child: when its parent is killed, the kernel ends the child, too. Elsewhere than on Linux, nothing."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_END_WITH_PARENT, sign)


def keep_alive(children: list[Child]) -> int:
    """Run until SIGTERM or SIGINT, then let everybody finish."""
    stopping: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _frame: stopping.append(number))
    while not stopping:
        if any(child.gave_up for child in children):
            _let_finish(children)
            return SCHEMA_REFUSED
        for child in children:
            child.look()
        time.sleep(LOOK_SECONDS)
    _let_finish(children)
    return 0


def _let_finish(children: list[Child]) -> None:
    for child in children:
        child.tell(signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            say("process did not finish in time", process=child.name)
            child.process.kill()
