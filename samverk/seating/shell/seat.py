"""`samverk seat PEOPLE.csv --tables 12 …`: 0 and the seating, 2 where the input is wrong, 3 where the rules cannot hold."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from ..explaining import to_json
from ..impossible import Impossible
from ..people import ORDINAL, People, people_from
from ..plan import Wish, prices, seat
from ..rules import Rules
from .files import BadInput, Table, known_id, read_table, unique_ids, whole
from .options import mix_of, names, seat_options
from .writing import say, to_text

OWN = ("id", "name")


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name; answers the exit code."""
    try:
        options = seat_options(argv)
        people, wish = read(options)
    except BadInput as error:
        say(sys.stderr, " ".join(str(error).split()))
        return 2
    try:
        seating = seat(people, wish)
    except Impossible as impossible:
        return _refuse(impossible, options.json)
    answer = to_json(seating)
    if options.prices:
        answer["prices"] = prices(people, wish)
    say(sys.stdout, json.dumps(answer, ensure_ascii=False) if options.json else to_text(seating, answer))
    return 0


def _refuse(impossible: Impossible, as_json: bool) -> int:
    if as_json:
        answer: dict[str, Any] = {
            "seating": [],
            "violations": impossible.violations(),
            "words": impossible.words(),
            "round": impossible.round + 1,
            "proven": impossible.proven,
        }
        say(sys.stdout, json.dumps(answer, ensure_ascii=False))
    say(sys.stderr, impossible.words())
    return 3


def read(options: argparse.Namespace) -> tuple[People, Wish]:
    """People and wish from the files. Raises `BadInput`."""
    table = read_table(options.people, ["id"])
    ids = set(unique_ids(table))
    if not ids:
        raise table.bad("has no people")
    asked, kinds = mix_of(options.mix) if options.mix is not None else (None, {})
    columns, kinds = _columns(table, kinds)
    apart, together = names(options.apart), names(options.together)
    for option, wanted in (
        ("--mix", tuple(asked or ())),
        ("--apart", apart),
        ("--together", together),
        ("--languages", (options.languages,) if options.languages else ()),
    ):
        for name in wanted:
            if name not in columns:
                raise table.bad(f"{option} names it, but the header does not", column=name)
    if asked is None:
        asked = {name: 1 for name in columns if name not in together and name != options.languages}
    people = _people(table, columns, kinds, options.languages)
    rules = Rules(
        tables=options.tables,
        rounds=options.rounds,
        size_min=options.size_min,
        size_max=options.size_max,
        apart=apart,
        together=together,
        keep_apart=_pairs(options.keep_apart, ids),
        keep_together=_pairs(options.keep_together, ids),
        languages=options.languages,
        table_languages=_table_languages(options),
        fixed=_fixed(options, ids),
        met=_met(options.met, ids),
    )
    return people, Wish(rules, asked, options.seed, options.effort, options.time_limit)


def _columns(table: Table, kinds: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Attribute columns by their plain names, and those the header or the option calls an order."""
    columns = []
    for column in table.columns:
        name, _colon, said = (part.strip() for part in column.partition(":"))
        if said and said != ORDINAL:
            raise table.bad(f"after the colon only {ORDINAL} may stand, not {said}", 1, name)
        if said:
            kinds = {**kinds, name: ORDINAL}
        if name not in OWN:
            columns.append(name)
    return columns, kinds


def _people(table: Table, columns: list[str], kinds: dict[str, str], languages: str | None) -> People:
    plain = {column: column.partition(":")[0].strip() for column in table.columns}
    rows = [{plain[column]: cell for column, cell in cells.items()} for _number, cells in table.rows]
    if languages:
        kinds = {**kinds, languages: "multiple"}
    for (number, _cells), row in zip(table.rows, rows, strict=True):
        for name, kind in kinds.items():
            if kind == ORDINAL:
                _check_number(table, number, name, row.get(name, ""))
    return people_from(rows, columns=columns, kinds=kinds)


def _check_number(table: Table, number: int, name: str, cell: str) -> None:
    from ..people import number_in

    if cell and number_in(cell) is None:
        raise table.bad(f"must be a number, not {cell}", number, name)


def _pairs(name: str | None, ids: set[str]) -> tuple[tuple[str, str], ...]:
    if name is None:
        return ()
    table = read_table(name, ["a", "b"])
    return tuple(sorted({_pair(table, number, cells, ids) for number, cells in table.rows}))


def _pair(table: Table, number: int, cells: dict[str, str], ids: set[str]) -> tuple[str, str]:
    one, other = sorted(known_id(table, number, column, cells, ids) for column in ("a", "b"))
    if one == other:
        raise table.bad("the two are the same", number, "b")
    return one, other


def _met(name: str | None, ids: set[str]) -> dict[tuple[str, str], int]:
    """Earlier meetings; of people who are not here today nothing is needed."""
    if name is None:
        return {}
    table = read_table(name, ["a", "b", "times"])
    met: dict[tuple[str, str], int] = {}
    for number, cells in table.rows:
        times = whole(table, number, "times", cells["times"], 0, 10_000)
        for column in ("a", "b"):
            if not cells[column]:
                raise table.bad("is empty", number, column)
        if cells["a"] == cells["b"]:
            raise table.bad("the two are the same", number, "b")
        if cells["a"] in ids and cells["b"] in ids:
            pair = (min(cells["a"], cells["b"]), max(cells["a"], cells["b"]))
            met[pair] = met.get(pair, 0) + times
    return met


def _fixed(options: argparse.Namespace, ids: set[str]) -> tuple[tuple[str, int, int], ...]:
    if options.fixed is None:
        return ()
    table = read_table(options.fixed, ["id", "round", "table"])
    found: dict[tuple[str, int], int] = {}
    for number, cells in table.rows:
        id_ = known_id(table, number, "id", cells, ids)
        round_ = whole(table, number, "round", cells["round"], 1, options.rounds)
        place = whole(table, number, "table", cells["table"], 1, options.tables)
        if found.setdefault((id_, round_), place) != place:
            raise table.bad(
                f"{id_} has table {found[id_, round_]} in round {round_} already", number, "table"
            )
    return tuple((id_, round_, place) for (id_, round_), place in sorted(found.items()))


def _table_languages(options: argparse.Namespace) -> dict[int, str]:
    if options.table_languages is None:
        return {}
    if not options.languages:
        raise BadInput(
            "options", "needs --languages, the column of what people speak", column="--table-languages"
        )
    table = read_table(options.table_languages, ["table", "language"])
    found: dict[int, str] = {}
    for number, cells in table.rows:
        place = whole(table, number, "table", cells["table"], 1, options.tables)
        if not cells["language"]:
            raise table.bad("is empty", number, "language")
        if place in found:
            raise table.bad(f"table {place} stands twice", number, "table")
        found[place] = cells["language"]
    return found
