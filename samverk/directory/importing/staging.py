"""The staging file of an import: one small SQLite file beside the database, with what was found about each row."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from samverk.directory.models import Import

NEW, SAME, CHANGED, CONFLICT = "new", "same", "changed", "conflict"
DOUBTFUL, ERROR, SKIPPED = "doubtful", "error", "skipped"
STATUSES = (NEW, SAME, CHANGED, CONFLICT, DOUBTFUL, ERROR, SKIPPED)

_TABLES = """
CREATE TABLE IF NOT EXISTS checked (
    row INTEGER PRIMARY KEY, status TEXT NOT NULL, kind TEXT NOT NULL, words TEXT NOT NULL, name TEXT NOT NULL,
    code TEXT NOT NULL, organisation INTEGER, named TEXT NOT NULL, entry TEXT NOT NULL, fields TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS checked_by_status ON checked (status, kind, row);
CREATE INDEX IF NOT EXISTS checked_by_code ON checked (code);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "row, status, kind, words, name, code, organisation, named, entry, fields"


@dataclass
class CheckedRow:
    """What was found about a row of the file.

    ``kind`` is the doubt or fault by name, ``words`` its sentence in the language of who started the import.
    ``code`` is the organisation's public code: for a new row the one it will get. ``organisation`` is the id of the
    known row it is, or may be; ``named`` that row's name. ``entry`` holds the values read: ``{"fields": {…},
    "numbers": {scheme: number as typed}}``. ``fields`` says what would change: ``{field: [before, after]}``, with a
    third element "conflict" where a hand edit stands in the way.
    """

    row: int
    status: str
    kind: str = ""
    words: str = ""
    name: str = ""
    code: str = ""
    organisation: int | None = None
    named: str = ""
    entry: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, list[Any]] = field(default_factory=dict)


def folder_of(one: Import) -> Path:
    return Path(settings.SAMVERK_DATA) / "imports" / one.code


def source_of(one: Import) -> Path:
    """The file as it was sent, under a name of ours."""
    return folder_of(one) / "source"


def remove_files(one: Import) -> None:
    """Forget the file and what was found in it."""
    shutil.rmtree(folder_of(one), ignore_errors=True)


class Staging:
    """The open staging file. Writes become true with ``commit``; a killed process loses the last batch only."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.base = sqlite3.connect(path, timeout=30)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.executescript(_TABLES)

    def close(self) -> None:
        self.base.close()

    def commit(self) -> None:
        self.base.commit()

    def clear(self) -> None:
        self.base.executescript("DELETE FROM checked; DELETE FROM seen;")
        self.base.commit()

    def put(self, rows: Iterable[CheckedRow]) -> None:
        self.base.executemany(
            f"INSERT OR REPLACE INTO checked ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            [
                (r.row, r.status, r.kind, r.words, r.name, r.code, r.organisation, r.named, _json(r.entry), _json(r.fields))
                for r in rows
            ],
        )  # fmt: skip

    def last_row(self) -> int:
        return self.base.execute("SELECT coalesce(max(row), 0) FROM checked").fetchone()[0]

    def seen(self, keys: Sequence[str]) -> dict[str, int]:
        """In which earlier row of the file each key stood first."""
        found: dict[str, int] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ",".join("?" * len(part))
            found.update(self.base.execute(f"SELECT key, row FROM seen WHERE key IN ({marks})", part))  # noqa: S608
        return found

    def remember(self, keys: Iterable[tuple[str, int]]) -> None:
        self.base.executemany("INSERT OR IGNORE INTO seen (key, row) VALUES (?, ?)", keys)

    def codes_taken(self, codes: Sequence[str]) -> set[str]:
        marks = ",".join("?" * len(codes))
        asked = f"SELECT code FROM checked WHERE code IN ({marks})"  # noqa: S608
        return {code for (code,) in self.base.execute(asked, codes)}

    def at(self, row: int) -> CheckedRow | None:
        return next(self._read("WHERE row = ?", [row]), None)

    def rows(
        self, *, after: int = 0, status: str = "", kind: str = "", limit: int = -1, offset: int = 0
    ) -> Iterator[CheckedRow]:
        """Rows in the order of the file, narrowed."""
        where: list[str] = ["row > ?"]
        values: list[Any] = [after]
        for name, value in (("status", status), ("kind", kind)):
            if value:
                where.append(f"{name} = ?")
                values.append(value)
        return self._read(
            f"WHERE {' AND '.join(where)} ORDER BY row LIMIT ? OFFSET ?", [*values, limit, offset]
        )

    def _read(self, clause: str, values: Sequence[Any]) -> Iterator[CheckedRow]:
        for found in self.base.execute(f"SELECT {_COLUMNS} FROM checked {clause}", values):  # noqa: S608
            row = CheckedRow(*found[:8])
            row.entry, row.fields = json.loads(found[8]), json.loads(found[9])
            yield row

    def counts(self) -> dict[str, int]:
        """Rows by status; every status is named."""
        found = dict(self.base.execute("SELECT status, count(*) FROM checked GROUP BY status"))
        return {status: found.get(status, 0) for status in STATUSES}

    def kinds(self, status: str) -> dict[str, int]:
        """Rows of a status by kind of doubt or fault, most first."""
        asked = "SELECT kind, count(*) FROM checked WHERE status = ? GROUP BY kind ORDER BY 2 DESC, 1"
        return dict(self.base.execute(asked, [status]))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def staging_of(one: Import) -> Iterator[Staging]:
    staging = Staging(folder_of(one) / "rows.sqlite3")
    try:
        yield staging
    finally:
        staging.close()
