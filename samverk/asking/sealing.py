"""Protected answers as they are kept: encrypted with a key of the installation, so that no copy of a row tells them.

Fernet (AES-128-CBC with HMAC-SHA256), its key from SECRET_KEY by HKDF; keys of SECRET_KEY_FALLBACKS still open.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"samverk.asking.sealed"


@cache
def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _keys() -> MultiFernet:
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(answers: Mapping[str, Any]) -> str:
    return _keys().encrypt(json.dumps(dict(answers)).encode()).decode()


def opened(content: str) -> dict[str, Any]:
    """{key of question: answer}; empty where no key of the installation opens it."""
    try:
        return dict(json.loads(_keys().decrypt(content.encode())))
    except InvalidToken:
        return {}
