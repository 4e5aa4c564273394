"""`samverk worker`: sends mail and runs the clock's duties until it is told to stop."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samverk.trail.clock import run_due, run_until
from samverk.trail.processes import SCHEMA_REFUSED
from samverk.trail.schema import schema_problem


class Command(BaseCommand):
    help = "Sends mail and runs the clock's duties. Any number of workers may run side by side."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due now, and end.")
        parser.add_argument(
            "--with-parent", action="store_true", help="End when the starting process has ended."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := schema_problem():
            raise CommandError(problem, returncode=SCHEMA_REFUSED)
        if options["once"]:
            run_due()
            return
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda _number, _frame: stop.set())
        parent = os.getppid()
        run_until(stop, (lambda: os.getppid() != parent) if options["with_parent"] else lambda: False)
