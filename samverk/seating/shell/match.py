"""`samverk match MENTORS.csv ORGANISATIONS.csv …`: 0 and the matching, 2 where the input is wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from ..matching.answer import Matching, match_rows, match_scores, to_json
from ..matching.scoring import SINGULAR, is_yes, levels_of, parted
from .files import BadInput, Table, read_table, unique_ids, whole
from .options import match_options
from .writing import say

MOST_PLACES, MOST_SCORE = 100_000, 1000


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments after its name; answers the exit code."""
    try:
        options = match_options(argv)
        matching = read_and_match(options)
    except BadInput as error:
        say(sys.stderr, " ".join(str(error).split()))
        return 2
    answer = {**to_json(matching), "seed": options.seed}
    say(sys.stdout, json.dumps(answer, ensure_ascii=False) if options.json else to_text(answer))
    return 0


def read_and_match(options: argparse.Namespace) -> Matching:
    """The matching of the files. Raises `BadInput`."""
    mentors = read_table(options.mentors, ["id", "places"])
    organisations = read_table(options.organisations, ["id"])
    unique_ids(mentors)
    unique_ids(organisations)
    places = {
        cells["id"]: whole(mentors, number, "places", cells["places"], 0, MOST_PLACES)
        for number, cells in mentors.rows
    }
    if options.scores is not None:
        scores = _scores(options.scores, places, {cells["id"] for _number, cells in organisations.rows})
        return match_scores(
            places, [cells["id"] for _number, cells in organisations.rows], scores, options.mode
        )
    rows = _checked(mentors), _checked(organisations)
    _check_named(mentors, {cells["id"] for _number, cells in organisations.rows})
    _check_named(organisations, set(places))
    return match_rows(*rows, options.mode)


def _scores(name: str, mentors: dict[str, int], organisations: set[str]) -> dict[tuple[str, str], int]:
    table = read_table(name, ["mentor", "organisation", "score"])
    found: dict[tuple[str, str], int] = {}
    for number, cells in table.rows:
        if cells["mentor"] not in mentors:
            raise table.bad(f"{cells['mentor'] or 'empty'} is not among the mentors", number, "mentor")
        if cells["organisation"] not in organisations:
            raise table.bad(
                f"{cells['organisation'] or 'empty'} is not among the organisations", number, "organisation"
            )
        pair = (cells["mentor"], cells["organisation"])
        if pair in found:
            raise table.bad(f"{pair[0]} and {pair[1]} stand twice", number, "organisation")
        found[pair] = whole(table, number, "score", cells["score"], 0, MOST_SCORE)
    return found


def _checked(table: Table) -> list[dict[str, str]]:
    """Rows under the columns' usual names, every cell readable."""
    rows = []
    for number, cells in table.rows:
        row = {SINGULAR.get(column, column): cell for column, cell in cells.items()}
        try:
            column = "topics"
            levels_of(row.get(column, ""))
            column = "remote"
            is_yes(row.get(column, ""))
        except ValueError as error:
            raise table.bad(str(error), number, column) from None
        rows.append(row)
    return rows


def _check_named(table: Table, others: set[str]) -> None:
    for number, cells in table.rows:
        for column in ("prefers", "avoids"):
            for id_ in parted(cells.get(column, "")):
                if id_ not in others:
                    raise table.bad(f"{id_} is not in the other file", number, column)


def to_text(answer: dict[str, Any]) -> str:
    """Pairs in plain lines, the figures first."""
    lines = [
        f"{len(answer['pairs'])} pairs, score {answer['score']} of at most {answer['bound']}, "
        f"{len(answer['unserved'])} without a mentor, {answer['blocking_pairs']} blocking pairs"
    ]
    for pair in answer["pairs"]:
        parts = ", ".join(f"{name} {part}" for name, part in pair["parts"].items())
        lines.append(f"  {pair['organisation']}: {pair['mentor']} ({pair['score']}: {parts})")
    lines += [f"  {one['organisation']}: nobody, {one['reason']}" for one in answer["unserved"]]
    return "\n".join(lines)
