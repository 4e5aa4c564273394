"""Marks from a scanned page: through the commands of attendance, with the scan as the proof; taken back as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from samverk.activities.choices import EvidenceKind, Mark
from samverk.activities.commands.attendance import add_walk_in, mark_attendance, undo_mark
from samverk.activities.commands.sheets import locked_session, scope_of, state_of
from samverk.activities.models import Attendance
from samverk.kit.acting import Actor, Refusal
from samverk.paper.choices import PageState
from samverk.paper.models import ScanPage
from samverk.trail.commands import log

UNDO_MARKS = "paper.marks"


@dataclass(frozen=True)
class PaperMark:
    """What the paper says about a row of the sheet; ``seen`` is what the screen showed beside it."""

    row: int
    mark: str
    came_at: datetime | None = None
    left_at: datetime | None = None
    seen: str | None = None


def mark_from_paper(page: ScanPage, marks: Iterable[PaperMark], *, by: Actor, reason: str = "") -> int:
    """Write what a filed page says about rows of its sheet, all or nothing. Says how many rows changed.

    A row that says so already gets the stronger proof. Where somebody else marked a row differently since the screen
    showed it, both answers are kept and somebody decides (see ``mark_attendance``). Raises its refusals.
    """
    if page.state != PageState.FILED or page.session_id is None:
        raise Refusal(_("File the page first."), code="not_filed")
    marks = list(marks)
    with transaction.atomic():
        session = locked_session(page.session_id)
        rows = Attendance.objects.filter(session=session).in_bulk([mark.row for mark in marks])
        changes = []
        for said in marks:
            row = rows.get(said.row)
            if row is None:
                continue
            row.session = session
            before = state_of(row)
            after = mark_attendance(
                row, said.mark, by=by, came_at=said.came_at, left_at=said.left_at, seen=said.seen,
                device=f"paper {page.code}", reason=reason.strip(), evidence=_proof(said.mark),
            )  # fmt: skip
            if state_of(after) != before:
                changes.append({"row": row.pk, "before": before, "after": state_of(after)})
        if changes:
            log(
                "mark_from_paper", page, by=by, scope=scope_of(session), undo_with=UNDO_MARKS,
                undo_facts={"rows": changes}, reason=reason.strip(),
            )  # fmt: skip
        return len(changes)


def add_from_paper(
    page: ScanPage, name: str, *, by: Actor, organisation: str = "", reason: str = ""
) -> Attendance:
    """Somebody who wrote her name at the foot of the list: a row of her own, marked here, with the scan as proof."""
    if page.state != PageState.FILED or page.session_id is None:
        raise Refusal(_("File the page first."), code="not_filed")
    with transaction.atomic():
        session = locked_session(page.session_id)
        row = add_walk_in(session, name=name, by=by, organisation_typed=organisation, reason=reason)
        row.session = session
        row = mark_attendance(
            row,
            Mark.HERE,
            by=by,
            device=f"paper {page.code}",
            reason=reason,
            evidence=EvidenceKind.SCANNED_LIST,
        )
        page = ScanPage.objects.select_for_update().get(pk=page.pk)
        page.added = [*page.added, row.pk]
        page.save(update_fields=["added"])
        return row


def _proof(mark: str) -> str:
    return EvidenceKind.FACILITATOR_MARK if mark == Mark.NOT_MARKED else EvidenceKind.SCANNED_LIST


def undo_marks(page_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Put the rows back as they were; refused as a whole when one was marked anew since."""
    for one in facts["rows"]:
        undo_mark(one["row"], {"before": one["before"], "after": one["after"]}, by)
