"""Reading the trail: of a thing, or of the scopes a person may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from samverk.trail.models import UNDO_HOURS, Entry, Mark


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
