"""``bin/bench`` lists the measurements, ``bin/bench NAME …`` runs one, ``bin/bench all`` the short ones in a row.

Figures are CPU seconds of this process and counts, and ratios within one run; no test asserts on them.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

SHORT = ("pages", "exports", "search", "start")


def names() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return [name for name in found if name not in ("__main__", "installation", "seating_cases")]


def main(argv: list[str]) -> int:
    if not argv:
        for name in names():
            about = (importlib.import_module(f"benchmarks.{name}").__doc__ or "").strip().splitlines()[0]
            print(f"{name:<12} {about}")
        return 0
    chosen, *rest = argv
    if chosen != "all" and chosen not in names():
        print(f"no measurement {chosen!r}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    failed = 0
    for name in SHORT if chosen == "all" else [chosen]:
        sys.argv = [f"bin/bench {name}", *rest]
        failed |= importlib.import_module(f"benchmarks.{name}").main() or 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
