"""Who asks, and who reads which answers: roles that the question names, and leaders where the activity says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import activities_in_office, leads
from samverk.asking.choices import LEADER
from samverk.asking.models import Asked
from samverk.asking.rules import Item
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import has_seat
from samverk.questions.permissions import roles_in


def asked_visible_to(person: Any) -> QuerySet[Asked]:
    return Asked.objects.filter(activity__in=activities_in_office(person))


def may_ask(person: Any, activity: Activity) -> bool:
    """Coordinators and trainers choose what is asked."""
    return has_seat(person, activity.programme, [SeatRole.COORDINATOR, SeatRole.TRAINER])


def reading_roles(person: Any, activity: Activity) -> set[str]:
    """As what somebody reads answers of an activity: roles of her seats, and LEADER."""
    return roles_in(person, activity.programme) | ({LEADER} if leads(person, activity) else set())


def readable(items: Iterable[Item], roles: set[str]) -> list[Item]:
    """Questions whose answers these roles read in lists; never a protected one."""
    return [
        one for one in items
        if not one.question.is_sensitive
        and (set(one.question.seen_by) & roles or (LEADER in roles and one.asked.leaders_read))
    ]  # fmt: skip


def openable(items: Iterable[Item], roles: set[str]) -> list[Item]:
    """Protected questions whose answers these roles may open, each opening logged."""
    return [
        one for one in items
        if one.question.is_sensitive
        and (set(one.question.seen_by) & roles or (LEADER in roles and one.asked.leaders_read_protected))
    ]  # fmt: skip
