"""My certificate, by its personal link: read it, keep it as PDF, keep it as a signed credential."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samverk.certificates.documents import certificate_document
from samverk.certificates.messages import certificate_of_token, check_address
from samverk.certificates.models import Certificate


def _certificate_or_404(token: str) -> Certificate:
    found = certificate_of_token(token)
    if found is None or not found.facts:
        raise Http404
    return found


@login_not_required
@never_cache
@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """What it says, whether it counts, and the ways to keep and to show it."""
    found = _certificate_or_404(token)
    context = {
        "certificate": found,
        "facts": found.facts,
        "token": token,
        "check_address": "" if found.is_protected else check_address(found),
    }
    return render(request, "portal/certificates/certificate.html", context)


@login_not_required
@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The page to print."""
    found = _certificate_or_404(token)
    return _file(certificate_document(found), f"{found.code}.pdf", "application/pdf")


@login_not_required
@never_cache
@require_safe
def certificate_badge(request: HttpRequest, token: str) -> HttpResponse:
    """The Open Badges credential, as wallets read it."""
    found = _certificate_or_404(token)
    return _file(found.credential.encode(), f"{found.code}.jwt", "application/vc+jwt")


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
