"""Writes years of a programme through the product's own commands, as its coordinator would have."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from samverk.activities.choices import Mark
from samverk.activities.commands.activities import create_activity, publish_activity
from samverk.activities.commands.attendance import close_session, expect_everybody, mark_attendance, mark_rest
from samverk.activities.commands.cohorts import add_cohort
from samverk.activities.commands.registrations import register_for
from samverk.activities.commands.sessions import keep_span, schedule_session
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.directory.commands import add_affiliation, create_organisation, give_mandate
from samverk.directory.models import Organisation
from samverk.kit.acting import THE_SHELL, Actor
from samverk.people.models import Person
from samverk.programmes import commands as programmes
from samverk.programmes.models import FundingLine, Programme, RuleSet
from samverk.reporting.models import Indicator, Target

FACTS = Path(__file__).parent / "facts"
MANDATE = ["register_colleagues", "sign", "edit_profile", "confirm_hours"]


def facts(name: str) -> dict[str, Any]:
    """A facts file as TOML reads it."""
    return tomllib.loads((FACTS / f"{name}.toml").read_text())


@dataclass
class Story:
    """One programme being written: its rows by the ids of its facts, and whoever takes part."""

    programme: Programme
    known: dict[str, Any]
    chance: random.Random
    by: Actor = THE_SHELL
    organisations: dict[str, Organisation] = field(default_factory=dict)
    members: list[tuple[Person, Organisation, str]] = field(default_factory=list)
    activities: dict[str, Activity] = field(default_factory=dict)
    line: FundingLine | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.programme.time_zone)

    def moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone)


def begin(name: str, *, rules: str = "", real: dict[str, Organisation]) -> Story:
    """The programme with its real organisations, roles, parts, money and targets. Nothing invented stands on these."""
    known = facts(name)
    told = dict(known["programme"])
    budget, support = (Decimal(told.pop(key)) if told.get(key) else None for key in ("budget", "support"))
    programme = programmes.create_programme(
        told.pop("code"), by=THE_SHELL, budget=budget, support=support,
        published_results=[
            {"text": row["text"], "value": row["value"], "unit": row.get("unit", ""), "about": row.get("about", "")}
            for row in known.get("published_result", [])
        ],
        **told,
    )  # fmt: skip
    story = Story(programme, known, random.Random(f"samverk {name}"))  # noqa: S311
    for row in known.get("organisation", []):
        key = row.pop("id")
        shared = row["name"]
        if shared not in real:
            real[shared] = create_organisation(by=THE_SHELL, language=programme.language, **row)
        story.organisations[key] = real[shared]
    for position, row in enumerate(known.get("role", [])):
        programmes.add_partner_role(
            programme, story.organisations[row["organisation"]], row["kind"],
            note=row.get("note", ""), position=position, by=THE_SHELL,
        )  # fmt: skip
    for position, row in enumerate(known.get("component", [])):
        programmes.add_component(programme, row["code"], row["name"], position=position, by=THE_SHELL)
    for row in known.get("funding_line", []):
        rule_set = RuleSet.objects.filter(code=rules).first() if rules else None
        story.line = programmes.add_funding_line(
            programme, row["code"], row["name"], funder=story.organisations.get(row.get("funder", "")),
            to_prove=Decimal(row["to_prove"]) if row.get("to_prove") else None, rule_set=rule_set, by=THE_SHELL,
        )  # fmt: skip
    for position, row in enumerate(known.get("indicator", [])):
        indicator = Indicator.objects.create(
            programme=programme, code=row["code"], name=row["name"], measure=row["measure"], position=position
        )
        if row.get("target"):
            Target.objects.create(indicator=indicator, value=row["target"], by=programme.ends)
    return story


def enrol_invented(
    story: Story, rows: Sequence[dict[str, Any]], people: Iterator[Person], per_organisation: float
) -> None:
    """Invented organisations take part, each with people in roles; the first of each holds its mandate."""
    latest_start = min(story.programme.ends, timezone.localdate()) - story.programme.starts
    for number, row in enumerate(rows):
        organisation = Organisation.objects.filter(name=row["name"]).first() or create_organisation(
            by=THE_SHELL, language=story.programme.language, **_fields(row)
        )
        starts = story.programme.starts + (latest_start * (0 if number % 6 else 1)) // 3
        programmes.enrol_organisation(story.programme, organisation, starts=starts, by=THE_SHELL)
        head_count = max(1, round(story.chance.gauss(per_organisation, 1)))
        for place in range(head_count):
            person = next(people, None)
            if person is None:
                return
            role = _role(story, organisation, place)
            add_affiliation(
                person, organisation, role, starts=starts, confirmed=True, by=THE_SHELL,
                contract_share=story.chance.choice(["1", "1", "0.75", "0.5"]) if role == "employee" else "1",
            )  # fmt: skip
            story.members.append((person, organisation, role))
            if place == 0 and organisation.sector != "informal_group":
                give_mandate(organisation, person, MANDATE, starts=starts, by=THE_SHELL)


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("id", "programmes")}


def _role(story: Story, organisation: Organisation, place: int) -> str:
    if organisation.sector == "informal_group":
        return "member"
    if place == 0:
        return story.chance.choice(["employee", "leader", "board"])
    return story.chance.choices(["employee", "board", "volunteer", "member"], [11, 5, 3, 1])[0]


def write_activities(story: Story, *, size: int, with_people: bool = True) -> None:
    """Every activity of the facts; those that are over get their people, sheets and closing."""
    for row in story.known["activity"]:
        sessions = row.pop("sessions")
        story.activities[row["id"]] = write_activity(
            story, dict(row), sessions, size=size, with_people=with_people
        )


def write_activity(
    story: Story,
    row: dict[str, Any],
    sessions: Sequence[dict[str, Any]],
    *,
    size: int,
    with_people: bool = True,
) -> Activity:
    """One activity: published, its people registered by the coordinator, its sheets marked and closed."""
    row.pop("id", None)
    row.pop("assumed", None)
    is_online = row.pop("online", False)
    component = row.pop("component", None)
    groups = row.pop("groups", [])
    private = row["kind"] in ("advice", "mentoring", "group_meeting")
    activity = create_activity(
        story.programme, by=story.by, language=story.programme.language,
        component=story.programme.components.filter(code=component).first() if component else None,
        audience="members" if private else "public", takes_registrations=not private,
        online_link="https://meet.example.org/samverk" if is_online else "", **row,
    )  # fmt: skip
    for name in groups:
        add_cohort(activity, name=name, by=story.by)
    first, *others = sessions
    add_session(story, activity, first)
    activity = publish_activity(activity, by=story.by)
    if with_people and story.members:
        # Advice and mentoring are talks between a few.
        register_some(story, activity, 4 if row["kind"] in ("advice", "mentoring") else size)
    for other in others:
        add_session(story, activity, other)
    if with_people:
        for session in activity.sessions.filter(ends_at__lt=timezone.now()):
            hold(story, session)
    return activity


def add_session(story: Story, activity: Activity, row: dict[str, Any]) -> Session:
    """A session of the facts: local date and clock, minutes that count, and the groups that come."""
    return schedule_session(
        activity, starts_at=story.moment(row["date"], row["start"]), ends_at=story.moment(row["date"], row["end"]),
        planned_minutes=row["minutes"], title=row.get("title", ""), venue=row.get("venue", ""), by=story.by,
        cohorts=activity.cohorts.filter(name__in=row.get("groups", [])),
    )  # fmt: skip


def register_some(story: Story, activity: Activity, size: int) -> None:
    """Register a few dozen as if before the first day; they stand on the sheet of its one session."""
    session = activity.sessions.get()
    # The commands rightly refuse a place in something that is over; history is written as it was then.
    Activity.objects.filter(pk=activity.pk).update(starts_at=None, ends_at=None)
    wanted = min(size + story.chance.randint(-2, 3), len(story.members), activity.capacity or size)
    groups = list(activity.cohorts.all()) or [None]
    members = story.chance.sample(story.members, max(1, wanted))
    for number, (person, organisation, role) in enumerate(members):
        register_for(
            activity, person=person, organisation=organisation, role=role, language=person.language,
            cohort=groups[number % len(groups)], tell=False, by=story.by,
        )  # fmt: skip
    keep_span(Activity.objects.get(pk=activity.pk))
    before = session.starts_at - timedelta(days=16)
    Registration.objects.filter(activity=activity).update(registered_at=before, confirmed_at=before)
    if session.ends_at <= timezone.now():
        expect_everybody(session, by=story.by)


def hold(story: Story, session: Session, *, close: bool = True) -> None:
    """Mark a sheet as a coordinator does: most were here, some for a part, some not; then close it."""
    length = session.ends_at - session.starts_at
    for row in Attendance.objects.filter(session=session):
        luck = story.chance.random()
        if luck < 0.08:
            late = session.starts_at + length * story.chance.choice([1, 2]) / 6
            mark_attendance(row, Mark.PART, came_at=late, left_at=session.ends_at, by=story.by)
        elif luck < 0.18:
            mark_attendance(row, Mark.ABSENT, by=story.by)
    mark_rest(session, Mark.HERE, by=story.by)
    # Signatures on paper are the proof this funder asks for.
    Session.objects.filter(pk=session.pk).update(evidence="signed_list")
    if close:
        session = close_session(session, by=story.by)
        Session.objects.filter(pk=session.pk).update(closed_at=session.ends_at + timedelta(hours=2))


def series(
    start: date, end: date, *, every_days: int, begins: time, minutes: int, titles: Sequence[str]
) -> list[dict[str, Any]]:
    """Dates of a recurring meeting, weekdays kept, July left out."""
    dates: list[dict[str, Any]] = []
    day = start
    while day <= end:
        if day.month != 7:
            until = (datetime.combine(day, begins) + timedelta(minutes=minutes)).time()
            dates.append(
                {
                    "date": day,
                    "start": begins,
                    "end": until,
                    "minutes": minutes,
                    "title": titles[len(dates) % len(titles)],
                }
            )
        day += timedelta(days=every_days)
    return dates
