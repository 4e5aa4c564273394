"""A signed-in browser is known by its device row, and ends with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from samverk.people.commands import visit
from samverk.people.models import Device, Person

SEEN_EVERY_SECONDS = 6 * 3600


def known_device(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Signs out browsers whose device was ended elsewhere or whose time is over; anonymous requests cost nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            _look_at(request)
            if request.user.is_authenticated:
                request.user.kept_for_request = {}
        return get_response(request)

    return middleware


def _look_at(request: HttpRequest) -> None:
    now = timezone.now()
    device = Device.objects.filter(session_key=request.session.session_key, person=request.user.pk).first()
    if device is None or device.ends_at <= now:
        logout(request)
    elif (now - device.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
        device.person = cast(Person, request.user)
        visit(device)
        request.session.modified = True  # slides the cookie, too
