"""On paper: the sheet for the wall with every table, and name badges for A4 sheets of labels. Protected people by alias."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.kit import words
from samverk.kit.documents import render
from samverk.programmes.documents import programme_sheet
from samverk.tables.models import TablePlan
from samverk.tables.queries import Guest, seats_of, tables_of

# Longer names are set smaller; past this they are cut, or they would cover their neighbour.
LONGEST_NAME = 120
LONGEST_WORD = 16


def wall_document(plan: TablePlan, language: str) -> bytes:
    """The wall sheet as PDF: the names in the order of the alphabet with their tables, then each table."""
    with override(language):
        activity, seats = plan.session.activity, seats_of(plan)
        facts = {
            "sheet": programme_sheet(activity.programme, activity.title),
            "lead": _when(plan),
            "by_name": _("Find your name"),
            "head": [_("Name"), *[_("Round %(n)s") % {"n": at} for at in range(1, plan.rounds + 1)]],
            "names": _lines(plan),
            "rounds": [
                {
                    "title": _("Round %(n)s") % {"n": at},
                    "tables": [
                        {
                            "title": _("Table %(n)s") % {"n": table.number},
                            "names": [_cut(seat.name, LONGEST_NAME) for seat in table.seats],
                        }
                        for table in tables_of(plan, seats, at, {})
                    ],
                }
                for at in range(1, plan.rounds + 1)
            ],
        }
        return render("tables/wall", facts, language)


def _lines(plan: TablePlan) -> list[list[str]]:
    """Each name with the table of every round."""
    from samverk.activities.sheet_queries import shown_name

    found: dict[int, tuple[str, list[str]]] = {}
    for seat in sorted(
        seats_of(plan), key=lambda seat: (seat.attendance.sort_key, seat.attendance_id, seat.round)
    ):
        row = seat.attendance
        name = shown_name(row.person) if row.person else row.name
        tables = found.setdefault(row.pk, (name, ["–"] * plan.rounds))[1]
        tables[seat.round - 1] = str(seat.table)
    return [[_cut(name, LONGEST_NAME), *tables] for name, tables in found.values()]


def badges_document(plan: TablePlan | None, guests: Sequence[Guest], title: str, language: str) -> bytes:
    """Badges for sheets of ten labels (90 x 55 mm): name, organisation, and the tables where there are some."""
    with override(language):
        tables = {guest.id: "" for guest in guests}
        if plan is not None:
            rows: dict[int, list[str]] = {}
            for row, table in plan.seats.order_by("round").values_list("attendance_id", "table"):
                rows.setdefault(row, []).append(str(table))
            tables |= {row: _("Table %(n)s") % {"n": " → ".join(numbers)} for row, numbers in rows.items()}
        badges = [
            {
                "name": _cut(guest.name, LONGEST_NAME),
                "organisation": _cut(guest.shown_organisation, 80),
                "tables": tables.get(guest.id, ""),
            }
            for guest in guests
        ]
        facts = {"sheet": {"title": title, "code": "", "owner": "", "funder_line": "", "marks": [], "landscape": False},
                 "event": _cut(title, 70), "badges": badges}  # fmt: skip
        return render("tables/badges", facts, language)


def _cut(text: str, most: int) -> str:
    return _breakable(text if len(text) <= most else f"{text[: most - 1]}…")


def _breakable(text: str) -> str:
    """Very long words may break on paper: every so many letters stands a space without width."""
    return " ".join(
        word
        if len(word) <= LONGEST_WORD
        else "\u200b".join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
        for word in text.split(" ")
    )


def _when(plan: TablePlan) -> str:
    session = plan.session
    return f"{words.day(session.starts_local, year=True)}, {words.span(session.starts_local, session.ends_local)}"
