"""Two rows that are one person, or one organisation: joined, with everything that stands on them, and taken apart again.

What moves is named by each app through ``kit.registers.merge_movers``. The absorbed row stays, points to the survivor,
and its code and address lead there. For seven days the merge can be undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.directory.commands import EDITABLE, SCOPE
from samverk.directory.models import Affiliation, DoubtfulPair, Identifier, Mandate, Merge, Organisation
from samverk.kit.acting import Actor, Refusal
from samverk.kit.merging import Move, Part, Removal, Words
from samverk.kit.registers import merge_movers
from samverk.people.commands import sign_out_everywhere
from samverk.people.merging import CHOICES
from samverk.people.models import Person
from samverk.trail.commands import log

UNDO_DAYS = 7
KINDS: dict[str, Any] = {"organisation": Organisation, "person": Person}
FIELDS = {"organisation": EDITABLE, "person": CHOICES}
Row = Any


class Exact(DjangoJSONEncoder):
    """Moments to the microsecond: Django's own encoder cuts them to thousandths."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


@dataclass
class Plan:
    """What a merge would do: counts of what moves, and why it may not be done."""

    parts: list[Part]
    moves: list[Move] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    refusals: list[Words] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each sort move, by the sort's name."""
        found: dict[str, int] = {}
        for move in self.moves:
            if move.what:
                found[str(move.what)] = found.get(str(move.what), 0) + len(move.ids)
        return found


def plan_merge(kind: str, survivor: Row, absorbed: Row) -> Plan:
    """Ask every app what moves and what stands in the way. Writes nothing."""
    parts = [_own_part(kind, survivor, absorbed)]
    parts += [mover(kind, survivor, absorbed) for _name, mover in merge_movers]
    return Plan(
        parts,
        [move for part in parts for move in part.moves],
        [removal for part in parts for removal in part.removals],
        [*_plain_refusals(survivor, absorbed), *(words for part in parts for words in part.refusals)],
    )


def _plain_refusals(survivor: Row, absorbed: Row) -> Iterator[Words]:
    if survivor.pk == absorbed.pk:
        yield _("These are one row already.")
    if survivor.merged_into_id or absorbed.merged_into_id:
        yield _("One of them is merged already.")
    if getattr(survivor, "is_hidden", False) or getattr(absorbed, "is_hidden", False):
        yield _("One of them belongs to an import that is not finished.")


def _own_part(kind: str, survivor: Row, absorbed: Row) -> Part:
    part = Part()
    part.take(Affiliation, kind, survivor, absorbed, gettext_lazy("Roles in organisations"))
    part.take(Mandate, kind, survivor, absorbed, gettext_lazy("Mandates"))
    # Whoever was merged into the absorbed one leads to the survivor at once: chains are never walked.
    part.take(KINDS[kind], "merged_into", survivor, absorbed)
    return part


def differing(kind: str, survivor: Row, absorbed: Row) -> dict[str, tuple[Any, Any]]:
    """{field: (of the survivor, of the absorbed)} where they differ and there is something to choose."""
    pairs = {name: (getattr(survivor, name), getattr(absorbed, name)) for name in FIELDS[kind]}
    if kind == "organisation":
        mine, theirs = _numbers(survivor), _numbers(absorbed)
        pairs |= {
            scheme: (mine[scheme].value if scheme in mine else "", number.value)
            for scheme, number in theirs.items()
        }
    return {
        name: pair for name, pair in pairs.items() if pair[0] != pair[1] and pair[1] not in (None, "", [])
    }


def _numbers(organisation: Organisation) -> dict[str, Identifier]:
    return {number.scheme: number for number in organisation.identifiers.all() if number.value}


