"""Backup and restore: the database as it stood at one moment, the files, and the installation's own key.

An archive is a tar.gz with ``about.json``, the database (``samverk.sqlite3`` copied page by page while people work,
or ``database.sql`` of pg_dump), ``files/``, ``secret`` and ``badge-key``. It holds personal data and keys: it is readable
by its owner only, and belongs where nobody else reads.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

ABOUT, FILES = "about.json", "files"
# Keys of the installation's own: of links and sessions, and of signed credentials.
KEYS = ("secret", "badge-key")
SQLITE, SQL = "samverk.sqlite3", "database.sql"
# Pages copied between two looks at the database: others write in between.
PAGES = 2_000


class SafekeepingError(Exception):
    """A backup or a restore cannot be done. The text says why and what to do."""


def backup(target: Path) -> dict[str, Any]:
    """Write everything into one archive; people may go on working. Says what is in it."""
    if target.exists():
        raise SafekeepingError(f"{target} exists already. Choose another name.")
    if not target.parent.is_dir():
        raise SafekeepingError(f"The folder {target.parent} does not exist. Make it first.")
    about = {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
    }
    half = target.with_name(f".{target.name}.half")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".samverk-backup-") as folder:
            _write_archive(half, Path(folder), about)
        os.replace(half, target)  # a name that exists is a whole archive
    finally:
        half.unlink(missing_ok=True)
    return about


def _write_archive(half: Path, folder: Path, about: dict[str, Any]) -> None:
    # First the database, then the files: every file that its rows name is there by then.
    database = _copy_sqlite(folder) if connection.vendor == "sqlite" else _dump_postgres(folder)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
        _add_text(archive, ABOUT, json.dumps(about, indent=1))
        archive.add(database, arcname=database.name)
        if _files().is_dir():
            archive.add(_files(), arcname=FILES)
        for name in KEYS:
            if _key(name).is_file():
                archive.add(_key(name), arcname=name)


def _copy_sqlite(folder: Path) -> Path:
    """SQLite's own online copy: one moment of the database, while others read and write."""
    copy = folder / SQLITE
    with closing(sqlite3.connect(_database_path())) as source, closing(sqlite3.connect(copy)) as made:
        source.backup(made, pages=PAGES, sleep=0.01)
        made.execute("PRAGMA journal_mode=DELETE")
        if (answer := made.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise SafekeepingError(f"The copy of the database is damaged: {answer}")
    return copy


def _dump_postgres(folder: Path) -> Path:
    dump = folder / SQL
    _run_program("pg_dump", ["--no-owner", "--no-privileges", "--format=plain", f"--file={dump}"])
    return dump


def restore(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put an archive in place of what is there. Stop `samverk serve` first; says what was in the archive.

    Refuses where something is there already, unless ``replace`` is given.
    """
    if not source.is_file():
        raise SafekeepingError(f"{source} does not exist.")
    with tempfile.TemporaryDirectory(dir=settings.SAMVERK_DATA, prefix=".samverk-restore-") as folder:
        about = _unpack(source, Path(folder))
        if about["database"] != connection.vendor:
            raise SafekeepingError(
                f"The archive holds a database of {about['database']}, and DATABASE_URL names {connection.vendor}."
            )
        if not replace and _holds_something():
            raise SafekeepingError(
                "There is a database already. To put the archive in its place, add --replace."
            )
        connections.close_all()
        if connection.vendor == "sqlite":
            _put_sqlite(Path(folder))
        else:
            _put_postgres(Path(folder))
        _put_files(Path(folder))
    return about


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            names = {member.name.split("/", 1)[0] for member in archive.getmembers()}
            if ABOUT not in names or not names <= {ABOUT, FILES, *KEYS, SQLITE, SQL}:
                raise SafekeepingError(f"{source} is not an archive of samverk backup.")
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise SafekeepingError(f"{source} cannot be read as an archive: {problem}") from problem
    about: dict[str, Any] = json.loads((folder / ABOUT).read_text("utf-8"))
    return about


def _put_sqlite(folder: Path) -> None:
    with closing(sqlite3.connect(folder / SQLITE)) as fresh:
        if (answer := fresh.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise SafekeepingError(f"The database in the archive is damaged: {answer}")
    there = _database_path()
    if there.exists():
        # What stands in the log goes into the file first, so that the old one is whole until the very last moment.
        with closing(sqlite3.connect(there)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for rest in ("-wal", "-shm"):
        there.with_name(there.name + rest).unlink(missing_ok=True)
    os.replace(folder / SQLITE, there)


def _put_postgres(folder: Path) -> None:
    """All or nothing: the old tables go and the new ones come in one transaction."""
    script = folder / "restore.sql"
    script.write_text(
        "DROP SCHEMA IF EXISTS public CASCADE;\nCREATE SCHEMA public;\n" + (folder / SQL).read_text("utf-8"),
        "utf-8",
    )
    _run_program(
        "psql",
        ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--file={script}"],
    )


def _put_files(folder: Path) -> None:
    """Files of the archive in place of those there; the old ones go only when the new ones stand."""
    if (folder / FILES).is_dir():
        old = _files().with_name("files.before-restore")
        shutil.rmtree(old, ignore_errors=True)
        if _files().exists():
            os.replace(_files(), old)
        os.replace(folder / FILES, _files())
        shutil.rmtree(old, ignore_errors=True)
    for name in KEYS:
        if (folder / name).is_file():
            os.replace(folder / name, _key(name))


def _holds_something() -> bool:
    return bool(connection.introspection.table_names())


def _run_program(name: str, options: list[str]) -> None:
    """A program of PostgreSQL's own, with the connection of DATABASE_URL."""
    program = shutil.which(name)
    if program is None:
        raise SafekeepingError(
            f"The program {name} is missing. Install PostgreSQL's client programs, of the server's version."
        )
    environ = os.environ | _connection_of_django()
    done = subprocess.run([program, *options], env=environ, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise SafekeepingError(f"{name} refused: {done.stderr.strip()[-2000:]}")


def _connection_of_django() -> dict[str, str]:
    """The password goes by the environment, where other users of the machine do not see it."""
    chosen = connection.settings_dict
    told = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    return {name: str(chosen[key]) for name, key in told.items() if chosen[key]}


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    content = text.encode()
    member.size, member.mode, member.mtime = len(content), 0o600, int(timezone.now().timestamp())
    archive.addfile(member, io.BytesIO(content))


def _database_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _files() -> Path:
    return Path(settings.SAMVERK_DATA) / FILES


def _key(name: str) -> Path:
    return Path(settings.SAMVERK_DATA) / name
