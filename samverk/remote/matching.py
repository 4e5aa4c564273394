"""Who on a log-in list is who on the sheet: by e-mail, then by name; what is only like somebody is asked.

People with protected identity are never suggested: a list with real names beside a sheet with aliases would tell.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from samverk.activities.models import Attendance, Session
from samverk.kit.fold import fold

BY_EMAIL, BY_NAME, DOUBTFUL, UNKNOWN = "email", "name", "doubtful", "unknown"
LIKE, SUGGESTED = 0.82, 3
_BRACKETS = re.compile(r"\(([^()]*)\)")
_LETTERS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Match:
    """How somebody was found, and which rows of the sheet she may be; one alone where it is sure."""

    how: str
    rows: tuple[int, ...] = ()


@dataclass
class Sheet:
    """What the sheet knows of those who may be found on a list."""

    emails: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def sheet_of(session: Session) -> Sheet:
    """In one query."""
    rows = Attendance.objects.filter(session=session).select_related("person", "registration")
    sheet = Sheet()
    for row in rows:
        person, place = row.person, row.registration
        if person is not None and person.is_protected:
            continue
        addresses = [place.email if place else ""]
        called = [row.name, f"{place.given_name} {place.family_name}" if place else ""]
        if person is not None:
            addresses += [person.email or "", person.contact_email]
            called.append(str(person))
        for address in filter(None, addresses):
            sheet.emails[address.lower()].add(row.pk)
        for name in filter(None, map(name_key, called)):
            sheet.names[name].add(row.pk)
    return sheet


def match(names: Iterable[str], emails: Iterable[str], sheet: Sheet) -> Match:
    """Sure where one row fits an address, or else a whole name; otherwise what is like it."""
    by_email = {row for email in emails for row in sheet.emails.get(email.lower(), ())}
    if len(by_email) == 1:
        return Match(BY_EMAIL, tuple(by_email))
    keys = [key for name in names for key in name_keys(name)]
    by_name = {row for key in keys for row in sheet.names.get(key, ())}
    narrowed = by_name & by_email if by_email else by_name
    if len(narrowed) == 1:
        return Match(BY_NAME, tuple(narrowed))
    like = _like(keys, sheet)
    found = [*sorted(by_email | by_name), *[row for row in like if row not in by_email | by_name]]
    return Match(DOUBTFUL, tuple(found[:SUGGESTED])) if found else Match(UNKNOWN)


def name_key(name: str) -> str:
    """The words of a name in any order: “Åkesson, Łucja” is “Łucja Åkesson”."""
    return " ".join(sorted(_LETTERS.sub(" ", fold(name[:200])).split()))


def name_keys(name: str) -> list[str]:
    """A name as it stands, without what is in brackets, and what is in them: “iPhone (Anna Berg)”, “Bo (he)”."""
    outside = _BRACKETS.sub(" ", name)
    found = [name_key(name), name_key(outside), *map(name_key, _BRACKETS.findall(name)[:3])]
    return list(dict.fromkeys(key for key in found if key))


def _like(keys: Sequence[str], sheet: Sheet) -> list[int]:
    """Rows whose name is like one of these, the likest first."""
    scores: dict[int, float] = {}
    for known, rows in sheet.names.items():
        score = max((_likeness(key, known) for key in keys), default=0.0)
        if score >= LIKE:
            for row in rows:
                scores[row] = max(scores.get(row, 0), score)
    return sorted(scores, key=lambda row: (-scores[row], row))


def _likeness(key: str, known: str) -> float:
    words, others = set(key.split()), set(known.split())
    shared = {word for word in words & others if len(word) > 2}
    if shared and (words <= others or others <= words):
        return 0.95
    matcher = SequenceMatcher(None, key, known)
    return matcher.ratio() if matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE else 0.0
