"""The comfort bar: text size, light or dark, no motion, and the language. Works without an account and without script.

The choice lives in one cookie, which names nobody. Both views only change how pages look,
so they ask for no token; a request from another site is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language_from_path, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE = "comfort"
A_YEAR = 365 * 24 * 3600
SIZES = {"A": "md", "A+": "lg", "A++": "lg"}
THEMES = ("light", "dark", "auto")


@dataclass(frozen=True)
class Comfort:
    """How somebody wants pages to look."""

    size: str = "A"
    theme: str = "auto"
    calm: bool = False

    @property
    def data_size(self) -> str:
        """The size name of Designsystemet, which stands on <body>; on <html> sizes would multiply."""
        return SIZES[self.size]

    @property
    def largest(self) -> bool:
        return self.size == "A++"

    def to_cookie(self) -> str:
        return ".".join([self.size.replace("+", "p"), self.theme, "calm" if self.calm else "motion"])

    @classmethod
    def from_cookie(cls, text: str) -> Comfort:
        """What the cookie says; anything unknown is as if it were not there."""
        size, theme, motion, *_ = [*text.split("."), "", "", ""]
        size = size.replace("p", "+")
        return cls(
            size=size if size in SIZES else "A",
            theme=theme if theme in THEMES else "auto",
            calm=motion == "calm",
        )

    def changed(self, wish: dict[str, str]) -> Comfort:
        """This comfort with the one thing changed that the pressed button names."""
        size, theme, calm = wish.get("size"), wish.get("theme"), wish.get("calm")
        return Comfort(
            size=size if size in SIZES else self.size,
            theme=theme if theme in THEMES else self.theme,
            calm=calm == "1" if calm in {"0", "1"} else self.calm,
        )


def comfort_of(request: HttpRequest) -> Comfort:
    """The comfort that this browser asked for."""
    return Comfort.from_cookie(request.COOKIES.get(COOKIE, ""))


def comfort_context(request: HttpRequest) -> dict[str, Any]:
    """What every page needs for its frame: comfort, the centre's name, whom to ring, and whether this is a demo."""
    return {
        "comfort": comfort_of(request),
        "centre": settings.SAMVERK_CENTRE,
        "help_name": settings.SAMVERK_HELP_NAME,
        "help_phone": settings.SAMVERK_HELP_PHONE,
        "demo": settings.SAMVERK_DEMO,
    }


def page_to_return_to(request: HttpRequest) -> str:
    """The page that the form stood on, or the start page."""
    page = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if own else "/"


def _from_another_site(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site"


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name, value, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


@csrf_exempt
@login_not_required
@require_POST
def comfort(request: HttpRequest) -> HttpResponse:
    """Change text size, colours or motion, and go back to the page."""
    if _from_another_site(request):
        return HttpResponse(status=403)
    wanted = comfort_of(request).changed(request.POST.dict())
    return _remember(HttpResponseRedirect(page_to_return_to(request)), COOKIE, wanted.to_cookie())


@csrf_exempt
@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language, and go back to the same page in it."""
    chosen = request.POST.get("language", "")
    page = page_to_return_to(request)
    known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
    if _from_another_site(request) or not known:
        return HttpResponseRedirect(page)
    # The page's own prefix decides how its address is read, not the cookie of the person who looks at it.
    with override(get_language_from_path(page) or settings.LANGUAGE_CODE):
        there = translate_url(page, chosen)
    response = HttpResponseRedirect(there)
    return _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
