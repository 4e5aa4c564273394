"""Reading protected answers by name, each reading logged; erasing them in time, and everything of a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from samverk.activities.choices import RegistrationState
from samverk.activities.models import Activity, Registration
from samverk.asking.models import Given, Sealed
from samverk.asking.queries import given_to_erase, sealed_to_erase
from samverk.asking.rules import Item
from samverk.asking.sealing import opened
from samverk.kit.acting import THE_CLOCK, Actor
from samverk.questions.answers import forget_files
from samverk.trail.commands import log_each

BATCH = 500


@dataclass(frozen=True)
class Opened:
    """One registration and its protected answers, of those questions only that were asked for."""

    registration: Registration
    answers: dict[str, Any]


def read_protected(activity: Activity, items: Iterable[Item], *, by: Actor) -> list[Opened]:
    """Open the protected answers of everybody of an activity, by name. One entry for each name stands in the trail.

    ``items`` are what the reader may open: ``permissions.openable``.
    """
    keys = {one.question.key for one in items}
    with transaction.atomic():
        found = []
        for one in sealed_in(activity):
            answers = {key: value for key, value in opened(one.content).items() if key in keys}
            if answers:
                found.append(Opened(one.registration, answers))
        log_each("read_protected", (one.registration for one in found), by=by, scope=activity.programme.scope)
        return found


def sealed_in(activity: Activity) -> Any:
    """Protected answers of those who have a place, by name: of who waits nobody need read them yet."""
    found = Sealed.objects.filter(
        registration__activity=activity, registration__state=RegistrationState.CONFIRMED
    )
    related = found.select_related("registration__person", "registration__activity")
    return related.order_by("registration__family_name", "registration__given_name", "registration_id")


def erase_protected(now: datetime | None = None) -> int:
    """Everything that is due; says how many. A duty of the worker."""
    now = now or timezone.now()
    with transaction.atomic():
        due = list(sealed_to_erase(now).select_related("registration__activity__programme")[:BATCH])
        by_scope: dict[str, list[Registration]] = {}
        for one in due:
            by_scope.setdefault(one.registration.activity.programme.scope, []).append(one.registration)
        for scope, registrations in by_scope.items():
            log_each("erase_protected", registrations, by=THE_CLOCK, scope=scope)
        Sealed.objects.filter(pk__in=[one.pk for one in due]).delete()
        return len(due) + _erase_of_nobody(now)


def _erase_of_nobody(now: datetime) -> int:
    """Answers that came with a name nobody stood up for; their files are deleted when the rows are gone."""
    found = list(given_to_erase(now)[:BATCH])
    Given.objects.filter(pk__in=[one.pk for one in found]).delete()
    for one in found:
        transaction.on_commit(partial(forget_files, one.answers))
    return len(found)


def forget_answers(person: Any) -> None:
    """An erasure: nothing that she answered stays, files neither."""
    Sealed.objects.filter(registration__person=person).delete()
    mine = Given.objects.filter(registration__person=person)
    kept = list(mine.values_list("answers", flat=True))
    mine.delete()
    for answers in kept:
        transaction.on_commit(partial(forget_files, answers))
