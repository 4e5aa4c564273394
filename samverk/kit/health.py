"""A page for the machine that watches: does the web process answer, does its database, is anything late?"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samverk.kit.registers import vital_signs

# A web process with one of these signs is of no use; another sign is somebody else's trouble.
VITAL = {"schema"}


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 with what was measured; 503 where the database does not answer or its schema does not fit.

    A clock that stands still gives ``"ok": false`` and 200: the page is fine, the worker is not.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        signs = {name: measure() for name, measure in vital_signs}
    except (DatabaseError, InterfaceError):
        return JsonResponse({"ok": False, "database": "does not answer"}, status=503)
    is_of_use = all(is_well for name, (is_well, _measured) in signs.items() if name in VITAL)
    said = {name: measured for name, (_is_well, measured) in signs.items()}
    is_well = all(is_well for is_well, _measured in signs.values())
    return JsonResponse({"ok": is_well, "database": "answers"} | said, status=200 if is_of_use else 503)
