from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from samverk.kit.acting import THE_SHELL
from samverk.programmes.commands import load_rule_sets


class Command(BaseCommand):
    help = "Take in the rule sets that ship with Samverk; versions that are there stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        for rule_set in load_rule_sets(by=THE_SHELL):
            self.stdout.write(f"{rule_set}  {rule_set.name}")
