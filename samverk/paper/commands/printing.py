"""Printing an attendance list: what stands on which page is kept, so that the paper is understood when it comes back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.db import transaction

from samverk.activities.commands.sheets import scope_of
from samverk.activities.models import Session
from samverk.activities.sheet_documents import attendance_document, attendance_layout
from samverk.activities.sheet_queries import SheetRow, rows_of
from samverk.kit.acting import Actor
from samverk.kit.documents import Layout
from samverk.paper.models import PrintedList, PrintedPage
from samverk.trail.commands import log


def print_list(session: Session, language: str, *, by: Actor) -> tuple[PrintedList, bytes]:
    """The list as PDF with a code on each page, and what was printed. The same list again is the same print."""
    rows = rows_of(session)
    layout = attendance_layout(session, rows, language)
    printed = _kept(session, rows, layout, by)
    codes = [page.code for page in printed.pages.select_related("printed")]
    return printed, attendance_document(session, rows, language, codes=codes)


def _kept(session: Session, rows: Sequence[SheetRow], layout: Layout, by: Actor) -> PrintedList:
    on_pages = [
        [row.id for row, page in zip(rows, layout.rows, strict=False) if page == number]
        for number in range(1, layout.pages + 1)
    ]
    digest = hashlib.sha256(json.dumps(on_pages).encode()).hexdigest()
    with transaction.atomic():
        printed, is_new = PrintedList.objects.get_or_create(
            session=session, digest=digest, defaults={"printed_by": by.person}
        )
        if is_new:
            PrintedPage.objects.bulk_create(
                PrintedPage(
                    printed=printed, number=number, rows=ids, first=1 + sum(map(len, on_pages[: number - 1]))
                )
                for number, ids in enumerate(on_pages, start=1)
            )
            log("print_list", session, by=by, scope=scope_of(session))
        return printed
