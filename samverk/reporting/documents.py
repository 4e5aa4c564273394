"""A report as files: tagged PDF, XLSX and JSON. All say what the page says, from the same document of figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from samverk.kit import documents, words
from samverk.kit.spreadsheets import Sheet, xlsx_file
from samverk.ledger.models import Attestation, Evidence
from samverk.reporting import rules
from samverk.reporting.evidence import EvidenceRow, canonical, evidence_of, in_batches
from samverk.reporting.measures import MEASURES
from samverk.reporting.models import SnapshotRow
from samverk.reporting.paper import Paper
from samverk.reporting.queries.co_financing import CoFinancing
from samverk.reporting.queries.figures import SPLIT
from samverk.reporting.tables import (
    EXACT,
    PART_HEADS,
    SECTION_WORDS,
    SHORT_NAMES,
    SPLIT_HEADINGS,
    counted_rows,
    difference_rows,
    indicator_rows,
    measure_rows,
    money_rows,
    money_steps,
    split_rows,
)
from samverk.reporting.wording import grouped, in_short, money_finding, plain, said

# ---------- JSON ----------


def json_pieces(paper: Paper) -> Iterator[str]:
    """The report as JSON, piece by piece, so that a million rows need no memory.

    Frozen: the digest, the figures and every row with its digest, in the order they were hashed. Live: the same
    without digest; persons stand under their public code.
    """
    snapshot = paper.snapshot
    head: dict[str, Any] = (
        {"digest": snapshot.digest, "frozen_at": snapshot.frozen_at.isoformat()} if snapshot else {}
    )
    head["figures"] = paper.figures.document
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "rows": ['
    separator = "\n"
    for row in rows_of(paper):
        plain_row = {"section": row.section, "key": row.key, "values": row.values, "digest": row.digest}
        yield separator + canonical(plain_row).decode()
        separator = ",\n"
    yield "\n ]\n}\n"


def rows_of(paper: Paper) -> Iterator[EvidenceRow | SnapshotRow]:
    """The rows behind a paper: as frozen, or as they are now."""
    if paper.snapshot is None:
        yield from evidence_of(paper.question, lambda _person, code: code)
        return
    frozen = SnapshotRow.objects.filter(snapshot=paper.snapshot).values(
        "pk", "section", "key", "values", "digest"
    )
    for row in in_batches(frozen):
        yield SnapshotRow(section=row["section"], key=row["key"], values=row["values"], digest=row["digest"])


# ---------- PDF ----------


def report_pdf(paper: Paper, language: str | None = None) -> bytes:
    """The report as tagged PDF (PDF/UA, PDF/A), in the language of the page or the one given."""
    with override(language or get_language()):
        return documents.render("reporting/report", _pdf_facts(paper), language or get_language() or "en")


def _pdf_facts(paper: Paper) -> dict[str, Any]:
    programme, money = paper.figures.programme, paper.figures.co_financing
    return {
        "sheet": documents.sheet(
            paper.title, owner=programme["name"], funder_line=programme["information"], marks=()
        ),
        "lead": f"{programme['name']}, {paper.period}",
        "about": _about(paper),
        "narrative": paper.narrative,
        "short": in_short(paper.figures),
        "tables": [table for table in _tables(paper) if table["rows"]],
        "money": _money(money) if money else None,
        "counted": counted_rows(paper),
        "differences": {
            "head": [_("Row"), _("What"), _("Log entry")],
            "rows": difference_rows((paper.differences or [])[:50]),
        },
        "seal": _seal(paper),
        "live": _("Not frozen. The figures were counted when this file was made."),
        "headings": {
            "narrative": _("In words"),
            "short": _("In short"),
            "counted": _("How it is counted"),
            "differences": _("Differences since freezing"),
        },
    }


def _about(paper: Paper) -> list[list[str]]:
    programme = paper.figures.programme
    pairs = [
        (_("Programme"), f"{programme['name']} ({programme['code']})"),
        (_("Lead organisation"), ", ".join(programme["lead"])),
        (_("Funder"), ", ".join(programme["funders"])),
        (_("Funding"), ", ".join(programme["funding_lines"])),
        (_("Rules"), ", ".join(paper.figures.rule_sets)),
        (_("Months judged"), " – ".join(dict.fromkeys(paper.figures.document["months"]))),
    ]
    return [[term, value] for term, value in pairs if value]


def _tables(paper: Paper) -> Iterator[dict[str, Any]]:
    yield {
        "heading": _("Results and targets"),
        "note": "",
        "head": [_("Indicator"), _("Result"), _("Target"), _("Share")],
        "rows": indicator_rows(paper),
    }
    yield {
        "heading": _("All measures"),
        "note": "",
        "head": [_("Measure"), _("Value")],
        "rows": measure_rows(paper),
    }
    for by, heading in SPLIT_HEADINGS.items():
        head = [str(PART_HEADS[by]), *(str(SHORT_NAMES[code]) for code in SPLIT)]
        yield {"heading": str(heading), "note": "", "head": head, "rows": split_rows(paper, by)}


def _money(found: CoFinancing) -> dict[str, Any]:
    steps = money_steps(found)
    most = max([amount for _name, amount in steps] or [Decimal(0)]) or Decimal(1)
    return {
        "heading": money_finding(found),
        "note": _("From the first day of the programme to the last day of the report."),
        "bars": [_bar(name, amount, found, most) for name, amount in steps],
        "table": {"head": [_("Step"), found.currency, _("Share of need")], "rows": money_rows(found)},
    }


def _bar(name: str, amount: Decimal, found: CoFinancing, most: Decimal) -> dict[str, Any]:
    is_forecast = amount is found.forecast or name == _("Forecast to the end")
    done = found.delivered if is_forecast else amount
    return {
        "label": name,
        "said": said("money", amount, found.currency),
        "done": float(round(done / most * 100, 2)),
        "planned": float(round(found.planned / most * 100, 2)) if is_forecast else 0,
        "calm": name == _("Needed by the grant"),
    }


def _seal(paper: Paper) -> dict[str, str] | None:
    snapshot = paper.snapshot
    if snapshot is None:
        return None
    when = {
        "day": words.day(snapshot.frozen_at, year=True, weekday=False),
        "time": words.clock(snapshot.frozen_at),
    }
    return {
        "title": _("Frozen %(day)s, %(time)s") % when,
        "digest": grouped(snapshot.digest),
        "check": _("SHA-256 over %(rows)s rows. The JSON file of this report lets anybody compute it again.")
        % {"rows": words.number(snapshot.rows_count)},
    }


# ---------- XLSX ----------


def report_xlsx(paper: Paper, target: str | BinaryIO) -> None:
    """The report as a workbook: summary, one sheet of rows for each section, evidence index. Rows are streamed."""
    sheets = [
        Sheet(_("Summary"), [_("What"), _("Value"), _("Target"), _("How it is counted")], _summary(paper))
    ]
    sheets += [Sheet(str(SPLIT_HEADINGS[by]), *_split_sheet(paper, by)) for by in SPLIT_HEADINGS]

    by_section = _by_section(paper)
    sheets += [
        Sheet(str(SECTION_WORDS[section]), [*head, "SHA-256"], by_section(section))
        for section, head in ROW_HEADS.items()
    ]
    sheets.append(Sheet(_("Evidence"), EVIDENCE_HEAD, _evidence_index(paper)))
    xlsx_file(target, sheets)


ROW_HEADS: dict[str, list[str]] = {
    "session": ["key", "activity", "kind", "component", "starts", "planned_minutes", "head_count"],
    "attendance": [
        "key", "activity", "kind", "component", "session", "starts", "person", "organisation", "sector", "minutes", "evidence",
    ],
    "enrolment": ["key", "organisation", "sector", "person", "starts", "ends"],
    "hour": ["key", "month", "person", "organisation", "minutes", "employment", "category", "evidence", "attested"],
    "decision": [
        "funding_line", "person", "month", "organisation", "sector", "category", "minutes", "hours", "per_hour", "amount", "rules",
    ],
}  # fmt: skip
EVIDENCE_HEAD = ["code", "kind", "file or method", "of", "when", "SHA-256"]


def _summary(paper: Paper) -> Iterator[list[Any]]:
    yield [paper.title, paper.period, None, in_short(paper.figures)]
    for result in paper.figures.indicators:
        value = plain(result.shown_value)
        target = None if result.target is None else plain(result.target)
        yield [result.name, value, target, str(MEASURES[result.measure].counted)]
    for figure in paper.figures.measures:
        value = plain(rules.as_shown(figure.measure.unit, figure.value))
        yield [str(figure.measure.name), value, None, str(figure.measure.counted)]
    money = paper.figures.co_financing
    for name, amount in money_steps(money) if money else ():
        yield [f"{name} ({money.currency})", plain(amount), None, None]  # type: ignore[union-attr]
    if paper.snapshot is not None:
        yield [_seal(paper)["title"], paper.snapshot.digest, None, None]  # type: ignore[index]


def _split_sheet(paper: Paper, by: str) -> tuple[list[str], list[list[Any]]]:
    head = [str(PART_HEADS[by]), *(str(SHORT_NAMES[code]) for code in SPLIT)]
    rows = [
        [part.name, *(plain(rules.as_shown(f.measure.unit, f.value)) for f in part.values)]
        for part in paper.figures.split(by)
    ]
    return head, rows


def _by_section(paper: Paper) -> Any:
    """Rows come section by section; each sheet takes those of its own and leaves the first of the next."""
    rows = rows_of(paper)
    waiting: list[EvidenceRow | SnapshotRow] = []

    def of(section: str) -> Iterator[list[Any]]:
        while row := waiting.pop() if waiting else next(rows, None):
            if row.section != section:
                waiting.append(row)
                return
            yield _cells(row)

    return of


def _cells(row: EvidenceRow | SnapshotRow) -> list[Any]:
    values = {"key": row.key, **row.values}
    cells = [Decimal(values[name]) if name in EXACT else values[name] for name in ROW_HEADS[row.section]]
    return [*cells, row.digest]


def _evidence_index(paper: Paper) -> Iterator[list[Any]]:
    """Files that were filed and signatures that stand, for the whole months of the period."""
    for row in in_batches(
        _files(paper).values("pk", "code", "kind", "file_name", "session__code", "filed_at", "digest")
    ):
        kind = str(Evidence.Kind(row["kind"]).label)
        yield [
            row["code"],
            kind,
            row["file_name"],
            row["session__code"] or "",
            row["filed_at"],
            row["digest"],
        ]
    months = paper.question.months
    if months is None:
        return
    signed = Attestation.objects.filter(voided_at=None, statement__month__range=months)
    signed = signed.filter(statement__person__hour_entries__programme=paper.programme).distinct()
    for row in in_batches(
        signed.values("pk", "code", "role", "method", "statement__code", "signed_at", "text_digest")
    ):
        role, method = Attestation.Role(row["role"]).label, Attestation.Method(row["method"]).label
        yield [
            row["code"],
            str(role),
            str(method),
            row["statement__code"],
            row["signed_at"],
            row["text_digest"],
        ]


def _files(paper: Paper) -> QuerySet[Evidence]:
    question = paper.question
    held = Q(session__starts_at__gte=question.first_moment, session__starts_at__lt=question.end_moment)
    loose = Q(session=None, filed_at__gte=question.first_moment)
    return Evidence.objects.filter(held | loose, programme=paper.programme)


def file_name(paper: Paper, ending: str) -> str:
    """“KCM 2018-01-01 2018-03-31.pdf”: sorts by itself in any folder."""
    return f"{paper.programme.code} {_iso(paper.figures.starts)} {_iso(paper.figures.ends)}.{ending}"


def _iso(day: date) -> str:
    return day.isoformat()
