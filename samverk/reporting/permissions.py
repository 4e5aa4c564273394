"""Who may see and freeze reports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.ledger.permissions import READING
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import has_seat, programmes_of
from samverk.reporting.models import Report


def reports_visible_to(person: Any) -> QuerySet[Report]:
    return Report.objects.filter(programme__in=programmes_of(person, READING))


def may_read_figures(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, READING)


def may_report(person: Any, programme: Programme) -> bool:
    return has_seat(person, programme, [SeatRole.COORDINATOR])
