"""samverk freeze-report CODE, for a report too large to be frozen while a browser waits."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from samverk.kit.acting import THE_SHELL, Refusal
from samverk.reporting.commands import freeze_report
from samverk.reporting.models import Report


class Command(BaseCommand):
    help = "Freezes a report by its code, however large it is, and prints its digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the report, as in its address")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        report = Report.objects.select_related("programme").filter(code=code.upper()).first()
        if report is None:
            self._refuse(f"{code}: no report has this code. It stands in the report's address.")
        try:
            snapshot = freeze_report(report, by=THE_SHELL)
        except Refusal as refusal:
            self._refuse(str(refusal.reason))
        self.stdout.write(f"{snapshot.digest}  {snapshot.rows_count} rows")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
