from __future__ import annotations

import socket

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests.house.strict import StrictClient, guarded_connect


def pytest_collection_modifyitems(config, items):
    """Journeys and tests of one database are chosen by mark, never skipped in silence."""
    on_postgres = _on_postgres()
    keep, drop = [], []
    for item in items:
        wrong = item.get_closest_marker("sqlite" if on_postgres else "postgres")
        (drop if wrong else keep).append(item)
    if drop:
        config.hook.pytest_deselected(items=drop)
        items[:] = keep


def _on_postgres() -> bool:
    from django.conf import settings

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
    """The shared counts of limits have a table of their own."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)


@pytest.fixture
def client():
    return StrictClient()


@pytest.fixture
def cast(db):
    """One of each person the product knows; see tests/cast.py."""
    from tests.cast import make_cast

    cache.clear()
    return make_cast()


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
