"""The rows a frozen report keeps, and the one form in which they are hashed.

docs/frozen-reports.md tells a stranger how to recompute the digest; what it says is what stands here.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from samverk.activities.choices import Representation
from samverk.activities.measures import ATTENDED_MINUTES, attended, sessions_held
from samverk.kit.measuring import Question
from samverk.ledger.measures import approved, is_attested, posted
from samverk.programmes.measures import enrolled
from samverk.reporting.queries.figures import written

BATCH = 2_000
# Gives the code under which a person stands in the rows.
NameOf = Callable[[int, str], str]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row behind a report: its section, a key that is stable for life, plain values, and ids for the trail."""

    section: str
    key: str
    values: dict[str, Any]
    ids: dict[str, int | None]

    @property
    def digest(self) -> str:
        return row_digest(self.section, self.key, self.values)


def canonical(thing: Any) -> bytes:
    """JSON with sorted names, no spaces, letters as they are, in UTF-8. It holds text and whole numbers only."""
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def row_digest(section: str, key: str, values: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({"section": section, "key": key, "values": values})).hexdigest()


class Digest:
    """SHA-256 over the figures and the digests of all rows, each followed by a line feed, in the order of the rows."""

    def __init__(self, figures: dict[str, Any]) -> None:
        self._hash = hashlib.sha256(canonical(figures) + b"\n")

    def add(self, digest: str) -> None:
        self._hash.update(digest.encode() + b"\n")

    def __str__(self) -> str:
        return self._hash.hexdigest()


def evidence_of(question: Question, name_of: NameOf) -> Iterator[EvidenceRow]:
    """Every row behind a report of the period, section by section, read in batches so that memory stays flat."""
    for section, (rows, make) in SECTIONS.items():
        for row in in_batches(rows(question)):
            key, values, ids = make(row, name_of)
            yield EvidenceRow(section, key, values, ids)


def in_batches(rows: QuerySet) -> Iterator[dict[str, Any]]:
    """Rows by rising pk. First their numbers alone, eight bytes each, then row by row for a batch of numbers.

    So no cursor stays open while others write, and no batch searches the whole table again.
    """
    numbers = array("q", rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH))
    for start in range(0, len(numbers), BATCH):
        yield from rows.filter(pk__in=numbers[start : start + BATCH].tolist()).order_by("pk")


# ---------- sections ----------


def _who(row: dict[str, Any]) -> dict[str, int | None]:
    return {"person": row["person_id"], "organisation": row["organisation_id"]}


def _attendance(question: Question) -> QuerySet:
    return attended(question).values(
        "pk",
        "mark",
        "evidence",
        "representation",
        "session_id",
        "person_id",
        "organisation_id",
        person_code=F("person__code"),
        activity=F("session__activity__code"),
        kind=F("session__activity__kind"),
        component=F("session__activity__component__code"),
        session_code=F("session__code"),
        starts=F("session__starts_at"),
        organisation_code=F("organisation__code"),
        sector=F("organisation__sector"),
        minutes=ATTENDED_MINUTES,
    )


def _attendance_row(row: dict[str, Any], name_of: NameOf) -> tuple[str, dict[str, Any], dict[str, Any]]:
    stands = row["representation"] == Representation.CONFIRMED and row["organisation_code"]
    values = {
        "activity": row["activity"],
        "kind": row["kind"],
        "component": row["component"] or "",
        "session": row["session_code"],
        "starts": f"{row['starts']:%Y-%m-%dT%H:%MZ}",
        "person": name_of(row["person_id"], row["person_code"]) if row["person_id"] else "",
        "organisation": row["organisation_code"] if stands else "",
        "sector": row["sector"] if stands else "",
        "minutes": row["minutes"],
        "evidence": row["evidence"],
    }
    ids = {"attendance": row["pk"], "session": row["session_id"], **_who(row)}
    return str(row["pk"]), values, ids


def _sessions(question: Question) -> QuerySet:
    return sessions_held(question).values(
        "pk",
        "code",
        "starts_at",
        "planned_minutes",
        "head_count",
        "activity_id",
        activity_code=F("activity__code"),
        kind=F("activity__kind"),
        component=F("activity__component__code"),
    )


def _session_row(row: dict[str, Any], name_of: NameOf) -> tuple[str, dict[str, Any], dict[str, Any]]:
    values = {
        "activity": row["activity_code"],
        "kind": row["kind"],
        "component": row["component"] or "",
        "starts": f"{row['starts_at']:%Y-%m-%dT%H:%MZ}",
        "planned_minutes": row["planned_minutes"],
        "head_count": row["head_count"] or 0,
    }
    return row["code"], values, {"session": row["pk"], "activity": row["activity_id"]}


def _enrolments(question: Question) -> QuerySet:
    return enrolled(question).values(
        "pk",
        "starts",
        "ends",
        "person_id",
        "organisation_id",
        person_code=F("person__code"),
        organisation_code=F("organisation__code"),
        sector=F("organisation__sector"),
    )


