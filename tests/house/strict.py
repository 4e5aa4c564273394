"""What makes the suite strict: no unknown template variable, no write while reading, no network beyond loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

# Reading a page may touch these: who is signed in, which browser, how often somebody asked.
MAY_CHANGE_WHILE_READING = ("django_session", "people_device", "trail_limitcount")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


class UnknownVariable(str):
    """Stands in for string_if_invalid: a template of ours that names what it was not given fails."""

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"a template names {name!s}, which it was not given")

    def __bool__(self) -> bool:
        return True


def _refuse_writes(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    verb = sql.lstrip().split(None, 1)[0].upper()
    writes = verb in {"INSERT", "UPDATE", "DELETE", "REPLACE"}
    if writes and not any(f'"{table}"' in sql for table in MAY_CHANGE_WHILE_READING):
        raise AssertionError(f"a page that reads wrote: {sql[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def only_reading() -> Iterator[None]:
    with connection.execute_wrapper(_refuse_writes):
        yield


class StrictClient(Client):
    """A browser in tests whose GET cannot write."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        with only_reading():
            return super().get(*args, **kwargs)


class BeyondLoopback(AssertionError):
    """Something in the suite wanted to reach another machine."""


def guarded_connect(original: Callable) -> Callable:
    def connect(self: socket.socket, address: Any) -> Any:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
            raise BeyondLoopback(f"the suite reached for {host}")
        return original(self, address)

    return connect
