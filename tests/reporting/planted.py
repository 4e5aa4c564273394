"""Rows planted by hand, so that every figure can be counted with a pencil."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from samverk.activities.models import Activity, Attendance, Session
from samverk.directory.commands import create_organisation
from samverk.directory.models import Organisation
from samverk.kit.acting import THE_SHELL
from samverk.ledger.models import DecisionLine, DecisionRefusal, HourEntry, PersonMonth
from samverk.people.models import Person
from samverk.programmes.commands import add_component, add_funding_line, enrol_organisation, enrol_person
from samverk.programmes.models import Programme, RuleSet
from tests.cast import make_person, make_programme

STOCKHOLM = ZoneInfo("Europe/Stockholm")
RULES = {
    "code": "TEST", "version": "1", "currency": "SEK", "valid_from": "2016-01-01", "valid_to": None,
    "hour_minutes": 60, "rounding": {"unit": "hour", "mode": "down", "per": "person_month"},
    "rates": [{"category": "default", "per_hour": "300.00", "valid_from": "2016-01-01", "valid_to": None}],
    "amount_rounding": {"unit": "0.01", "mode": "half_up"}, "eligible_employment": ["employee"],
    "excluded": ["programme_owner_staff"], "minimum_evidence": "facilitator_mark",
    "attestation": "person_and_employer", "minimum_minutes": 0, "minimum_group": 1, "minimum_share": None, "caps": [],
}  # fmt: skip


def local(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM)


@dataclass
class World:
    """A programme with people and organisations; every row is added by name."""

    programme: Programme
    coordinator: Person
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def person(self, name: str, **fields: Any) -> Person:
        if name not in self.people:
            self.people[name] = make_person(
                name,
                f"of {self.programme.code}",
                email=f"{name}.{self.programme.code}@example.org".lower(),
                **fields,
            )
        return self.people[name]

    def organisation(self, name: str, sector: str = "association") -> Organisation:
        if name not in self.organisations:
            self.organisations[name] = create_organisation(name, by=THE_SHELL, sector=sector, country="SE")
        return self.organisations[name]

    def activity(self, title: str, kind: str = "course", component: str | None = None) -> Activity:
        part = self.programme.components.filter(code=component).first() if component else None
        if component and part is None:
            part = add_component(self.programme, component, f"Component {component}", by=THE_SHELL)
        return Activity.objects.create(
            programme=self.programme,
            title=title,
            kind=kind,
            component=part,
            state="published",
            language="en",
            folded=title.lower(),
        )

    def session(
        self,
        activity: Activity,
        day: date,
        *,
        minutes: int = 120,
        state: str = "done",
        head_count: int | None = None,
    ) -> Session:
        starts = local(day)
        return Session.objects.create(
            activity=activity, starts_at=starts, ends_at=starts + timedelta(minutes=minutes), planned_minutes=minutes,
            state=state, head_count=head_count,
        )  # fmt: skip

    def came(self, session: Session, person: str | None, organisation: str | None = None, *, says: str = "confirmed",
             mark: str = "here", minutes: int | None = None, **fields: Any) -> Attendance:  # fmt: skip
        who = self.person(person) if person else None
        body = self.organisation(organisation) if organisation else None
        stay = {}
        if minutes is not None:
            mark, stay = (
                "part",
                {"came_at": session.starts_at, "left_at": session.starts_at + timedelta(minutes=minutes)},
            )
        defaults = {"name": "" if who else "Somebody at the door", "role": "employee" if body else ""}
        return Attendance.objects.create(
            session=session, person=who, organisation=body, representation=says if body else "none", mark=mark,
            **{**defaults, **stay, **fields},
        )  # fmt: skip

    def posted(self, attendance: Attendance, *, signed: str = "", **fields: Any) -> HourEntry:
        session = attendance.session
        minutes = session.planned_minutes
        if attendance.mark == "part":
            minutes = (attendance.left_at - attendance.came_at) // timedelta(minutes=1)
        return HourEntry.objects.create(
            session=session, attendance=attendance, person=attendance.person, organisation=attendance.organisation,
            programme=self.programme, component=session.activity.component, activity=session.activity,
            starts_at=session.starts_at, month=session.starts_local.date().replace(day=1), minutes=minutes,
            planned_minutes=session.planned_minutes, group_size=1, employment="employee", evidence="facilitator_mark",
            confirmed_at=session.ends_at if signed else None, countersigned_at=session.ends_at if signed == "both" else None,
            **fields,
        )  # fmt: skip

    @property
    def line(self) -> Any:
        return self.programme.funding_lines.get()

    def month_of(self, entry: HourEntry, *, stale: bool = False) -> PersonMonth:
        rules = RuleSet.objects.filter(code="TEST").first()
        month, _made = PersonMonth.objects.get_or_create(
            funding_line=self.line,
            person=entry.person,
            month=entry.month,
            defaults={"is_stale": stale, "rule_set": rules},
        )
        return month

    def counts(self, *entries: HourEntry, hours: str, amount: str, stale: bool = False) -> DecisionLine:
        minutes = {str(entry.pk): entry.minutes for entry in entries}
        month = self.month_of(entries[0], stale=stale)
        line = DecisionLine.objects.create(
            person_month=month, organisation=entries[0].organisation, category="default",
            minutes=sum(minutes.values()), hours=Decimal(hours), per_hour=Decimal(300), amount=Decimal(amount), entries=minutes,
        )  # fmt: skip
        PersonMonth.objects.filter(pk=month.pk).update(hours=Decimal(hours), amount=Decimal(amount))
        return line

    def refused(self, entry: HourEntry, reason: str, **facts: Any) -> DecisionRefusal:
        return DecisionRefusal.objects.create(
            person_month=self.month_of(entry), entry=entry, reason=reason, facts=facts, minutes=entry.minutes
        )


def make_world(code: str = "KCM", *, coordinator: Person | None = None, money: bool = True) -> World:
    coordinator = coordinator or make_person("Kim", code)
    programme = make_programme(
        code, coordinator, starts=date(2016, 2, 2), ends=date(2018, 10, 31), currency="SEK",
        budget=Decimal(7685106), support=Decimal(5891597),
    )  # fmt: skip
    if money:
        rules, _made = RuleSet.objects.get_or_create(
            code="TEST",
            version="1",
            defaults={"name": "Test", "document": RULES, "valid_from": date(2016, 1, 1)},
        )
        add_funding_line(
            programme, f"{code}-1", "Fund", rule_set=rules, to_prove=Decimal(1793509), by=THE_SHELL
        )
    return World(programme, coordinator)


def planted() -> World:
    """Two courses and a network meeting in March 2018; who came is written out below, line by line.

    A course in component C1 on 5 and 12 March, 2 h each; a meeting in C2 on 20 March, 3 h, with 7 heads counted.
    Anna stands for Läxlyktan (association), Bo for Båtlaget (foundation), Cilla only says she stands for Tegelvingen.
    """
    world = make_world()
    world.organisation("Läxlyktan")
    world.organisation("Båtlaget", sector="foundation")
    world.organisation("Tegelvingen")
    course = world.activity("Bookkeeping", "course", "C1")
    meeting = world.activity("Breakfast", "network", "C2")
    first, second = world.session(course, date(2018, 3, 5)), world.session(course, date(2018, 3, 12))
    third = world.session(meeting, date(2018, 3, 20), minutes=180, head_count=7)
    anna_1 = world.came(first, "Anna", "Läxlyktan")
    anna_2 = world.came(second, "Anna", "Läxlyktan", minutes=45)
    bo = world.came(third, "Bo", "Båtlaget")
    world.came(first, "Cilla", "Tegelvingen", says="claimed")
    world.came(third, None)
    world.came(first, "Dan", mark="absent")
    world.came(first, "Erik", mark="none")
    world.came(third, "Lars", is_leader=True)
    # Not counted anywhere: another month, and a session nobody closed.
    april = world.session(course, date(2018, 4, 2))
    world.came(april, "Frida")
    world.session(course, date(2018, 3, 26), state="planned")
    world.counts(
        world.posted(anna_1, signed="both"), world.posted(anna_2, signed="both"), hours="2", amount="600"
    )
    world.refused(world.posted(bo, signed="person"), "not_attested", missing=["employer"])
    enrol_organisation(
        world.programme, world.organisation("Läxlyktan"), starts=date(2016, 5, 1), by=THE_SHELL
    )
    enrol_organisation(world.programme, world.organisation("Båtlaget"), starts=date(2018, 5, 1), by=THE_SHELL)
    enrol_person(world.programme, world.person("Anna"), starts=date(2018, 1, 1), by=THE_SHELL)
    return world
