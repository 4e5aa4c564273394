"""Facts of sessions and their sheets: which times make a session, which marks may stand, when a sheet may close."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.activities.choices import EvidenceKind, Mark
from samverk.activities.models import Attendance, Session
from samverk.kit import words
from samverk.kit.acting import Refusal

LONGEST_SESSION = timedelta(hours=24)
# A little before the start people stand at the door.
SHEET_OPENS_BEFORE = timedelta(hours=2)


def times_refusal(starts_at: datetime, ends_at: datetime, planned_minutes: int) -> Refusal | None:
    """Why these times make no session, or None."""
    if ends_at <= starts_at:
        return Refusal(
            _("The end is not after the start. Change one of them."), code="ends_first", field="ends"
        )
    if ends_at - starts_at > LONGEST_SESSION:
        return Refusal(
            _("A session lasts 24 hours at most. Add one session for each day."), code="long", field="ends"
        )
    length = int((ends_at - starts_at) / timedelta(minutes=1))
    if not 1 <= planned_minutes <= length:
        return Refusal(
            _("The session lasts %(minutes)s minutes. Write a number from 1 to that.") % {"minutes": length},
            code="planned_minutes",
            field="planned_minutes",
        )
    return None


def may_still_change(session: Session) -> Refusal | None:
    """Why a session can no longer be moved or cancelled, or None."""
    if session.state == Session.State.DONE:
        return Refusal(_("This session is done. Correct its rows instead."), code="done")
    if session.state == Session.State.CANCELLED:
        return Refusal(_("This session is cancelled."), code="cancelled")
    return None


def mark_refusal(
    session: Session, mark: str, came_at: datetime | None, left_at: datetime | None, reason: str
) -> Refusal | None:
    """Why this mark cannot stand on the session's sheet, or None."""
    if session.state == Session.State.CANCELLED:
        return Refusal(_("This session is cancelled. It has no attendance."), code="cancelled")
    if session.is_closed and not reason.strip():
        return Refusal(
            _("The sheet is done. Write why you correct it."), code="reason_missing", field="reason"
        )
    if session.is_closed and mark == Mark.NOT_MARKED:
        return Refusal(_("The sheet is done. Choose here, a part, or absent."), code="done", field="mark")
    if mark == Mark.PART:
        return _part_refusal(session, came_at, left_at)
    return None


def _part_refusal(session: Session, came_at: datetime | None, left_at: datetime | None) -> Refusal | None:
    times = {"start": words.clock(session.starts_local), "end": words.clock(session.ends_local)}
    if came_at is None or left_at is None:
        said = _("Write both times, between %(start)s and %(end)s.") % times
        return Refusal(said, code="part_times", field="came" if came_at is None else "left")
    if not session.starts_at <= came_at < left_at <= session.ends_at:
        said = _("Write times between %(start)s and %(end)s, the first before the second.") % times
        return Refusal(said, code="part_times", field="came")
    return None


def closing_refusal(session: Session, now: datetime) -> Refusal | None:
    """Why the sheet cannot be closed, or None: nobody is present because nobody looked."""
    if session.state == Session.State.CANCELLED:
        return Refusal(_("This session is cancelled. It has no attendance."), code="cancelled")
    if now < session.starts_at:
        return Refusal(_("The session has not begun. Close the sheet when it is over."), code="not_begun")
    rows = Attendance.objects.filter(session=session)
    unmarked = rows.filter(mark=Mark.NOT_MARKED).count()
    if unmarked:
        said = ngettext(
            "%(n)s person is not marked. Mark that row first.",
            "%(n)s people are not marked. Mark those rows first.",
            unmarked,
        )
        return Refusal(said % {"n": unmarked}, code="unmarked", number=unmarked)
    disputed = rows.filter(is_disputed=True).count()
    if disputed:
        said = ngettext(
            "%(n)s row has two answers. Decide it first.",
            "%(n)s rows have two answers. Decide them first.",
            disputed,
        )
        return Refusal(said % {"n": disputed}, code="disputed", number=disputed)
    return None


STRENGTH = {kind: strength for strength, kind in enumerate(EvidenceKind.values)}


def evidence_after(attendance: Attendance, mark: str, evidence: str) -> str:
    """How a row is known once it is marked so: the same answer twice keeps the stronger proof, a new answer its own."""
    if mark == Mark.NOT_MARKED:
        return str(EvidenceKind.FACILITATOR_MARK)
    if attendance.mark != mark:
        return evidence
    return max(attendance.evidence, evidence, key=STRENGTH.__getitem__)


def seen_of(attendance: Attendance) -> str:
    """What a row shows, in short: a tap says what its device saw, so that two answers are noticed."""
    times = ""
    if attendance.mark == Mark.PART and attendance.came_at and attendance.left_at:
        times = f"-{attendance.came_at.timestamp():.0f}-{attendance.left_at.timestamp():.0f}"
    return f"{attendance.mark}{times}{'!' if attendance.is_disputed else ''}"


def agrees(attendance: Attendance, mark: str, came_at: datetime | None, left_at: datetime | None) -> bool:
    """Whether a row says already what a tap says."""
    if attendance.mark != mark:
        return False
    return mark != Mark.PART or (attendance.came_at, attendance.left_at) == (came_at, left_at)
