"""The facts a summary is drafted from: how many came, from which sectors, what stood on the programme."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum

from samverk.activities.choices import Mark, Representation
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.directory.choices import Sector
from samverk.directory.models import Organisation
from samverk.follow_up.choices import NextGuests
from samverk.follow_up.models import Material, NextMeeting, Task

_HERE = (Mark.HERE, Mark.PART)
NAMES_AT_MOST = 8


@dataclass(frozen=True)
class WhatHappened:
    """Facts of an activity that is over. Nobody is named but organisations that show themselves in public."""

    people: int
    guests: int
    organisations: int
    sectors: list[tuple[str, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    next_meetings: list[Activity] = field(default_factory=list)


def what_happened(activity: Activity) -> WhatHappened:
    """Counted from marked sheets; a person who came twice is one, an organisation counts when it is confirmed."""
    here = Attendance.objects.filter(session__activity=activity, mark__in=_HERE)
    known = here.filter(person__isnull=False).aggregate(n=Count("person", distinct=True))["n"]
    unknown = here.filter(person=None).count()
    sessions = list(activity.sessions.exclude(state=Session.State.CANCELLED).order_by("starts_at"))
    guests = activity.sessions.aggregate(n=Sum("head_count"))["n"] or 0
    stood_for = here.filter(representation=Representation.CONFIRMED).values("organisation")
    organisations = Organisation.objects.filter(pk__in=stood_for)
    counted = {
        row["sector"]: row["n"]
        for row in organisations.values("sector").annotate(n=Count("pk", distinct=True)).order_by()
    }
    shown = organisations.public().order_by("sort_key").values_list("name", flat=True)
    return WhatHappened(
        people=known + unknown,
        guests=guests,
        organisations=sum(counted.values()),
        sectors=[(one.value, counted[one.value]) for one in Sector if counted.get(one.value)],
        names=list(shown[:NAMES_AT_MOST]),
        sessions=sessions,
        next_meetings=list(Activity.objects.filter(follows__before=activity)),
    )


def tasks_of(activity: Activity) -> list[Task]:
    """What is to do first, by day; what is done last."""
    tasks = list(Task.objects.filter(activity=activity).select_related("owner"))
    return sorted(tasks, key=lambda task: task.done_at is not None)


def materials_of(activity: Activity) -> list[Material]:
    return list(Material.objects.filter(activity=activity, removed_at=None))


def thread_of(activity: Activity) -> tuple[Activity | None, list[Activity]]:
    """The activity this one follows on, and those that follow on it."""
    link = NextMeeting.objects.filter(after=activity).select_related("before__programme").first()
    after = Activity.objects.filter(follows__before=activity).order_by("starts_at", "pk")
    return (link.before if link else None), list(after)


def guests_of(activity: Activity, who: str) -> list[Registration]:
    """Registrations to ask to the next meeting."""
    was_there = Q(attendances__mark__in=_HERE)
    wanted = was_there if who == NextGuests.PRESENT else was_there | Q(state="confirmed")
    found = Registration.objects.filter(wanted, activity=activity).distinct()
    return list(found.select_related("person", "organisation").order_by("pk"))


def activity_before(activity: Activity) -> Activity | None:
    """The activity this one follows on."""
    return Activity.objects.filter(followed_by__after=activity).first()
