"""What a table plan may be."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal

MOST_TABLES, MOST_ROUNDS, MOST_PEOPLE = 60, 12, 600


def plan_refusal(people: int, tables: int, rounds: int) -> Refusal | None:
    """Why these numbers make no plan."""
    if people < 2:
        return Refusal(_("Nobody is on the list yet. Mark who is here first."), code="nobody")
    if people > MOST_PEOPLE:
        return Refusal(_("Groups are made for at most 600 people."), code="too_many")
    if not 1 <= tables <= MOST_TABLES or tables * 2 > people:
        return Refusal(
            _("Choose fewer tables: at least two people sit at each."), code="tables", field="tables"
        )
    if not 1 <= rounds <= MOST_ROUNDS:
        return Refusal(_("Choose 1 to 12 rounds."), code="rounds", field="rounds")
    return None


def table_refusal(tables: int, table: int) -> Refusal | None:
    """Why nobody can sit at this table."""
    if not 1 <= table <= tables:
        return Refusal(_("There is no such table."), code="no_table", field="table")
    return None
