"""The three kinds of address, never mixed: public codes, check-in codes, personal links."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.core import signing
from django.db import models

# No vowels, so that no words arise; no letter that looks like another one.
LETTERS = "BCDFGHJKMNPQRSTVWXZ"


def new_code(length: int = 7) -> str:
    """A random code of capital letters: 7 for public codes (19**7 is about 894 million), 12 for check-in."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_check_in_code() -> str:
    return new_code(12)


class CodeField(models.CharField):
    """A public code: made at creation, unique, unchanged for life. It tells nothing and opens nothing."""

    def __init__(self, **options: Any) -> None:
        made: dict[str, Any] = {"max_length": 12, "unique": True, "editable": False, "default": new_code}
        super().__init__(**(made | options))


def typed_code(text: str) -> str:
    """A code as people type it ("bkd-mpq r") in the form it is stored ("BKDMPQR")."""
    return "".join(letter for letter in text.upper() if letter in LETTERS)


def make_link(purpose: str, key: int, version: int) -> str:
    """The token of a personal link. Nothing of it is stored; raising the row's version revokes it.

    The signature is an HMAC-SHA256 under the installation's key, with the purpose as salt.
    """
    return signing.dumps([key, version], salt=f"samverk.link.{purpose}", compress=False)


def read_link(purpose: str, token: str) -> tuple[int, int] | None:
    """(key, version) of a token made for this purpose, or None when it was not made by us for this."""
    try:
        key, version = signing.loads(token, salt=f"samverk.link.{purpose}")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return key, version


def digest(text: str) -> str:
    """SHA-256 in hex, for what must be compared but not kept in clear."""
    return hashlib.sha256(text.encode()).hexdigest()