def _enrolment_row(row: dict[str, Any], name_of: NameOf) -> tuple[str, dict[str, Any], dict[str, Any]]:
    values = {
        "organisation": row["organisation_code"] or "",
        "sector": row["sector"] or "",
        "person": name_of(row["person_id"], row["person_code"]) if row["person_id"] else "",
        "starts": row["starts"].isoformat(),
        "ends": row["ends"].isoformat() if row["ends"] else "",
    }
    return str(row["pk"]), values, {"enrolment": row["pk"], **_who(row)}


def _entries(question: Question) -> QuerySet:
    signed = Case(When(is_attested(question.programme), then=Value(1)), default=Value(0))
    return posted(question).values(
        "pk",
        "code",
        "month",
        "minutes",
        "employment",
        "category",
        "evidence",
        "attendance_id",
        "person_id",
        "organisation_id",
        person_code=F("person__code"),
        organisation_code=F("organisation__code"),
        attested=signed,
    )


def _entry_row(row: dict[str, Any], name_of: NameOf) -> tuple[str, dict[str, Any], dict[str, Any]]:
    values = {
        "month": f"{row['month']:%Y-%m}",
        "person": name_of(row["person_id"], row["person_code"]),
        "organisation": row["organisation_code"] or "",
        "minutes": row["minutes"],
        "employment": row["employment"],
        "category": row["category"],
        "evidence": row["evidence"],
        "attested": row["attested"],
    }
    ids = {"hourentry": row["pk"], "attendance": row["attendance_id"], **_who(row)}
    return row["code"], values, ids


def _decisions(question: Question) -> QuerySet:
    return approved(question).values(
        "pk",
        "category",
        "minutes",
        "hours",
        "per_hour",
        "amount",
        "person_month_id",
        "organisation_id",
        person_id=F("person_month__person"),
        person_code=F("person_month__person__code"),
        month=F("person_month__month"),
        line=F("person_month__funding_line"),
        line_code=F("person_month__funding_line__code"),
        rules=F("person_month__rule_set__code"),
        version=F("person_month__rule_set__version"),
        organisation_code=F("organisation__code"),
        sector=F("organisation__sector"),
    )


def _decision_row(row: dict[str, Any], name_of: NameOf) -> tuple[str, dict[str, Any], dict[str, Any]]:
    person, month = name_of(row["person_id"], row["person_code"]), f"{row['month']:%Y-%m}"
    per_hour = written(row["per_hour"])
    values = {
        "funding_line": row["line_code"],
        "person": person,
        "month": month,
        "organisation": row["organisation_code"] or "",
        "sector": row["sector"] or "",
        "category": row["category"],
        "minutes": row["minutes"],
        "hours": written(row["hours"]),
        "per_hour": per_hour,
        "amount": written(row["amount"]),
        "rules": f"{row['rules']}@{row['version']}",
    }
    # A judgement writes its lines anew, so the key is what a line is, not its number.
    key = ":".join([str(row["line"]), person, month, values["organisation"], row["category"], per_hour])
    return key, values, {"personmonth": row["person_month_id"], **_who(row)}


Make = Callable[[dict[str, Any], NameOf], tuple[str, dict[str, Any], dict[str, Any]]]
SECTIONS: dict[str, tuple[Callable[[Question], QuerySet], Make]] = {
    "session": (_sessions, _session_row),
    "attendance": (_attendance, _attendance_row),
    "enrolment": (_enrolments, _enrolment_row),
    "hour": (_entries, _entry_row),
    "decision": (_decisions, _decision_row),
}


class Sums:
    """The figures that rows alone give: recomputed while rows are written, to be compared with those of SQL."""

    def __init__(self) -> None:
        self.numbers = dict.fromkeys(
            ("visits", "hours", "sessions_held", "sessions_hours", "head_counts", "attested_hours"), 0
        )
        self.exact = dict.fromkeys(("approved_hours", "approved_amount"), "0")
        self._people: set[str] = set()
        self._organisations: set[str] = set()

    def add(self, row: EvidenceRow) -> None:
        getattr(self, f"_{row.section}", lambda values: None)(row.values)

    def figures(self) -> dict[str, Any]:
        """In the form of a report's document."""
        distinct = {"unique_people": len(self._people), "unique_organisations": len(self._organisations)}
        return {**self.numbers, **distinct, **self.exact}

    def _attendance(self, values: dict[str, Any]) -> None:
        self.numbers["visits"] += 1
        self.numbers["hours"] += values["minutes"]
        self._people |= {values["person"]} - {""}
        self._organisations |= {values["organisation"]} - {""}

    def _session(self, values: dict[str, Any]) -> None:
        self.numbers["sessions_held"] += 1
        self.numbers["sessions_hours"] += values["planned_minutes"]
        self.numbers["head_counts"] += values["head_count"]

    def _hour(self, values: dict[str, Any]) -> None:
        self.numbers["attested_hours"] += values["minutes"] * values["attested"]

    def _decision(self, values: dict[str, Any]) -> None:
        for name, field in (("approved_hours", "hours"), ("approved_amount", "amount")):
            self.exact[name] = written(Decimal(self.exact[name]) + Decimal(values[field]))
