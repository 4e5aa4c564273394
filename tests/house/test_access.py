"""Every address × every role: the table in access.py is true and complete."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import ROLES, signed_in_client
from tests.house.access import ACCESS


def _names(patterns, namespace="") -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            found.add(f"{namespace}{pattern.name}")
    return found


def test_every_address_has_its_line_in_the_table():
    addresses = _names(get_resolver().url_patterns)
    assert sorted(addresses - set(ACCESS)) == []
    assert sorted(set(ACCESS) - addresses) == []


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_each_role_passes_exactly_where_the_table_says(name, cast):
    door = ACCESS[name]
    address = reverse(name, kwargs=door.args(cast))
    wrong = []
    for role in ROLES:
        # Each role finds the things as they were: the one before may have thrown them away.
        before = transaction.savepoint_create()
        client = signed_in_client(cast.person(role))
        answer = client.post(address) if door.post else client.get(address)
        transaction.savepoint_rollback(before)
        if (expected := _expected(door, role)) != (got := _kind(answer, door.needs_sign_in)):
            wrong.append(f"{role}: {got} ({answer.status_code}) and not {expected}")
    assert wrong == []


def _expected(door, role: str) -> str:
    if role in door.passes:
        return "passes"
    if role == "visitor" and door.needs_sign_in:
        return "sign in"
    return "forbidden" if role in door.forbidden else "not found"


def _kind(answer, needs_sign_in: bool) -> str:
    if answer.status_code == 302 and "/sign-in/" in answer["Location"] and needs_sign_in:
        return "sign in"
    return {403: "forbidden", 404: "not found"}.get(
        answer.status_code, "passes" if answer.status_code < 500 else "error"
    )
