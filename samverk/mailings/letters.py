"""The messages that ship with Samverk, from ``letters.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samverk.mailings.fields import in_language

FALLBACK = "en"


@dataclass(frozen=True)
class Letter:
    """A message to start from: its key, for which group it is meant, and its words in one language."""

    key: str
    addressees: str
    name: str
    subject: str
    body: str
    language: str


@cache
def _read() -> list[dict[str, Any]]:
    path = Path(__file__).with_name("letters.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))["letter"]


def letters(language: str) -> list[Letter]:
    """All of them in a language; in English where a language has none."""
    return [_letter(one, language if language in one["body"] else FALLBACK) for one in _read()]


def letter_of(key: str, language: str) -> Letter | None:
    """One of them by its key."""
    return next((one for one in letters(language) if one.key == key), None)


def _letter(one: dict[str, Any], language: str) -> Letter:
    return Letter(
        key=one["key"],
        addressees=one["for"],
        name=one["name"][language],
        subject=in_language(one["subject"][language], language),
        body=in_language(one["body"][language], language).strip(),
        language=language,
    )
