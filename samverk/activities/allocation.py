"""Who would come into which group by the wishes people ranked, and why. Solved by `samverk.seating`; nothing here writes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samverk.activities.choices import RegistrationState
from samverk.activities.models import Activity, Cohort, Registration
from samverk.kit import words
from samverk.seating import Missed, Place, Ranking, assign_ranked


@dataclass(frozen=True)
class Given:
    """What one person would get, which of her wishes it is (1 to 3), and why no better one."""

    registration: Registration
    cohort: Cohort | None
    rank: int | None
    why: str


@dataclass(frozen=True)
class Allocation:
    """Everybody who has a place, wishes and no group yet, in the order of registering."""

    rows: tuple[Given, ...]

    @property
    def by_rank(self) -> dict[int | None, int]:
        """How many get their first, second, third wish, and under None none of them."""
        counted = Counter(row.rank for row in self.rows)
        return {rank: counted[rank] for rank in (1, 2, 3, None)}

    @property
    def seen(self) -> str:
        """A mark of exactly this answer: what is published is what was looked at."""
        said = ";".join(
            f"{row.registration.pk}:{row.cohort.pk if row.cohort else 0}:{row.registration.wishes}"
            for row in self.rows
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Wanted:
    """How often a group is wished first, second and third, beside the places it has left."""

    cohort: Cohort
    left: int | None
    first: int
    second: int
    third: int


def people_to_allocate(activity: Activity) -> QuerySet[Registration]:
    """Who has a place and no group, in the order of registering."""
    found = activity.registrations.filter(state=RegistrationState.CONFIRMED, cohort=None)
    return found.select_related("person", "organisation").order_by("registered_at", "pk")


def allocate(activity: Activity) -> Allocation:
    """As many as possible get one of their wishes, then as many as possible a good one. Same wishes, same answer."""
    people = [one for one in people_to_allocate(activity) if _own_wishes(activity, one)]
    choices = {str(one.pk): _own_wishes(activity, one) for one in people}
    left = {str(pk): _left(cohort, len(people)) for pk, cohort in activity.cohort_of.items()}
    ranking: Ranking = assign_ranked(choices, left, order=list(choices))
    places = {place.person: place for place in ranking.places}
    return Allocation(tuple(_given(activity, one, places[str(one.pk)]) for one in people))


def wishes_counted(activity: Activity) -> list[Wanted]:
    """Each group with the wishes of those who are not in one yet."""
    counted: Counter[tuple[int, int]] = Counter()
    for wishes in people_to_allocate(activity).values_list("wishes", flat=True):
        counted.update((pk, rank) for rank, pk in enumerate(wishes, start=1))
    return [
        Wanted(
            cohort, None if cohort.capacity is None else max(0, cohort.capacity - cohort.taken),
            *(counted[pk, rank] for rank in (1, 2, 3)),
        )
        for pk, cohort in activity.cohort_of.items()
    ]  # fmt: skip


def _left(cohort: Cohort, people: int) -> int:
    return people if cohort.capacity is None else max(0, cohort.capacity - cohort.taken)


def _own_wishes(activity: Activity, registration: Registration) -> list[str]:
    return [str(pk) for pk in registration.wishes if pk in activity.cohort_of]


def _given(activity: Activity, one: Registration, place: Place) -> Given:
    cohort = activity.cohort_of[int(place.option)] if place.option else None
    return Given(one, cohort, place.rank, _why(activity, place.rank, place.missed))


def _why(activity: Activity, rank: int | None, missed: Sequence[Missed]) -> str:
    got = {1: _("First wish."), 2: _("Second wish."), 3: _("Third wish."), None: _("None of the wishes.")}
    return " ".join([got[rank], *(_missed_words(activity, one) for one in missed)])


def _missed_words(activity: Activity, one: Missed) -> str:
    return _("%(group)s is full (places: %(places)s, first wishes: %(wanted)s).") % {
        "group": activity.cohort_of[int(one.option)].name,
        "places": words.number(one.capacity),
        "wanted": words.number(one.wanted_first),
    }
