"""The Open Badges credential, checked with a library that is not ours (PyJWT), from the published addresses alone."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import stat

import jwt
import pytest
from django.conf import settings

from samverk.certificates.commands.issuing import start_issuing, work_on_issuing
from samverk.certificates.commands.revoking import correct_certificate, revoke_certificate
from samverk.certificates.credentials import credential_of
from samverk.certificates.models import Certificate, SigningKey, StatusList
from samverk.certificates.signing import change_key, key_path
from samverk.certificates.status_lists import SIZE
from samverk.kit.acting import THE_SHELL
from tests.cast import as_person
from tests.certificates.courses import a_course, certified, was_there


def path_of(address: str) -> str:
    assert address.startswith(settings.SAMVERK_ADDRESS)
    return address.removeprefix(settings.SAMVERK_ADDRESS)


def fetched(client, address: str):
    answer = client.get(path_of(address))
    assert answer.status_code == 200, address
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer


def verified(client, token: str) -> dict:
    """What an independent verifier does: header, key from the address in it, signature, claims."""
    header = jwt.get_unverified_header(token)
    assert set(header) == {"alg", "kid", "typ"}
    key = jwt.PyJWK.from_dict(fetched(client, header["kid"]).json())
    return jwt.decode(token, key, algorithms=["EdDSA"])


def is_revoked(client, status: dict) -> bool:
    """Read the bit of a credentialStatus from the published list."""
    claims = verified(client, fetched(client, status["statusListCredential"]).content.decode())
    assert claims["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    subject = claims["credentialSubject"]
    assert subject["statusPurpose"] == status["statusPurpose"] == "revocation"
    packed = subject["encodedList"]
    assert packed[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) * 8 == SIZE
    index = int(status["statusListIndex"])
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def test_a_credential_verifies_with_the_published_key_and_says_what_the_certificate_says(cast, client):
    made = certified(cast)
    claims = verified(client, made.credential)
    assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert claims["nbf"] == int(made.issued_at.timestamp())
    subject = claims["credentialSubject"]
    assert subject["achievement"]["name"] == made.facts["title"]
    assert subject["identifier"][0]["identityHash"] == "Pia Parkvall"
    issuer = fetched(client, claims["issuer"]["id"]).json()
    assert issuer["name"] == settings.SAMVERK_CENTRE


def test_the_address_is_not_in_it_but_who_knows_it_can_compare(cast, client):
    made = certified(cast)
    claims = verified(client, made.credential)
    assert cast.participant.email not in json.dumps(claims)
    hashed = claims["credentialSubject"]["identifier"][1]
    digest = hashlib.sha256((cast.participant.email + hashed["salt"]).encode()).hexdigest()
    assert hashed["identityHash"] == f"sha256${digest}"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_credential_with_one_letter_changed_does_not_verify(cast, client, part):
    pieces = certified(cast).credential.split(".")
    middle = len(pieces[part]) // 2
    other = "A" if pieces[part][middle] != "A" else "B"
    pieces[part] = pieces[part][:middle] + other + pieces[part][middle + 1 :]
    header = jwt.get_unverified_header(Certificate.objects.get().credential)
    key = jwt.PyJWK.from_dict(fetched(client, header["kid"]).json())
    with pytest.raises(jwt.exceptions.PyJWTError):
        jwt.decode(".".join(pieces), key, algorithms=["EdDSA"])


def test_the_key_set_holds_every_key_and_no_private_half(cast, client):
    certified(cast)
    change_key(by=THE_SHELL)
    keys = client.get("/.well-known/jwks.json").json()["keys"]
    assert len(keys) == 2
    assert all(set(key) == {"kty", "crv", "x", "kid", "alg", "use"} for key in keys)


def test_what_an_older_key_signed_still_verifies_and_new_ones_use_the_new_key(cast, client):
    first = certified(cast)
    change_key(by=THE_SHELL)
    second = correct_certificate(first, because="New name.", by=as_person(cast.coordinator))
    assert verified(client, first.credential)["jti"] != verified(client, second.credential)["jti"]
    kids = [jwt.get_unverified_header(one.credential)["kid"] for one in (first, second)]
    assert kids[0] != kids[1]
    assert list(SigningKey.objects.values_list("retired_at", flat=True))[0] is not None


def test_the_private_half_is_readable_by_its_owner_only(cast):
    certified(cast)
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600


def test_a_revocation_is_seen_in_the_published_list_and_nobody_else_is_touched(cast, client):
    activity = a_course(cast)
    keys = [was_there(activity, person) for person in (cast.participant, cast.representative, cast.mentor)]
    work_on_issuing(start_issuing(activity, keys, by=THE_SHELL))
    first, second, third = Certificate.objects.order_by("pk")
    statuses = [verified(client, one.credential)["credentialStatus"] for one in (first, second, third)]
    assert [is_revoked(client, one) for one in statuses] == [False, False, False]
    revoke_certificate(second, because="Wrong person.", by=as_person(cast.coordinator))
    assert [is_revoked(client, one) for one in statuses] == [False, True, False]


def test_a_full_list_is_followed_by_another(cast, client):
    certified(cast)
    StatusList.objects.update(next_index=SIZE - 1)
    activity = a_course(cast)
    keys = [was_there(activity, cast.participant), was_there(activity, cast.mentor)]
    work_on_issuing(start_issuing(activity, keys, by=THE_SHELL))
    spots = list(Certificate.objects.order_by("pk").values_list("status_list", "status_index"))
    assert spots == [(1, 0), (1, SIZE - 1), (2, 0)]
    status = verified(client, Certificate.objects.last().credential)["credentialStatus"]
    assert is_revoked(client, status) is False


def test_the_credential_of_a_protected_person_names_no_address_that_leads_anywhere(cast, client):
    made = certified(cast, cast.protected)
    credential = credential_of(made)
    assert credential["id"].startswith("urn:uuid:")
    assert "evidence" not in credential
    assert verified(client, made.credential)["jti"] == credential["id"]


def test_an_unknown_key_or_list_is_not_found(client, db):
    assert client.get("/badges/keys/nothing.json").status_code == 404
    assert client.get("/badges/status/7").status_code == 404
    assert client.get("/.well-known/jwks.json").json() == {"keys": []}
