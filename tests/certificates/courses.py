"""What tests of certificates start from: a course that is over, and people who were there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from samverk.activities.commands.completion import set_completion_share
from samverk.activities.completion import key_of
from samverk.activities.models import Activity, Attendance, Session
from samverk.certificates.commands.issuing import start_issuing, work_on_issuing
from samverk.certificates.models import Certificate
from samverk.kit.acting import THE_SHELL
from samverk.people.models import Person
from tests.activities.sheets import give_place
from tests.cast import as_person, make_activity, make_person


def a_course(cast: Any, *, share: int | None = 80, minutes: int = 180, **fields: Any) -> Activity:
    """A course of one evening, over and closed."""
    activity, session = make_activity(
        cast.programme, days=-10, minutes=minutes, **({"title": "Books for treasurers"} | fields)
    )
    Session.objects.filter(pk=session.pk).update(state=Session.State.DONE)
    if share is not None:
        activity = set_completion_share(activity, Decimal(share), by=THE_SHELL)
    return activity


def was_there(activity: Activity, person: Person, minutes: int | None = None) -> str:
    """At the whole session, or for so many minutes; gives the person's key."""
    session = activity.sessions.get()
    registration = activity.registrations.filter(person=person).first() or give_place(activity, person)
    part: dict[str, Any] = {"mark": "here"}
    if minutes is not None:
        until = session.starts_at + timedelta(minutes=minutes)
        part = {"mark": "part", "came_at": session.starts_at, "left_at": until}
    Attendance.objects.update_or_create(
        session=session,
        person=person,
        defaults={"registration": registration, "sort_key": str(person), **part},
    )
    return key_of(person.pk, None)


def issue(activity: Activity, *keys: str, by: Any = None, tells: bool = True) -> list[Certificate]:
    """Certificates to these people, at once."""
    work_on_issuing(start_issuing(activity, keys, by=by or THE_SHELL, tells=tells))
    return list(Certificate.objects.filter(activity=activity).live())


def certified(cast: Any, person: Person | None = None) -> Certificate:
    """One certificate, of the participant where nobody else is named."""
    activity = a_course(cast)
    key = was_there(activity, person or cast.participant)
    return issue(activity, key, by=as_person(cast.coordinator))[0]


def many_people(activity: Activity, number: int) -> list[str]:
    return [
        was_there(activity, make_person("Nummer", f"Person{one:04}", email=f"n{one}@example.org"))
        for one in range(number)
    ]
