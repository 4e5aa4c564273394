"""How the rows behind a figure are shown: one shape for each kind of row, for the screen and for files alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import ActivityKind, EvidenceKind, Mark, Representation
from samverk.activities.measures import ATTENDED_MINUTES
from samverk.directory.choices import Sector
from samverk.kit.fold import fold
from samverk.people.models import Person
from samverk.people.rules import shown_name
from samverk.reckoning.explanation import explain


@dataclass(frozen=True)
class Cell:
    """A value: text, number, date, duration or None. `thing` and `code` say what it opens to."""

    value: Any
    thing: str = ""
    code: str = ""


@dataclass(frozen=True)
class Head:
    """A column's name, and whether it holds numbers."""

    name: Promise
    is_number: bool = False


@dataclass(frozen=True)
class Shape:
    """`rows` prepares and orders a query, `cells` gives one row's values, `found_by` are folded fields to search."""

    heads: tuple[Head, ...]
    rows: Callable[[QuerySet], QuerySet]
    cells: Callable[[Any], list[Cell]]
    found_by: tuple[str, ...] = ()
    person: str = ""

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        """Rows whose names hold the text. Nobody with protected identity is found by name."""
        wanted = fold(text)
        if not wanted or not (self.found_by or self.person):
            return rows
        asked = Q()
        for field in self.found_by:
            asked |= Q(**{f"{field}__folded__contains": wanted})
        if self.person:
            asked |= Q(**{f"{self.person}__folded__contains": wanted, f"{self.person}__is_protected": False})
        return rows.filter(asked)


NUMBER = True
DATE, ACTIVITY, PERSON, ORGANISATION = (
    Head(_("Date")),
    Head(_("Activity")),
    Head(_("Person")),
    Head(_("Organisation")),
)
TIME, EVIDENCE, MONTH = Head(_("Time"), NUMBER), Head(_("Evidence")), Head(_("Month"))
SESSION_PEOPLE = Count(
    "attendances", filter=Q(attendances__mark__in=(Mark.HERE, Mark.PART), attendances__is_leader=False)
)
EXPECTED_PEOPLE = Count(
    "attendances", filter=Q(attendances__is_leader=False) & ~Q(attendances__mark=Mark.ABSENT)
)


STANDS = {
    Representation.NONE: "–",
    Representation.CLAIMED: _("No"),
    Representation.CONFIRMED: _("Yes"),
}


def _minutes(value: int | None) -> timedelta:
    return timedelta(minutes=value or 0)


def _person(person: Person | None, name: str = "") -> Cell:
    """Her name, or the alias of somebody protected; somebody without a record by the name heard at the door."""
    return Cell(shown_name(person), "person", person.code) if person else Cell(name)


def _organisation(organisation: Any, person: Person | None = None) -> Cell:
    """Where somebody protected belongs is not shown on a list."""
    if organisation is None or (person is not None and person.is_protected):
        return Cell("–")
    return Cell(organisation.name, "organisation", organisation.code)


def _local_day(moment: Any) -> date:
    return timezone.localtime(moment).date()


def _session_cells(session: Any) -> list[Cell]:
    activity = session.activity
    title = f"{activity.title}, {session.title}" if session.title else activity.title
    return [
        Cell(session.starts_local.date(), "session", session.code),
        Cell(title, "activity", activity.code),
    ]


# ---------- attendance ----------


def _visits(rows: QuerySet) -> QuerySet:
    related = rows.select_related("session__activity", "person", "organisation", "registration")
    return related.annotate(minutes=ATTENDED_MINUTES).order_by("-session__starts_at", "sort_key", "pk")


def _visit(row: Any) -> list[Cell]:
    name = row.name or (row.registration.name if row.registration else "")
    return [
        *_session_cells(row.session),
        _person(row.person, name),
        _organisation(row.organisation, row.person),
        Cell(STANDS[row.representation]),
        Cell(EvidenceKind(max(row.evidence, row.session.evidence, key=EvidenceKind.values.index)).label),
        Cell(_minutes(row.minutes)),
    ]


def _people(rows: QuerySet) -> QuerySet:
    grouped = rows.order_by().values(
        "person", "person__code", "person__given_name", "person__family_name", "person__is_protected"
    )
    return grouped.annotate(
        visits=Count("pk"),
        minutes=Sum(ATTENDED_MINUTES),
        first=Min("session__starts_at"),
        last=Max("session__starts_at"),
    ).order_by("person__sort_key", "person")


def _grouped_person(row: dict[str, Any]) -> Cell:
    return _person(
        Person(
            code=row["person__code"],
            given_name=row["person__given_name"],
            family_name=row["person__family_name"],
            is_protected=row["person__is_protected"],
        )
    )


