"""Who sees log-in lists: coordinators of the programme, who may file proofs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import seats_of
from samverk.remote.models import RemoteLog


def remote_logs_visible_to(person: Any) -> QuerySet[RemoteLog]:
    mine = seats_of(person, [SeatRole.COORDINATOR]).values("programme")
    return RemoteLog.objects.filter(session__activity__programme__in=mine)
