"""The link of an online meeting: who sees it, and from when. A mail never carries it, since mails are passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from samverk.activities.choices import ActivityState, RegistrationState
from samverk.activities.models import Registration, Session

# Who is thrown out by her network comes back after the end, when the last words are said.
OPEN_AFTER_END = timedelta(minutes=30)


@dataclass(frozen=True)
class SessionLink:
    """A session one can take part in from elsewhere; ``address`` is empty until the link is shown."""

    session: Session
    opens_at: datetime
    address: str


def link_opens_at(session: Session) -> datetime:
    """From when those who have a place see the session's link. The activity is loaded."""
    return session.starts_at - timedelta(hours=session.activity.link_hours)


def shown_link(registration: Registration, session: Session, now: datetime) -> str:
    """The link, where this place gives a right to it now; else nothing."""
    if registration.state != RegistrationState.CONFIRMED or not is_ahead(session, now):
        return ""
    return session.link if link_opens_at(session) <= now else ""


def is_ahead(session: Session, now: datetime) -> bool:
    """The session takes place, and its link still leads somewhere."""
    off = session.state == Session.State.CANCELLED or session.activity.state == ActivityState.CANCELLED
    return not off and now <= session.ends_at + OPEN_AFTER_END


def links_of(registration: Registration, sessions: list[Session], now: datetime) -> list[SessionLink]:
    """Sessions ahead that have a link, or will have one, each with the link where it is shown already."""
    if registration.state != RegistrationState.CONFIRMED:
        return []
    return [
        SessionLink(one, link_opens_at(one), shown_link(registration, one, now))
        for one in sessions
        if is_ahead(one, now) and (one.link or one.activity.is_online)
    ]
