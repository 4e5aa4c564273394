"""Which known organisation is a row of the file, and what would it change there?

By a valid number first, then by the same name in the same place. What is nearly so is doubtful, with its reason, and
a person decides. A field somebody edited by hand is never overwritten: it is a conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samverk.directory.identifiers import Identifier as Number
from samverk.directory.identifiers import normalise
from samverk.directory.importing.reading import Entry
from samverk.directory.importing.staging import CHANGED, CONFLICT, DOUBTFUL, NEW, SAME, CheckedRow
from samverk.directory.legal_forms import plain
from samverk.directory.likeness import are_like, like_key, may_be_one, name_key
from samverk.directory.models import Identifier, Organisation

OTHER_PLACE, OTHER_NAME, OTHER_NUMBER, LIKE = (
    "same_name_other_place",
    "same_number_other_name",
    "same_name_other_number",
    "like_name",
)
# Compared without case and signs where a hand wrote them: “LUBLIN” is no news about Lublin.
WORDED = frozenset({"name", "short_name", "place", "region", "street", "legal_form"})
# Candidates looked at for one batch; a name shared by thousands says nothing.
MOST_LIKE = 3000
IN_CONFLICT = "conflict"

Numbers = dict[str, Number]


@dataclass
class Known:
    """An organisation of the directory as matching needs it; ``aliases`` are names merged into it."""

    organisation: Organisation
    numbers: dict[str, Identifier] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return plain(self.organisation.place)

    def is_called(self, key: str, place: str) -> bool:
        return (self.organisation.name_key == key and self.place == place) or self.aliases.get(key) == place


@dataclass(frozen=True)
class Match:
    """The known organisation of a row, if any; with a doubt it only may be the one."""

    known: Known | None = None
    doubt: str = ""


def numbers_of(entry: Entry) -> Numbers:
    return {scheme: normalise(scheme, typed) for scheme, typed in entry.numbers.items()}


class Directory:
    """What the directory knows that could be one of these rows: a handful of queries for a batch."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.numbers = {entry.row: numbers_of(entry) for entry in entries}
        self.by_number: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_likeness: dict[str, list[int]] = defaultdict(list)
        self.known: dict[int, Known] = {}
        aliases = self._find(entries)
        ids = {
            pk
            for index in (self.by_number, self.by_name, self.by_likeness)
            for found in index.values()
            for pk in found
        }
        self._load(ids, aliases)

    def _find(self, entries: Sequence[Entry]) -> dict[int, dict[str, str]]:
        there = Organisation.objects.filter(is_hidden=False)
        values = {n.value for numbers in self.numbers.values() for n in numbers.values() if _counts(n)}
        found = Identifier.objects.filter(value__in=values, is_valid=True, organisation__is_hidden=False)
        for scheme, value, pk, survivor in found.values_list(
            "scheme", "value", "organisation", "organisation__merged_into"
        ):
            self.by_number[scheme, value].append(survivor or pk)
        aliases: dict[int, dict[str, str]] = defaultdict(dict)
        keys = {name_key(entry.name) for entry in entries}
        columns = ("name_key", "place", "id", "merged_into")
        for key, place, pk, survivor in there.filter(name_key__in=keys).values_list(*columns):
            self.by_name[key].append(survivor or pk)
            if survivor:
                aliases[survivor][key] = plain(place)
        likes = {like_key(entry.name) for entry in entries} - {""}
        alike = there.filter(like_key__in=likes, merged_into=None)
        for key, pk in alike.values_list("like_key", "id")[:MOST_LIKE]:
            self.by_likeness[key].append(pk)
        return aliases

    def _load(self, ids: set[int], aliases: Mapping[int, dict[str, str]]) -> None:
        for pk, organisation in Organisation.objects.in_bulk(ids).items():
            self.known[pk] = Known(organisation, aliases=aliases.get(pk, {}))
        for number in Identifier.objects.filter(organisation__in=ids):
            self.known[number.organisation_id].numbers[number.scheme] = number

    def match(self, entry: Entry) -> Match:
        """The known organisation of this row, by number, then by name and place, or a doubt."""
        numbers = self.numbers[entry.row]
        key, place = name_key(entry.name), plain(entry.fields.get("place", ""))
        by_number = self._distinct(
            pk for scheme, number in numbers.items() if _counts(number) for pk in self.by_number.get((scheme, number.value), ())
        )  # fmt: skip
        agreeing = [
            known
            for known in by_number
            if key in known.aliases or may_be_one(known.organisation.name, entry.name)
        ]
        if agreeing:
            return Match(min(agreeing, key=lambda known: not known.is_called(key, place)))
        called = self._distinct(self.by_name.get(key, ()))
        exact = [known for known in called if known.is_called(key, place)]
        fitting = [known for known in exact if not contradict(numbers, known.numbers)]
        if fitting:
            return Match(fitting[0])
        if by_number:
            return Match(by_number[0], OTHER_NAME)
        if exact:
            return Match(exact[0], OTHER_NUMBER)
        elsewhere = [known for known in called if not contradict(numbers, known.numbers)]
        if elsewhere:
            return Match(elsewhere[0], OTHER_PLACE)
        return self._like(entry, numbers, place)

    def _like(self, entry: Entry, numbers: Numbers, place: str) -> Match:
        """A name very like this one, in this place or in one that is not known."""
        for known in self._distinct(self.by_likeness.get(like_key(entry.name), ())):
            if place and known.place and place != known.place:
                continue
            if are_like(known.organisation.name, entry.name) and not contradict(numbers, known.numbers):
                return Match(known, LIKE)
        return Match()

    def _distinct(self, ids: Iterable[int]) -> list[Known]:
        return [self.known[pk] for pk in dict.fromkeys(ids) if pk in self.known]


