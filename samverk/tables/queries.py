"""Reads of table plans: who can be seated, who met whom before, the tables of a round, the numbers of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, QuerySet

from samverk.activities.choices import Mark
from samverk.activities.models import Attendance, Registration, Session
from samverk.activities.sheet_queries import shown_name
from samverk.tables.models import TablePlan, TableSeat
from samverk.tables.permissions import seats_shown_to

HERE = (Mark.HERE, Mark.PART)
# What one meeting at the last event counts, at the one before, and at the one before that.
FADING = (3, 2, 1)

Pair = tuple[int, int]


@dataclass(frozen=True)
class Guest:
    """Somebody to seat, with what groups are mixed by. The name is as a list may show it."""

    id: int
    name: str
    organisation: str
    shown_organisation: str
    sector: str
    place: str
    role: str
    experience: int
    person_id: int | None

    def value_of(self, mix: str) -> str:
        return str(getattr(self, mix))


@dataclass(frozen=True)
class Seated:
    """A seat as screens show it."""

    id: int
    name: str
    organisation: str
    is_locked: bool
    is_gone: bool


@dataclass(frozen=True)
class Table:
    """One table of a round: who sits there, how many pairs are new, how many sectors meet."""

    number: int
    seats: list[Seated]
    new: int
    pairs: int
    sectors: int


@dataclass(frozen=True)
class Figures:
    """Numbers of a whole plan: pairs that meet, of them new, of them across sectors; meetings that are repeats."""

    people: int
    pairs: int
    new: int
    across: int
    repeats: int
    not_seated: int
    gone: int


def rows_to_seat(session: Session, *, only_here: bool) -> QuerySet[Attendance]:
    """Rows of the sheet: those marked as here, or everybody who is not absent."""
    rows = Attendance.objects.filter(session=session)
    return rows.filter(mark__in=HERE) if only_here else rows.exclude(mark=Mark.ABSENT)


def guests_of(session: Session, *, only_here: bool) -> list[Guest]:
    """Everybody to seat. Two queries, however many they are."""
    rows = list(
        rows_to_seat(session, only_here=only_here)
        .select_related("person", "organisation")
        .order_by("sort_key", "id")
    )
    known = [row.person_id for row in rows if row.person_id]
    counted = (
        Attendance.objects.filter(
            person__in=known, mark__in=HERE, session__activity__programme=session.activity.programme_id,
            session__starts_at__lt=session.starts_at,
        ).values_list("person").annotate(times=Count("pk")).order_by()
    )  # fmt: skip
    times = dict(counted)
    return [_guest(row, times.get(row.person_id, 0)) for row in rows]


def _guest(row: Attendance, times: int) -> Guest:
    person, organisation = row.person, row.organisation
    named = str(organisation) if organisation else row.organisation_typed
    return Guest(
        id=row.pk, name=shown_name(person) if person else row.name, organisation=named,
        shown_organisation="" if person and person.is_protected else named,
        sector=organisation.sector if organisation else "", place=organisation.place if organisation else "",
        role=row.role, experience=times, person_id=row.person_id,
    )  # fmt: skip


def earlier_meetings(session: Session) -> dict[Pair, int]:
    """How often two people sat at one table at the last three events of the programme, the last one counting most."""
    plans = list(
        TablePlan.objects.filter(
            session__activity__programme=session.activity.programme_id, session__starts_at__lt=session.starts_at
        ).order_by("-session__starts_at").values_list("pk", flat=True)[: len(FADING)]
    )  # fmt: skip
    seats = (
        TableSeat.objects.filter(plan__in=plans, attendance__person__isnull=False)
        .exclude(attendance__mark=Mark.ABSENT)
        .values_list("plan", "round", "table", "attendance__person")
    )
    tables: dict[tuple[int, int, int], list[int]] = {}
    for plan, round_, table, person in seats:
        tables.setdefault((plan, round_, table), []).append(person)
    met: dict[Pair, int] = {}
    for (plan, _round, _table), people in tables.items():
        for pair in combinations(sorted(people), 2):
            met[pair] = met.get(pair, 0) + FADING[plans.index(plan)]
    return met


def met_before(guests: Iterable[Guest], meetings: dict[Pair, int]) -> dict[Pair, int]:
    """Earlier meetings of people as meetings of rows of this sheet."""
    row_of = {guest.person_id: guest.id for guest in guests if guest.person_id}
    found = {}
    for (one, other), times in meetings.items():
        if one in row_of and other in row_of:
            a, b = sorted((row_of[one], row_of[other]))
            found[a, b] = times
    return found


def seats_of(plan: TablePlan) -> list[TableSeat]:
    """All seats with their rows, persons and organisations. One query."""
    found = plan.seats.select_related("attendance__person", "attendance__organisation")
    return sorted(found, key=lambda seat: (seat.round, seat.table, seat.attendance.sort_key, seat.pk))


def tables_of(plan: TablePlan, seats: Iterable[TableSeat], round_: int, met: dict[Pair, int]) -> list[Table]:
    """The tables of a round. Pairs are new where they met neither at earlier events nor in an earlier round."""
    known = set(met)
    by_table: dict[tuple[int, int], list[TableSeat]] = {}
    for seat in seats:
        by_table.setdefault((seat.round, seat.table), []).append(seat)
    for (earlier, _number), members in by_table.items():
        if earlier < round_:
            known |= _pairs(members)
    return [_table(number, by_table.get((round_, number), []), known) for number in range(1, plan.tables + 1)]


def _pairs(members: Iterable[TableSeat]) -> set[Pair]:
    return set(combinations(sorted(seat.attendance_id for seat in members), 2))


def _table(number: int, members: list[TableSeat], known: set[Pair]) -> Table:
    pairs = _pairs(members)
    sectors = {seat.attendance.organisation.sector for seat in members if seat.attendance.organisation}
    return Table(number, [_seated(seat) for seat in members], len(pairs - known), len(pairs), len(sectors))


def _seated(seat: TableSeat) -> Seated:
    guest = _guest(seat.attendance, 0)
    return Seated(
        seat.pk, guest.name, guest.shown_organisation, seat.is_locked, seat.attendance.mark == Mark.ABSENT
    )


def figures_of(plan: TablePlan, seats: list[TableSeat], guests: list[Guest], met: dict[Pair, int]) -> Figures:
    """The numbers that stand above the tables."""
    by_table: dict[tuple[int, int], list[TableSeat]] = {}
    sector: dict[int, str] = {}
    for seat in seats:
        by_table.setdefault((seat.round, seat.table), []).append(seat)
        organisation = seat.attendance.organisation
        sector[seat.attendance_id] = organisation.sector if organisation else ""
    meetings = [pair for members in by_table.values() for pair in _pairs(members)]
    pairs = set(meetings)
    new = pairs - set(met)
    across = {(a, b) for a, b in new if sector[a] and sector[b] and sector[a] != sector[b]}
    seated, here = set(sector), {guest.id for guest in guests}
    return Figures(
        len(seated), len(pairs), len(new), len(across), len(meetings) - len(new), len(here - seated), len(seated - here)
    )  # fmt: skip


def my_tables(registration: Registration) -> list[tuple[Session, list[int]]]:
    """For whoever holds the place: the tables of each session, round by round."""
    found: dict[int, tuple[Session, list[int]]] = {}
    seats = (
        seats_shown_to(registration)
        .select_related("plan__session")
        .order_by("plan__session__starts_at", "round")
    )
    for seat in seats:
        found.setdefault(seat.plan_id, (seat.plan.session, []))[1].append(seat.table)
    return list(found.values())
