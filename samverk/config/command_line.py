"""Commands of the product are Django management commands; dashes and underscores are the same in their names."""

from __future__ import annotations

from django.core.management import execute_from_command_line


def run(argv: list[str]) -> int:
    """Run ``samverk COMMAND``. A command says its exit code by SystemExit."""
    command, *rest = argv or ["help"]
    execute_from_command_line(
        ["samverk", command.replace("-", "_") if not command.startswith("-") else command, *rest]
    )
    return 0
