from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from samverk.activities.models import Session
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.kit.codes import typed_code
from samverk.remote.commands import take_log, write_log
from samverk.remote.models import RemoteLog
from samverk.remote.planning import Line, Plan, plan_of

ALL_IN, BAD_FILE, WAITS = 0, 2, 3


class Command(BaseCommand):
    help = (
        "Take the log-in list of a video meeting (Zoom, Teams, BigBlueButton) onto the sheet of a session. "
        "Exit 0: everybody is answered for; 3: somebody has to be asked, in the office; 2: no list, or refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session", help="code of the session")
        parser.add_argument("file", type=Path)
        parser.add_argument("--reason", default="", help="why, where the sheet is done")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON, person by person")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan, written = self._taken(options)
        except (Refusal, OSError) as fault:
            self.stderr.write(str(fault))
            sys.exit(BAD_FILE)
        report = {
            "written": written,
            "people": [_said(line, plan) for line in plan.lines],
            "open": len(plan.open),
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            for one in report["people"]:  # type: ignore[attr-defined]
                self.stdout.write(f"{one['name']}: {one['how']}, {one['minutes']} min, {one['row'] or '–'}")
            self.stdout.write(f"written: {written}, to be asked: {len(plan.open)}")
        sys.exit(WAITS if plan.open else ALL_IN)

    def _taken(self, options: dict[str, Any]) -> tuple[Plan, int]:
        session = (
            Session.objects.select_related("activity__programme")
            .filter(code=typed_code(options["session"]))
            .first()
        )
        if session is None:
            raise Refusal("No session has this code.", code="unknown")
        before = set(RemoteLog.objects.filter(session=session).values_list("pk", flat=True))
        with options["file"].open("rb") as file, transaction.atomic():
            log = take_log(session, file, options["file"].name, by=THE_SHELL)
            plan = plan_of(log)
            if not options["dry_run"]:
                return plan, write_log(log, by=THE_SHELL, reason=options["reason"], leaves_open=True)
            if log.pk not in before:
                log.file.delete(save=False)
            transaction.set_rollback(True)
        return plan, 0


def _said(line: Line, plan: Plan) -> dict[str, Any]:
    row = plan.sheet.get(line.row) if line.row is not None else None
    return {
        "name": line.person.name,
        "emails": line.person.emails,
        "how": line.match.how,
        "row": row.name if row else "",
        "minutes": line.person.presence.minutes,
        "away_minutes": line.person.presence.away_minutes,
    }