def merge_rows(kind: str, survivor: Row, absorbed: Row, *, take: Collection[str] = (), by: Actor) -> Merge:
    """Join the absorbed row into the survivor. ``take`` names fields whose value comes from the absorbed one;
    what the survivor lacks comes from there anyway. Raises Refusal ``may_not_merge`` with the reasons.
    """
    with transaction.atomic():
        locked = KINDS[kind]._default_manager.select_for_update().in_bulk([survivor.pk, absorbed.pk])
        survivor, absorbed = locked[survivor.pk], locked[absorbed.pk]
        plan = plan_merge(kind, survivor, absorbed)
        if plan.refusals:
            raise Refusal(" ".join(map(str, plan.refusals)), code="may_not_merge")
        merge = Merge(kind=kind, survivor_id=survivor.pk, absorbed_id=absorbed.pk, by=by.person)
        replaced = _replaced_numbers(kind, survivor, absorbed, take, plan)
        merge.moved = {
            "replaced": _taken_away([replaced]) if replaced else "[]",
            "moves": [_noted(move) for move in plan.moves],
        }
        for move in plan.moves:
            _repoint(move.model, move.field, move.ids, move.target)
        merge.moved["removed"] = _taken_away(plan.removals)
        merge.before = _join_fields(kind, survivor, absorbed, take)
        merge.save()
        _settle(plan, merge, survivor, absorbed, "merge", by)
        return merge


def _replaced_numbers(
    kind: str, survivor: Row, absorbed: Row, take: Collection[str], plan: Plan
) -> Removal | None:
    """Numbers that move, and those of the survivor that make room for them."""
    if kind != "organisation":
        return None
    mine = {number.scheme: number for number in survivor.identifiers.all()}
    moving = [
        n
        for n in absorbed.identifiers.all()
        if n.scheme in take or n.scheme not in mine or not mine[n.scheme].value
    ]
    if moving:
        plan.moves.append(
            Move(Identifier, "organisation", [n.pk for n in moving], _("Numbers"), absorbed.pk, survivor.pk)
        )
    gone = [mine[n.scheme].pk for n in moving if n.scheme in mine]
    return Removal(Identifier, gone) if gone else None


def _noted(move: Move) -> dict[str, Any]:
    return {
        "model": move.model._meta.label,
        "field": move.field,
        "ids": move.ids,
        "from": move.source,
        "to": move.target,
    }


def _repoint(model: type[models.Model], name: str, ids: list[int], target: int) -> None:
    for start in range(0, len(ids), 500):
        model._base_manager.filter(pk__in=ids[start : start + 500]).update(**{f"{name}_id": target})


def _taken_away(removals: list[Removal]) -> str:
    """Delete rows and keep them as text, for the undo."""
    rows = [row for removal in removals for row in removal.model._base_manager.filter(pk__in=removal.ids)]
    kept = serializers.serialize("json", rows, cls=Exact)
    try:
        for row in rows:
            row.delete()
    except ProtectedError as stands:
        raise Refusal(
            _("Something stands on a row that both have. Put that right first."), code="may_not_merge"
        ) from stands
    return kept


