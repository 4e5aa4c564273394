"""The installation's key for credentials, and compact JSON Web Signatures with it (EdDSA over Ed25519).

The private half lies in SAMVERK_DATA beside the secret, readable by its owner only, and goes into backups. Each machine
that issues may have its own: every public half is kept in the database and published, so that all that was ever
signed verifies, also after a key was changed or lost. Only commands sign; pages only read.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from samverk.certificates.messages import key_address
from samverk.certificates.models import SigningKey
from samverk.kit.acting import Actor
from samverk.trail.commands import log

KEY_FILE = "badge-key"


def key_path() -> Path:
    return Path(settings.SAMVERK_DATA) / KEY_FILE


@dataclass(frozen=True)
class Signer:
    """The key at hand, and the header that names its public half."""

    private: Ed25519PrivateKey
    header: str

    def sign(self, payload: Mapping[str, Any]) -> str:
        """A compact JWS of a JSON object."""
        signed = f"{self.header}.{_part(payload)}"
        return f"{signed}.{base64url(self.private.sign(signed.encode()))}"


def signer() -> Signer:
    """For a command's transaction: the first one makes the key."""
    private = _private_key()
    header = {"alg": "EdDSA", "kid": key_address(_known(private).thumbprint), "typ": "JWT"}
    return Signer(private, _part(header))


def public_jwk(key: SigningKey) -> dict[str, str]:
    """A public key as a JSON Web Key; its `kid` is the address where it is found."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": key.public,
        "kid": key_address(key.thumbprint),
        "alg": "EdDSA",
        "use": "sig",
    }


def change_key(*, by: Actor) -> SigningKey:
    """Sign with a new key from now on. The old private half is gone; what it signed still verifies."""
    with transaction.atomic():
        now = timezone.now()
        SigningKey.objects.filter(retired_at=None).update(retired_at=now)
        fresh = Ed25519PrivateKey.generate()
        half = key_path().with_name(f".{KEY_FILE}.half")
        half.unlink(missing_ok=True)
        _write(half, fresh)
        known = _known(fresh)
        log("change_key", known, by=by, scope="accounts")
        os.replace(half, key_path())
        return known


def base64url(content: bytes) -> str:
    """Without padding, as RFC 7515 writes it."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _part(value: Mapping[str, Any]) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _private_key() -> Ed25519PrivateKey:
    path = key_path()
    if not path.exists():
        # Where another process was quicker, its key is the key.
        with contextlib.suppress(FileExistsError):
            _write(path, Ed25519PrivateKey.generate())
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    """The whole key or no file: a link to a file that is written already never shows half of it."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(scratch, path)
    finally:
        scratch.unlink()


def _known(private: Ed25519PrivateKey) -> SigningKey:
    """The row of its public half, made at its first signature."""
    public = base64url(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    # RFC 7638: the required members in the order of their names, nothing else.
    members = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": public}, separators=(",", ":"))
    thumbprint = base64url(hashlib.sha256(members.encode()).digest())
    known, _made = SigningKey.objects.get_or_create(thumbprint=thumbprint, defaults={"public": public})
    return known
