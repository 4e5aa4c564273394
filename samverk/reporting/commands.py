"""Writing reports, indicators and targets; freezing a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from samverk.kit.acting import Actor, Refusal
from samverk.kit.codes import new_code
from samverk.kit.faults import fault_point
from samverk.kit.measuring import Question
from samverk.programmes.models import Programme
from samverk.reporting.evidence import BATCH, Digest, EvidenceRow, Sums, evidence_of
from samverk.reporting.measures import MEASURES
from samverk.reporting.models import Indicator, Report, Snapshot, SnapshotKey, SnapshotRow, Target
from samverk.reporting.queries.co_financing import stale_count
from samverk.reporting.queries.figures import document_of
from samverk.trail.commands import log

# A person's code inside one snapshot: random, so that nobody can compute it once the key list is erased.
KEYED_CODE_LETTERS = 10


def create_report(
    programme: Programme, *, starts: date, ends: date, by: Actor, title: str = "", narrative: str = ""
) -> Report:
    """Begin a report of a period. It shows live figures until it is frozen."""
    _refuse_period(programme, starts, ends)
    with transaction.atomic():
        report = Report.objects.create(
            programme=programme, starts=starts, ends=ends, title=title, narrative=narrative, made_by=by.person
        )
        log("create", report, by=by, scope=programme.scope, changed=["starts", "ends"])
        return report


def edit_report(report: Report, *, by: Actor, title: str, narrative: str) -> Report:
    """Change the words of a report that is not frozen."""
    with transaction.atomic():
        report = Report.objects.select_for_update().select_related("programme").get(pk=report.pk)
        _refuse_frozen(report)
        report.title, report.narrative = title, narrative
        report.save(update_fields=["title", "narrative"])
        log("edit", report, by=by, scope=report.programme.scope, changed=["title", "narrative"])
        return report


def _refuse_period(programme: Programme, starts: date, ends: date) -> None:
    if ends < starts:
        raise Refusal(_("The last day is before the first. Change one of them."), code="period", field="ends")
    if ends < programme.starts or starts > programme.ends:
        raise Refusal(
            _("The programme does not run on these days. Choose others."), code="outside", field="starts"
        )


def _refuse_frozen(report: Report) -> None:
    if Snapshot.objects.filter(report=report, is_complete=True).exists():
        raise Refusal(_("This report is frozen. Make a new one for the same period."), code="frozen")


# ---------- indicators ----------


def save_indicator(
    programme: Programme,
    *,
    code: str,
    name: str,
    measure: str,
    by: Actor,
    filters: Mapping[str, str] | None = None,
    target: Decimal | None = None,
    target_by: date | None = None,
    baseline: Decimal = Decimal(0),
    indicator: Indicator | None = None,
) -> Indicator:
    """Add an indicator or change one; `target` is what it should reach by a day, None where nothing was promised."""
    narrowed = {key: value for key, value in (filters or {}).items() if value}
    _refuse_measure(measure, narrowed)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        others = Indicator.objects.filter(programme=programme, code=code)
        if others.exclude(pk=indicator.pk if indicator else None).exists():  # type: ignore[misc]
            raise Refusal(
                _("The programme has an indicator with this code. Choose another one."),
                code="same_code",
                field="code",
            )
        verb = "edit" if indicator else "create"
        row = indicator or Indicator(
            programme=programme, position=Indicator.objects.filter(programme=programme).count()
        )
        row.code, row.name, row.measure, row.filters = code, name, measure, narrowed
        row.save()
        row.targets.all().delete()
        if target is not None:
            Target.objects.create(
                indicator=row, value=target, by=target_by or programme.ends, baseline=baseline
            )
        log(verb, row, by=by, scope=programme.scope, changed=["name", "measure", "filters", "targets"])
        return row


def _refuse_measure(measure: str, filters: Mapping[str, str]) -> None:
    if measure not in MEASURES:
        raise Refusal(
            _("There is no such measure. Choose one from the list."), code="measure", field="measure"
        )
    unknown = [name for name in filters if name not in MEASURES[measure].dimensions]
    if unknown:
        raise Refusal(
            _("This measure cannot be narrowed that way. Leave the field empty."),
            code="narrowing",
            field=unknown[0],
        )


def remove_indicator(indicator: Indicator, *, by: Actor) -> None:
    """Take an indicator away; frozen reports keep what they said."""
    with transaction.atomic():
        log("remove", indicator, by=by, scope=indicator.programme.scope)
        indicator.delete()


# ---------- freezing ----------


def freeze_report(report: Report, *, by: Actor, now: datetime | None = None) -> Snapshot:
    """Freeze a report: its figures, the key and hash of every row behind them, and one digest over all.

    Rows are written in batches, each in a short transaction, under a snapshot that counts for nothing until the last
    batch is in. What a killed run left is taken away first. Refuses while decisions of the period wait to be
    judged, and when rows changed so much while they were read that they no longer give the figures.
    """
    now = now or timezone.now()
    _refuse_frozen(report)
    question = Question(report.programme, report.starts, report.ends)
    _refuse_stale(question)
    _drop_unfinished(report)
    figures = {
        **document_of(report.programme, report.starts, report.ends, now),
        "title": report.title,
        "narrative": report.narrative,
    }
    snapshot = Snapshot.objects.create(
        report=report, figures=figures, digest="", rows_count=0, frozen_at=now, frozen_by=by.person
    )
    rows_count, digest, sums = _write_rows(snapshot, question, figures)
    fault_point("freezing.before_completing")
    return _complete(snapshot, question, rows_count, digest, sums, by)


def _refuse_stale(question: Question) -> None:
    stale = stale_count(question)
    if stale:
        text = ngettext(
            "%(n)s decision of the period waits to be judged. Try again in a minute.",
            "%(n)s decisions of the period wait to be judged. Try again in a minute.",
            stale,
        )
        raise Refusal(text % {"n": stale}, code="stale", stale=stale)


def _drop_unfinished(report: Report) -> None:
    for snapshot in Snapshot.objects.filter(report=report, is_complete=False):
        rows = SnapshotRow.objects.filter(snapshot=snapshot)
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            SnapshotRow.objects.filter(pk__in=ids).delete()
        snapshot.delete()


def _write_rows(snapshot: Snapshot, question: Question, figures: dict[str, Any]) -> tuple[int, str, Sums]:
    codes: dict[int, str] = {}
    digest, sums, number = Digest(figures), Sums(), 0

    def name_of(person: int, code: str) -> str:
        return codes.setdefault(person, new_code(KEYED_CODE_LETTERS))

    for batch in batched(evidence_of(question, name_of), BATCH):
        number += len(batch)
        SnapshotRow.objects.bulk_create([_row(snapshot, row, digest, sums) for row in batch])
        fault_point("freezing.between_batches")
    for keys in batched(codes.items(), BATCH):
        SnapshotKey.objects.bulk_create(
            [SnapshotKey(snapshot=snapshot, person_id=person, keyed_code=code) for person, code in keys]
        )
    return number, str(digest), sums


def _row(snapshot: Snapshot, row: EvidenceRow, digest: Digest, sums: Sums) -> SnapshotRow:
    hashed = row.digest
    digest.add(hashed)
    sums.add(row)
    return SnapshotRow(snapshot=snapshot, section=row.section, key=row.key, values=row.values, digest=hashed)


def _complete(
    snapshot: Snapshot, question: Question, rows_count: int, digest: str, sums: Sums, by: Actor
) -> Snapshot:
    report = snapshot.report
    stated = {code: snapshot.figures["measures"][code] for code in sums.figures()}
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)
        if stated != sums.figures() or stale_count(question):
            raise Refusal(_("Rows changed while the report was being frozen. Try again."), code="moved")
        snapshot.digest, snapshot.rows_count, snapshot.is_complete = digest, rows_count, True
        snapshot.save(update_fields=["digest", "rows_count", "is_complete"])
        log("freeze", report, by=by, scope=report.programme.scope, changed=["snapshot"])
        return snapshot


def forget_keys(person: Any) -> int:
    """Take a person out of the key lists: frozen rows stay, and nobody can say whose they are. Returns how many."""
    return SnapshotKey.objects.filter(person=person).delete()[0]
