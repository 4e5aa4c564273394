"""What every request passes: one log line, and the headers of pages that belong to one person."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("samverk.request")
# A personal link stands in the path; the log must not hold it.
_PERSONAL = re.compile(
    r"/(place|evaluation|registrations|invitations|hours|certificates|check|sign-in/link|countersign|statement|login|undo)/[^/]{20,}"
)

Next = Callable[[HttpRequest], HttpResponse]


def masked_path(path: str) -> str:
    return _PERSONAL.sub(r"/\1/…", path)


def request_log(get_response: Next) -> Next:
    """One line a request: method, masked path, status, milliseconds. No address, no person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        log.info(
            "request",
            extra={
                "method": request.method,
                "path": masked_path(request.path),
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        return response

    return middleware


def private_pages(get_response: Next) -> Next:
    """Pages of signed-in people and of personal links are not stored, not indexed and tell no other host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if _PERSONAL.search(request.path) or (user is not None and user.is_authenticated):
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex, nofollow"
        if _PERSONAL.search(request.path):
            # Not "no-referrer": with it browsers send "Origin: null", and the page's own forms are refused.
            # "same-origin" tells no other host anything either.
            response["Referrer-Policy"] = "same-origin"
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
        return response

    return middleware


class StorableText:
    """Refuses a request whose address or fields hold the sign NUL: no keyboard writes it, no PostgreSQL text holds it.

    It looks after the check against forgery, which has read the fields already.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: list, kwargs: dict[str, Any]) -> None:
        sent = (
            text
            for fields in (request.GET, request.POST)
            for texts in fields.lists()
            for text in (texts[0], *texts[1])
        )
        if "\0" in request.path_info or any("\0" in text for text in sent):
            raise BadRequest("NUL in the request")
