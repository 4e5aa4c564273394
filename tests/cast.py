"""A small cast: one of each person the product knows, and the programme they meet in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from samverk.activities.commands.activities import create_activity, publish_activity
from samverk.activities.commands.sessions import schedule_session
from samverk.activities.models import Activity, Leader, Session
from samverk.directory.commands import add_affiliation, create_organisation, give_mandate
from samverk.directory.models import Organisation
from samverk.kit.acting import THE_SHELL, Actor
from samverk.people.commands import create_person
from samverk.people.models import Device, Person
from samverk.programmes.commands import (
    add_component,
    add_funding_line,
    add_partner_role,
    create_programme,
    enrol_organisation,
    enrol_person,
    give_seat,
    load_rule_sets,
)
from samverk.programmes.models import FundingLine, Programme
from tests.house.strict import StrictClient
from tests.standing import Standing

ROLES = (
    "visitor",
    "participant",
    "representative",
    "other_representative",
    "leader",
    "mentor",
    "coordinator",
    "other_coordinator",
    "partner_staff",
    "controller",
    "keeper",
)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass
class Cast:
    """The persons by role, and what they work with."""

    participant: Person
    representative: Person
    other_representative: Person
    leader: Person
    mentor: Person
    coordinator: Person
    other_coordinator: Person
    partner_staff: Person
    controller: Person
    keeper: Person
    # Stands on every list of the programme; her name must show nowhere.
    protected: Person
    programme: Programme
    other_programme: Programme
    line: FundingLine
    organisation: Organisation
    other_organisation: Organisation
    activity: Activity
    session: Session
    visitor: None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def person(self, role: str) -> Person | None:
        return getattr(self, role)


def as_person(person: Person) -> Actor:
    return Actor(person=person)


def signed_in_client(person: Person | None) -> StrictClient:
    """A browser in which the person is signed in, as a device of hers; None is a visitor."""
    client = StrictClient()
    if person is not None:
        client.force_login(person)
        Device.objects.get_or_create(session_key=client.session.session_key, defaults={"person": person})
    return client


def in_days(days: int, hour: int = 17, minute: int = 0) -> datetime:
    """A moment some days from now, at an hour of the centre's wall clock."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM)


def make_person(given: str, family: str, **fields: Any) -> Person:
    fields.setdefault("email", f"{given}.{family}@example.org".lower().replace(" ", ""))
    return create_person(given, family, by=THE_SHELL, **fields)


def make_programme(code: str, coordinator: Person, **fields: Any) -> Programme:
    today = timezone.localdate()
    defaults = {
        "name": f"Programme {code}",
        "starts": date(today.year - 3, 1, 1),
        "ends": date(today.year + 2, 12, 31),
        "language": "sv",
        "country": "SE",
    }
    programme = create_programme(code, by=THE_SHELL, **(defaults | fields))
    give_seat(programme, coordinator, "coordinator", by=THE_SHELL, sees_protected=True)
    return programme


def make_cast() -> Cast:
    """About sixty rows; every test that asks for `cast` starts with them."""
    people = {
        "participant": make_person("Pia", "Parkvall"),
        "representative": make_person("Rut", "Representant"),
        "other_representative": make_person("Olga", "Ombud"),
        "leader": make_person("Lars", "Ledarberg"),
        "mentor": make_person("Mona", "Mentorsson"),
        "coordinator": make_person("Kim", "Koordinator"),
        "other_coordinator": make_person("Ola", "Annorlunda"),
        "partner_staff": make_person("Paula", "Partnerlund"),
        "controller": make_person("Karin", "Kontrollsund"),
        "keeper": make_person("Vakt", "Mästarö"),
        "protected": make_person("Hemliga", "Skyddsvik", is_protected=True),
    }
    Person.objects.filter(pk=people["keeper"].pk).update(is_keeper=True)
    people["keeper"].refresh_from_db()

    host = create_organisation(
        "Paraplyföreningen", by=THE_SHELL, sector="association", place="Malmö", country="SE"
    )
    first = create_organisation("Läxlyktan", by=THE_SHELL, sector="association", place="Malmö", country="SE")
    second = create_organisation("Båtlaget", by=THE_SHELL, sector="association", place="Lund", country="SE")
    programme = make_programme(
        "TST", people["coordinator"], budget=Decimal("7685106"), support=Decimal("5891597"),
        funder_information="Financed by the example fund.",
    )  # fmt: skip
    other = make_programme("OTH", people["other_coordinator"])
    add_component(programme, "K1", "Courses", by=THE_SHELL)
    add_partner_role(programme, host, "lead", by=THE_SHELL)
    rules = {rule_set.code: rule_set for rule_set in load_rule_sets(by=THE_SHELL)}
    line = add_funding_line(
        programme, "esf-test", "Example fund", rule_set=rules.get("SE-ESF-2014-PO1"),
        to_prove=Decimal("1793509"), by=THE_SHELL,
    )  # fmt: skip
    for role, seat in [("mentor", "mentor"), ("partner_staff", "trainer"), ("controller", "viewer")]:
        give_seat(programme, people[role], seat, by=THE_SHELL)
    for organisation in (first, second):
        enrol_organisation(programme, organisation, starts=programme.starts, by=THE_SHELL)
    enrol_person(programme, people["protected"], starts=programme.starts, by=THE_SHELL)
    for person, organisation in [
        ("participant", first),
        ("representative", first),
        ("other_representative", second),
        ("protected", first),
    ]:
        add_affiliation(people[person], organisation, "employee", by=THE_SHELL, confirmed=True)
    everything = ["register_colleagues", "sign", "edit_profile", "confirm_hours"]
    give_mandate(first, people["representative"], everything, by=THE_SHELL)
    give_mandate(second, people["other_representative"], everything, by=THE_SHELL)

    activity, session = make_activity(programme, by=as_person(people["coordinator"]))
    Leader.objects.create(activity=activity, person=people["leader"], is_public=True)
    return Cast(
        **people, programme=programme, other_programme=other, line=line, organisation=first,
        other_organisation=second, activity=activity, session=session, extra={"host": host},
    )  # fmt: skip


def make_activity(
    programme: Programme, *, by: Actor = THE_SHELL, title: str = "First aid for associations", days: int = 14,
    capacity: int | None = 20, publish: bool = True, minutes: int = 180, **fields: Any,
) -> tuple[Activity, Session]:  # fmt: skip
    """A public activity with one evening session some days from now (or ago)."""
    defaults = {
        "kind": "course",
        "language": "sv",
        "audience": "public",
        "capacity": capacity,
        "venue": "Example hall",
    }
    activity = create_activity(programme, title=title, by=by, **(defaults | fields))
    starts = in_days(days)
    session = schedule_session(
        activity,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        planned_minutes=minutes,
        by=by,
    )
    if publish:
        activity = publish_activity(activity, by=by)
    return activity, session


STANDING = Standing(make_cast)
