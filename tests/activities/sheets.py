"""What tests of sheets need: a session with people who have a place."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from samverk.activities.choices import RegistrationState, Representation
from samverk.activities.commands.attendance import expect
from samverk.activities.commands.sessions import move_session
from samverk.activities.models import Attendance, Registration, Session
from samverk.kit.acting import THE_SHELL
from tests.cast import Cast, make_person

NAMES = [("Łucja", "Åkesson"), ("Amina", "Yusuf"), ("Björn", "Öberg"), ("Sara", "Haddad"), ("Nils", "Ekdahl")]


def give_place(activity, person, **fields) -> Registration:
    """A place, as the registration commands leave it."""
    registration = Registration.objects.create(
        activity=activity, person=person, given_name=person.given_name, family_name=person.family_name,
        email=person.mail_address, language="sv", state=RegistrationState.CONFIRMED, confirmed_at=timezone.now(), **fields,
    )  # fmt: skip
    expect(registration, by=THE_SHELL)
    return registration


def fill_sheet(cast: Cast, many: int = 5) -> list[Attendance]:
    """So many people with a place at the cast's activity, in the order of the sheet."""
    for number in range(many):
        given, family = NAMES[number % len(NAMES)]
        person = make_person(given, family, email=f"p{number}@example.org")
        give_place(
            cast.activity, person, organisation=cast.organisation, representation=Representation.CONFIRMED
        )
    return list(Attendance.objects.filter(session=cast.session))


def begin(session: Session, minutes_ago: int = 60) -> Session:
    """The session began a while ago."""
    starts = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
    length = session.ends_at - session.starts_at
    return move_session(
        session,
        starts_at=starts,
        ends_at=starts + length,
        planned_minutes=session.planned_minutes,
        by=THE_SHELL,
    )
