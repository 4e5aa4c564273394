from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from samverk.certificates.signing import change_key
from samverk.kit.acting import THE_SHELL


class Command(BaseCommand):
    help = "Sign credentials with a new key from now on. What the old one signed still verifies."

    def handle(self, *args: Any, **options: Any) -> None:
        key = change_key(by=THE_SHELL)
        self.stdout.write(f"The new key is {key.thumbprint}. Make a backup now: it holds the key.")
