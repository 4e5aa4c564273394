"""`samverk restore FILE.tar.gz`: puts an archive of `samverk backup` in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samverk.trail.safekeeping import SafekeepingError, restore


class Command(BaseCommand):
    help = "Puts an archive of `samverk backup` in place. Stop `samverk serve` first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The archive.")
        parser.add_argument("--replace", action="store_true", help="Also where a database is there already.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            about = restore(options["file"].resolve(), replace=options["replace"])
        except SafekeepingError as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self.stdout.write(
            f"Restored what was kept on {about['made_at']}. Now run: samverk migrate, then samverk doctor"
        )
