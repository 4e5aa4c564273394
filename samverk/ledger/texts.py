"""The exact texts under which people sign their hours, and employers countersign them.

A signature keeps the text it was given under, its version and its hash. A changed wording gets a new version.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.directory.models import Organisation
from samverk.kit import words
from samverk.ledger import months
from samverk.ledger.models import HourEntry, Statement
from samverk.people.rules import shown_name

VERSION = "2026-1"


def statement_text(statement: Statement, entries: Sequence[HourEntry], language: str) -> str:
    """What the person signs: that she took part, line by line, and the sum."""
    with override(language):
        said = _("I, %(name)s, took part in the meetings below in %(month)s, for as long as it says.") % {
            "name": statement.person,
            "month": months.said(statement.month),
        }
        return _text(said, entries)


def employer_text(
    organisation: Organisation, statement: Statement, entries: Sequence[HourEntry], language: str
) -> str:
    """What the employer signs for one person: employed, and paid for this time."""
    with override(language):
        said = _(
            "On behalf of %(organisation)s I confirm: %(name)s took part in the meetings below in %(month)s during paid working time."
        ) % {
            "organisation": organisation.name,
            "name": shown_name(statement.person),
            "month": months.said(statement.month),
        }
        return _text(said, entries)


def _text(said: str, entries: Sequence[HourEntry]) -> str:
    lines = [line_text(entry) for entry in entries]
    total = sum(entry.minutes for entry in entries)
    sum_line = _("Together: %(hours)s.") % {"hours": words.hours(total)}
    version = _("Text %(version)s") % {"version": VERSION}
    return "\n".join([said, *lines, sum_line, version])


def line_text(entry: HourEntry) -> str:
    """One line as it is signed: its code, when, what, how long, on whose behalf."""
    facts = {
        "code": entry.code,
        "day": words.day(entry.starts_local.date(), year=True, weekday=False),
        "time": f"{entry.starts_local:%H:%M}–{entry.ends_local:%H:%M}",
        "title": entry.activity.title,
        "hours": words.hours(entry.minutes),
        "organisation": entry.organisation.name if entry.organisation else "",
    }
    if entry.organisation:
        return _("%(day)s, %(time)s: %(title)s, %(hours)s, for %(organisation)s (%(code)s)") % facts
    return _("%(day)s, %(time)s: %(title)s, %(hours)s, for myself (%(code)s)") % facts
