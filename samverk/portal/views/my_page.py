"""My page: one next step, what comes, the path."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samverk.portal.my_page import my_page
from samverk.programmes.permissions import is_in_a_team


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    me: Any = request.user
    context = {"page": my_page(me), "greeting": _greeting(), "is_in_a_team": is_in_a_team(me)}
    return render(request, "portal/my/home.html", context)


def _greeting() -> str:
    hour = timezone.localtime().hour
    if 4 <= hour < 10:
        return _("Good morning")
    return _("Good evening") if hour >= 18 else _("Hello")
