"""What the tests of registration start from: one activity with places, and people who ask for them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import confirm_registration, register
from samverk.activities.models import Activity, Registration, Session
from samverk.kit.acting import LINK, Actor
from samverk.kit.fold import fold
from samverk.people.models import Person
from samverk.post.models import Mail
from samverk.programmes.models import Programme

A_VISITOR = Actor()
BY_LINK = Actor(through=LINK)


def an_activity(capacity: int | None = 2, *, hours_ahead: float = 24 * 14, **fields: Any) -> Activity:
    """A published public activity with one session."""
    programme, _made = Programme.objects.get_or_create(
        code="PLC",
        defaults={
            "name": "Places",
            "language": "sv",
            "country": "SE",
            "starts": date(2020, 1, 1),
            "ends": date(2040, 12, 31),
        },
    )
    starts = timezone.now() + timedelta(hours=hours_ahead)
    ends = starts + timedelta(hours=2)
    defaults = {
        "title": "First aid",
        "language": "sv",
        "audience": "public",
        "state": "published",
        "venue": "Example hall",
        "published_at": timezone.now(),
        "folded": fold(fields.get("title", "First aid")),
    }
    activity = Activity.objects.create(
        programme=programme, capacity=capacity, starts_at=starts, ends_at=ends, **(defaults | fields)
    )
    Session.objects.create(activity=activity, starts_at=starts, ends_at=ends, planned_minutes=120)
    return activity


def ask(activity: Activity, name: str = "Anna", **fields: Any) -> Registration:
    """A visitor sends the public form."""
    facts = {
        "given_name": name,
        "family_name": "Berg",
        "email": f"{name.lower()}@example.org",
        "language": "en",
        "form_key": uuid.uuid4(),
        "by": A_VISITOR,
    }
    return register(activity, **(facts | fields))


def come(activity: Activity, name: str = "Anna", **fields: Any) -> Registration:
    """A visitor registers and confirms by the link of the mail."""
    return confirm_registration(ask(activity, name, **fields), by=BY_LINK)


def a_person(name: str = "Siv", email: str | None = None, **fields: Any) -> Person:
    from samverk.people.commands import create_person

    return create_person(name, "Ström", by=A_VISITOR, email=email or f"{name.lower()}@example.org", **fields)


def state_of(registration: Registration) -> State:
    return State(Registration.objects.values_list("state", flat=True).get(pk=registration.pk))


def taken(activity: Activity) -> int:
    return Activity.objects.values_list("places_taken", flat=True).get(pk=activity.pk)


def mails_about(registration: Registration) -> list[str]:
    """Why each mail about it was queued and not taken back, oldest first."""
    mails = Mail.objects.filter(thing_id=registration.pk, kind="activities.registration")
    return [mail.facts["why"] for mail in mails.exclude(state="cancelled").order_by("pk")]


def set_clock(registration: Registration, **moments: Any) -> None:
    """Let time pass for one registration: a hold or an offer that is over."""
    Registration.objects.filter(pk=registration.pk).update(**moments)
