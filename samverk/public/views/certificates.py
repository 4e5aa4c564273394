"""The page behind the code on a certificate: what stands on it, so that a changed copy is seen."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samverk.certificates.queries import certificate_to_check


@login_not_required
@never_cache
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The content again, and whether it still counts. Nothing for people with protected identity."""
    found = certificate_to_check(code)
    if found is None:
        raise Http404
    context = {
        "certificate": found,
        "facts": found.facts,
        "newer": getattr(found, "replaced_by", None),
    }
    return render(request, "public/certificates/check.html", context)
