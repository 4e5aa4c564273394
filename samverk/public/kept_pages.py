"""Pages that are the same for every visitor are made once and kept until somebody does something.

Everything anybody does leaves an entry in the trail, so the newest entry tells whether a kept page is still true:
one small query instead of a page. Nothing is kept longer than ``KEPT_PAGE_SECONDS``, for what time itself changes.
"""

from __future__ import annotations

import re
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from samverk.kit.comfort import COOKIE as COMFORT
from samverk.trail.models import Entry

_OWN = re.compile(rb'( name="(csrfmiddlewaretoken|form_key)" value=")[^"]*(")')
SECONDS = 20
MOST_PAGES = 256

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Page:
    """A page as it was made, and what was true then."""

    content: bytes
    content_type: str
    newest: Any
    until: float


_kept: OrderedDict[tuple, Page] = OrderedDict()


def kept_for_visitors(view: View) -> View:
    """For views whose answer depends on the address, the look and the database, and on nobody's session."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds = getattr(settings, "KEPT_PAGE_SECONDS", SECONDS)
        if not seconds or not _is_plain_visit(request):
            return view(request, *args, **kwargs)
        key = (request.scheme, request.get_host(), request.get_full_path(), request.COOKIES.get(COMFORT, ""))
        newest = Entry.objects.order_by("-pk").values_list("pk", "at").first()
        page = _kept.get(key)
        if page is None or page.newest != newest or page.until < time.monotonic():
            made = view(request, *args, **kwargs)
            if not _is_for_everybody(made):
                return made
            page = Page(made.content, made["Content-Type"], newest, time.monotonic() + seconds)
            _keep(key, page)
        return HttpResponse(_made_own(page.content, request), content_type=page.content_type)

    return answer


def forget_pages() -> None:
    """Make every page anew."""
    _kept.clear()


def _is_plain_visit(request: HttpRequest) -> bool:
    """Nobody is signed in, and no word waits to be said."""
    own = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
    return request.method == "GET" and not any(name in request.COOKIES for name in own)


def _is_for_everybody(made: HttpResponse) -> bool:
    return made.status_code == 200 and not made.cookies


def _made_own(content: bytes, request: HttpRequest) -> bytes:
    """What is each visitor's own in a form: the token against forgery, and the key of one sending."""
    own = {b"csrfmiddlewaretoken": lambda: get_token(request), b"form_key": lambda: str(uuid.uuid4())}
    return _OWN.sub(lambda found: found[1] + own[found[2]]().encode() + found[3], content)


def _keep(key: tuple, page: Page) -> None:
    _kept[key] = page
    _kept.move_to_end(key)
    while len(_kept) > MOST_PAGES:
        _kept.popitem(last=False)
