"""From a sheet to the engine and back: people, rules and history in, tables out. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from samverk.kit.acting import Refusal
from samverk.tables.choices import PairKind
from samverk.tables.queries import Guest, Pair

if TYPE_CHECKING:
    from samverk.seating import People, Wish

# Seconds of a small server; a hundred people wait less than one.
EFFORT = 0.25
TIME_LIMIT = 3.0

Rounds = list[list[list[int]]]


@dataclass(frozen=True)
class Order:
    """What groups are asked for. `locked` are (row, round, table)."""

    tables: int
    rounds: int
    mix: Sequence[str]
    organisations_apart: bool = True
    apart: Sequence[Pair] = ()
    together: Sequence[Pair] = ()
    locked: Sequence[tuple[int, int, int]] = ()
    seed: int = 1


def composed(guests: Sequence[Guest], order: Order, met: Mapping[Pair, int]) -> Rounds:
    """Rows at tables in rounds. Raises Refusal with the rules that cannot hold, in words."""
    from samverk.seating import Impossible, seat

    people, wish = _asked(guests, order, met)
    try:
        found = seat(people, wish)
    except Impossible as impossible:
        raise _refusal(impossible, guests) from None
    return _rows(found.tables())


def recomposed(
    guests: Sequence[Guest], order: Order, met: Mapping[Pair, int], earlier: Rounds, planned: Rounds
) -> Rounds:
    """The planned rounds again with the least change; those that were sat stay. Raises Refusal."""
    from samverk.seating import Impossible, reseat

    people, wish = _asked(guests, order, met)
    try:
        change = reseat(people, wish, _ids(earlier), _ids(planned))
    except Impossible as impossible:
        raise _refusal(impossible, guests) from None
    return _rows(change.seating.tables())


def _asked(guests: Sequence[Guest], order: Order, met: Mapping[Pair, int]) -> tuple[People, Wish]:
    from samverk.seating import Rules, Wish, people_from

    columns = list(dict.fromkeys([*order.mix, "organisation"]))
    rows = [{"id": _id(guest.id), **{name: guest.value_of(name) for name in columns}} for guest in guests]
    kinds = {name: "ordinal" if name == "experience" else "categorical" for name in columns}
    here = {guest.id for guest in guests}
    rules = Rules(
        tables=order.tables, rounds=order.rounds, apart=("organisation",) if order.organisations_apart else (),
        keep_apart=_named(order.apart, here), keep_together=_named(order.together, here),
        fixed=tuple((_id(row), round_, table) for row, round_, table in order.locked if row in here),
        met={(_id(a), _id(b)): times for (a, b), times in met.items()},
    )  # fmt: skip
    # What was named first weighs most.
    mix = {name: len(order.mix) - at for at, name in enumerate(order.mix)}
    wish = Wish(rules, mix, seed=order.seed, effort=EFFORT, time_limit=TIME_LIMIT, kernel="numpy")
    return people_from(rows, columns=columns, kinds=kinds), wish


def _id(row: int) -> str:
    return f"{row:012d}"


def _named(pairs: Iterable[Pair], here: set[int]) -> tuple[tuple[str, str], ...]:
    return tuple((_id(a), _id(b)) for a, b in pairs if a in here and b in here)


def _ids(rounds: Rounds) -> list[list[list[str]]]:
    return [[[_id(row) for row in table] for table in tables] for tables in rounds]


def _rows(rounds: list[list[list[str]]]) -> Rounds:
    return [[[int(id_) for id_ in table] for table in tables] for tables in rounds]


def _refusal(impossible: object, guests: Sequence[Guest]) -> Refusal:
    """The smallest set of rules that cannot hold, with names as a list may show them."""
    names = {guest.id: guest.name for guest in guests}
    said = []
    for one in impossible.violations():  # type: ignore[attr-defined]
        people = ", ".join(names.get(int(id_), "") for id_ in one["people"][:6])
        words = {
            "together": _("%(people)s sit together"), "apart": _("%(people)s sit apart"),
            "spread": _("%(people)s are spread evenly"), "fixed": _("%(people)s: locked to a table"),
        }.get(one["rule"], _("the size of the tables"))  # fmt: skip
        said.append(words % {"people": people} if "%(" in words else words)
    return Refusal(
        _("These rules cannot all hold: %(rules)s. Take one away, or choose another number of tables.")
        % {"rules": "; ".join(dict.fromkeys(said))},
        code="impossible",
    )


def pairs_of(plan: object) -> tuple[list[Pair], list[Pair]]:
    """The pairs of a plan: apart, together."""
    found = list(plan.pairs.all())  # type: ignore[attr-defined]
    apart = [(one.one_id, one.other_id) for one in found if one.kind == PairKind.APART]
    return apart, [(one.one_id, one.other_id) for one in found if one.kind == PairKind.TOGETHER]
