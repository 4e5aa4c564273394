from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tests.house.strict import StrictClient, guarded_connect

BARE_DATABASE = Path(settings.SAMVERK_DATA) / "bare.sqlite3"


def pytest_collection_modifyitems(config, items):
    """Tests of one database are chosen by mark, and what asks nothing of a database runs once; never in silence."""
    on_postgres = _on_postgres()
    keep, drop = [], []
    for item in items:
        wrong = item.get_closest_marker("sqlite" if on_postgres else "postgres")
        wrong = wrong or (on_postgres and not _asks_a_database(item))
        (drop if wrong else keep).append(item)
    if drop:
        config.hook.pytest_deselected(items=drop)
        items[:] = keep


def _asks_a_database(item) -> bool:
    marked = any(map(item.get_closest_marker, ("django_db", "postgres", "journey")))
    return marked or bool({"db", "transactional_db", "live_server"} & set(item.fixturenames))


def _on_postgres() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@pytest.fixture(scope="session", autouse=True)
def _loopback_only():
    original = socket.socket.connect
    socket.socket.connect = guarded_connect(original)
    yield
    socket.socket.connect = original


@pytest.fixture(autouse=True)
def _english():
    """Tests read the source words; those of other languages switch themselves."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Kept beside it on SQLite: the database as it is before the first row."""
    with django_db_blocker.unblock():
        if not _on_postgres():
            BARE_DATABASE.unlink(missing_ok=True)
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM INTO '{BARE_DATABASE}'")


@pytest.fixture
def bare_folder(django_db_setup, tmp_path) -> Path:
    """A data folder of its own, its SQLite database with every table and no row: migrating anew takes seconds."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(BARE_DATABASE, folder / "samverk.sqlite3")
    return folder


@pytest.fixture
def client():
    return StrictClient()


@pytest.fixture
def cast(db):
    """One of each person the product knows; see tests/cast.py."""
    from samverk.people.models import Person
    from tests.cast import STANDING, make_cast

    return make_cast() if Person.objects.exists() else STANDING.lay()


@pytest.fixture
def sign_in():
    """sign_in(person) gives a browser in which that person is signed in."""
    from tests.cast import signed_in_client

    return signed_in_client


@pytest.fixture
def queries():
    """queries(function) counts what a function asks of the database."""
    from django.test.utils import CaptureQueriesContext

    def count(function) -> int:
        with CaptureQueriesContext(connection) as captured:
            function()
        return len(captured)

    return count
