"""The page that signs in as each of the cast."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from samverk.demo.cast import BY_KEY, CHARACTERS
from samverk.demo.guard import MARK
from samverk.people.commands import sign_in_person
from samverk.people.models import Person
from samverk.trail.queries import is_marked


@login_not_required
def cast(request: HttpRequest) -> HttpResponse:
    _only_on_example_data()
    return render(request, "demo/cast.html", {"characters": CHARACTERS})


@login_not_required
@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    _only_on_example_data()
    if key not in BY_KEY:
        raise Http404
    character = BY_KEY[key]
    sign_in_person(request, get_object_or_404(Person, email=character.email))
    answer = redirect(reverse(character.starts_at))
    answer.set_cookie("language", character.language, max_age=365 * 24 * 3600, samesite="Lax")
    return answer


def _only_on_example_data() -> None:
    """Once more at the door: the page signs in as anybody."""
    if not is_marked(MARK):
        raise Http404
