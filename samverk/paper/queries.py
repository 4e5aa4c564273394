"""Reads of printed lists, scans and the tray."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from samverk.activities.choices import EvidenceKind
from samverk.activities.models import Attendance
from samverk.activities.sheet_queries import SheetRow, rows_of
from samverk.activities.sheet_rules import STRENGTH
from samverk.paper.choices import PageState
from samverk.paper.models import Scan, ScanPage
from samverk.paper.permissions import pages_visible_to

STUCK_AFTER = timedelta(hours=1)


def scans_waiting() -> QuerySet[Scan]:
    """Files with unread pages that nobody is at, the oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    return Scan.objects.filter(free, read_at=None).order_by("pk")


def is_a_scan_waiting() -> bool:
    return scans_waiting().exists()


def unread_of(scans: QuerySet[Scan]) -> tuple[int, int]:
    """(pages read, pages in all) of the files that are not read to their end."""
    pages = ScanPage.objects.filter(scan__in=scans.filter(read_at=None))
    found = pages.aggregate(all=Count("pk"), unread=Count("pk", filter=Q(state=PageState.UNREAD)))
    return found["all"] - found["unread"], found["all"]


def pages_in_lists(person: Any) -> QuerySet[ScanPage]:
    """Pages as lists show them."""
    return pages_visible_to(person).select_related(
        "scan__sent_by", "session__activity", "printed_page__printed", "decided_by"
    )


def tray_of(person: Any) -> QuerySet[ScanPage]:
    """Pages that wait for this person."""
    return pages_visible_to(person).filter(state=PageState.TRAY)


@dataclass(frozen=True)
class PaperRow:
    """A row of the sheet beside its scan: the number printed before it, and whether paper has proved it already."""

    row: SheetRow
    number: int
    is_proven: bool


def rows_beside(page: ScanPage) -> list[PaperRow]:
    """Rows of the sheet that stand on a filed page, as printed, then those added from it; without a known print all.

    Four queries, however many rows.
    """
    if page.session is None:
        return []
    printed = page.printed_page
    wanted = [*printed.rows, *page.added] if printed else None
    found = {row.id: row for row in rows_of(page.session, wanted)}
    order = wanted if wanted is not None else list(found)
    first = printed.first if printed else 1
    proofs = dict(Attendance.objects.filter(pk__in=found).values_list("pk", "evidence"))
    return [
        PaperRow(found[key], first + place, STRENGTH[proofs[key]] >= STRENGTH[EvidenceKind.SCANNED_LIST])
        for place, key in enumerate(order)
        if key in found
    ]


def page_after(page: ScanPage) -> ScanPage | None:
    """The next page of the same file that is filed."""
    return page.scan.pages.filter(state=PageState.FILED, number__gt=page.number).first()


def paper_faults() -> list[str]:
    """For the doctor: files nobody reads, and files that are read and have unread pages."""
    stuck = Scan.objects.filter(read_at=None, sent_at__lt=timezone.now() - STUCK_AFTER)
    faults = [
        f"paper: scan {code} has waited for more than an hour"
        for code in stuck.values_list("code", flat=True)
    ]
    half = ScanPage.objects.filter(state=PageState.UNREAD, scan__read_at__isnull=False)
    return faults + [
        f"paper: page {code} is unread in a file that is read" for code in half.values_list("code", flat=True)
    ]
