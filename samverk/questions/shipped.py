"""The sets that ship: TOML files in ``sets/`` with every text in five languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samverk.programmes.choices import SeatRole
from samverk.questions.choices import QuestionKind
from samverk.questions.wording import said

FOLDER = Path(__file__).parent / "sets"


@dataclass(frozen=True)
class ShippedSet:
    """A set as its file says it. ``questions`` holds the fields of each Question."""

    key: str
    kind: str
    names: dict[str, str]
    about: dict[str, str]
    questions: tuple[dict[str, Any], ...]

    def name_in(self, language: str) -> str:
        return said(self.names, language).text

    def about_in(self, language: str) -> str:
        return said(self.about, language).text


@cache
def shipped_sets() -> dict[str, ShippedSet]:
    """All sets by key, in the order of their files' names."""
    read = [_read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {one.key: one for one in read}


def shipped_of_kind(kind: str) -> list[ShippedSet]:
    return [one for one in shipped_sets().values() if one.kind == kind]


def _read(path: Path) -> ShippedSet:
    document = tomllib.loads(path.read_text())
    questions = tuple(_question(number, one) for number, one in enumerate(document["questions"], 1))
    return ShippedSet(path.stem, document["kind"], document["name"], document["about"], questions)


def _question(number: int, one: dict[str, Any]) -> dict[str, Any]:
    is_sensitive = one.get("sensitive", False)
    return {
        "key": one["key"],
        "position": number,
        "kind": QuestionKind(one["kind"]),
        "is_required": one.get("required", False),
        "asked_per": one.get("per", "person"),
        "is_sensitive": is_sensitive,
        "seen_by": [SeatRole.COORDINATOR.value] if is_sensitive else list(SeatRole.values),
        "texts": one["text"],
        "hints": one.get("hint", {}),
        "options": [
            {"key": option.pop("key", f"o{place}"), "texts": option}
            for place, option in enumerate(map(dict, one.get("options", [])), 1)
        ],
        "least": one.get("least"),
        "most": one.get("most"),
    }
