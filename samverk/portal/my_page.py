"""What my page shows: the one next step, what comes, and the path behind and ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.absences.queries import number_of
from samverk.activities.choices import LIVE, Mark, RegistrationState
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.activities.queries import Status, status_of
from samverk.kit import words
from samverk.ledger.messages import statement_token
from samverk.ledger.models import HourEntry, Statement
from samverk.people.models import Person

COMING_SHOWN, DONE_SHOWN = 5, 5
WITH_PLACE = (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED)


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now: what, in a sentence more, and the button."""

    title: str
    words: str
    button: str
    href: str
    icon: str = "arrow-right"
    waits: bool = True


@dataclass(frozen=True)
class Coming:
    """A session ahead, with where one stands."""

    session: Session
    status: Status
    href: str


@dataclass(frozen=True)
class PathStep:
    """A step of the path: done, next or later."""

    kind: str
    title: str
    state: str


@dataclass(frozen=True)
class MyPage:
    next_step: NextStep
    coming: list[Coming] = field(default_factory=list)
    path: list[PathStep] = field(default_factory=list)
    # Places of the last 12 months to which she did not come.
    missed: int = 0

    @property
    def done(self) -> int:
        return sum(1 for step in self.path if step.kind == "done")


def my_page(me: Person) -> MyPage:
    """Everything of one person's first page; the number of queries does not grow with her history."""
    now = timezone.now()
    registrations = _registrations(me)
    coming = _coming(registrations, now)
    step = _offer(registrations) or _hours_to_confirm(me) or _first_coming(coming) or _find_something()
    return MyPage(step, coming, _path(me, coming), number_of(me))


def _registrations(me: Person) -> dict[int, Registration]:
    live = Registration.objects.filter(person=me, state__in=LIVE).select_related("activity")
    return {registration.activity_id: registration for registration in live}


def _place(registration: Registration) -> str:
    return reverse("portal:place", args=[place_token(registration)])


def _offer(registrations: dict[int, Registration]) -> NextStep | None:
    """A place that waits for an answer is most urgent: it has a deadline."""
    offered = [one for one in registrations.values() if one.state == RegistrationState.OFFERED]
    if not offered:
        return None
    soonest = min(offered, key=lambda one: one.offered_until or timezone.now())
    until = soonest.offered_until or timezone.now()
    return NextStep(
        title=_("A place is free for you: %(title)s") % {"title": soonest.activity.title},
        words=_("Answer before %(day)s at %(time)s.") % {"day": words.day(until), "time": words.clock(until)},
        button=_("Take the place"),
        href=_place(soonest),
        icon="ticket",
    )


def _hours_to_confirm(me: Person) -> NextStep | None:
    open_states = [Statement.State.OPEN, Statement.State.VOID]
    statement = Statement.objects.filter(person=me, state__in=open_states).order_by("month").first()
    if statement is None:
        return None
    live = HourEntry.objects.filter(person=me, month=statement.month, reversed_at=None)
    minutes = live.aggregate(sum=Sum("minutes"))["sum"]
    if not minutes:
        return None
    said = {"month": format_date(statement.month, "F"), "hours": words.hours(minutes)}
    meetings = live.values("session").distinct().count()
    return NextStep(
        title=_("Confirm your hours for %(month)s: %(hours)s") % said,
        words=ngettext(
            "%(n)s meeting. It takes one minute.", "%(n)s meetings. It takes one minute.", meetings
        )
        % {"n": words.number(meetings)},
        button=_("Confirm my hours"),
        href=reverse("portal:statement", args=[statement_token(statement)]),
        icon="pen-line",
    )


def _first_coming(coming: list[Coming]) -> NextStep | None:
    first = next((one for one in coming if one.status.kind == "ok"), None)
    if first is None:
        return None
    session = first.session
    when = {
        "day": words.day(session.starts_local),
        "time": words.span(session.starts_local, session.ends_local),
    }
    where = session.venue or session.activity.where
    return NextStep(
        title=_("Next: %(title)s") % {"title": session.activity.title},
        words=". ".join(part for part in (_("%(day)s, %(time)s") % when, where) if part) + ".",
        button=_("See my place"),
        href=first.href,
        icon="ticket",
        waits=False,
    )


def _find_something() -> NextStep:
    return NextStep(
        title=_("Choose what you want to join"),
        words=_("Courses and meetings stand in the calendar. You register in one minute."),
        button=_("See the calendar"),
        href=reverse("public:calendar"),
        icon="calendar-days",
        waits=False,
    )


def _coming(registrations: dict[int, Registration], now: datetime) -> list[Coming]:
    shown = [pk for pk, one in registrations.items() if one.state in WITH_PLACE]
    groups = [one.cohort_id for one in registrations.values() if one.cohort_id]
    mine = Q(cohorts=None) | Q(cohorts__in=groups)
    ahead = Session.objects.filter(mine, activity__in=shown, ends_at__gte=now).exclude(
        state=Session.State.CANCELLED
    )
    statuses: dict[int, Status] = {}
    coming = []
    for session in ahead.select_related("activity").order_by("starts_at", "id")[:COMING_SHOWN]:
        registration = registrations[session.activity_id]
        if registration.pk not in statuses:
            statuses[registration.pk] = status_of(registration, now)
        coming.append(Coming(session, statuses[registration.pk], _place(registration)))
    return coming


def _path(me: Person, coming: list[Coming]) -> list[PathStep]:
    """What she has been at, then what comes: each activity once."""
    here = Attendance.objects.filter(
        person=me, mark__in=[Mark.HERE, Mark.PART], session__ends_at__lt=timezone.now()
    )
    latest: Any = here.values("session__activity").annotate(last=Max("session__ends_at")).order_by("-last")
    done = [(row["session__activity"], row["last"]) for row in latest[:DONE_SHOWN]]
    titles = dict(Activity.objects.filter(pk__in=[pk for pk, _last in done]).values_list("pk", "title"))
    steps = [
        PathStep("done", titles[pk], _("Done %(day)s") % {"day": words.day(last, year=True, weekday=False)})
        for pk, last in reversed(done)
    ]
    seen: set[int] = set()
    for one in coming:
        if one.session.activity_id in seen or one.status.kind != "ok":
            continue
        kind, says = ("later", _("Later: %(day)s")) if seen else ("next", _("Next: %(day)s"))
        seen.add(one.session.activity_id)
        day = {"day": words.day(one.session.starts_local, year=True, weekday=False)}
        steps.append(PathStep(kind, one.session.activity.title, says % day))
    return steps
