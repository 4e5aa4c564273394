"""What `samverk doctor` asks the ledger: is anything missing, double or stuck?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from samverk.activities.models import Session
from samverk.activities.presences import presences_of
from samverk.ledger.models import Attestation, DecisionLine, DecisionRefusal, HourEntry, PersonMonth
from samverk.ledger.rules import seal_of

STUCK_AFTER = timedelta(hours=1)
CHUNK = 2000


def findings() -> list[str]:
    """One sentence for each thing that is wrong; none where all is well."""
    return [*_entries_that_differ(), *_sums_that_differ(), *_stuck(), *_stamps_without_signature()]


def _entries_that_differ() -> Iterator[str]:
    """Live lines must say what the attendance of closed sessions says."""
    closed = Session.objects.filter(state=Session.State.DONE, needs_posting=False).select_related(
        "activity__programme"
    )
    for session in closed.iterator(chunk_size=500):
        wanted = {row.attendance_id: row.presence.minutes for row in presences_of(session)}
        live = dict(HourEntry.objects.live().filter(session=session).values_list("attendance", "minutes"))
        if wanted != live and not seal_of(session):
            yield f"ledger: session {session.code} has {len(wanted)} presences and {len(live)} live lines that differ"
    open_with_lines = (
        HourEntry.objects.live()
        .exclude(session__state=Session.State.DONE)
        .filter(session__needs_posting=False)
    )
    for code in open_with_lines.order_by().values_list("session__code", flat=True).distinct()[:100]:
        yield f"ledger: session {code} is not closed and has live lines"


def _sums_that_differ() -> Iterator[str]:
    """A decision's sums must be those of its lines and refusals. Some thousands at a time, so that memory stays flat."""
    after = 0
    while rows := list(PersonMonth.objects.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        after = rows[-1].pk
        lines, refused = _details_of(rows)
        for row in rows:
            said = (row.minutes, row.hours, row.amount, row.refused_minutes)
            if said != (*lines.get(row.pk, (0, Decimal(0), Decimal(0))), refused.get(row.pk, 0)):
                yield f"ledger: decision {row.pk} says other sums than its lines"


def _details_of(rows: list[PersonMonth]) -> tuple[dict[int, tuple[int, Decimal, Decimal]], dict[int, int]]:
    lines: dict[int, tuple[int, Decimal, Decimal]] = {}
    found = DecisionLine.objects.filter(person_month__in=rows).order_by()
    for key, minutes, hours, amount in found.values_list("person_month", "minutes", "hours", "amount"):
        before = lines.get(key, (0, Decimal(0), Decimal(0)))
        lines[key] = (before[0] + minutes, before[1] + hours, before[2] + amount)
    refusals = DecisionRefusal.objects.filter(person_month__in=rows).order_by()
    return lines, dict(refusals.values_list("person_month").annotate(total=Sum("minutes")))


def _stuck() -> Iterator[str]:
    """Nothing waits forever: neither to be posted, nor to be judged."""
    long_ago = timezone.now() - STUCK_AFTER
    stale = PersonMonth.objects.filter(is_stale=True, stale_since__lt=long_ago)
    if count := stale.exclude(leased_until__gt=timezone.now()).count():
        yield f"ledger: {count} decisions have been stale for more than an hour and nobody judges them"
    if count := PersonMonth.objects.filter(leased_until__lt=long_ago).count():
        yield f"ledger: {count} leases ended long ago and were never given back"


def _stamps_without_signature() -> Iterator[str]:
    """A line that says it is signed stands under a live signature, exactly as signed. Month by month."""
    months = HourEntry.objects.live().order_by().values_list("month", flat=True).distinct()
    for month in list(months):
        for role, stamp in (("person", "confirmed_at"), ("employer", "countersigned_at")):
            signed: dict[int, int] = {}
            live = Attestation.objects.filter(voided_at=None, role=role, statement__month=month)
            for entries in live.values_list("entries", flat=True).iterator(chunk_size=500):
                signed.update({int(key): minutes for key, minutes in entries.items()})
            stamped = HourEntry.objects.live().filter(month=month, **{f"{stamp}__isnull": False})
            for pk, code, minutes in stamped.values_list("pk", "code", "minutes").iterator(chunk_size=2000):
                if signed.get(pk) != minutes:
                    yield f"ledger: line {code} counts as signed by the {role}, and no live signature says so"
