"""What the shell prints for people."""

from __future__ import annotations

from typing import Any, TextIO

from ..plan import Seating


def say(stream: TextIO, text: str) -> None:
    """One text to a stream, whatever letters are in it."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(text, file=stream)


def to_text(seating: Seating, answer: dict[str, Any]) -> str:
    """Rounds and tables in plain lines, the figures first."""
    names = dict(zip(seating.people.ids, seating.people.names, strict=True))
    lines = [
        f"{len(seating.people)} people, {seating.wish.rules.tables} tables, {len(seating.seats)} rounds: "
        f"{answer['new_pairs']} new pairs, {answer['new_cross_pairs']} of them across, {answer['repeats']} repeats",
        *answer.get("notes", []),
    ]
    for round_, tables in enumerate(answer["seating"], start=1):
        if len(answer["seating"]) > 1:
            lines += ["", f"Round {round_}"]
        for table, ids in enumerate(tables, start=1):
            lines.append(f"  Table {table}: " + ", ".join(names[id_] or id_ for id_ in ids))
    for rule, price in answer.get("prices", {}).items():
        lines.append(f"Without the rule {rule}: {price:+d}")
    return "\n".join(lines)
