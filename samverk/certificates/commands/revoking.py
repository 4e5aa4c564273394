"""Taking certificates back, and correcting them by a new one that names the old."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from samverk.activities.completion import Share, Standing, key_of, standings
from samverk.certificates.commands.issuing import write_content
from samverk.certificates.messages import CORRECTED, KIND, REVOKED, certificate_mail
from samverk.certificates.models import Certificate
from samverk.certificates.rules import needed_reason, revoking_refusal
from samverk.certificates.signing import signer
from samverk.certificates.status_lists import sign_list, take_places
from samverk.certificates.wording import frame
from samverk.kit.acting import Actor
from samverk.kit.faults import fault_point
from samverk.post.commands import queue_mails
from samverk.trail.commands import log


def revoke_certificate(certificate: Certificate, *, because: str, by: Actor) -> Certificate:
    """It no longer counts: the check page and the list of revocations say so from now on, and its owner is told."""
    reason = needed_reason(because)
    with transaction.atomic():
        certificate = _locked(certificate)
        _revoke(certificate, reason, by)
        _tell(certificate, REVOKED)
        return certificate


def correct_certificate(
    certificate: Certificate, *, because: str, by: Actor, name: str = "", language: str = ""
) -> Certificate:
    """Issue a new one that names this one, and revoke this one. Gives the new one.

    The name is as it shall stand there; the activity, its minutes and the template are taken as they are now.
    """
    reason = needed_reason(because)
    with transaction.atomic():
        old = _locked(certificate)
        _revoke(old, reason, by)
        (spot,) = take_places(1)
        fresh = Certificate(
            activity=old.activity, person=old.person, registration=old.registration,
            language=language or old.language, status_list=spot[0], status_index=spot[1],
            issued_by=by.person, replaces=old,
        )  # fmt: skip
        standing = _standing(old)
        fresh.minutes_attended, fresh.minutes_planned = standing.share.attended, standing.share.planned
        shown = " ".join(name.split()) or old.name
        write_content(
            fresh, frame(old.activity, fresh.language), name=shown, standing=standing, signer=signer()
        )
        fresh.save()
        fault_point("certificates.correcting")
        log("correct", fresh, by=by, scope=old.activity.programme.scope, reason=reason)
        _tell(fresh, CORRECTED)
        return fresh


def _revoke(certificate: Certificate, reason: str, by: Actor) -> None:
    if refusal := revoking_refusal(certificate):
        raise refusal
    certificate.revoked_at, certificate.revoked_by = timezone.now(), by.person
    certificate.revoked_because = reason
    certificate.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])
    sign_list(certificate.status_list)
    log("revoke", certificate, by=by, scope=certificate.activity.programme.scope, reason=reason)


def _tell(certificate: Certificate, why: str) -> None:
    if mail := certificate_mail(certificate, why):
        queue_mails(KIND, [mail])


def _standing(old: Certificate) -> Standing:
    """Her minutes as the sheets say now; those of the old one where she stands on no sheet any more."""
    key = key_of(old.person_id, old.registration_id)
    found = standings(old.activity, [key]).get(key)
    share = Share(old.minutes_attended, old.minutes_planned)
    return found or Standing(key, old.person_id, old.registration_id, share, {}, None, True)


def _locked(certificate: Certificate) -> Certificate:
    related = ("activity__programme", "person", "registration__person", "replaces")
    rows = Certificate.objects.select_for_update(of=("self",)).select_related(*related)
    return rows.get(pk=certificate.pk)
