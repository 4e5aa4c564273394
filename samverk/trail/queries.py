"""Reading the trail: of a thing, or of the scopes a person may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import QuerySet

from samverk.trail.models import Entry, Mark


def entries_of(thing: models.Model) -> QuerySet[Entry]:
    """What was done to a thing, newest first."""
    return Entry.objects.filter(thing_type=thing._meta.model_name, thing_id=thing.pk).select_related("actor")


def entries_in(scopes: Iterable[str]) -> QuerySet[Entry]:
    """What was done within scopes such as ``programme:KCM`` or ``person:BKDMPQR``."""
    return Entry.objects.filter(scope__in=list(scopes)).select_related("actor")


def is_marked(name: str) -> bool:
    """Whether the database carries a mark, such as ``example_data``."""
    return Mark.objects.filter(name=name).exists()
