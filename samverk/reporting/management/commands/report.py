"""samverk report CODE --from D --to D --format pdf|xlsx|json --out FILE"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from samverk.programmes.models import Programme
from samverk.reporting.documents import json_pieces, report_pdf, report_xlsx
from samverk.reporting.paper import Paper, frozen_paper, paper_for


class Command(BaseCommand):
    help = "Writes the funder's report of a programme for a period, as PDF, XLSX or JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the programme, such as KCM")
        parser.add_argument(
            "--from", dest="starts", required=True, type=date.fromisoformat, help="first day, 2018-01-01"
        )
        parser.add_argument(
            "--to", dest="ends", required=True, type=date.fromisoformat, help="last day, 2018-03-31"
        )
        parser.add_argument("--format", dest="ending", choices=["pdf", "xlsx", "json"], default="pdf")
        parser.add_argument("--out", required=True, help="file to write; - is standard output")
        parser.add_argument(
            "--language", default=None, help="sv, pl or en; the programme's own where it is left out"
        )
        parser.add_argument(
            "--live", action="store_true", help="count now, although a report of the period is frozen"
        )

    def handle(
        self, *args: Any, code: str, starts: date, ends: date, ending: str, out: str, **options: Any
    ) -> None:
        programme = Programme.objects.filter(code__iexact=code).first()
        if programme is None:
            self._refuse(f"{code}: no programme has this code. There are: {', '.join(_codes()) or 'none'}.")
        if ends < starts:
            self._refuse("--to: the last day is before the first. Change one of them.")
        with override(options["language"] or programme.language):
            frozen = None if options["live"] else frozen_paper(programme, starts, ends)
            if frozen:
                self.stderr.write(
                    "This period is frozen: the file says what was frozen. Use --live to count now."
                )
            self._write(frozen or paper_for(programme, starts, ends), ending, out)

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)

    def _write(self, paper: Paper, ending: str, out: str) -> None:
        try:
            if out == "-":
                WRITERS[ending](paper, sys.stdout.buffer)
                return
            with Path(out).open("wb") as file:
                WRITERS[ending](paper, file)
        except OSError as problem:
            self._refuse(f"--out: {out} cannot be written ({problem.strerror}). Choose another file.")
        self.stderr.write(f"{out}: {paper.title}")


def _codes() -> list[str]:
    return list(Programme.objects.order_by("code").values_list("code", flat=True)[:20])


def _json(paper: Paper, file: Any) -> None:
    for piece in json_pieces(paper):
        file.write(piece.encode())


WRITERS = {
    "pdf": lambda paper, file: file.write(report_pdf(paper)),
    "xlsx": lambda paper, file: report_xlsx(paper, file),
    "json": _json,
}
