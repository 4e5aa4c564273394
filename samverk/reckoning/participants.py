"""Common indicators of ESF+ participants (EECO01 to EECO17) and supported entities (EECO18, EECO19).

Source: Regulation (EU) 2021/1057, Annex I. Ages are full years at the start date. An incomplete record counts only in the
grand total, so EECO02 + EECO04 + EECO05 + incomplete = EECO01. "Not stated" is never a yes and never makes a record
incomplete. What a programme must know for a record to be complete, and from how many months unemployment is long-term
(not confirmed for every country), are parameters, as national definitions differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

WOMAN, MAN, NON_BINARY = "F", "M", "X"
EMPLOYED, UNEMPLOYED, INACTIVE = "employed", "unemployed", "inactive"
YES, NO, NOT_STATED, NOT_ASKED = "yes", "no", "not_stated", "not_asked"
PUBLIC_BODY, SMALL_ENTERPRISE = "public_body", "small_enterprise"

REQUIRED = ("sex", "born", "status", "isced")
LONG_TERM_MONTHS = 12
RURAL = 3


@dataclass(frozen=True, slots=True)
class Participant:
    """One participation record. `None` is missing; the answers are `yes`, `no`, `not_stated` or `not_asked`."""

    id: str
    starts: date
    sex: str | None
    born: date | None
    status: str | None
    isced: int | None
    unemployed_months: int | None = None
    degurba: int | None = None
    disability: str = NOT_ASKED
    third_country: str = NOT_ASKED
    foreign_background: str = NOT_ASKED
    minority: str = NOT_ASKED
    housing_exclusion: str = NOT_ASKED


@dataclass(slots=True)
class Count:
    """Who counts under one code, by sex, with the ids behind the figure; `not_stated` preferred not to say."""

    women: int = 0
    men: int = 0
    non_binary: int = 0
    unknown: int = 0
    ids: list[str] = field(default_factory=list)
    not_stated: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All of them."""
        return len(self.ids)

    def add(self, person: Participant) -> None:
        """Count a person."""
        by_sex = {WOMAN: "women", MAN: "men", NON_BINARY: "non_binary"}.get(person.sex or "", "unknown")
        setattr(self, by_sex, getattr(self, by_sex) + 1)
        self.ids.append(person.id)


@dataclass(frozen=True, slots=True)
class Indicators:
    """Counts by code, and the records that lack something."""

    counts: dict[str, Count]
    incomplete: Count

    def adds_up(self) -> bool:
        """Whether statuses and incomplete records make up all participants."""
        by_status = sum(self.counts[code].total for code in ("EECO02", "EECO04", "EECO05"))
        return by_status + self.incomplete.total == self.counts["EECO01"].total


def age_at(born: date, day: date) -> int:
    """Full years on a day; who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _age(person: Participant) -> int:
    return age_at(person.born, person.starts) if person.born else -1


def _isced(person: Participant) -> int:
    return -1 if person.isced is None else person.isced


CONDITIONS: dict[str, Callable[[Participant], bool]] = {
    "EECO02": lambda person: person.status == UNEMPLOYED,
    "EECO04": lambda person: person.status == INACTIVE,
    "EECO05": lambda person: person.status == EMPLOYED,
    "EECO06": lambda person: 0 <= _age(person) < 18,
    "EECO07": lambda person: 18 <= _age(person) < 30,
    "EECO08": lambda person: _age(person) >= 55,
    "EECO09": lambda person: 0 <= _isced(person) <= 2,
    "EECO10": lambda person: 3 <= _isced(person) <= 4,
    "EECO11": lambda person: 5 <= _isced(person) <= 8,
    "EECO17": lambda person: person.degurba == RURAL,
}
"""What the record itself answers."""

ANSWERS = {
    "EECO12": "disability",
    "EECO13": "third_country",
    "EECO14": "foreign_background",
    "EECO15": "minority",
    "EECO16": "housing_exclusion",
}
"""What only the person can answer, or decline to."""

CODES = tuple(f"EECO{number:02d}" for number in range(1, 18))


def indicators(
    people: Iterable[Participant],
    required: Iterable[str] = REQUIRED,
    long_term_months: int = LONG_TERM_MONTHS,
) -> Indicators:
    """Counts of one programme. Each person is one record: first entry, whatever the number of returns."""
    result = Indicators({code: Count() for code in CODES}, Count())
    needed = tuple(required)
    for person in people:
        result.counts["EECO01"].add(person)
        if is_complete(person, needed):
            _add_complete(result.counts, person, long_term_months)
        else:
            result.incomplete.add(person)
    return result


def is_complete(person: Participant, required: Iterable[str] = REQUIRED) -> bool:
    """Whether nothing required is missing; how long somebody was unemployed is required of the unemployed."""
    if person.status == UNEMPLOYED and person.unemployed_months is None:
        return False
    return all(getattr(person, name) not in (None, NOT_ASKED) for name in required)


def _add_complete(counts: dict[str, Count], person: Participant, long_term_months: int) -> None:
    for code, holds in CONDITIONS.items():
        if holds(person):
            counts[code].add(person)
    if person.status == UNEMPLOYED and (person.unemployed_months or 0) >= long_term_months:
        counts["EECO03"].add(person)
    for code, name in ANSWERS.items():
        answer = getattr(person, name)
        if answer == YES:
            counts[code].add(person)
        elif answer == NOT_STATED:
            counts[code].not_stated.append(person.id)


def supported_entities(kinds: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """EECO18 and EECO19: ids of distinct supported public bodies and small enterprises, from (id, kind) pairs.

    Social enterprises, cooperatives and associations with economic activity are small enterprises here.
    """
    codes = {PUBLIC_BODY: "EECO18", SMALL_ENTERPRISE: "EECO19"}
    found: dict[str, dict[str, None]] = {"EECO18": {}, "EECO19": {}}
    for entity, kind in kinds:
        if kind in codes:
            found[codes[kind]][entity] = None
    return {code: list(ids) for code, ids in found.items()}
