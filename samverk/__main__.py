"""The product's command line: ``samverk COMMAND``. ``reckon``, ``seat``, ``match``, ``serve`` and ``web`` start
without Django."""

from __future__ import annotations

import os
import sys


def main(argv: list[str]) -> int:
    """Run one command and return its exit code."""
    if argv[:1] == ["reckon"]:
        from samverk.reckoning.__main__ import main as reckon

        return reckon(argv[1:])
    if argv[:1] == ["seat"]:
        from samverk.seating.shell.seat import main as seat

        return seat(argv[1:])
    if argv[:1] == ["match"]:
        from samverk.seating.shell.match import main as match

        return match(argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samverk.config.settings")
    from samverk.config.environment import SettingError

    try:
        if argv[:1] in (["serve"], ["web"]):
            from samverk.config.serving import main as serve

            return serve(argv[0], argv[1:])
        from samverk.config.command_line import run

        return run(argv)
    except SettingError as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
