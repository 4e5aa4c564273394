"""The certificate as an Open Badges 3.0 credential: a W3C Verifiable Credential, signed as a JSON Web Token.

Source: Open Badges 3.0, "JSON Web Token Proof Format": the payload is the credential itself with the claims iss, jti,
nbf and sub; the header names an address at which the public key is found. See docs/decisions for the choice.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.certificates.messages import check_address, issuer_address, status_address
from samverk.certificates.models import Certificate
from samverk.certificates.signing import Signer

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def issuer_profile() -> dict[str, Any]:
    """Who issues: the installation. Public at its own address."""
    return {
        "id": issuer_address(),
        "type": ["Profile"],
        "name": settings.SAMVERK_CENTRE,
        "url": settings.SAMVERK_ADDRESS,
    }


def signed_credential(certificate: Certificate, signer: Signer) -> str:
    """The credential of a certificate whose facts are written, as a compact JWS."""
    credential = credential_of(certificate)
    issued = certificate.issued_at.replace(microsecond=0)
    claims = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(issued.timestamp()),
        "sub": credential["credentialSubject"]["id"],
    }
    return signer.sign(credential | claims)


def credential_of(certificate: Certificate) -> dict[str, Any]:
    """The credential, not yet signed."""
    facts = certificate.facts
    day = moment(certificate.issued_at)
    is_public = not certificate.is_protected
    credential = {
        "@context": CONTEXT,
        # Of somebody with protected identity no address leads anywhere.
        "id": check_address(certificate) if is_public else _urn(f"certificate:{certificate.check_code}"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts["title"],
        "issuer": issuer_profile(),
        "validFrom": day,
        "awardedDate": day,
        "credentialSubject": _subject(certificate),
        "credentialStatus": {
            "id": f"{status_address(certificate.status_list)}#{certificate.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(certificate.status_index),
            "statusListCredential": status_address(certificate.status_list),
        },
    }
    if is_public:
        credential["evidence"] = [
            {"id": check_address(certificate), "type": ["Evidence"], "name": facts["heading"]}
        ]
    return credential


def moment(value: datetime) -> str:
    """A moment as credentials write it: UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _subject(certificate: Certificate) -> dict[str, Any]:
    facts = certificate.facts
    return {
        "id": _urn(f"subject:{certificate.check_code}"),
        "type": ["AchievementSubject"],
        "identifier": _identifiers(certificate),
        "achievement": {
            "id": _urn(f"activity:{certificate.activity.code}"),
            "type": ["Achievement"],
            "achievementType": "CertificateOfCompletion",
            "name": facts["title"],
            "inLanguage": facts["title_language"],
            "description": "\n".join(facts["contents"]) or facts["title"],
            "criteria": {"narrative": _narrative(certificate)},
            "creator": issuer_profile(),
        },
    }


def _identifiers(certificate: Certificate) -> list[dict[str, Any]]:
    """The name as it stands on the certificate, and the e-mail as a salted digest: only who knows it can compare."""
    found: list[dict[str, Any]] = [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": certificate.facts["name"],
            "identityType": "name",
        }
    ]
    owner, registration = certificate.owner, certificate.registration
    email = (owner.mail_address if owner else "") or (registration.email if registration else "")
    if email:
        salt = certificate.check_code
        digest = hashlib.sha256((email.lower() + salt).encode()).hexdigest()
        found.append(
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${digest}",
                "identityType": "emailAddress",
                "salt": salt,
            }
        )
    return found


def _narrative(certificate: Certificate) -> str:
    """When, where and how much, and how much was asked."""
    share = certificate.activity.completion_share
    lines = [f"{term}: {value}" for term, value in certificate.facts["rows"]]
    if share is not None:
        with override(certificate.language):
            asked = format(share.normalize(), "f")
            lines.append(_("Asked: at least %(share)s percent of the planned time.") % {"share": asked})
    return "\n".join(lines)


def _urn(about: str) -> str:
    """A name that means nothing elsewhere and is the same each time."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SAMVERK_ADDRESS}/{about}").urn
