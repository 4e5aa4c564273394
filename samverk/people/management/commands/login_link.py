"""`samverk login-link EMAIL`: a way in for somebody whose mail does not arrive."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from samverk.kit.acting import THE_SHELL
from samverk.people.commands import make_keeper_link
from samverk.people.messages import sign_in_link
from samverk.people.queries import person_by_email


class Command(BaseCommand):
    help = "Prints a link that signs one person in: 10 minutes, once. She is told at her next sign-in."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The address the person signs in with.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_by_email(options["email"])
        if person is None:
            raise CommandError(f"Nobody signs in with {options['email']}.", returncode=1)
        link = make_keeper_link(person, by=THE_SHELL)
        with override(person.language):
            self.stdout.write(sign_in_link(link))
