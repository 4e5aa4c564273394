"""Search by the beginnings of words in a folded column: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

A searched model has a text column ``folded`` written by its commands and imports through ``kit.fold``; a migration
made of ``search_index(table)`` keeps the index in step by triggers, so no write can forget it.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from samverk.kit.fold import fold

_WORD = re.compile(r"[^\W_]+")
# From so many rows that match on, reading in the list's order is quicker than sorting what was found.
MANY = 8_000


def words(text: str) -> list[str]:
    """The folded words asked for, at most eight; everything that is not a letter or digit divides words."""
    return _WORD.findall(fold(text))[:8]


def matching(model: type[models.Model], text: str) -> QuerySet:
    """Rows of the model in whose folded text each asked word begins a word; composes with visible_to.

    No word asked is no narrowing.
    """
    asked = words(text)
    if not asked:
        return model._default_manager.all()
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        query = " ".join(f'"{word}"*' for word in asked)
        ids = RawSQL(f"SELECT rowid FROM {table}_search WHERE {table}_search MATCH %s", [query])
        return model._default_manager.filter(pk__in=ids)
    query = " & ".join(f"{word}:*" for word in asked)
    ids = RawSQL(
        f"SELECT id FROM {table} WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', %s)", [query]
    )
    return model._default_manager.filter(pk__in=ids)


def narrowed[M: models.Model](rows: QuerySet[M], text: str) -> QuerySet[M]:
    """Rows that match, for lists in an order of their own: fast for rare words and for words that half the rows have.

    On SQLite many ids are not fetched and sorted; the order's own index is read, and each row asked whether it matches.
    """
    asked = words(text)
    if not asked:
        return rows
    model = rows.model
    if connection.vendor != "sqlite":
        return rows.filter(pk__in=matching(model, text).values("pk"))
    table = model._meta.db_table
    query = " ".join(f'"{word}"*' for word in asked)
    found = f"SELECT rowid FROM {table}_search WHERE {table}_search MATCH %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({found} LIMIT {MANY})", [query])
        is_many = cursor.fetchone()[0] >= MANY
    if not is_many:
        return rows.filter(pk__in=RawSQL(found, [query]))
    # The sum keeps the database from looking the ids up one by one.
    found_rows: Any = rows.alias(row_number=models.F("pk") + 0).filter(row_number__in=RawSQL(found, [query]))
    return found_rows


def search_index(table: str) -> migrations.RunPython:
    """The migration operation that makes the index of a table with a ``folded`` column."""

    def make(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _statements(table, editor.connection.vendor):
            editor.execute(statement, params=None)

    def drop(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for name in ("insert", "update", "delete"):
                editor.execute(f"DROP TRIGGER {table}_search_{name}", params=None)
            editor.execute(f"DROP TABLE {table}_search", params=None)
        else:
            editor.execute(f"DROP INDEX {table}_search", params=None)

    return migrations.RunPython(make, drop)


def search_index_again(table: str) -> migrations.RunPython:
    """The operation that must end every migration which changes a searched table.

    To change a table SQLite makes it anew, and with the old one its triggers go: the index would stand still, unseen.
    """

    def make(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "sqlite":
            return
        for name in ("insert", "update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_search_{name}", params=None)
        editor.execute(f"DROP TABLE IF EXISTS {table}_search", params=None)
        for statement in _statements(table, "sqlite"):
            editor.execute(statement, params=None)

    return migrations.RunPython(make, migrations.RunPython.noop)


def mend_indexes(**_signal: Any) -> None:
    """After every ``migrate``: an index whose triggers went with its old table is made again. Nobody can forget it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name FROM sqlite_master WHERE name LIKE '%!_search%' ESCAPE '!'")
        found = {(kind, name) for kind, name in cursor.fetchall()}
        indexed = [
            name.removesuffix("_search")
            for kind, name in found
            if kind == "table" and name.endswith("_search")
        ]
        for table in indexed:
            if ("trigger", f"{table}_search_insert") in found:
                continue
            cursor.execute(f"DROP TABLE {table}_search")
            for statement in _statements(table, "sqlite"):
                cursor.execute(statement)


def _statements(table: str, vendor: str) -> list[str]:
    if vendor != "sqlite":
        return [f"CREATE INDEX {table}_search ON {table} USING gin (to_tsvector('simple', folded))"]
    add = f"INSERT INTO {table}_search(rowid, folded) VALUES (new.id, new.folded);"
    remove = (
        f"INSERT INTO {table}_search({table}_search, rowid, folded) VALUES ('delete', old.id, old.folded);"
    )
    return [
        f"CREATE VIRTUAL TABLE {table}_search USING fts5(folded, content='', prefix='2 3', tokenize=\"unicode61\")",
        f"CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {remove} END",
        f"CREATE TRIGGER {table}_search_update AFTER UPDATE OF folded ON {table} "
        f"WHEN old.folded IS NOT new.folded BEGIN {remove} {add} END",
        f"INSERT INTO {table}_search(rowid, folded) SELECT id, folded FROM {table}",
    ]
