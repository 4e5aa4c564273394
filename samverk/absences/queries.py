"""Absences: a place that was not given up, a sheet that is closed, and nobody there. Counted by activity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from samverk.absences.choices import RECENT, ExcuseState
from samverk.absences.models import Excuse
from samverk.activities.choices import Mark, RegistrationState
from samverk.activities.models import Attendance, Registration, Session


def absences(now: datetime | None = None) -> QuerySet[Registration]:
    """Of the last 12 months: has a place, was marked absent on a closed sheet, and was at no session of the activity.

    An activity that was cancelled has no absences. Excused ones are among them: see ``counted``.
    """
    now = now or timezone.now()
    rows = Attendance.objects.filter(registration=OuterRef("pk"), is_leader=False)
    closed = rows.filter(session__state=Session.State.DONE)
    return Registration.objects.filter(
        Exists(closed.filter(mark=Mark.ABSENT)),
        ~Exists(rows.filter(mark__in=[Mark.HERE, Mark.PART])),
        state=RegistrationState.CONFIRMED,
        activity__ends_at__gt=now - RECENT,
        activity__ends_at__lte=now,
    ).exclude(activity__state="cancelled")


def counted(now: datetime | None = None) -> QuerySet[Registration]:
    """Absences that nobody excused."""
    granted = Excuse.objects.filter(registration=OuterRef("pk"), state=ExcuseState.GRANTED)
    return absences(now).filter(~Exists(granted))


def absences_of(person: Any) -> QuerySet[Registration]:
    """One person's, newest first, with what was said about each."""
    found = absences().filter(person=person).select_related("activity__programme", "excuse__decided_by")
    return found.order_by("-activity__ends_at", "-pk")


def numbers_of(people: Iterable[int], programmes: Any) -> dict[int, int]:
    """{person: absences that count} in these programmes, for a list; one query. Who has none is left out."""
    wanted = list(people)
    if not wanted:
        return {}
    found = counted().filter(person__in=wanted, activity__programme__in=programmes)
    return dict(found.order_by().values("person").annotate(n=Count("pk")).values_list("person", "n"))


def number_of(person: Any) -> int:
    return counted().filter(person=person).count()


def faults() -> list[str]:
    """Excuses of what is no absence any more, because a sheet was corrected afterwards."""
    there = Attendance.objects.filter(registration=OuterRef("registration"), mark__in=[Mark.HERE, Mark.PART])
    left = Excuse.objects.filter(Exists(there), state=ExcuseState.ASKED)
    codes = left.values_list("registration__code", flat=True)
    return [f"absences: registration {one} asks for a correction and was there" for one in codes[:20]]
