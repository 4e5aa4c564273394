"""`samverk schema`: whether the database has the tables that this program expects."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samverk.trail.processes import SCHEMA_REFUSED
from samverk.trail.schema import schema_problem


class Command(BaseCommand):
    help = "Says whether the database fits the program. Ends with 2 when it does not."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := schema_problem():
            raise CommandError(problem, returncode=SCHEMA_REFUSED)
        self.stdout.write("The database fits the program.")
