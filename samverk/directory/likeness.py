"""When are two names the name of one organisation? Keys for finding the same and the very like, and how like they are."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from samverk.directory.legal_forms import WHOLE, plain

# Words that tell two organisations apart as little as their legal form does.
_FILLING = frozenset(
    [
        "i",
        "na",
        "rzecz",
        "och",
        "for",
        "the",
        "of",
        "and",
        "w",
        "z",
        "ze",
        "im",
        "imienia",
        "av",
        "der",
        "die",
        "das",
        "und",
        "fur",
        "et",
        "og",
        "pod",
        "nad",
        "przy",
        "do",
        "dla",
        "limited",
        "ltd",
        "the",
        "den",
        "det",
        "en",
        "ett",
        "till",
        "in",
        "an",
        "a",
    ]  # noqa: SIM905
)
_WITHOUT_FORM = frozenset(word for word in WHOLE if " " not in word) | _FILLING
_VOWELS = re.compile(r"(?<=[a-z])[aeiouy]")
_DOUBLE = re.compile(r"([a-z])\1+")
SHORTEST_KEY = 5
LIKE_ENOUGH = 0.86


def name_key(name: str) -> str:
    """The name without case, marks and signs: “FUNDACJA „Sad””, “Fundacja Sad” are one."""
    return plain(name)[:300]


def core_words(name: str) -> list[str]:
    """The words of a name without its legal form, in order of the alphabet."""
    return sorted(word for word in plain(name).split() if word not in _WITHOUT_FORM)


def like_key(name: str) -> str:
    """What misspelling leaves of a name: consonants of its own words, in alphabetical order. Empty where that says too little."""
    bare = (_VOWELS.sub("", _DOUBLE.sub(r"\1", word)) for word in core_words(name))
    key = " ".join(sorted(_DOUBLE.sub(r"\1", word) for word in bare))
    return key[:120] if len(key) >= SHORTEST_KEY else ""


def are_like(one: str, other: str) -> bool:
    """Two names one could take for the same: the same own words, or nearly the same letters."""
    first, second = core_words(one), core_words(other)
    if first and first == second:
        return True
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    return SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= LIKE_ENOUGH


def may_be_one(one: str, other: str) -> bool:
    """With one number in common: is the name that of the same organisation, perhaps shortened or renamed a little?"""
    first, second = set(core_words(one)), set(core_words(other))
    if not first or not second or first <= second or second <= first:
        return True
    return len(first & second) * 2 >= min(len(first), len(second)) or are_like(one, other)
