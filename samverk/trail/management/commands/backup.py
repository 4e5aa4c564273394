"""`samverk backup FILE.tar.gz`: database, files and key in one archive, while people work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samverk.trail.safekeeping import SafekeepingError, backup


class Command(BaseCommand):
    help = "Writes database, files and the installation's key into one archive. People may go on working."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The archive to write, such as monday.tar.gz.")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["file"].resolve()
        try:
            backup(target)
        except SafekeepingError as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self.stdout.write(
            f"{target}: {target.stat().st_size / 1_048_576:.1f} MB. It holds personal data and a key."
        )
