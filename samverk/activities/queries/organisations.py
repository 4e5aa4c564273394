"""Organisations by the name people type, and those that came."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from samverk.activities.choices import Mark, Representation
from samverk.activities.models import Attendance, Session
from samverk.directory.models import Organisation
from samverk.kit.fold import sort_key
from samverk.kit.search import matching


def organisation_named(typed: str) -> Organisation | None:
    """The one public organisation of exactly this name, letters folded as in the centre's dictionary."""
    key = sort_key(" ".join(typed.split()), settings.LANGUAGE_CODE)
    named = list(Organisation.objects.public().filter(sort_key=key)[:2]) if key else []
    return named[0] if len(named) == 1 else None


def organisation_suggestions(typed: str, limit: int = 8) -> list[str]:
    """Names of public organisations that begin with, or hold, the words typed so far."""
    if len(typed.strip()) < 2:
        return []
    found = Organisation.objects.public().filter(pk__in=matching(Organisation, typed).values("pk"))
    return list(found.order_by("sort_key").values_list("name", flat=True)[:limit])


def organisations_present() -> QuerySet[Organisation]:
    """Organisations somebody was here for, whose representation is confirmed. Each counts once."""
    here = Attendance.objects.filter(
        organisation=OuterRef("pk"),
        mark__in=[Mark.HERE, Mark.PART],
        representation=Representation.CONFIRMED,
    )
    return Organisation.objects.alive().filter(Exists(here))


def first_year_of_attendance() -> int | None:
    """The year of the first session that somebody attended."""
    attended = Session.objects.filter(
        Exists(Attendance.objects.filter(session=OuterRef("pk"), mark__in=[Mark.HERE, Mark.PART]))
    )
    first = attended.order_by("starts_at").first()
    return first.starts_local.year if first else None
