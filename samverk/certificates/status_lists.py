"""Revocations for programs: W3C Bitstring Status Lists. A bit for each credential, 1 where it is revoked.

Who asks for the list learns nothing about a single certificate, and we do not learn whose is being checked.
"""

from __future__ import annotations

import gzip
from typing import Any

from django.utils import timezone

from samverk.certificates import signing
from samverk.certificates.credentials import CONTEXT, issuer_profile, moment
from samverk.certificates.messages import status_address
from samverk.certificates.models import Certificate, StatusList

# The least the standard allows, so that one bit hides among many.
SIZE = 131_072


def take_places(many: int) -> list[tuple[int, int]]:
    """So many places, each (list, index) given once. Inside a command's transaction."""
    current = StatusList.objects.select_for_update().last() or StatusList.objects.create(number=1)
    taken = []
    for _turn in range(many):
        if current.next_index >= SIZE:
            current.save(update_fields=["next_index"])
            current = StatusList.objects.create(number=current.number + 1)
        if not current.document:
            _sign(current, bytearray(SIZE // 8))
        taken.append((current.number, current.next_index))
        current.next_index += 1
    current.save(update_fields=["next_index"])
    return taken


def sign_list(number: int) -> StatusList:
    """Write the list anew, as the rows are now. Inside the transaction of the revocation."""
    current = StatusList.objects.select_for_update().get(number=number)
    bits = bytearray(SIZE // 8)
    revoked = Certificate.objects.filter(status_list=number, revoked_at__isnull=False)
    for index in revoked.values_list("status_index", flat=True).iterator():
        # The first index is the leftmost bit.
        bits[index // 8] |= 0x80 >> index % 8
    _sign(current, bits)
    return current


def _sign(current: StatusList, bits: bytearray) -> None:
    current.signed_at = timezone.now().replace(microsecond=0)
    credential = _credential(current, bits)
    claims: dict[str, Any] = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(current.signed_at.timestamp()),
        "sub": credential["credentialSubject"]["id"],
    }
    current.document = signing.signer().sign(credential | claims)
    current.save(update_fields=["document", "signed_at"])


def _credential(current: StatusList, bits: bytearray) -> dict[str, Any]:
    address = status_address(current.number)
    # mtime=0: the same bits are the same list.
    packed = "u" + signing.base64url(gzip.compress(bytes(bits), mtime=0))
    return {
        "@context": CONTEXT[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_profile(),
        "validFrom": moment(current.signed_at),  # type: ignore[arg-type]
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": packed,
        },
    }
