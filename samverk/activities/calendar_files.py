"""Sessions as iCalendar: files people add, feeds they subscribe to.

A session keeps its UID for life and its SEQUENCE grows with each change, so calendars replace what they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText, vUri

from samverk.activities.choices import Format
from samverk.activities.models import Activity, Session

Method = Literal["PUBLISH", "CANCEL"]
Link = Callable[[Activity], str]


def calendar_file(
    sessions: Iterable[Session], *, name: str, method: Method = "PUBLISH", link: Link | None = None
) -> bytes:
    """An iCalendar file of sessions whose activities are loaded. CANCEL takes them out of a calendar again.

    ``link`` gives the page of an activity; screens and mails know it, this floor does not.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Samverk//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    # How often a subscriber asks again; programs that know neither word choose themselves.
    calendar.add("refresh-interval;value=duration", "PT6H")
    calendar.add("x-published-ttl", "PT6H")
    for session in sessions:
        calendar.add_component(_event(session, method, link))
    return calendar.to_ical()


def session_uid(session: Session) -> str:
    host = urlsplit(settings.SAMVERK_ADDRESS).hostname or "localhost"
    return f"{session.code.lower()}@{host}"


def _event(session: Session, method: Method, link: Link | None) -> Event:
    activity = session.activity
    is_off = method == "CANCEL" or session.state == Session.State.CANCELLED or activity.state == "cancelled"
    event = Event()
    event.add("uid", session_uid(session))
    # A place given up after the last change of the session must still win over what the calendar holds.
    event.add("sequence", session.sequence + (1 if method == "CANCEL" else 0))
    event.add("dtstamp", (activity.published_at or activity.created_at).astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", _title(activity, session, is_off))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if where := session_where(session):
        event["location"] = vText(where)
    if told := "\n\n".join(part for part in (activity.summary, _access(session)) if part):
        event.add("description", told)
    if link is not None:
        event["url"] = vUri(link(activity))
    return event


def _title(activity: Activity, session: Session, is_off: bool) -> str:
    title = f"{activity.title}: {session.title}" if session.title else activity.title
    return _("Cancelled: %(title)s") % {"title": title} if is_off else title


def session_access(session: Session) -> str:
    """How one gets in, in one line; of the session's own place where it has one."""
    own_place = session.access or session.venue
    return session.access if own_place else session.activity.access


def _access(session: Session) -> str:
    access = session_access(session)
    return _("Access: %(access)s") % {"access": access} if access else ""


def session_where(session: Session) -> str:
    """Venue, address and place in one line; "Online" where there is only a link."""
    activity = session.activity
    venue = session.venue or activity.venue
    if activity.format == Format.ONLINE and not session.venue:
        return _("Online")
    parts = [venue, "" if session.venue else activity.address, activity.place]
    where = ", ".join(part for part in parts if part)
    return where or (_("Online") if session.online_link or activity.is_online else "")