def _attending_person(row: dict[str, Any]) -> list[Cell]:
    return [
        _grouped_person(row),
        Cell(_local_day(row["first"])),
        Cell(_local_day(row["last"])),
        Cell(row["visits"]),
        Cell(_minutes(row["minutes"])),
    ]


def _organisations(rows: QuerySet) -> QuerySet:
    grouped = rows.order_by().values(
        "organisation", "organisation__code", "organisation__name", "organisation__sector"
    )
    return grouped.annotate(
        people=Count("person", distinct=True), visits=Count("pk"), minutes=Sum(ATTENDED_MINUTES)
    ).order_by("organisation__sort_key", "organisation")


def _attending_organisation(row: dict[str, Any]) -> list[Cell]:
    return [
        Cell(row["organisation__name"], "organisation", row["organisation__code"]),
        Cell(Sector(row["organisation__sector"]).label),
        Cell(row["people"]),
        Cell(row["visits"]),
        Cell(_minutes(row["minutes"])),
    ]


# ---------- sessions and activities ----------


def _sessions(rows: QuerySet) -> QuerySet:
    return rows.select_related("activity").annotate(people=SESSION_PEOPLE).order_by("-starts_at", "pk")


def _session(row: Any) -> list[Cell]:
    kind, planned = row.activity.get_kind_display(), _minutes(row.planned_minutes)
    return [*_session_cells(row), Cell(kind), Cell(row.people), Cell(row.head_count), Cell(planned)]


def _expecting_sessions(rows: QuerySet) -> QuerySet:
    return rows.select_related("activity").annotate(people=EXPECTED_PEOPLE).order_by("starts_at", "pk")


def _expecting_session(row: Any) -> list[Cell]:
    together = _minutes(row.planned_minutes * row.people)
    return [*_session_cells(row), Cell(row.people), Cell(_minutes(row.planned_minutes)), Cell(together)]


def _activities(rows: QuerySet) -> QuerySet:
    grouped = rows.order_by().values(
        "activity", "activity__code", "activity__title", "activity__kind", "activity__component__name"
    )
    return grouped.annotate(sessions=Count("pk"), first=Min("starts_at"), last=Max("starts_at")).order_by(
        "-first", "activity"
    )


def _activity(row: dict[str, Any]) -> list[Cell]:
    return [
        Cell(row["activity__title"], "activity", row["activity__code"]),
        Cell(ActivityKind(row["activity__kind"]).label),
        Cell(row["activity__component__name"] or "–"),
        Cell(_local_day(row["first"])),
        Cell(_local_day(row["last"])),
        Cell(row["sessions"]),
    ]


# ---------- enrolment ----------


def _enrolled_organisations(rows: QuerySet) -> QuerySet:
    grouped = rows.order_by().values(
        "organisation",
        "organisation__code",
        "organisation__name",
        "organisation__sector",
        "organisation__place",
    )
    return grouped.annotate(since=Min("starts")).order_by("organisation__sort_key", "organisation")


def _enrolled_organisation(row: dict[str, Any]) -> list[Cell]:
    return [
        Cell(row["organisation__name"], "organisation", row["organisation__code"]),
        Cell(Sector(row["organisation__sector"]).label),
        Cell(row["organisation__place"]),
        Cell(row["since"]),
    ]


def _enrolled_people(rows: QuerySet) -> QuerySet:
    grouped = rows.order_by().values(
        "person", "person__code", "person__given_name", "person__family_name", "person__is_protected"
    )
    return grouped.annotate(since=Min("starts")).order_by("person__sort_key", "person")


# ---------- ledger ----------


def _lines(rows: QuerySet) -> QuerySet:
    related = rows.select_related("organisation", "person_month__person", "person_month__rule_set")
    return related.order_by("-person_month__month", "person_month__person__sort_key", "pk")


def _line(row: Any) -> list[Cell]:
    month = row.person_month
    return [
        Cell(f"{month.month:%Y-%m}", "month", f"{month.person.code} {month.month:%Y-%m}"),
        _person(month.person),
        _organisation(row.organisation, month.person),
        Cell(str(month.rule_set or "")),
        Cell(_minutes(row.minutes)),
        Cell(_short(row.hours)),
        Cell(_short(row.per_hour)),
        Cell(_short(row.amount)),
    ]


