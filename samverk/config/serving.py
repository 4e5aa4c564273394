"""``samverk serve`` and ``samverk web``. They start without Django, so that the first page does not wait for it twice.

The schema is looked at by the processes themselves: a web process answers nothing on a schema that does not fit,
and the worker ends with SCHEMA_REFUSED and a sentence, upon which `serve` ends, too. `web` has no worker and asks first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

from samverk.config import environment
from samverk.trail import processes


def port_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("write a port from 1 to 65535")
    return int(text)


def process_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("write how many web processes, from 1 to 64")
    return int(text)


ABOUT = {
    "serve": "Runs the web server and the worker with its clock, and starts again whichever ends.",
    "web": "Runs the web server alone. Mail and clock need `samverk worker` beside it.",
}


def _usual_port(settings: dict[str, Any]) -> int:
    """The port of SAMVERK_ADDRESS where that is this machine, else 8000 behind a proxy."""
    parts = urlsplit(settings["SAMVERK_ADDRESS"])
    return (parts.port or 8000) if parts.hostname in {"127.0.0.1", "localhost"} else 8000


def main(command: str, given: list[str]) -> int:
    """Listen until told to stop; returns the exit code."""
    settings = environment.read()
    ask = argparse.ArgumentParser(prog=f"samverk {command}", description=ABOUT[command])
    ask.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    ask.add_argument("--port", type=port_number, default=_usual_port(settings), help="port to listen on")
    ask.add_argument(
        "--workers",
        type=process_count,
        default=settings["SAMVERK_WORKERS"],
        help="web processes (SAMVERK_WORKERS)",
    )
    chosen = ask.parse_args(given)
    if command == "web" and (
        refused := subprocess.call([sys.executable, "-m", "samverk", "schema"], stdout=subprocess.DEVNULL)
    ):  # noqa: S603
        return refused
    shown = "127.0.0.1" if chosen.host in {"0.0.0.0", "::"} else chosen.host  # noqa: S104
    said = f"Samverk listens on http://{shown}:{chosen.port}/ and is known as {settings['SAMVERK_ADDRESS']}/"
    print(said, flush=True)  # noqa: T201
    web = processes.Child("web", processes.web_command(chosen.host, chosen.port, chosen.workers))
    children = [web] if command == "web" else [web, processes.Child("worker", processes.worker_command())]
    return processes.keep_alive(children)
