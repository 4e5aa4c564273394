"""What changed under a frozen report since, row by row, with the entry of the trail that did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _

from samverk.activities.models import Session
from samverk.kit.acting import Refusal
from samverk.kit.measuring import Question
from samverk.ledger.models import HourEntry, Statement
from samverk.reporting.evidence import BATCH, EvidenceRow, evidence_of
from samverk.reporting.models import Snapshot, SnapshotRow
from samverk.trail.models import Entry

ADDED, GONE, CHANGED = "added", "gone", "changed"
# A person or organisation does not move rows by itself: only joining two of them, or taking them apart, does.
MERGED = ("person", "organisation")
# Names of the trail's things, nearest to the row first; the first that has an entry since freezing is named.
NEAREST = {
    "attendance": ("attendance", "registration", "session", "activity", *MERGED),
    "session": ("session", "activity"),
    "enrolment": ("enrolment", *MERGED),
    "hour": ("statement", "attendance", "registration", "session", "activity", *MERGED),
    "decision": ("statement", "attendance", "registration", "session", "affiliation", "fundingline", *MERGED),
}


@dataclass
class Difference:
    """A row that is new, gone or other than when the report was frozen."""

    kind: str
    section: str
    key: str
    before: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, int | None] = field(default_factory=dict)
    entry: Entry | None = None

    @property
    def changed(self) -> list[str]:
        """Names of the values that differ."""
        return [name for name in {**self.before, **self.now} if self.before.get(name) != self.now.get(name)]

    def effect(self, name: str) -> Decimal:
        """By how much a number of the row went up or down."""
        return Decimal(str(self.now.get(name, 0))) - Decimal(str(self.before.get(name, 0)))


def differences(snapshot: Snapshot, limit: int | None = None) -> list[Difference]:
    """Rows added, gone and changed since freezing, in that order of their sections; at most `limit`."""
    found = []
    for difference in _differences(snapshot):
        found.append(difference)
        if limit is not None and len(found) >= limit:
            break
    _name_entries(snapshot, found)
    return found


def _differences(snapshot: Snapshot) -> Iterator[Difference]:
    known = dict(snapshot.keys.values_list("person", "keyed_code"))
    if not known and _names_persons(snapshot):
        raise Refusal(_("The list of persons is erased. Rows can no longer be compared."), code="erased")
    report = snapshot.report
    question = Question(report.programme, report.starts, report.ends)

    def name_of(person: int, code: str) -> str:
        # Whoever came into the report later has no keyed code, and none is made for a list of differences.
        return known.get(person, "new")

    seen = _Seen(snapshot)
    for batch in batched(evidence_of(question, name_of), BATCH):
        yield from _compared(snapshot, batch, seen)
    for row in seen.missing():
        yield Difference(GONE, row.section, row.key, before=row.values, ids=_ids_of(row))


def _names_persons(snapshot: Snapshot) -> bool:
    return SnapshotRow.objects.filter(snapshot=snapshot, section__in=["hour", "decision"]).exists()


def _compared(snapshot: Snapshot, batch: Iterable[EvidenceRow], seen: _Seen) -> Iterator[Difference]:
    rows = list(batch)
    frozen = SnapshotRow.objects.filter(snapshot=snapshot, key__in={row.key for row in rows})
    by_key = {(row.section, row.key): row for row in frozen.filter(section__in={row.section for row in rows})}
    for row in rows:
        before = by_key.get((row.section, row.key))
        if before is None:
            yield Difference(ADDED, row.section, row.key, now=row.values, ids=row.ids)
            continue
        seen.add(before.pk)
        if before.digest != row.digest:
            yield Difference(CHANGED, row.section, row.key, before.values, row.values, row.ids)


class _Seen:
    """Which rows of a snapshot were met: one byte each, so that a million rows take a megabyte."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._rows = SnapshotRow.objects.filter(snapshot=snapshot).order_by("pk")
        first, last = (
            self._rows.values_list("pk", flat=True).first(),
            self._rows.values_list("pk", flat=True).last(),
        )
        self._first = first or 0
        self._met = bytearray((last or 0) - self._first + 1)

    def add(self, pk: int) -> None:
        self._met[pk - self._first] = 1

    def missing(self) -> Iterator[SnapshotRow]:
        last = 0
        while ids := list(self._rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            last = ids[-1]
            gone = [pk for pk in ids if not self._met[pk - self._first]]
            yield from self._rows.filter(pk__in=gone) if gone else ()


def _ids_of(row: SnapshotRow) -> dict[str, int | None]:
    """What a row that is gone can still say of where it came from; keys of the other sections are numbers."""
    if row.section in ("attendance", "enrolment"):
        return {row.section: int(row.key)}
    return {}


# ---------- the trail ----------


def _name_entries(snapshot: Snapshot, found: list[Difference]) -> None:
    """Give each difference the newest entry since freezing of the thing nearest to it. Queries do not grow with rows."""
    sessions = dict(Session.objects.filter(code__in=_gone_sessions(found)).values_list("code", "pk"))
    wanted = [_things(difference, sessions) for difference in found]
    _add_ledger_things(snapshot, found, wanted)
    newest = _newest_entries(snapshot, wanted)
    for difference, things in zip(found, wanted, strict=True):
        difference.entry = _nearest(difference.section, things, newest)


def _gone_sessions(found: list[Difference]) -> list[str]:
    gone = [row for row in found if row.kind == GONE]
    return [row.before.get("session") or row.key for row in gone if row.section in ("session", "attendance")]


def _things(difference: Difference, sessions: dict[str, int]) -> dict[str, set[int]]:
    things = {name: {pk} for name, pk in difference.ids.items() if pk}
    # A visit that is gone may have gone with its session.
    code = difference.key if difference.section == "session" else difference.before.get("session", "")
    return things | ({"session": {sessions[code]}} if code in sessions else {})


def _add_ledger_things(
    snapshot: Snapshot, found: list[Difference], wanted: list[dict[str, set[int]]]
) -> None:
    """Hours and decisions come from a person's month: her statement, and the attendance behind its ledger lines."""
    persons = dict(snapshot.keys.values_list("keyed_code", "person"))
    months = []
    for difference in found:
        values = difference.now or difference.before
        person = difference.ids.get("person") or persons.get(values.get("person", ""))
        months.append((person, values["month"]) if "month" in values and person else None)
    asked = {person for person, _month in filter(None, months)}
    if not asked:
        return
    by_month = _things_of_months(snapshot, asked)
    for difference, month, things in zip(found, months, wanted, strict=True):
        if month is None:
            continue
        code = difference.key if difference.section == "hour" else ""
        for name, ids in by_month.get(month, {}).get(code, {}).items():
            things.setdefault(name, set()).update(ids)


def _things_of_months(
    snapshot: Snapshot, persons: set[int]
) -> dict[tuple[int, str], dict[str, dict[str, set[int]]]]:
    """{(person, month): {code of a ledger line, or empty for all: {thing: ids}}}"""
    found: dict[Any, dict[str, dict[str, set[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(set))
    )
    for person, month, pk in Statement.objects.filter(person__in=persons).values_list(
        "person", "month", "pk"
    ):
        found[person, f"{month:%Y-%m}"][""]["statement"].add(pk)
    entries = HourEntry.objects.filter(programme=snapshot.report.programme, person__in=persons)
    fields = ("person", "month", "code", "attendance", "attendance__registration", "session", "activity")
    for person, month, code, *ids in entries.values_list(*fields):
        for part in ("", code):
            for name, pk in zip(("attendance", "registration", "session", "activity"), ids, strict=True):
                found[person, f"{month:%Y-%m}"][part][name] |= {pk} - {None}
    for parts in found.values():
        for code in parts:
            parts[code]["statement"] |= parts[""]["statement"]
    return found


def _newest_entries(snapshot: Snapshot, wanted: list[dict[str, set[int]]]) -> dict[tuple[str, int], Entry]:
    ids: dict[str, set[int]] = defaultdict(set)
    for things in wanted:
        for name, keys in things.items():
            ids[name] |= keys
    newest = {}  # type: ignore[var-annotated]
    for name in sorted(ids.keys() & {thing for names in NEAREST.values() for thing in names}):
        for keys in batched(sorted(ids[name]), 500):  # type: ignore[assignment]
            entries = Entry.objects.filter(thing_type=name, thing_id__in=keys, at__gte=snapshot.frozen_at)
            entries = entries.filter(verb__contains="merge") if name in MERGED else entries
            newest |= {
                (name, entry.thing_id): entry for entry in entries.select_related("actor").order_by("pk")
            }
    return newest


def _nearest(section: str, things: dict[str, set[int]], newest: dict[tuple[str, int], Entry]) -> Entry | None:
    for name in NEAREST[section]:
        entries = [newest[name, pk] for pk in things.get(name, ()) if (name, pk) in newest]
        if entries:
            return max(entries, key=lambda entry: entry.pk)
    return None
