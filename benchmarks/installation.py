"""An empty installation in a folder that is thrown away, and how things are measured on it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


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

        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS.append("testserver")
        logging.getLogger().setLevel(logging.ERROR)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield folder


@dataclass(frozen=True)
class Measure:
    """CPU milliseconds and queries of one run, the best of several."""

    milliseconds: float
    queries: int


def measured(run: Callable[[], object], *, times: int = 7) -> Measure:
    """The least CPU time of several runs after one to warm up, and the queries of one run."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    run()
    with CaptureQueriesContext(connection) as captured:
        run()
    queries = len(captured)  # now: the next request empties the log
    best = float("inf")
    for _again in range(times):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return Measure(best * 1000, queries)


def said(name: str, measure: Measure, allowed: str) -> None:
    print(f"{name:<46} {measure.milliseconds:7.1f} ms CPU  {measure.queries:3} queries   ({allowed})")