def _join_fields(kind: str, survivor: Row, absorbed: Row, take: Collection[str]) -> dict[str, Any]:
    """Write the chosen values; gives what stood before and after, for the undo."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    old_address = getattr(survivor, "email", None)
    for name in FIELDS[kind]:
        mine, theirs = getattr(survivor, name), getattr(absorbed, name)
        if mine != theirs and theirs not in (None, "", []) and (name in take or mine in (None, "", [])):
            before[name], after[name] = mine, theirs
            setattr(survivor, name, theirs)
    if kind == "person":
        if absorbed.is_protected and not survivor.is_protected:
            # Who was hidden under one of the names stays hidden.
            before["is_protected"], after["is_protected"] = False, True
            survivor.is_protected = True
        if "email" in after:
            # The absorbed row keeps the address that is no longer used, so that it still leads to the survivor.
            absorbed.email = None
            absorbed.save(update_fields=["email"])
    absorbed.merged_into = survivor
    for row in (survivor, absorbed):
        row.write_keys()
        row.save()
    if kind == "person" and "email" in after and old_address:
        absorbed.email = old_address
        absorbed.save(update_fields=["email"])
    return {"survivor": before, "after": after}


def _settle(plan: Plan, merge: Merge, survivor: Row, absorbed: Row, verb: str, by: Actor) -> None:
    """What follows: decisions judged anew, browsers signed out, the doubt decided, the trail."""
    for part in plan.parts:
        if part.settle is not None:
            part.settle(by)
    if merge.kind == "person":
        sign_out_everywhere(absorbed, by=by)
    pairs = DoubtfulPair.objects.filter(kind=merge.kind)
    first, second = sorted([survivor.pk, absorbed.pk])
    answer = DoubtfulPair.Answer.MERGED if verb == "merge" else DoubtfulPair.Answer.OPEN
    pairs.filter(first_id=first, second_id=second).update(answer=answer)
    if verb == "merge":
        others = pairs.filter(answer=DoubtfulPair.Answer.OPEN)
        others.filter(Q(first_id=absorbed.pk) | Q(second_id=absorbed.pk)).delete()
    for row in (survivor, absorbed):
        scope = SCOPE if merge.kind == "organisation" else row.scope
        log(verb, row, by=by, scope=scope, changed=sorted(merge.before["after"]))


def may_undo_merge(merge: Merge) -> bool:
    return merge.undone_at is None and timezone.now() - merge.at < timedelta(days=UNDO_DAYS)


def undo_merge(merge: Merge, *, by: Actor) -> Merge:
    """Take two rows apart again: what moved goes back, unless it was moved on since."""
    try:
        with transaction.atomic():
            return _undo(Merge.objects.select_for_update().get(pk=merge.pk), by)
    except IntegrityError as clash:
        raise Refusal(
            _("Something changed since that stands in the way. It can no longer be undone."), code="changed"
        ) from clash


def _undo(merge: Merge, by: Actor) -> Merge:
    rows = (
        KINDS[merge.kind]._default_manager.select_for_update().in_bulk([merge.survivor_id, merge.absorbed_id])
    )
    survivor, absorbed = rows[merge.survivor_id], rows[merge.absorbed_id]
    if not may_undo_merge(merge) or survivor.merged_into_id or absorbed.merged_into_id != survivor.pk:
        raise Refusal(
            _("A merge can be undone for seven days, before anything else is merged."), code="too_late"
        )
    _bring_back(merge.moved["removed"])
    for move in merge.moved["moves"]:
        model = apps.get_model(move["model"])
        still = model._base_manager.filter(pk__in=move["ids"], **{f"{move['field']}_id": move["to"]})
        _repoint(model, move["field"], list(still.values_list("pk", flat=True)), move["from"])
    _bring_back(merge.moved["replaced"])
    _part_fields(merge, survivor, absorbed)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    plan = plan_merge(merge.kind, survivor, absorbed)
    if plan.refusals:
        raise Refusal(" ".join(map(str, plan.refusals)), code="changed")
    _settle(plan, merge, survivor, absorbed, "undo_merge", by)
    return merge


def _bring_back(kept: str) -> None:
    for row in serializers.deserialize("json", kept):
        row.save()


def _part_fields(merge: Merge, survivor: Row, absorbed: Row) -> None:
    """The survivor's values of before, where nobody has edited them since."""
    before, after = merge.before["survivor"], merge.before["after"]
    taken = after.get("email")
    if merge.kind == "person" and taken:
        type(absorbed)._default_manager.filter(pk=absorbed.pk).update(email=None)
    for name, value in after.items():
        if getattr(survivor, name) == value:
            setattr(survivor, name, before[name])
    absorbed.merged_into = None
    survivor.write_keys()
    survivor.save()
    if merge.kind == "person" and taken:
        absorbed.email = taken if survivor.email != taken else None
    absorbed.write_keys()
    absorbed.save()


def call_different(pair: DoubtfulPair, *, by: Actor) -> DoubtfulPair:
    """Somebody looked: two different ones. The pair is not asked about again."""
    with transaction.atomic():
        pair.answer = DoubtfulPair.Answer.DIFFERENT
        pair.save(update_fields=["answer"])
        for row in KINDS[pair.kind]._default_manager.filter(pk__in=[pair.first_id, pair.second_id]):
            log("call_different", row, by=by, scope=SCOPE if pair.kind == "organisation" else row.scope)
        return pair
