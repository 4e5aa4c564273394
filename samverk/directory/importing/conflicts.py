"""Hand edits against the file: which of the two stays, decided for one row or for one field of all rows.

Decisions stand with the import under ``hand:<field>`` (all rows) and ``row:<number>`` (one row, which goes before).
Without a decision the hand edit stays.
"""

from __future__ import annotations

import re
from collections import Counter

from samverk.directory.importing.matching import IN_CONFLICT
from samverk.directory.importing.staging import CONFLICT, CheckedRow, Staging

FILE, KEEP = "file", "keep"
_KIND = re.compile(r"(hand:[A-Za-z_-]{1,40}|row:[0-9]{1,9})\Z")


def is_about_conflicts(kind: str) -> bool:
    """Does this name a decision about hand edits?"""
    return bool(_KIND.match(kind))


def answer_to(decisions: dict[str, str], row: int, field: str) -> str:
    """ "file", "keep", or nothing as yet."""
    return decisions.get(f"row:{row}") or decisions.get(f"hand:{field}", "")


def in_conflict(row: CheckedRow) -> list[str]:
    """The fields of a row where a hand edit stands in the way."""
    return [name for name, change in row.fields.items() if IN_CONFLICT in change[2:]]


def conflicts_by_field(staging: Staging) -> Counter[str]:
    """How many rows have a hand edit in each field."""
    return Counter(name for row in staging.rows(status=CONFLICT) for name in in_conflict(row))


def open_conflicts(staging: Staging, decisions: dict[str, str]) -> int:
    """Rows with a hand edit that nobody has decided about."""
    return sum(
        any(not answer_to(decisions, row.row, name) for name in in_conflict(row))
        for row in staging.rows(status=CONFLICT)
    )
