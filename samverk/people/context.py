"""What every template may know of who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """The person, or None; without a query where no session cookie came."""
    user = getattr(request, "user", None)
    return {"me": user if user is not None and user.is_authenticated else None}
