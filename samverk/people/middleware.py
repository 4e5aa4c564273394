"""A signed-in browser stays known 14 days from its last visit, and ends when its device row is removed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from samverk.people.models import Device

SEEN_EVERY_SECONDS = 6 * 3600


def known_device(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Signs out browsers whose device was ended elsewhere; anonymous requests cost nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            device = Device.objects.filter(session_key=request.session.session_key).first()
            if device is None or device.person_id != request.user.pk:
                logout(request)
            elif (timezone.now() - device.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
                request.session.modified = True  # slides the cookie, too
                Device.objects.filter(pk=device.pk).update(seen_at=timezone.now())
        return get_response(request)

    return middleware
