"""`samverk doctor`: finds missing, double and stuck rows."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from samverk.kit.registers import doctors
from samverk.trail.schema import schema_problem


def findings() -> list[str]:
    """What every app found, one line each."""
    if problem := schema_problem():
        return [problem]
    return [line for _name, examine in doctors for line in examine()]


class Command(BaseCommand):
    help = "Looks for missing, double and stuck rows. Ends with 1 when something was found."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings()
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
        self.stdout.write("Nothing missing, double or stuck.")
