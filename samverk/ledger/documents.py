"""The hour statement on paper: the same lines as behind the personal link, with room to sign."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.kit import words
from samverk.kit.documents import render, sheet
from samverk.ledger import months
from samverk.ledger.models import HourEntry, Statement
from samverk.ledger.queries import employer_asked
from samverk.people.rules import shown_name
from samverk.programmes.documents import programme_sheet

# Stands before the statement's code on each page, so that a scan says what it is a scan of.
PREFIX = "H"


def statement_document(statement: Statement, lines: Sequence[HourEntry], language: str = "") -> bytes:
    """A statement as PDF in the person's language; somebody with protected identity stands there under an alias."""
    language = language or statement.person.language
    with override(language):
        facts = {
            "sheet": _sheet(statement, lines),
            "lead": shown_name(statement.person),
            "facts": [(_("Month"), months.said(statement.month)), (_("Number"), statement.code)],
            "said": _("I took part in the meetings below, for as long as it says."),
            "head": [_("Day"), _("Time"), _("Meeting"), _("On behalf of"), _("Length"), _("Right?")],
            "rows": [_row(line) for line in lines],
            "total": _("Together: %(hours)s.") % {"hours": words.hours(sum(line.minutes for line in lines))},
            "note": _(
                "Cross out a line that is wrong and write beside it what is right. Sign for yourself only."
            ),
            "person_signature": _("Signature: %(name)s") % {"name": shown_name(statement.person)},
            "employer_signature": _("Signature of the employer, name in capital letters")
            if employer_asked(lines)
            else "",
            "place_and_day": _("Place and date"),
        }
        return render("ledger/statement", facts, language)


def _sheet(statement: Statement, lines: Sequence[HourEntry]) -> dict:
    title = _("Hours: %(month)s") % {"month": months.said(statement.month)}
    programmes = {line.programme_id: line.programme for line in lines}
    if len(programmes) == 1:
        return programme_sheet(next(iter(programmes.values())), title, code=PREFIX + statement.code)
    return sheet(title, code=PREFIX + statement.code, owner=settings.SAMVERK_CENTRE)


def _row(line: HourEntry) -> list[str]:
    return [
        words.day(line.starts_local.date(), weekday=False),
        f"{line.starts_local:%H:%M}–{line.ends_local:%H:%M}",
        line.activity.title,
        line.organisation.name if line.organisation and not line.person.is_protected else "",
        words.hours(line.minutes),
        "",
    ]
