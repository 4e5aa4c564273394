"""Judging and reporting at scale: rows planted by the database itself, then CPU, seconds and memory of what follows.

``--rows N`` attendance rows (1,000,000), each posted; ``--judge`` judges them through the engine, else the decisions
are planted too and only the report is measured. DATABASE_URL chooses PostgreSQL (an empty database).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.installation import empty_installation

MONTHS, GROUP = 12, 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench ledger")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--judge", action="store_true")
    asked = parser.parse_args()
    # Each person comes once a month; a whole number of groups each month.
    people = max(GROUP, asked.rows // MONTHS // GROUP * GROUP)
    with empty_installation():
        world = _world()
        _timed(f"planting {people * MONTHS:,} rows", lambda: _plant(world, people, decided=not asked.judge))
        if asked.judge:
            _judge(world.programme, people * MONTHS)
        _report(world.programme, with_rows=asked.rows <= 100_000)
    return 0


def _timed(name: str, run: Callable[[], Any]) -> float:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {time.perf_counter() - wall:.1f} s, {cpu:.1f} s CPU, peak {peak:.0f} MiB", flush=True)
    return cpu


def _world() -> Any:
    """One row of each kind, made as the suite makes them: the patterns that are multiplied."""
    from tests.reporting.planted import World, make_world

    world: World = make_world("BIG")
    activity = world.activity("Course", component="K1")
    session = world.session(activity, date(2025, 1, 15))
    attendance = world.came(session, "Pattern", "Pattern association")
    entry = world.posted(attendance, signed="both")
    world.counts(entry, hours="2", amount="600")
    return world


def _judge(programme: Any, rows: int) -> None:
    from samverk.ledger.commands.judging import judge_all

    cpu = _timed("judging", lambda: judge_all(programme, date(2025, 1, 1), date(2025, 12, 31)))
    print(f"judging: {cpu / rows * 1000:.2f} ms CPU for a person-month")


def _report(programme: Any, *, with_rows: bool) -> None:
    from django.utils import timezone

    from samverk.reporting.documents import json_pieces
    from samverk.reporting.paper import paper_for
    from samverk.reporting.queries.dashboard import dashboard_of

    papers: list[Any] = []
    year = (date(2025, 1, 1), date(2025, 12, 31))
    _timed("the report's figures", lambda: papers.append(paper_for(programme, *year)))
    _timed("the dashboard", lambda: dashboard_of(programme, timezone.now()))
    if with_rows:
        _timed("the report as JSON, with every row", lambda: sum(map(len, json_pieces(papers[0]))))
    print(f"what it says: {papers[0].figures.document['measures']}")


def _plant(world: Any, people: int, *, decided: bool) -> None:
    """Multiply the pattern rows: person n, session n // 20, month n // people."""
    from samverk.activities.models import Attendance, Session
    from samverk.directory.models import Organisation
    from samverk.ledger.models import DecisionLine, HourEntry, PersonMonth
    from samverk.people.models import Person

    rows, bodies = people * MONTHS, max(1, people // 17)
    sessions = rows // GROUP
    month_of_row = f"n / {people}"
    _multiply(
        Person, people, code="'P' || n", email="'p' || n || '@example.org'", family_name="'Number ' || n"
    )
    _multiply(Organisation, bodies, code="'O' || n", name="'Association ' || n")
    shift = f"n * {MONTHS} / {sessions}"
    _multiply(
        Session, sessions, code="'S' || n",
        starts_at=_later("starts_at", shift), ends_at=_later("ends_at", shift),
    )  # fmt: skip
    person, body, session = f"1 + n % {people}", f"1 + n % {people} % {bodies}", f"1 + n / {GROUP}"
    places = {
        "person_id": _base("people_person") + person,
        "organisation_id": _base("directory_organisation") + body,
        "session_id": _base("activities_session") + session,
    }
    _multiply(Attendance, rows, **places)
    month = _later("month", month_of_row, is_date=True)
    entry = {"attendance_id": _base("activities_attendance") + "1 + n", "code": "'L' || n", "month": month}
    _multiply(HourEntry, rows, **places, **entry, starts_at=_later("starts_at", month_of_row))
    if decided:
        _multiply(PersonMonth, rows, person_id=places["person_id"], month=month)
        _multiply(
            DecisionLine, rows, person_month_id=_base("ledger_personmonth") + "1 + n",
            organisation_id=places["organisation_id"], entries=_entries(),
        )  # fmt: skip
    else:
        PersonMonth.objects.all().delete()
        _multiply_months(world, people, month)


_BASES: dict[str, int] = {}


def _base(table: str) -> str:
    """The last id before a table was multiplied."""
    return f"{_BASES[table]} + "


def _later(column: str, months: str, *, is_date: bool = False) -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        return f"{'date' if is_date else 'datetime'}({column}, '+' || ({months}) || ' months')"
    return f"({column} + make_interval(months => ({months})::int))" + ("::date" if is_date else "")


def _entries() -> str:
    from django.db import connection

    key = f"({_base('ledger_hourentry')}1 + n)"
    if connection.vendor == "sqlite":
        return f"json_object(CAST({key} AS TEXT), 120)"
    return f"jsonb_build_object(({key})::text, 120)"


def _multiply_months(world: Any, people: int, month: str) -> None:
    """Stale decisions, as posting marks them: one for each person and month."""
    from django.db import connection

    from samverk.ledger.models import PersonMonth

    PersonMonth.objects.create(
        funding_line=world.line, person=world.person("Pattern"), month=date(2025, 1, 1), is_stale=True
    )
    person = _base("people_person") + f"1 + n % {people}"
    _multiply(PersonMonth, people * MONTHS, person_id=person, month=month)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _multiply(model: Any, number: int, **changed: str) -> None:
    """Copy the model's last row ``number`` times; ``changed`` gives SQL for columns, of n from 0."""
    from django.db import connection

    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    base = model._base_manager.order_by("-pk").values_list("pk", flat=True)[0]
    _BASES[table] = base
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    series = f"WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {number - 1})"
    if connection.vendor == "postgresql":
        series = f"WITH s(n) AS (SELECT generate_series(0, {number - 1}))"
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, {names}) {series} SELECT {base} + 1 + n, {values} "
            f"FROM s CROSS JOIN (SELECT * FROM {table} WHERE id = {base}) AS pattern"
        )
