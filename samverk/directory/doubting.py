"""Which rows of the directory may be one thing? Found by the worker, decided once by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from samverk.directory.legal_forms import plain
from samverk.directory.likeness import are_like
from samverk.directory.models import Affiliation, DoubtfulPair, Identifier, Organisation
from samverk.people.models import Person

# A name that more rows share than this is a common name, not a doubt.
MOST_ALIKE = 5
BATCH = 500

REASONS = {
    "same_number": _("The same number"),
    "same_name": _("The same name"),
    "like_name": _("A very like name"),
    "same_place": _("the same place"),
    "same_phone": _("the same phone"),
    "same_address": _("the same e-mail"),
    "same_organisation": _("the same organisation"),
}
Found = tuple[int, int, list[str]]


def find_doubtful_pairs() -> int:
    """Note pairs that are not noted yet. A duty of the worker; says how many are new."""
    made = 0
    for kind, pairs in (("organisation", _organisation_pairs()), ("person", _person_pairs())):
        rows = {(min(one, other), max(one, other)): reasons for one, other, reasons in pairs}
        known = set(DoubtfulPair.objects.filter(kind=kind).values_list("first_id", "second_id"))
        fresh = [
            DoubtfulPair(kind=kind, first_id=first, second_id=second, reasons=reasons)
            for (first, second), reasons in rows.items()
            if (first, second) not in known
        ]
        DoubtfulPair.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
        made += len(fresh)
    return made


def _shared(rows: QuerySet, name: str) -> Iterator[list[int]]:
    """Ids of rows that share a value of a field, group by group."""
    values = (
        rows.exclude(**{name: ""})
        .order_by()
        .values(name)
        .annotate(n=Count("pk"))
        .filter(n__gte=2, n__lte=MOST_ALIKE)
    )
    groups: dict[Any, list[int]] = defaultdict(list)
    for value, pk in (
        rows.filter(**{f"{name}__in": values.values(name)}).order_by("pk").values_list(name, "pk")
    ):
        groups[value].append(pk)
    yield from groups.values()


def _organisation_pairs() -> Iterator[Found]:
    alive = Organisation.objects.filter(merged_into=None, archived_at=None, is_hidden=False)
    numbers = Identifier.objects.filter(is_valid=True, organisation__in=alive).exclude(scheme="other")
    by_number = (
        numbers.order_by()
        .values("scheme", "value")
        .annotate(n=Count("organisation", distinct=True))
        .filter(n__gte=2, n__lte=MOST_ALIKE)
    )
    for row in by_number:
        same = numbers.filter(scheme=row["scheme"], value=row["value"]).values_list("organisation", flat=True)
        yield from ((one, other, ["same_number"]) for one, other in combinations(sorted(set(same)), 2))
    for name, reason in (("like_key", "like_name"), ("name_key", "same_name")):
        for ids in _shared(alive, name):
            yield from _near(ids, reason)


def _near(ids: list[int], reason: str) -> Iterator[Found]:
    """Pairs of one name in one place, or where one place is not known; two right numbers keep them apart."""
    rows = {row.pk: row for row in Organisation.objects.filter(pk__in=ids).prefetch_related("identifiers")}
    for one, other in combinations(rows.values(), 2):
        here, there = plain(one.place), plain(other.place)
        if here and there and here != there:
            continue
        if reason == "like_name" and not are_like(one.name, other.name):
            continue
        if _apart(one, other):
            continue
        yield one.pk, other.pk, [reason, "same_place"] if here and here == there else [reason]


def _apart(one: Organisation, other: Organisation) -> bool:
    mine = {n.scheme: n.value for n in one.identifiers.all() if n.is_valid}
    return any(n.is_valid and mine.get(n.scheme, n.value) != n.value for n in other.identifiers.all())


def _person_pairs() -> Iterator[Found]:
    """People of one name with something else in common. Who has a protected identity is never suggested."""
    people = Person.objects.alive().filter(is_protected=False)
    for ids in _shared(people, "folded"):
        rows = list(people.filter(pk__in=ids))
        belongs: dict[int, set[int]] = defaultdict(set)
        for person, organisation in Affiliation.objects.filter(person__in=ids).values_list(
            "person", "organisation"
        ):
            belongs[person].add(organisation)
        for one, other in combinations(rows, 2):
            if common := list(_in_common(one, other, belongs)):
                yield one.pk, other.pk, ["same_name", *common]


def _in_common(one: Person, other: Person, belongs: dict[int, set[int]]) -> Iterable[str]:
    addresses = [
        {address.lower() for address in (row.email, row.contact_email) if address} for row in (one, other)
    ]
    if addresses[0] & addresses[1]:
        yield "same_address"
    phones = [str(row.phone).replace(" ", "").replace("-", "")[-8:] for row in (one, other)]
    if phones[0] and phones[0] == phones[1]:
        yield "same_phone"
    if belongs[one.pk] & belongs[other.pk]:
        yield "same_organisation"
    if one.place and plain(one.place) == plain(other.place):
        yield "same_place"
