from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samverk.kit.acting import THE_SHELL, Refusal
from samverk.people.commands import make_keeper


class Command(BaseCommand):
    help = (
        "Make somebody keeper of the installation: she sees accounts and logs and makes the first programme."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("given_name")
        parser.add_argument("family_name", nargs="?", default="")

    def handle(self, *args: Any, email: str, given_name: str, family_name: str, **options: Any) -> None:
        try:
            person = make_keeper(email, given_name, family_name, by=THE_SHELL)
        except Refusal as no:
            raise CommandError(str(no.reason), returncode=2) from no
        self.stdout.write(f"{person} signs in as keeper with {person.email}.")