def _counts(number: Number) -> bool:
    """Does this number say who somebody is? Not one that cannot be right, and none of a register we do not know."""
    return number.is_valid and bool(number.value) and number.scheme != "other"


def contradict(numbers: Numbers, known: Mapping[str, Identifier]) -> bool:
    """Both have a right number in one register, and they differ: two organisations, whatever their names."""
    return any(
        _counts(number) and scheme in known and known[scheme].is_valid and known[scheme].value != number.value
        for scheme, number in numbers.items()
    )


def differences(entry: Entry, numbers: Numbers, known: Known) -> dict[str, list[Any]]:
    """{field: [before, after]}, with "conflict" as third where a hand edit stands in the way. Empty cells change nothing."""
    organisation, imported = known.organisation, known.organisation.imported_values
    by_alias = name_key(entry.name) in known.aliases
    found: dict[str, list[Any]] = {}
    for name, value in entry.fields.items():
        current = getattr(organisation, name)
        if current == value or (by_alias and name in ("name", "place")):
            continue
        if name in WORDED and name not in imported and plain(str(current)) == plain(str(value)):
            continue
        was_typed = current != imported[name] if name in imported else current not in (None, "", [])
        found[name] = [current, value, IN_CONFLICT] if was_typed else [current, value]
    for scheme, number in numbers.items():
        there = known.numbers.get(scheme)
        if there is None or (not there.value and not there.is_valid):
            found[scheme] = ["", number.typed]
        elif there.value != number.value:
            is_ours = imported.get(scheme) == there.typed
            found[scheme] = (
                [there.typed, number.typed] if is_ours else [there.typed, number.typed, IN_CONFLICT]
            )
    return found


def judged(entry: Entry, directory: Directory) -> CheckedRow:
    """A row against the directory: new, same, changed, conflict or doubtful."""
    match = directory.match(entry)
    checked = CheckedRow(
        entry.row, NEW, name=entry.name, entry={"fields": entry.fields, "numbers": entry.numbers}
    )
    if match.known is None:
        return checked
    organisation = match.known.organisation
    checked.organisation, checked.code, checked.named = organisation.pk, organisation.code, organisation.name
    checked.fields = differences(entry, directory.numbers[entry.row], match.known)
    if match.doubt:
        checked.status, checked.kind = DOUBTFUL, match.doubt
    elif not checked.fields:
        checked.status = SAME
    elif any(len(change) == 3 for change in checked.fields.values()):
        checked.status, checked.kind = CONFLICT, "edited_by_hand"
    else:
        checked.status = CHANGED
    return checked
