from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation

from samverk.directory.importing.checking import KINDS, check_import, reason_of, waits_for_a_person
from samverk.directory.importing.reading import correct_guess, start_import
from samverk.directory.importing.staging import Staging, remove_files, staging_of
from samverk.directory.importing.working import STEPS, work_on
from samverk.directory.importing.writing import write_import
from samverk.directory.models import Import
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.kit.sheets import SheetError

ALL_IN, WAITS, BAD_FILE = 0, 3, 2


class Command(BaseCommand):
    help = "Import organisations from CSV, XLSX or XLS. Exit 0: all went in; 3: something waits for a person; 2: a bad file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheet", help="name of the sheet that holds the list")
        parser.add_argument("--mapping", type=Path, help="JSON file: {column: field}")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON, row by row")

    def handle(self, *args: Any, **options: Any) -> None:
        language = translation.get_language() or "en"
        try:
            with translation.override(language):
                one = self._started(options, language)
                self._taken_in(one, options["dry_run"])
        except (SheetError, Refusal, OSError, ValueError) as fault:
            self.stderr.write(str(fault))
            sys.exit(BAD_FILE)
        one.refresh_from_db()
        if one.state == Import.State.FAILED:
            self.stderr.write(one.error)
            sys.exit(BAD_FILE)
        with staging_of(one) as staging:
            (self._say_json if options["json"] else self._say)(one, staging)
            waits = waits_for_a_person(one, staging)
        if options["dry_run"]:
            remove_files(one)
            one.delete()
        sys.exit(WAITS if waits else ALL_IN)

    def _started(self, options: dict[str, Any], language: str) -> Import:
        with options["file"].open("rb") as file:
            one = start_import(file, options["file"].name, by=THE_SHELL, language=language)
        going_on = Import.objects.filter(file_digest=one.file_digest, state=Import.State.WRITING).first()
        if going_on is not None and not options["dry_run"]:
            # The same file was being written when somebody pulled the plug: go on with that.
            remove_files(one)
            one.delete()
            return going_on
        corrections = {"sheet": options["sheet"]}
        if options["mapping"]:
            corrections["mapping"] = json.loads(options["mapping"].read_text(encoding="utf-8"))
        return correct_guess(one, corrections, by=THE_SHELL) if any(corrections.values()) else one

    def _taken_in(self, one: Import, is_dry: bool) -> None:
        if one.state == Import.State.READ:
            check_import(one, by=THE_SHELL)
            if is_dry or one.state != Import.State.CHECKED:
                return
            write_import(one, by=THE_SHELL)
        while one.state in STEPS:
            # Another process had it; it is done there, or its lease runs out within half a minute.
            one.refresh_from_db()
            if one.state in STEPS and (one.leased_until is None or one.leased_until < timezone.now()):
                work_on(one)
            time.sleep(0.2)

    def _say_json(self, one: Import, staging: Staging) -> None:
        chosen = one.options
        head = {
            "encoding": chosen["encoding"], "delimiter": chosen["delimiter"], "sheet": chosen["sheet"],
            "header_row": chosen["header_row"], "mapping": chosen["mapping"], "counts": staging.counts(),
        }  # fmt: skip
        # Row by row, so that a long list takes no more memory than a short one.
        self.stdout.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "rows": [', ending="")
        for place, row in enumerate(_report(staging)):
            self.stdout.write(
                ("," if place else "") + "\n  " + json.dumps(row, ensure_ascii=False), ending=""
            )
        self.stdout.write("\n ]\n}")

    def _say(self, one: Import, staging: Staging) -> None:
        chosen = one.options
        for name in ("encoding", "delimiter", "sheet", "header_row"):
            if chosen[name]:
                self.stdout.write(f"{name}: {chosen[name]!r}")
        for column, target in chosen["mapping"].items():
            self.stdout.write(f"  {column} → {target}")
        self.stdout.write(", ".join(f"{status} {count}" for status, count in staging.counts().items()))
        for status in ("conflict", "doubtful", "error"):
            for kind, count in staging.kinds(status).items():
                self.stdout.write(f"{status}: {KINDS[kind][0] if kind in KINDS else kind}: {count}")
                for row in staging.rows(status=status, kind=kind, limit=5):
                    self.stdout.write(f"  row {row.row}: {row.name} – {reason_of(row)}")


def _report(staging: Staging) -> Iterator[dict[str, Any]]:
    for row in staging.rows():
        entry = row.entry.get("fields", {}) | row.entry.get("numbers", {})
        # What would change on a known organisation; all that was read where there is none.
        fields = row.fields if row.status in ("same", "changed", "conflict") else row.fields or entry
        yield {
            "row": row.row,
            "status": row.status,
            "reason": reason_of(row),
            "code": row.code,
            "fields": fields,
        }
