"""An empty installation in a folder that is thrown away, a browser of few lines, and how things are measured on it."""

from __future__ import annotations

import gc
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@contextmanager
def empty_installation() -> Iterator[str]:
    """Django set up on a migrated database in a folder of its own (or on DATABASE_URL, an empty one)."""
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        os.environ["SAMVERK_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samverk.config.settings")
        os.environ.setdefault("SAMVERK_LANGUAGE", "en")
        import django

        django.setup()
        import logging

        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        import samverk.config.wsgi  # noqa: F401 - as it is served; it also sets up the log, which is silent here

        logging.getLogger().setLevel(logging.ERROR)
        yield folder


class Browser:
    """Asks the application as the web server does, without a server between; keeps its cookies."""

    def __init__(self, person: Any = None) -> None:
        from samverk.config.wsgi import application

        self.application = application
        self.cookies: dict[str, str] = {}
        if person is not None:
            from tests.cast import signed_in_client

            self.cookies = {name: one.value for name, one in signed_in_client(person).cookies.items()}

    def get(self, address: str) -> bytes:
        """The body of a page that must be there."""
        status, _headers, body = self.ask("GET", address)
        assert status == 200, f"{address} answered {status}"
        return body

    def ask(
        self, method: str, address: str, fields: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        path, _mark, query = address.partition("?")
        sent = urlencode(fields).encode() if fields else b""
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "en", "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
            "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if fields else "",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        told: list[Any] = []
        answer = self.application(environ, lambda status, headers: told.extend([status, headers]))
        body = b"".join(answer)
        answer.close()
        for name, value in told[1]:
            if name == "Set-Cookie":
                cookie, _equals, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        return int(told[0].split()[0]), dict(told[1]), body


@dataclass(frozen=True)
class Measure:
    """CPU milliseconds of one run (least and median of several), how often as long as the plain page, and queries."""

    least: float
    median: float
    plain_pages: float
    queries: int


def plain_page() -> Callable[[], object]:
    """A table of 200 rows in a template of Django's, without database, request or anything of ours: the yardstick.

    Machines differ, and a busy one is slow; how often as long as this something takes says it all the same.
    """
    from django.template import Context, Engine

    text = "<table>{% for row in rows %}<tr><th>{{ row.name }}</th><td>{{ row.number }}</td></tr>{% endfor %}</table>"
    template = Engine().from_string(text)
    rows = [{"name": f"Row {number}", "number": number} for number in range(200)]
    return lambda: template.render(Context({"rows": rows}))


def measured(run: Callable[[], object], *, times: int = 25) -> Measure:
    """Runs in turn with the plain page, after two to warm up; what stands in memory is left out of the collector."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    run()
    with CaptureQueriesContext(connection) as captured:
        run()
    queries = len(captured)  # now: the next request empties the log
    plain = plain_page()
    gc.collect()
    gc.freeze()
    took, plainly = [], []
    for _again in range(times):
        took.append(_cpu(run))
        plainly.append(_cpu(plain))
    middle = statistics.median(took)
    return Measure(min(took), middle, middle / statistics.median(plainly), queries)


def _cpu(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return (time.process_time() - started) * 1000


def said(name: str, measure: Measure, allowed: str) -> None:
    print(
        f"{name:<46} {measure.least:7.1f} ms CPU at least, {measure.median:7.1f} median = {measure.plain_pages:5.1f} plain pages"
        f"  {measure.queries:3} queries   ({allowed})"
    )
