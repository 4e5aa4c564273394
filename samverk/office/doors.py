"""Who comes into the office at all. What one sees there, each view's visible_to query decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from samverk.activities.models import Leader
from samverk.people.permissions import may_see_accounts
from samverk.programmes.permissions import is_in_a_team

View = Callable[..., Any]


def works_here(person: Any) -> bool:
    """Whoever sits in a team or leads an activity."""
    return is_in_a_team(person) or Leader.objects.filter(person_id=person.pk).exists()


def for_team(view: View) -> View:
    """The page is there for people with a seat in some team; for others it is not found."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_in_a_team(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_staff(view: View) -> View:
    """The page is there for teams, and for whoever leads an activity; for others it is not found."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not works_here(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_log_readers(view: View) -> View:
    """Teams, and the keeper, who sees accounts and logs; for others it is not found."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_in_a_team(request.user) and not may_see_accounts(request.user):  # type: ignore[arg-type]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
