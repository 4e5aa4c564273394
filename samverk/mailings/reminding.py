"""Reminders that go by themselves: a week before the first session, the day before each. A duty of the worker.

Each reminder is queued under a key of its own, so the duty may run any number of times. Who got the place after the
reminder was due has the confirmation in hand and is not reminded of what she has just done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.calendar_files import calendar_file, session_access, session_where
from samverk.activities.choices import ActivityState, RegistrationState
from samverk.activities.messages import activity_address, place_address, where_the_link_is
from samverk.activities.models import Registration, Session
from samverk.kit import words
from samverk.mailings.models import Reminder
from samverk.mailings.queries import address_of
from samverk.post.commands import queue_mail
from samverk.post.composing import Message, Words
from samverk.post.models import Mail

KIND = "mailings.reminder"
AHEAD = {Reminder.Kind.DAY: timedelta(days=1), Reminder.Kind.WEEK: timedelta(days=7)}
# A worker that slept does not remind of what is about to begin.
AT_LATEST = timedelta(hours=2)
BATCH = 50


def remind_of_sessions(now: datetime | None = None) -> int:
    """Queue the reminders that are due; says how many. One short transaction for each session."""
    now = now or timezone.now()
    due = [(one, Reminder.Kind.DAY) for one in _in_a_day(now)[:BATCH]]
    due += [(one, Reminder.Kind.WEEK) for one in _first_in_a_week(now)[:BATCH]]
    return sum(_remind(session, kind) for session, kind in due)


def is_a_reminder_due() -> bool:
    """Is there a session to remind of now?"""
    now = timezone.now()
    return _in_a_day(now).exists() or _first_in_a_week(now).exists()


def _planned(kind: str) -> QuerySet[Session]:
    """Sessions ahead that were not reminded of at their present time."""
    done = Reminder.objects.filter(session=OuterRef("pk"), kind=kind, starts_at=OuterRef("starts_at"))
    announced = Q(activity__state=ActivityState.PUBLISHED, state=Session.State.PLANNED)
    found = Session.objects.filter(announced, ~Exists(done)).select_related("activity__programme")
    return found.order_by("starts_at", "pk")


def _in_a_day(now: datetime) -> QuerySet[Session]:
    """Sessions within the next day, of activities that remind the day before; without a plan they do."""
    wanted = Q(activity__reminder_plan=None) | Q(activity__reminder_plan__day_before=True)
    within = Q(starts_at__gt=now + AT_LATEST, starts_at__lte=now + AHEAD[Reminder.Kind.DAY])
    return _planned(Reminder.Kind.DAY).filter(wanted & within)


def _first_in_a_week(now: datetime) -> QuerySet[Session]:
    """First sessions within the next week but not the next day, where a week's reminder is asked for."""
    within = Q(starts_at__gt=now + AHEAD[Reminder.Kind.DAY], starts_at__lte=now + AHEAD[Reminder.Kind.WEEK])
    found = _planned(Reminder.Kind.WEEK).filter(within, activity__reminder_plan__week_before=True)
    first = Min("activity__sessions__starts_at", filter=~Q(activity__sessions__state=Session.State.CANCELLED))
    return found.annotate(first=first).filter(starts_at=first)


def _remind(session: Session, kind: str) -> int:
    """Everybody who had a place when the reminder was due; the row says that it is done."""
    due_at = session.starts_at - AHEAD[Reminder.Kind(kind)]
    with transaction.atomic():
        # Whoever makes the row sends: two workers never remind of the same session.
        reminder, is_new = Reminder.objects.get_or_create(
            session=session, kind=kind, starts_at=session.starts_at
        )
        if not is_new:
            return 0
        confirmed = Registration.objects.filter(
            Q(confirmed_at=None) | Q(confirmed_at__lte=due_at),
            activity=session.activity, state=RegistrationState.CONFIRMED, registered_at__lte=due_at,
        )  # fmt: skip
        told = [one for one in confirmed.coming_to(session).select_related("person") if address_of(one)]
        for one in told:
            queue_mail(
                KIND, to=address_of(one), to_name=one.name, language=one.language, person=one.person,
                scope=session.activity.programme.scope, thing_id=session.pk,
                facts={"registration": one.pk, "starts_at": session.starts_at.isoformat()},
            )  # fmt: skip
        Reminder.objects.filter(pk=reminder.pk).update(recipient_number=len(told))
        return len(told)


def compose_reminder(mail: Mail) -> Message | None:
    """When and where, the calendar file, and the way to give up the place; None where it no longer holds."""
    session = Session.objects.select_related("activity__programme").filter(pk=mail.thing_id or 0).first()
    registration = Registration.objects.filter(pk=mail.facts.get("registration")).first()
    if session is None or registration is None or registration.state != RegistrationState.CONFIRMED:
        return None
    if session.state != Session.State.PLANNED or session.starts_at.isoformat() != mail.facts.get("starts_at"):
        return None  # moved or cancelled meanwhile: that mail tells it
    activity, place = session.activity, place_address(registration)
    when = {"day": words.day(session.starts_local), "time": words.clock(session.starts_local)}
    facts: list[tuple[Words, Words]] = [
        (_("What"), activity.title),
        (
            _("When"),
            f"{words.day(session.starts_local, year=True)}\n{words.span(session.starts_local, session.ends_local)}",
        ),
    ]
    if where := session_where(session):
        facts.append((_("Where"), where))
    if access := session_access(session):
        facts.append((_("Access"), access))
    further = [where_the_link_is(activity)] if activity.is_online or session.online_link else []
    return Message(
        subject=_("Reminder: %(title)s, %(day)s") % {"title": activity.title, "day": when["day"]},
        paragraphs=[
            _("You have a place on %(day)s at %(time)s. Welcome!") % when,
            *further,
            _("Cannot come? Give up your place, so that somebody else gets it."),
        ],
        facts=facts,
        buttons=[(_("See or change my registration"), place), (_("Give up my place"), f"{place}#give-up")],
        attachments=[
            (
                "samverk.ics",
                calendar_file([session], name=activity.title, link=activity_address),
                "text/calendar; method=PUBLISH",
            )
        ],
        why=_("You get this mail because you are registered for the activity."),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )
