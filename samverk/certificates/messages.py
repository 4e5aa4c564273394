"""Where certificates are found, and the mails that tell of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from samverk.certificates.models import Certificate
from samverk.kit.codes import make_link, read_link
from samverk.post.composing import Message, Words, absolute
from samverk.post.models import Mail

KIND = "certificates.certificate"
LINK = "certificate"
ISSUED, CORRECTED, REVOKED = "issued", "corrected", "revoked"


def certificate_token(certificate: Certificate) -> str:
    """The personal link of a certificate; raising its link_version revokes it."""
    return make_link(LINK, certificate.pk, certificate.link_version)


def certificate_of_token(token: str) -> Certificate | None:
    """The certificate a personal link leads to, or None."""
    found = read_link(LINK, token)
    if found is None:
        return None
    related = ("activity__programme", "person", "registration__person", "replaces")
    return Certificate.objects.select_related(*related).filter(pk=found[0], link_version=found[1]).first()


def certificate_path(certificate: Certificate) -> str:
    """Her own page of it, in the language that is active."""
    return reverse("portal:certificate", args=[certificate_token(certificate)])


def check_address(certificate: Certificate) -> str:
    """Where anybody who holds the certificate may check it. Without a language: the page takes the reader's."""
    return absolute(f"/check/{certificate.check_code}/")


@cache
def _path(name: str, *args: Any) -> str:
    """These paths carry no language, so they are the same for everybody; bulk work asks for them thousands of times."""
    return reverse(f"badges:{name}", args=args)


def issuer_address() -> str:
    return absolute(_path("issuer"))


def key_address(thumbprint: str) -> str:
    return absolute(_path("key", thumbprint))


def status_address(number: int) -> str:
    return absolute(_path("status_list", number))


def certificate_mail(certificate: Certificate, why: str) -> dict[str, Any] | None:
    """A mail to whose it is, for `post.queue_mails`; None where no address is known."""
    owner, registration = certificate.owner, certificate.registration
    to = (owner.mail_address if owner else "") or (registration.email if registration else "")
    if not to:
        return None
    return {
        "to": to,
        "to_name": certificate.name,
        "language": certificate.language,
        "scope": certificate.activity.programme.scope,
        "person": owner,
        "thing_id": certificate.pk,
        "facts": {"why": why},
    }


def compose(mail: Mail) -> Message | None:
    """The words of a certificate's mail; None where there is nothing to tell any more."""
    related = ("activity__programme", "person", "registration__person")
    certificate = Certificate.objects.select_related(*related).filter(pk=mail.thing_id or 0).first()
    why = mail.facts.get("why", "")
    if certificate is None or not certificate.facts or (certificate.is_revoked and why != REVOKED):
        return None
    title = {"title": certificate.facts["title"]}
    subjects = {
        ISSUED: _("Your certificate: %(title)s"),
        CORRECTED: _("Your corrected certificate: %(title)s"),
        REVOKED: _("Your certificate no longer counts: %(title)s"),
    }
    address = absolute(certificate_path(certificate))
    return Message(
        subject=subjects[why] % title,
        paragraphs=_paragraphs(certificate, why),
        buttons=[(_("Open my certificate"), address)],
        facts=[(_("Number"), certificate.code)],
        why=_("You get this mail because you took part in the activity."),
        note=certificate.activity.programme.funder_information,
    )


def _paragraphs(certificate: Certificate, why: str) -> list[Words]:
    if why == REVOKED:
        return [
            _("The organiser has revoked it. Its check page says so."),
            _("Reason: %(reason)s") % {"reason": certificate.revoked_because},
        ]
    lines: list[Words] = [_("You can open it, print it and save it.")]
    if why == CORRECTED and certificate.replaces:
        lines.insert(
            0,
            _("It replaces number %(number)s, which no longer counts.")
            % {"number": certificate.replaces.code},
        )
    if not certificate.is_protected:
        lines.append(_("Who gets a copy of it can check it by the code on it."))
    return lines
