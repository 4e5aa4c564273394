"""What an erasure does: the number and the dates stay for the count, every word about the person goes."""

from __future__ import annotations

from typing import Any

from samverk.certificates.permissions import own_certificates


def forget_certificates(person: Any) -> int:
    """Empty her certificates: the check page is gone, the credential is gone, the link is dead. Returns how many."""
    forgotten = 0
    for certificate in own_certificates(person).exclude(facts={}):
        certificate.facts, certificate.digest, certificate.credential = {}, "", ""
        certificate.link_version += 1
        certificate.save(update_fields=["facts", "digest", "credential", "link_version"])
        forgotten += 1
    return forgotten
