"""What moves when two people or organisations turn out to be one: hours, statements, signatures.

Stored decisions are judged again. Inside a sealed period nothing may change, so there a merge is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samverk.kit.merging import Move, Part, Removal, Words
from samverk.ledger.commands.attesting import set_state
from samverk.ledger.commands.staleness import mark_stale
from samverk.ledger.models import Attestation, DecisionLine, Evidence, HourEntry, Statement, StatementAnswer
from samverk.ledger.rules import sealed_programmes
from samverk.trail.commands import log


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part(refusals=list(_sealed(kind, absorbed)))
    part.take(HourEntry, kind, survivor, absorbed, _("Lines of hours"))
    if kind == "organisation":
        part.take(Attestation, "organisation", survivor, absorbed, _("Signatures as employer"))
        part.take(DecisionLine, "organisation", survivor, absorbed)
    else:
        part.take(Attestation, "signed_by", survivor, absorbed, _("Signatures"))
        _take_statements(part, survivor, absorbed)
    part.settle = _settler(
        kind, survivor, absorbed, [pk for move in part.moves if move.model is HourEntry for pk in move.ids]
    )
    return part


def _sealed(kind: str, absorbed: Any) -> Iterator[Words]:
    """Months in which the absorbed one has hours and that are sealed."""
    entries = HourEntry.objects.live().filter(**{kind: absorbed}).order_by()
    by_month: dict[Any, set[int]] = {}
    for month, programme in entries.values_list("month", "programme").distinct():
        by_month.setdefault(month, set()).add(programme)
    for month in sorted(by_month):
        if by_month[month] & sealed_programmes(month):
            yield format_lazy(
                _("There are hours in {month}, and that month is sealed. Open the period first."),
                month=f"{month:%Y-%m}",
            )
            return


def _take_statements(part: Part, survivor: Any, absorbed: Any) -> None:
    """A month has one statement: what stands under the second one goes to the first."""
    mine = dict(Statement.objects.filter(person=survivor).values_list("month", "pk"))
    double = []
    for statement in Statement.objects.filter(person=absorbed):
        if statement.month not in mine:
            part.moves.append(
                Move(Statement, "person", [statement.pk], _("Statements"), absorbed.pk, survivor.pk)
            )
            continue
        double.append(statement.pk)
        for model in (StatementAnswer, Attestation, Evidence):
            ids = list(model._default_manager.filter(statement=statement).values_list("pk", flat=True))
            if ids:
                part.moves.append(Move(model, "statement", ids, "", statement.pk, mine[statement.month]))
    if double:
        part.removals.append(Removal(Statement, double))


def _settler(kind: str, survivor: Any, absorbed: Any, entries: list[int]) -> Any:
    def settle(by: Any) -> None:
        lines = list(HourEntry.objects.filter(pk__in=entries).values_list("person", "month", "programme"))
        whose = {(person, month) for person, month, _programme in lines}
        if kind == "person":
            whose |= {(one.pk, month) for _person, month in whose for one in (survivor, absorbed)}
        mark_stale(whose, {programme for _person, _month, programme in lines})
        if kind == "person":
            months = {month for _person, month in whose}
            for statement in Statement.objects.filter(person__in=[survivor, absorbed], month__in=months):
                set_state(statement)
                log("merge", statement, by=by, scope=statement.person.scope, changed=["person"])

    return settle
