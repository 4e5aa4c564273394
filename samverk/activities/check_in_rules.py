"""Facts of checking in: which ticket belongs to a sheet, and when somebody may say herself that she is here."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from samverk.activities.choices import Mark, RegistrationState
from samverk.activities.models import Attendance, Registration, Session
from samverk.activities.sheet_rules import SHEET_OPENS_BEFORE, STRENGTH
from samverk.kit import words
from samverk.kit.acting import Refusal

FOREIGN, NO_PLACE = "foreign", "no_place"


def unknown_ticket() -> Refusal:
    """A code that no registration of this installation has."""
    return Refusal(_("This is no ticket of ours."), code="unknown")


def ticket_refusal(registration: Registration, session: Session) -> Refusal | None:
    """Why this ticket opens no row of this sheet, or None. Where it belongs is not said: it may be private."""
    if registration.activity_id != session.activity_id:
        return Refusal(_("This ticket belongs to another event."), code=FOREIGN)
    if registration.state == RegistrationState.CONFIRMED:
        return None
    if registration.state in (RegistrationState.WAITING, RegistrationState.OFFERED):
        return Refusal(_("This person is on the waiting list and has no place yet."), code=NO_PLACE)
    if registration.state == RegistrationState.CANCELLED:
        return Refusal(_("This place was given up."), code=NO_PLACE)
    return Refusal(_("This place was never confirmed."), code=NO_PLACE)


def was_scanned(row: Attendance, evidence: str) -> bool:
    """Whether a row says already, with this proof or a stronger one, that somebody is here."""
    return row.was_here and STRENGTH[row.evidence] >= STRENGTH[evidence]


def mark_of_scan(row: Attendance) -> str:
    """A scan says that somebody is here; times that somebody wrote by hand stay."""
    return Mark.PART if row.mark == Mark.PART else Mark.HERE


def self_check_in_refusal(session: Session, now: datetime) -> Refusal | None:
    """Why nobody can check in herself now, or None: only while the sheet is open and the session not over."""
    if session.state == Session.State.CANCELLED:
        return Refusal(_("This session is cancelled. It has no attendance."), code="cancelled")
    if session.is_closed:
        return Refusal(_("The attendance of this session is closed. Ask whoever leads it."), code="done")
    if now < session.starts_at - SHEET_OPENS_BEFORE:
        opens = {"time": words.clock((session.starts_at - SHEET_OPENS_BEFORE).astimezone(session.zone))}
        return Refusal(_("You can check in from %(time)s on the day.") % opens, code="early")
    if now > session.ends_at:
        return Refusal(_("This session is over. Ask whoever led it."), code="over")
    return None


def not_on_the_list() -> Refusal:
    """Somebody at the door who is not expected."""
    return Refusal(
        _("You are not on the list of this session. Ask at the door: they add you."), code="not_on_list"
    )
