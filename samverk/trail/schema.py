"""Whether the database has the tables that this program expects."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.loader import MigrationLoader


def missing_migrations() -> list[str]:
    """Migrations of the program that the database has not had."""
    loader = MigrationLoader(connection)
    return sorted(".".join(key) for key in set(loader.disk_migrations) - set(loader.applied_migrations))


def unknown_migrations() -> list[str]:
    """Migrations of our apps that the database has had and the program does not know: it is too old."""
    loader = MigrationLoader(connection)
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(".".join(key) for key in unknown if key[0] in loader.migrated_apps)


def schema_problem() -> str:
    """A sentence about a schema that does not fit, with what to do; empty where it fits."""
    if missing := missing_migrations():
        return (
            f"The database is older than the program: {len(missing)} migrations are missing, first {missing[0]}. "
            "Make a backup, then run: samverk migrate"
        )
    if unknown := unknown_migrations():
        return (
            f"The database is newer than the program: it has had {unknown[0]}, which is not here. "
            "Install the newer program."
        )
    return ""
