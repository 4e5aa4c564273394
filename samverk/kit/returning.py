"""Back to where somebody stood."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request: HttpRequest, otherwise: str) -> str:
    """The page of ours on which the button was pressed, as a path; ``otherwise`` where the browser does not say."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return otherwise
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or otherwise