def _short(value: Decimal) -> Decimal:
    """Without idle zeros, in plain notation."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _entries(rows: QuerySet) -> QuerySet:
    return rows.select_related("person", "organisation", "activity").order_by("-starts_at", "pk")


def _entry_cells(entry: Any) -> list[Cell]:
    return [
        Cell(entry.starts_local.date(), "entry", entry.code),
        _person(entry.person),
        _organisation(entry.organisation, entry.person),
        Cell(entry.activity.title, "activity", entry.activity.code),
    ]


def _entry(row: Any) -> list[Cell]:
    return [*_entry_cells(row), Cell(row.get_evidence_display()), Cell(_minutes(row.minutes))]


def _refusals(rows: QuerySet) -> QuerySet:
    related = rows.select_related("entry__person", "entry__organisation", "entry__activity")
    return related.order_by("-entry__starts_at", "pk")


def _refusal(row: Any) -> list[Cell]:
    why = explain({"reason": row.reason, "facts": row.facts}, get_language() or "en")
    return [*_entry_cells(row.entry), Cell(why), Cell(_minutes(row.minutes))]


def _months(rows: QuerySet) -> QuerySet:
    return rows.select_related("person", "funding_line").order_by("-month", "person__sort_key", "pk")


def _month(row: Any) -> list[Cell]:
    link = f"{row.person.code} {row.month:%Y-%m}"
    return [
        Cell(f"{row.month:%Y-%m}", "month", link),
        _person(row.person),
        Cell(row.funding_line.name),
        Cell(row.problem),
    ]


def _deliveries(rows: QuerySet) -> QuerySet:
    return _entries(rows).annotate(counted=F("share_of_counted"))


def _delivery(row: Any) -> list[Cell]:
    return [*_entry_cells(row), Cell(_minutes(row.counted)), Cell(_minutes(row.waits))]


KIND, SECTOR, SESSIONS, PLACE = (
    Head(_("Kind")),
    Head(_("Sector")),
    Head(_("Sessions"), NUMBER),
    Head(_("Place")),
)
VISITS, PEOPLE, SINCE = Head(_("Visits"), NUMBER), Head(_("People"), NUMBER), Head(_("Since"))
FIRST, LAST, HOURS = Head(_("First")), Head(_("Last")), Head(_("Hours"), NUMBER)
ENTRY_HEADS = (DATE, PERSON, ORGANISATION, ACTIVITY)

SHAPES: dict[str, Shape] = {
    "visit": Shape(
        (DATE, ACTIVITY, PERSON, ORGANISATION, Head(_("Confirmed")), EVIDENCE, TIME),
        _visits,
        _visit,
        ("organisation", "session__activity"),
        "person",
    ),
    "person": Shape((PERSON, FIRST, LAST, VISITS, TIME), _people, _attending_person, (), "person"),
    "organisation": Shape(
        (ORGANISATION, SECTOR, PEOPLE, VISITS, TIME),
        _organisations,
        _attending_organisation,
        ("organisation",),
    ),
    "session": Shape(
        (DATE, ACTIVITY, KIND, PEOPLE, Head(_("Heads counted"), NUMBER), TIME),
        _sessions,
        _session,
        ("activity",),
    ),
    "open_session": Shape(
        (DATE, ACTIVITY, Head(_("Expected"), NUMBER), Head(_("Each"), NUMBER), Head(_("Together"), NUMBER)),
        _expecting_sessions,
        _expecting_session,
        ("activity",),
    ),
    "activity": Shape(
        (ACTIVITY, KIND, Head(_("Component")), FIRST, LAST, SESSIONS), _activities, _activity, ("activity",)
    ),
    "enrolled_organisation": Shape(
        (ORGANISATION, SECTOR, PLACE, SINCE),
        _enrolled_organisations,
        _enrolled_organisation,
        ("organisation",),
    ),
    "enrolled_person": Shape(
        (PERSON, SINCE),
        _enrolled_people,
        lambda row: [_grouped_person(row), Cell(row["since"])],
        (),
        "person",
    ),
    "line": Shape(
        (
            MONTH,
            PERSON,
            ORGANISATION,
            Head(_("Rules")),
            TIME,
            HOURS,
            Head(_("Per hour"), NUMBER),
            Head(_("Amount"), NUMBER),
        ),
        _lines,
        _line,
        ("organisation",),
        "person_month__person",
    ),
    "entry": Shape((*ENTRY_HEADS, EVIDENCE, TIME), _entries, _entry, ("organisation", "activity"), "person"),
    "refusal": Shape(
        (*ENTRY_HEADS, Head(_("Why it does not count")), TIME),
        _refusals,
        _refusal,
        ("entry__organisation", "entry__activity"),
        "entry__person",
    ),
    "delivery": Shape(
        (*ENTRY_HEADS, Head(_("Counts"), NUMBER), Head(_("Could still count"), NUMBER)),
        _deliveries,
        _delivery,
        ("organisation", "activity"),
        "person",
    ),
    "person_month": Shape(
        (MONTH, PERSON, Head(_("Funding")), Head(_("Problem"))), _months, _month, (), "person"
    ),
}
