"""A report as it is read: live or frozen, its figures, its words, what changed since. Screens and files start here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.kit.measuring import Question
from samverk.programmes.models import Programme
from samverk.reporting.models import Report, Snapshot
from samverk.reporting.queries.differences import Difference, differences
from samverk.reporting.queries.figures import Figures, document_of
from samverk.reporting.wording import period

# Reading every row again takes a second for each fifty thousand: larger reports list differences on their own page.
COMPARED_AT_ONCE = 20_000
MOST_SHOWN = 200


@dataclass(frozen=True)
class Paper:
    """A report ready to be read. `differences` is None where nobody has compared the rows, or can."""

    programme: Programme
    figures: Figures
    title: str
    narrative: str = ""
    snapshot: Snapshot | None = None
    differences: list[Difference] | None = field(default=None)

    @property
    def question(self) -> Question:
        return Question(self.programme, self.figures.starts, self.figures.ends)

    @property
    def period(self) -> str:
        return period(self.figures.starts, self.figures.ends)


def paper_of(report: Report, *, now: datetime | None = None, compare: bool = True) -> Paper:
    """A stored report: the snapshot's figures where it is frozen, else counted now."""
    snapshot = report.frozen
    if snapshot is None:
        live = paper_for(report.programme, report.starts, report.ends, now=now)
        return Paper(report.programme, live.figures, title_of(report), report.narrative)
    few = snapshot.rows_count <= COMPARED_AT_ONCE
    changed = _compared(snapshot) if compare and few else None
    return Paper(
        report.programme, Figures(snapshot.figures), title_of(report), report.narrative, snapshot, changed
    )


def _compared(snapshot: Snapshot) -> list[Difference] | None:
    try:
        return differences(snapshot, MOST_SHOWN)
    except Refusal:
        return None


def paper_for(programme: Programme, starts: date, ends: date, *, now: datetime | None = None) -> Paper:
    """A report of any period, counted now and stored nowhere."""
    document = document_of(programme, starts, ends, now or timezone.now())
    return Paper(programme, Figures(document), f"{report_name(programme)}, {period(starts, ends)}")


def frozen_paper(programme: Programme, starts: date, ends: date) -> Paper | None:
    """The newest frozen report of exactly this period, without comparing its rows."""
    found = Report.objects.filter(programme=programme, starts=starts, ends=ends, snapshot__is_complete=True)
    report = found.select_related("snapshot", "programme").order_by("-snapshot__frozen_at").first()
    return paper_of(report, compare=False) if report else None


def title_of(report: Report) -> str:
    return report.title or f"{report_name(report.programme)}, {period(report.starts, report.ends)}"


def report_name(programme: Programme) -> str:
    """What the coordinator calls it: redovisning, wniosek o płatność, sprawozdanie."""
    return programme.report_name or _("Report")
