"""Mails to those who have a place when a session moves or is cancelled. Each carries the calendar file as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from samverk.activities.calendar_files import Method, calendar_file, session_where
from samverk.activities.choices import LIVE, ActivityState, RegistrationState
from samverk.activities.messages import place_address
from samverk.activities.models import Activity, Registration, Session
from samverk.kit import words
from samverk.post.commands import UNDO_SECONDS, cancel_mails, queue_mail
from samverk.post.composing import Message, Words
from samverk.post.models import Mail

SESSION_MOVED = "activities.session_moved"
SESSION_CANCELLED = "activities.session_cancelled"
ACTIVITY_CANCELLED = "activities.activity_cancelled"
# Who waits for a place is told when there will be none; a move concerns those who have one.
TOLD_OF_MOVE = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)


def tell_everybody(
    kind: str, activity: Activity, thing_id: int, *, facts: Mapping[str, Any] | None = None
) -> int:
    """Queue a notice for everybody it concerns; says for how many. A draft concerns nobody."""
    if activity.state == ActivityState.DRAFT:
        return 0
    states = LIVE if kind == ACTIVITY_CANCELLED else TOLD_OF_MOVE
    concerned = activity.registrations.filter(state__in=states)
    if kind != ACTIVITY_CANCELLED:
        concerned = concerned.coming_to(Session(pk=thing_id))
    told = 0
    for registration in concerned.select_related("person"):
        to = registration.email or (registration.person.mail_address if registration.person else "")
        if to:
            queue_mail(
                kind, to=to, to_name=registration.name, language=registration.language, person=registration.person,
                scope=activity.programme.scope, thing_id=thing_id, delay_seconds=UNDO_SECONDS,
                facts={"registration": registration.pk, **(facts or {})},
            )  # fmt: skip
            told += 1
    return told


def take_back_notices(kind: str, thing_id: int) -> bool:
    """Take back what has not left yet. True where somebody had been told already."""
    queued = Mail.objects.filter(kind=kind, thing_id=thing_id).exclude(state=Mail.State.CANCELLED).count()
    return cancel_mails(kind, thing_id) < queued


def compose_session_notice(mail: Mail) -> Message | None:
    """A session that moved, or that will not happen."""
    session = Session.objects.select_related("activity__programme").filter(pk=mail.thing_id or 0).first()
    registration = Registration.objects.filter(pk=mail.facts.get("registration")).first()
    if session is None or registration is None or registration.state not in LIVE:
        return None
    is_off = session.state == Session.State.CANCELLED
    title = {"title": session.activity.title}
    return Message(
        subject=(_("Cancelled: %(title)s") if is_off else _("New time or place: %(title)s")) % title,
        paragraphs=_off(session, mail) if is_off else _moved(session, mail),
        facts=_facts(session),
        buttons=[(_("See my registration"), place_address(registration))],
        attachments=[_calendar([session], session.activity, is_off)],
        why=_("You get this mail because you are registered for the activity."),
        note=session.activity.programme.funder_information,
        reply_to=session.activity.contact_email,
    )


def compose_activity_notice(mail: Mail) -> Message | None:
    """An activity that will not happen at all."""
    activity = Activity.objects.select_related("programme").filter(pk=mail.thing_id or 0).first()
    registration = Registration.objects.filter(pk=mail.facts.get("registration")).first()
    if activity is None or registration is None or activity.state != ActivityState.CANCELLED:
        return None
    off = activity.sessions.of_cohort(registration.cohort_id).filter(state=Session.State.CANCELLED)
    sessions = list(off.select_related("activity"))
    return Message(
        subject=_("Cancelled: %(title)s") % {"title": activity.title},
        paragraphs=[
            _("The activity will not take place. Your place is cancelled with it."),
            _("Reason: %(reason)s") % {"reason": activity.cancelled_because},
        ],
        facts=[(_("What"), activity.title), *[(_("When"), _when(session)) for session in sessions]],
        attachments=[_calendar(sessions, activity, True)] if sessions else [],
        why=_("You get this mail because you are registered for the activity."),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )


def _off(session: Session, mail: Mail) -> list[Words]:
    others = session.activity.sessions.filter(state=Session.State.PLANNED).exists()
    lines: list[Words] = [
        _("This session will not take place."),
        _("Reason: %(reason)s") % {"reason": mail.facts.get("reason", "")},
    ]
    return [*lines, _("You keep your place at the other sessions.")] if others else lines


def _moved(session: Session, mail: Mail) -> list[Words]:
    lines: list[Words] = [_("Look at the new time and place. Your place is kept.")]
    if mail.facts.get("is_back"):
        lines = [_("This session takes place after all. Your place is kept.")]
    was = parse_datetime(mail.facts.get("was_starts_at", ""))
    if was:
        here = was.astimezone(session.zone)
        when = {"day": words.day(here), "time": words.clock(here)}
        lines.append(_("Before it was %(day)s at %(time)s.") % when)
    return [*lines, _("Cannot come? Give up your place, so that somebody else gets it.")]


def _facts(session: Session) -> list[tuple[Words, Words]]:
    lines: list[tuple[Words, Words]] = [(_("What"), session.activity.title), (_("When"), _when(session))]
    return [*lines, (_("Where"), where)] if (where := session_where(session)) else lines


def _when(session: Session) -> str:
    return f"{words.day(session.starts_local, year=True)}\n{words.span(session.starts_local, session.ends_local)}"


def _calendar(sessions: list[Session], activity: Activity, is_off: bool) -> tuple[str, bytes, str]:
    method: Method = "CANCEL" if is_off else "PUBLISH"
    return (
        "samverk.ics",
        calendar_file(sessions, name=activity.title, method=method),
        f"text/calendar; method={method}",
    )
