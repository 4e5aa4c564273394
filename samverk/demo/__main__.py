"""``bin/demo [--port N] [--fresh]``: makes the example database when it is missing and serves it on 127.0.0.1."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/demo", description="Serve Samverk with example data.")
    parser.add_argument("--port", type=int, default=8000, help="the port on 127.0.0.1 (8000)")
    parser.add_argument("--fresh", action="store_true", help="make the example database anew")
    parser.add_argument("--fill-only", action="store_true", help="make the database and stop")
    asked = parser.parse_args(argv)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "samverk.config.settings",
        "SAMVERK_ADDRESS": f"http://127.0.0.1:{asked.port}",
        "SAMVERK_CENTRE": os.environ.get("SAMVERK_CENTRE", "Samverk demo"),
        "SAMVERK_HELP_NAME": "Eva Nordlykta",
        "SAMVERK_HELP_PHONE": "040-000 00 00",
    }
    folder = Path(os.environ["SAMVERK_DATA"])
    if asked.fresh and (folder / "filled").exists():
        shutil.rmtree(folder)
    if not (folder / "filled").exists():
        _make(folder)
    if asked.fill_only:
        return 0
    print(f"\nSamverk with example data: http://127.0.0.1:{asked.port}/demo/  (Ctrl+C ends it)", flush=True)
    environment = os.environ | {"SAMVERK_DEMO": "yes"}
    command = [sys.executable, "-m", "samverk", "serve", "--port", str(asked.port)]
    try:
        return subprocess.call(command, env=environment)  # noqa: S603
    except KeyboardInterrupt:
        return 0


def _make(folder: Path) -> None:
    """Migrate and fill; a folder of a fill that was cut off is made anew, a foreign one is left alone."""
    started = time.monotonic()
    if (folder / "filling").exists():
        shutil.rmtree(folder)
    if (folder / "samverk.sqlite3").exists():
        sys.exit(f"{folder} holds a database that bin/demo did not make. Choose another SAMVERK_DATA.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "filling").touch()
    import django

    django.setup()
    from django.core.management import call_command

    from samverk.demo.fill import fill

    call_command("migrate", verbosity=0)
    print("Filling the example database:", flush=True)
    fill(say=lambda line: print(f"  {line}", flush=True))
    (folder / "filling").rename(folder / "filled")
    print(f"Filled in {time.monotonic() - started:.0f} seconds.", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
