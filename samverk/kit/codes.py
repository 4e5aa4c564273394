"""The three kinds of address, never mixed: public codes, check-in codes, personal links."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.core import signing
from django.db import models

# No vowels, so that no words arise; no letter that looks like another one.
LETTERS = "BCDFGHJKMNPQRSTVWXZ"
# The length of a public code: short enough to be read out on the phone.
SHORT = 7


def new_code(length: int = SHORT) -> str:
    """A random code of capital letters: 7 for public codes (19**7 is about 894 million), 12 for check-in."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_row_code() -> str:
    """For rows that come by the million, such as entries of the log: 11 letters never meet (19**11 is 1.2e14)."""
    return new_code(11)


def new_check_in_code() -> str:
    return new_code(12)


class CodeField(models.CharField):
    """A public code: made at creation, unique, unchanged for life. It tells nothing and opens nothing."""

    def __init__(self, **options: Any) -> None:
        made: dict[str, Any] = {"max_length": 12, "unique": True, "editable": False, "default": new_code}
        super().__init__(**(made | options))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Short codes do meet: among 400,000 organisations some ninety. So a new one is looked up before it is written.

        Whoever writes many rows looks them up together and says so by ``code_is_free`` on each.
        """
        code = super().pre_save(model_instance, add)
        if not add or len(code or "") > SHORT or getattr(model_instance, "code_is_free", False):
            return code
        rows = type(model_instance)._base_manager.using(model_instance._state.db or "default")
        while rows.filter(**{self.attname: code}).exists():
            code = new_code(SHORT)
        setattr(model_instance, self.attname, code)
        # Django asks twice for one insert.
        model_instance.code_is_free = True
        return code


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
