"""On paper for the door: a poster that says where to check in, and a ticket of wallet size."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.activities.calendar_files import session_where
from samverk.activities.models import Registration, Session
from samverk.activities.tickets import in_groups
from samverk.kit import words
from samverk.kit.documents import render
from samverk.kit.qr import qr_drawing
from samverk.programmes.documents import programme_sheet

# A card is as wide as a bank card; a longer name is cut, the code tells who it is.
LONGEST_ON_CARD = 70


def check_in_poster(session: Session, address: str, language: str) -> bytes:
    """One page to hang up, as PDF in the activity's language: the code for the phone, three steps, the address to type."""
    with override(language):
        activity = session.activity
        facts = {
            "sheet": programme_sheet(activity.programme, _("Are you here? Check in")),
            "lead": f"{activity.title}\n{_when(session)}",
            "where": session_where(session),
            "drawing": qr_drawing(address),
            "qr_words": address,
            "steps": [
                _("Point the camera of your phone at the code."),
                _("Write the six letters that stand on the screen in the room."),
                _("Write the code of your ticket, or sign in."),
            ],
            "or": _("Or write this address in your phone:"),
            "address": urlsplit(address).netloc + urlsplit(address).path.rstrip("/"),
            "note": _("No phone? Say your name at the door."),
        }
        return render("activities/poster", facts, language)


def ticket_document(registration: Registration, sessions: list[Session], address: str) -> bytes:
    """The ticket as PDF in the person's language: a card to cut out, and what one needs to find the way."""
    language = registration.language
    with override(language):
        activity = registration.activity
        first = sessions[0] if sessions else None
        name = registration.name
        facts = {
            "sheet": programme_sheet(activity.programme, activity.title),
            "lead": _("Ticket"),
            "facts": _facts(sessions),
            "name": name if len(name) <= LONGEST_ON_CARD else f"{name[: LONGEST_ON_CARD - 1]}…",
            "activity": activity.title[:90],
            "when": _when(first) if first else "",
            "code": in_groups(registration.check_in_code),
            "drawing": qr_drawing(address),
            "qr_words": _("Your ticket as a QR code"),
            "note": _("Show the card at the door, or say the code. It opens nothing personal."),
        }
        return render("activities/ticket", facts, language)


def _when(session: Session) -> str:
    span = words.span(session.starts_local, session.ends_local)
    return f"{words.day(session.starts_local, year=True)}, {span}"


def _facts(sessions: list[Session]) -> list[tuple[str, str]]:
    lines = [(_("When") if not number else "", _when(one)) for number, one in enumerate(sessions)]
    where = session_where(sessions[0]) if sessions else ""
    return [*lines, *([(_("Where"), where)] if where else [])]
