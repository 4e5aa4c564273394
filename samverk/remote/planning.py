"""What a log-in list would do to a sheet: its people, who they are, when they were there. Reads only."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from samverk.activities.choices import EvidenceKind, Format, Mark
from samverk.activities.models import Attendance, Session
from samverk.activities.presences import stay_of
from samverk.activities.sheet_queries import SheetRow, rows_of
from samverk.activities.sheet_rules import STRENGTH
from samverk.kit.fold import fold
from samverk.reckoning.timeline import Span
from samverk.remote.intervals import SMALLEST_BREAK, Presence, moment_at, presence_in, seconds_of
from samverk.remote.log_files import Entry, LogFile, read_log
from samverk.remote.matching import BY_EMAIL, BY_NAME, Match, match, sheet_of
from samverk.remote.models import RemoteLog

WALK_IN, SKIP, KEEP, ROW = "walk_in", "skip", "keep", "row:"
# Accounts are often made in these; a list whose times miss the session may be written in one of them.
CLOCKS = (
    "UTC",
    "Europe/London",
    "Europe/Warsaw",
    "Europe/Helsinki",
    "America/New_York",
    "America/Los_Angeles",
)


@dataclass
class LogPerson:
    """Somebody on the list, with all stays."""

    key: str
    name: str
    emails: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    presence: Presence = Presence()


@dataclass(frozen=True)
class Line:
    """One person of the list on the screen: who she seems to be, and what was answered."""

    person: LogPerson
    match: Match
    answer: str
    # Somebody saw her for longer than the list: she may have sat in the room with a screen that slept.
    seen_longer: int | None = None

    @property
    def row(self) -> int | None:
        return int(self.answer.removeprefix(ROW)) if self.answer.startswith(ROW) else None

    @property
    def is_sure(self) -> bool:
        return self.match.how in (BY_EMAIL, BY_NAME) and self.seen_longer is None


@dataclass(frozen=True)
class RowPlan:
    """What would be written onto one row of the sheet; ``why_not`` where it stays as it is."""

    row: int
    mark: str
    came_at: datetime | None
    left_at: datetime | None
    away_minutes: int
    stays: tuple[tuple[datetime, datetime], ...]
    minutes: int
    why_not: str = ""

    @property
    def said(self) -> str:
        """What it comes to, in short, to know it again."""
        times = [str(seconds_of(moment)) for moment in (self.came_at, self.left_at) if moment]
        return " ".join([self.mark, *times, str(self.away_minutes)])


@dataclass(frozen=True)
class Plan:
    """The whole list: its people, the rows they make, and the rows of the sheet by id."""

    lines: list[Line]
    rows: list[RowPlan]
    walk_ins: list[tuple[LogPerson, RowPlan]]
    sheet: dict[int, SheetRow]

    @property
    def open(self) -> list[Line]:
        """Whom somebody still has to answer for."""
        return [line for line in self.lines if not line.answer and line.person.presence.minutes >= 1]

    @property
    def changes(self) -> int:
        return sum(not row.why_not for row in self.rows) + len(self.walk_ins)


STAYS_PROVED, STAYS_SAME, TOO_SHORT = "proved", "same", "short"


def content_of(log: RemoteLog) -> bytes:
    with log.file.open("rb") as file:
        content: bytes = file.read()
        return content


def plan_of(log: RemoteLog, content: bytes | None = None) -> Plan:
    """What writing the list would do now. Five queries, however long it is."""
    session = log.session
    read = read_log(content_of(log) if content is None else content, session.starts_local.date())
    people = people_of(read, session, log.zone)
    known = sheet_of(session)
    sheet = {row.id: row for row in rows_of(session)}
    present = Attendance.objects.filter(session=session).in_bulk()
    lines = [_line(person, match([person.name], person.emails, known), log, present) for person in people]
    lines.sort(key=lambda line: (bool(line.answer), fold(line.person.name)))
    return Plan(lines, _row_plans(lines, log, present), _walk_ins(lines, log), sheet)


def people_of(read: LogFile, session: Session, zone: ZoneInfo) -> list[LogPerson]:
    """The entries by person: one address is one person, and so is one name without an address."""
    people: dict[str, LogPerson] = {}
    for entry in read.entries:
        key = hashlib.sha256((entry.email or fold(entry.name)).encode()).hexdigest()[:16]
        person = people.setdefault(key, LogPerson(key, entry.name or entry.email))
        person.entries.append(entry)
        if entry.email and entry.email not in person.emails:
            person.emails.append(entry.email)
    for person in people.values():
        person.presence = presence_of([person], session, zone)
    return list(people.values())


def presence_of(people: Iterable[LogPerson], session: Session, zone: ZoneInfo) -> Presence:
    """Of one person under several names or devices: stays merged, cut to the session."""
    end = seconds_of(session.ends_at)
    spans: list[Span] = []
    lost = 0
    for entry in (entry for person in people for entry in person.entries):
        came = seconds_of(_aware(entry.joined, zone))
        left = (
            seconds_of(_aware(entry.left, zone))
            if entry.left
            else came + (entry.seconds or max(end - came, 0))
        )
        if left <= came:
            continue
        spans.append((came, left))
        gone = left - came - entry.seconds if entry.seconds is not None and entry.left else 0
        lost += gone if gone > SMALLEST_BREAK else 0
    return presence_in(spans, lost, seconds_of(session.starts_at), end)


def likely_clock(read: LogFile, session: Session) -> str:
    """The zone in which most of the list falls into the session; its own where that is as good as any."""
    zones = [session.time_zone, *CLOCKS]
    inside = {
        name: sum(person.presence.minutes for person in people_of(read, session, ZoneInfo(name)))
        for name in zones
    }
    best = max(zones, key=lambda name: inside[name])
    return session.time_zone if inside[session.time_zone] * 2 > inside[best] else best


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _line(person: LogPerson, found: Match, log: RemoteLog, present: dict[int, Attendance]) -> Line:
    answer = log.answers.get(person.key, "")
    if answer.startswith(ROW) and _number(answer) not in present:
        answer = ""
    if answer or found.how not in (BY_EMAIL, BY_NAME):
        return Line(person, found, answer)
    row = present[found.rows[0]]
    if log.state == RemoteLog.State.ASKED and _was_seen_longer(row, person.presence, log.session):
        return Line(person, found, "", row.pk)
    return Line(person, found, f"{ROW}{row.pk}")


def _was_seen_longer(row: Attendance, presence: Presence, session: Session) -> bool:
    """Where people may sit in a room, what somebody saw there is not shortened by a list unasked."""
    if not row.was_here or STRENGTH[row.evidence] >= STRENGTH[EvidenceKind.LOGIN_LOG]:
        return False
    counts = min(presence.minutes, session.planned_minutes)
    return session.activity.format != Format.ONLINE and stay_of(row, session)[1] > counts


def _number(answer: str) -> int:
    text = answer.removeprefix(ROW)
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0


def _row_plans(lines: Sequence[Line], log: RemoteLog, present: dict[int, Attendance]) -> list[RowPlan]:
    people: dict[int, list[LogPerson]] = defaultdict(list)
    for line in lines:
        if line.row is not None:
            people[line.row].append(line.person)
    found = []
    for key, same in people.items():
        plan = _row_plan(key, _together(same, log.session), log.session)
        if plan.said == log.written.get(str(key)):
            plan = replace(plan, why_not=STAYS_SAME)
        found.append(_held_back(plan, present[key]))
    return found


def _together(people: Sequence[LogPerson], session: Session) -> Presence:
    if len(people) == 1:
        return people[0].presence
    spans = [span for person in people for span in person.presence.stays]
    lost = sum(person.presence.lost for person in people)
    return presence_in(spans, lost, seconds_of(session.starts_at), seconds_of(session.ends_at))


def _row_plan(key: int, presence: Presence, session: Session) -> RowPlan:
    if presence.minutes < 1:
        return RowPlan(key, Mark.NOT_MARKED, None, None, 0, (), 0, TOO_SHORT)
    if presence.is_whole(seconds_of(session.starts_at), seconds_of(session.ends_at)):
        return RowPlan(key, Mark.HERE, None, None, 0, (), presence.minutes)
    stays = tuple((moment_at(start), moment_at(end)) for start, end in presence.stays)
    return RowPlan(
        key, Mark.PART, stays[0][0], stays[-1][1], presence.away_minutes, stays if len(stays) > 1 else (),
        presence.minutes,
    )  # fmt: skip


def _held_back(plan: RowPlan, row: Attendance) -> RowPlan:
    """Paper with a signature goes before a list; what says the same already is left alone."""
    if plan.why_not:
        return plan
    if row.was_here and STRENGTH[row.evidence] > STRENGTH[EvidenceKind.LOGIN_LOG]:
        return replace(plan, why_not=STAYS_PROVED)
    said: Any = (row.mark, row.came_at, row.left_at, row.away_minutes)
    is_same = said == (plan.mark, plan.came_at, plan.left_at, plan.away_minutes)
    return replace(plan, why_not=STAYS_SAME) if is_same and row.evidence == EvidenceKind.LOGIN_LOG else plan


def _walk_ins(lines: Sequence[Line], log: RemoteLog) -> list[tuple[LogPerson, RowPlan]]:
    """Who is to be added, and is not yet."""
    chosen = [line.person for line in lines if line.answer == WALK_IN and line.person.key not in log.written]
    return [
        (person, _row_plan(0, person.presence, log.session))
        for person in chosen
        if person.presence.minutes >= 1
    ]
