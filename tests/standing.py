"""Rows that many tests begin with are built once by the commands, then laid down again as they stood.

Building the cast takes some 250 statements, and more than a thousand tests ask for it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model


@dataclass
class Standing[Made]:
    """What ``build`` makes on an empty database, with its rows; one for each process of a run."""

    build: Callable[[], Made]
    made: bytes = b""
    rows: tuple[tuple[str, list[tuple[object, ...]]], ...] = ()

    def lay(self) -> Made:
        """The same as ``build()``, in a dozen statements from the second time on."""
        if not self.made:
            before = {model: _keys(model) for model in _models()}
            made = self.build()
            self.rows = tuple(_rows_since(before))
            self.made = pickle.dumps(made)
            return made
        with connection.cursor() as cursor:
            for statement, rows in self.rows:
                cursor.executemany(statement, rows)
        return pickle.loads(self.made)


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _keys(model: type[Model]) -> set[object]:
    return set(model._base_manager.values_list("pk", flat=True).order_by())


def _rows_since(before: dict[type[Model], set[object]]):
    quoted = connection.ops.quote_name
    for model, keys in before.items():
        columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
        names, table = ", ".join(map(quoted, columns)), quoted(model._meta.db_table)
        key = quoted(model._meta.pk.column)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key}, {names} FROM {table} ORDER BY {key}")
            rows = [row[1:] for row in cursor.fetchall() if row[0] not in keys]
        if rows:
            marks = ", ".join(["%s"] * len(columns))
            yield f"INSERT INTO {table} ({names}) VALUES ({marks})", rows
