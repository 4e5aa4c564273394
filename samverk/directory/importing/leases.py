"""Who works on an import: one process at a time, under a lease on its row that a killed process loses by itself."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from samverk.directory.models import Import

LEASE = timedelta(seconds=30)


def take_lease(one: Import, state: str) -> bool:
    """Take the work if nobody has it, and read the row anew. False when another process is at it."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    if not Import.objects.filter(free, pk=one.pk, state=state).update(leased_until=now + LEASE):
        return False
    one.refresh_from_db()
    return True


def hold(one: Import) -> None:
    """Keep the lease and say how far the work is; part of each batch's transaction."""
    one.leased_until = timezone.now() + LEASE
    one.save(update_fields=["leased_until", "rows_done"])
