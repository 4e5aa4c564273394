"""Pages for what went wrong: what happened, in plain words, and where to go from here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent could not be read."""
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: it exists, and this person may not do it."""
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing this person may see."""
    return render(request, "404.html", status=404)


def too_many(request: HttpRequest, minutes: int = 10) -> HttpResponse:
    """429: too many tries; says how long to wait."""
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page stands alone: no database, no session, and no sheet where those are what broke."""
    words = {"help_name": settings.SAMVERK_HELP_NAME, "help_phone": settings.SAMVERK_HELP_PHONE}
    return HttpResponse(render_to_string("500.html", {**words, "sheets": _sheets()}), status=500)


def _sheets() -> list[str]:
    try:
        return [static(name) for name in ("vendor/theme.css", "vendor/designsystemet.css", "kit/app.css")]
    except ValueError:
        # The list of hashed names is missing; a plain page is better than none.
        return []
