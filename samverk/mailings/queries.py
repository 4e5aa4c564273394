"""Reads: who is in a group, what the fields of a text hold for somebody, how far a mailing has come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import override

from samverk.activities.choices import Mark, RegistrationState
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.kit import words
from samverk.mailings.choices import LETTER, Addressees
from samverk.mailings.models import Mailing
from samverk.post.models import Mail

_HERE = (Mark.HERE, Mark.PART)


def group_of(activity: Activity, addressees: str) -> QuerySet[Registration]:
    """Registrations of a group that a mail can reach, in the order of names. One address may stand for several."""
    found = Registration.objects.filter(activity=activity)
    attended = Attendance.objects.filter(session__activity=activity, registration__isnull=False)
    here = attended.filter(mark__in=_HERE).values("registration")
    groups = {
        Addressees.REGISTERED: Q(state=RegistrationState.CONFIRMED),
        Addressees.WAITING: Q(state__in=[RegistrationState.WAITING, RegistrationState.OFFERED]),
        Addressees.PRESENT: Q(pk__in=here),
        Addressees.ABSENT: Q(pk__in=attended.filter(mark=Mark.ABSENT).values("registration"))
        & ~Q(pk__in=here),
    }
    reachable = ~Q(email="") | (Q(person__email__isnull=False) & ~Q(person__email=""))
    related = found.filter(groups[Addressees(addressees)] & reachable).select_related(
        "person", "organisation"
    )
    return related.order_by("family_name", "given_name", "pk")


def group_sizes(activity: Activity) -> dict[str, int]:
    """How many each group reaches now."""
    return {group: group_of(activity, group).count() for group in Addressees.values}


def address_of(registration: Registration) -> str:
    """The address of the registration itself, else the person's."""
    return registration.email or (registration.person.mail_address if registration.person else "")


def values_for(registration: Registration, session: Session | None, language: str) -> dict[str, str]:
    """What the fields of a text hold for one registration, in the language of the text."""
    activity = registration.activity
    organisation = (
        registration.organisation.name if registration.organisation else registration.organisation_typed
    )
    with override(language):
        return {
            "given_name": registration.given_name,
            "name": registration.name,
            "organisation": organisation,
            "activity": activity.title,
            "day": words.day(session.starts_local) if session else "",
            "time": words.span(session.starts_local, session.ends_local) if session else "",
            "venue": (session.venue if session else "") or activity.where,
            "contact": " ".join(part for part in (activity.contact_name, activity.contact_phone) if part),
        }


def session_spoken_of(activity: Activity) -> Session | None:
    """The session that “{day}” means: the first that is to come, else the last that was."""
    sessions = activity.sessions.exclude(state=Session.State.CANCELLED)
    return sessions.filter(state=Session.State.PLANNED).order_by("starts_at").first() or (
        sessions.order_by("-starts_at").first()
    )


@dataclass(frozen=True)
class Progress:
    """How many mails of a mailing are where."""

    queued: int = 0
    sent: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        return self.queued + self.sent + self.failed + self.cancelled


def progress_of(mailing: Mailing) -> Progress:
    """Counted from the post in one query."""
    mails = Mail.objects.filter(kind=LETTER, thing_id=mailing.pk).values_list("state", flat=True)
    return Progress(**Counter(mails))
