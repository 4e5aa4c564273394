"""Checking in: a ticket that staff scan, and people who say themselves that they are here.

A scan is taken once by its own id, like every mark. The same ticket twice changes nothing and is told as such.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from samverk.activities import check_in_rules as rules
from samverk.activities.choices import EvidenceKind, Mark
from samverk.activities.commands.attendance import Tap, expect, mark_locked
from samverk.activities.commands.sheets import locked_session
from samverk.activities.models import Attendance, MarkReceived, Registration, Session
from samverk.kit.acting import Actor


@dataclass(frozen=True)
class Arrival:
    """The row of who came, and whether this ticket was scanned before."""

    row: Attendance
    is_again: bool = False


def scan_ticket(
    session: Session,
    registration: Registration,
    *,
    by: Actor,
    scan_id: uuid.UUID | None = None,
    scanned_at: datetime | None = None,
    device: str = "",
) -> Arrival:
    """Staff scanned a ticket: its row is here, proven by the scan. Refuses tickets of another event, or without a place."""
    if refusal := rules.ticket_refusal(registration, session):
        raise refusal
    row = row_of_ticket(session, registration, by=by)
    return scan_row(row, by=by, scan_id=scan_id, scanned_at=scanned_at, device=device)


def scan_row(
    attendance: Attendance,
    *,
    by: Actor,
    scan_id: uuid.UUID | None = None,
    scanned_at: datetime | None = None,
    seen: str | None = None,
    device: str = "",
) -> Arrival:
    """The same for a device that knew the ticket's row by itself, without network."""
    with transaction.atomic():
        session = locked_session(attendance.session_id)
        row = Attendance.objects.select_for_update().get(pk=attendance.pk)
        row.session = session
        if scan_id and MarkReceived.objects.filter(pk=scan_id).exists():
            return Arrival(row)
        if rules.was_scanned(row, EvidenceKind.STAFF_SCAN):
            return Arrival(row, is_again=True)
        tap = Tap(rules.mark_of_scan(row), row.came_at, row.left_at, EvidenceKind.STAFF_SCAN)
        facts: dict[str, Any] = {"mark_id": scan_id, "tapped_at": scanned_at, "seen": seen, "device": device}
        return Arrival(mark_locked(row, tap, by=by, **facts))


def check_in_self(attendance: Attendance, *, by: Actor, device: str = "") -> Attendance:
    """Somebody says that she is here, with the code on the wall before her eyes. Twice is once.

    Where staff have marked her absent, both answers are kept and staff decide.
    """
    with transaction.atomic():
        session = locked_session(attendance.session_id)
        if refusal := rules.self_check_in_refusal(session, timezone.now()):
            raise refusal
        row = Attendance.objects.select_for_update().get(pk=attendance.pk)
        row.session = session
        if row.was_here:
            return row
        tap = Tap(Mark.HERE, evidence=EvidenceKind.SELF_CHECK_IN)
        return mark_locked(row, tap, by=by, seen=Mark.NOT_MARKED, device=device)


def row_of_ticket(session: Session, registration: Registration, *, by: Actor) -> Attendance:
    """The sheet's row of a registration; made where somebody registered at the door. Refuses where there can be none."""
    rows = Attendance.objects.filter(session=session, registration=registration)
    row = rows.first()
    if row is None:
        expect(registration, by=by)
        row = rows.first()
    if row is None:
        raise rules.not_on_the_list()
    row.session = session
    return row
