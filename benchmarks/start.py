"""From process start to the first page, and the memory of web and worker together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import psutil


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environ = os.environ | {"SAMVERK_DATA": folder, "SAMVERK_ADDRESS": f"http://127.0.0.1:{port}"}
        subprocess.run([sys.executable, "-m", "samverk", "migrate", "-v0"], env=environ, check=True)
        started = time.perf_counter()
        served = subprocess.Popen(
            [sys.executable, "-m", "samverk", "serve", "--port", str(port)],
            env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _first_page(port)
            print(f"first page {time.perf_counter() - started:.2f} s after process start (at most 2)")
            time.sleep(4)
            family = [psutil.Process(served.pid), *psutil.Process(served.pid).children(recursive=True)]
            memory = sum(process.memory_full_info().pss for process in family) / 2**20
            print(f"web and worker together {memory:.0f} MiB (at most 200), {len(family)} processes")
        finally:
            served.terminate()
            served.wait(20)
    return 0


def _first_page(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/en/calendar/", timeout=5) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise TimeoutError("no first page within a minute")
