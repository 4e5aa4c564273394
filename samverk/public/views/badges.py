"""What a verifier of a credential asks for: the issuer, its keys, the list of revocations."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from samverk.certificates.credentials import issuer_profile
from samverk.certificates.models import SigningKey, StatusList
from samverk.certificates.signing import public_jwk

# Keys and the issuer rarely change; a revocation is seen after five minutes at the latest.
A_DAY, FIVE_MINUTES = 24 * 3600, 300


def _for_all(response: HttpResponse) -> HttpResponse:
    """Verifiers run in browsers, too; there is nothing here that is not public."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


@login_not_required
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def keys(request: HttpRequest) -> HttpResponse:
    """Every key that ever signed, as a JSON Web Key Set."""
    return _for_all(JsonResponse({"keys": [public_jwk(one) for one in SigningKey.objects.all()]}))


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_DAY)
def key(request: HttpRequest, thumbprint: str) -> HttpResponse:
    """One key, at the address that signatures name."""
    found = get_object_or_404(SigningKey, thumbprint=thumbprint[:64])
    return _for_all(JsonResponse(public_jwk(found), content_type="application/jwk+json"))


@login_not_required
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def issuer(request: HttpRequest) -> HttpResponse:
    """Who issues, as an Open Badges profile."""
    context = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    return _for_all(JsonResponse({"@context": context} | issuer_profile()))


@login_not_required
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """A list of revocations, a signed credential itself."""
    found = get_object_or_404(StatusList, number=number)
    return _for_all(HttpResponse(found.document, content_type="application/vc+jwt"))
