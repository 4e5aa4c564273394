"""What `samverk doctor` asks reporting: is a frozen report still whole, is one stuck half-way?"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from samverk.reporting.evidence import Digest, in_batches, row_digest
from samverk.reporting.models import Snapshot, SnapshotRow

STUCK_AFTER = timedelta(hours=1)


def findings() -> list[str]:
    """One sentence for each thing that is wrong; none where all is well."""
    unfinished = Snapshot.objects.filter(is_complete=False, frozen_at__lt=timezone.now() - STUCK_AFTER)
    stuck = [
        f"reporting: freezing report {snapshot.report.code} stopped half-way. Freeze it again."
        for snapshot in unfinished.select_related("report")
    ]
    whole = Snapshot.objects.filter(is_complete=True).select_related("report")
    broken = [
        f"reporting: the frozen report {snapshot.report.code} no longer gives its digest. Its rows were changed."
        for snapshot in whole
        if recomputed(snapshot) != snapshot.digest
    ]
    return stuck + broken


def recomputed(snapshot: Snapshot) -> str:
    """The digest that the stored figures and rows give now."""
    digest = Digest(snapshot.figures)
    for row in in_batches(
        SnapshotRow.objects.filter(snapshot=snapshot).values("pk", "section", "key", "values")
    ):
        digest.add(row_digest(row["section"], row["key"], row["values"]))
    return str(digest)
