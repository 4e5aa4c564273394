"""Reading the trail: of a thing, or of the scopes a person may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from samverk.trail.models import UNDO_HOURS, ClockRun, Entry, Mark


def entries_of(thing: models.Model) -> QuerySet[Entry]:
    """What was done to a thing, newest first."""
    return Entry.objects.filter(thing_type=thing._meta.model_name, thing_id=thing.pk).select_related("actor")


def entries_in(scopes: Iterable[str]) -> QuerySet[Entry]:
    """What was done within scopes such as ``programme:KCM`` or ``person:BKDMPQR``."""
    return Entry.objects.filter(scope__in=list(scopes)).select_related("actor")


def last_undoable(thing: models.Model, person: models.Model) -> Entry | None:
    """The newest entry of a thing where this person did it and it can still be taken back."""
    fresh = timezone.now() - timedelta(hours=UNDO_HOURS)
    done = entries_of(thing).filter(actor=person.pk, at__gt=fresh, undone_at=None)
    entry = done.first()
    return entry if entry is not None and entry.can_be_undone else None


def is_marked(name: str) -> bool:
    """Whether the database carries a mark, such as ``example_data``."""
    return Mark.objects.filter(name=name).exists()


CLOCK_LATE = timedelta(minutes=10)


def seconds_since_clock() -> int | None:
    """How long ago a worker last finished a duty; None where none ever did."""
    last = ClockRun.objects.aggregate(last=models.Max("last_finished"))["last"]
    return None if last is None else max(0, round((timezone.now() - last).total_seconds()))


def clock_faults() -> list[str]:
    """For `doctor`: a clock that stands still, duties that fail, leases that nobody gave back."""
    lines = []
    seconds = seconds_since_clock()
    if seconds is not None and seconds > CLOCK_LATE.total_seconds():
        lines.append(f"clock: no duty was done for {seconds // 60} minutes: does the worker run?")
    for run in ClockRun.objects.exclude(last_error=""):
        lines.append(f"clock: {run.duty} failed: {run.last_error}")
    for run in ClockRun.objects.filter(leased_until__lt=timezone.now() - CLOCK_LATE):
        lines.append(f"clock: {run.duty} was begun and never finished")
    return lines
