"""Reads of the office's lists: activities with their counts, what waits for somebody, a person's story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE, ActivityState, Mark, Representation
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.activities.permissions import activities_in_office
from samverk.directory.models import Affiliation
from samverk.kit.search import matching
from samverk.people.models import Person
from samverk.programmes.models import Enrolment, Programme
from samverk.programmes.permissions import programmes_of

LISTED = (
    "code",
    "programme",
    "title",
    "kind",
    "state",
    "venue",
    "place",
    "capacity",
    "places_taken",
    "starts_at",
)
NOT_CANCELLED = (Session.State.PLANNED, Session.State.DONE)


# ---------- activities ----------


@dataclass(frozen=True)
class ListTab:
    key: str
    text: str
    count: int


def _open_sheets(now: datetime) -> Exists:
    """A session that is over and whose sheet nobody closed."""
    over = Session.objects.filter(activity=OuterRef("pk"), state=Session.State.PLANNED, ends_at__lt=now)
    return Exists(over)


def _tab_conditions(now: datetime) -> dict[str, Q]:
    published = Q(state=ActivityState.PUBLISHED)
    return {
        "coming": published & (Q(ends_at__gte=now) | Q(ends_at=None)),
        "open": published & Q(_open_sheets(now)),
        "drafts": Q(state=ActivityState.DRAFT),
        "past": published & Q(ends_at__lt=now),
        "cancelled": Q(state=ActivityState.CANCELLED),
    }


def activities_found(
    person: Any, *, text: str = "", programme: Programme | None = None, kind: str = ""
) -> QuerySet[Activity]:
    """Activities the person works with that fit the filter, of every state."""
    found = activities_in_office(person)
    if text:
        found = found.filter(pk__in=matching(Activity, text).values("pk"))
    if programme:
        found = found.filter(programme=programme)
    return found.filter(kind=kind) if kind else found


def activity_tabs(found: QuerySet[Activity], now: datetime) -> list[ListTab]:
    """Tabs with counts, by one query."""
    conditions = _tab_conditions(now)
    counted = found.order_by().aggregate(
        **{key: Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    texts = {
        "coming": _("Coming"),
        "open": _("Attendance missing"),
        "drafts": _("Drafts"),
        "past": _("Past"),
        "cancelled": _("Cancelled"),
    }
    return [ListTab(key, texts[key], counted[key]) for key in conditions]


def activities_of_tab(found: QuerySet[Activity], tab: str, now: datetime) -> QuerySet[Activity]:
    """The rows of a tab: soonest first, what is past the latest first; sessions and the queue counted."""
    conditions = _tab_conditions(now)
    queue = Registration.objects.filter(activity=OuterRef("pk"), state="waiting").order_by()
    waiting = queue.values("activity").annotate(n=Count("pk")).values("n")
    living = Session.objects.filter(activity=OuterRef("pk"), state__in=NOT_CANCELLED).order_by()
    sessions = living.values("activity").annotate(n=Count("pk")).values("n")
    upcoming = Session.objects.filter(activity=OuterRef("pk"), state=Session.State.PLANNED, ends_at__gte=now)
    order = (
        [F("starts_at").desc(nulls_last=True)]
        if tab in ("past", "cancelled", "open")
        else [F("starts_at").asc(nulls_last=True)]
    )
    # A list needs a few of the many columns, and its rows share their programmes.
    rows = found.filter(conditions.get(tab, conditions["coming"])).only(*LISTED).prefetch_related("programme")
    return rows.annotate(
        waiting_number=Subquery(waiting), session_number=Subquery(sessions),
        next_at=Subquery(upcoming.order_by("starts_at").values("starts_at")[:1]),
    ).order_by(*order, "pk")  # fmt: skip


def sessions_with_counts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with how many are expected, here and not marked, by one query."""
    return sessions.select_related("activity__programme").annotate(
        expected_number=Count("attendances"),
        here_number=Count("attendances", filter=Q(attendances__mark__in=[Mark.HERE, Mark.PART])),
        unmarked_number=Count("attendances", filter=Q(attendances__mark=Mark.NOT_MARKED)),
        disputed_number=Count("attendances", filter=Q(attendances__is_disputed=True)),
    )


def sessions_on_day(person: Any, start: datetime, end: datetime) -> list[Session]:
    """A day's sessions of activities the person works with, drafts left out."""
    sessions = Session.objects.filter(
        activity__in=activities_in_office(person), starts_at__lt=end, ends_at__gte=start
    ).exclude(activity__state=ActivityState.DRAFT)
    return list(sessions_with_counts(sessions).order_by("starts_at", "pk"))


def next_session_after(person: Any, moment: datetime) -> Session | None:
    coming = Session.objects.filter(
        activity__in=activities_in_office(person), starts_at__gte=moment, state=Session.State.PLANNED,
        activity__state=ActivityState.PUBLISHED,
    )  # fmt: skip
    return coming.select_related("activity").order_by("starts_at").first()


# ---------- what waits ----------


def claims_in(person: Any) -> QuerySet[Registration]:
    """Registrations for an organisation that nobody confirmed yet, of activities the person works with."""
    claimed = Registration.objects.filter(
        activity__in=activities_in_office(person), state__in=LIVE, representation=Representation.CLAIMED
    )
    return claimed.select_related("activity__programme", "person", "organisation").order_by(
        "registered_at", "pk"
    )


def open_sheets_of(person: Any, now: datetime) -> QuerySet[Session]:
    """Sessions that are over and whose sheet is not closed, oldest first."""
    return Session.objects.filter(
        activity__in=activities_in_office(person), activity__state=ActivityState.PUBLISHED,
        state=Session.State.PLANNED, ends_at__lt=now,
    ).order_by("starts_at")  # fmt: skip


def disputed_sheets_of(person: Any) -> QuerySet[Session]:
    disputed = Attendance.objects.filter(is_disputed=True, session__activity__in=activities_in_office(person))
    return Session.objects.filter(pk__in=disputed.values("session")).order_by("starts_at")


def nameless_rows_of(person: Any) -> QuerySet[Attendance]:
    """Walk-ins of the last year who were here and of whom only a name is known: their hours count for nobody."""
    since = timezone.now() - timedelta(days=365)
    return Attendance.objects.filter(
        session__activity__in=activities_in_office(person), session__starts_at__gte=since, person=None,
        is_walk_in=True, mark__in=[Mark.HERE, Mark.PART],
    ).order_by("session__starts_at")  # fmt: skip


# ---------- people ----------


@dataclass(frozen=True)
class PersonRow:
    """A person on a list; somebody with protected identity by an alias only."""

    code: str
    name: str
    email: str
    phone: str
    place: str
    organisations: str
    is_protected: bool
    last_came_at: datetime | None


def people_found(
    visible: QuerySet[Person], *, text: str = "", programme: Programme | None = None, organisation: str = ""
) -> QuerySet[Person]:
    """People among the visible who fit; a search never finds somebody with protected identity."""
    found = visible
    if text:
        by_address = visible.filter(email=text.strip().lower()).values("pk")
        named = Q(pk__in=matching(Person, text).values("pk")) | Q(pk__in=by_address)
        found = found.filter(named, is_protected=False)
    if programme:
        found = found.filter(pk__in=_people_of(programme))
    if organisation:
        there = Affiliation.objects.filter(organisation__folded__contains=organisation).values("person")
        found = found.filter(pk__in=there, is_protected=False)
    last = Attendance.objects.filter(person=OuterRef("pk"), mark__in=[Mark.HERE, Mark.PART]).order_by(
        "-session__starts_at"
    )
    return found.annotate(last_came_at=Subquery(last.values("session__starts_at")[:1])).order_by(
        "sort_key", "pk"
    )


def _people_of(programme: Programme) -> QuerySet:
    enrolled = Enrolment.objects.filter(programme=programme, person__isnull=False).values("person")
    registered = Registration.objects.filter(activity__programme=programme, person__isnull=False).values(
        "person"
    )
    recorded = Attendance.objects.filter(session__activity__programme=programme, person__isnull=False).values(
        "person"
    )
    return Person.objects.filter(Q(pk__in=enrolled) | Q(pk__in=registered) | Q(pk__in=recorded)).values("pk")


def person_rows(people: Iterable[Person], alias: Any) -> list[PersonRow]:
    """Rows of a page of people: two queries, however many."""
    people = list(people)
    today = timezone.localdate()
    belong: dict[int, list[str]] = {}
    affiliations = Affiliation.objects.on(today).filter(person__in=[person.pk for person in people])
    for one in affiliations.select_related("organisation").order_by("organisation__sort_key"):
        belong.setdefault(one.person_id, []).append(str(one.organisation))
    return [_person_row(person, belong.get(person.pk, []), alias) for person in people]


def _person_row(person: Person, organisations: list[str], alias: Any) -> PersonRow:
    hidden = person.is_protected
    return PersonRow(
        code=person.code,
        name=alias(person.code) if hidden else str(person),
        email="" if hidden else person.mail_address,
        phone="" if hidden else person.phone,
        place="" if hidden else person.place,
        organisations="" if hidden else ", ".join(dict.fromkeys(organisations)),
        is_protected=hidden,
        last_came_at=getattr(person, "last_came_at", None),
    )


def attendances_of(person: Person, viewer: Any) -> QuerySet[Attendance]:
    """Where a person was expected or came, in what the viewer works with; newest first."""
    rows = Attendance.objects.filter(person=person, session__activity__in=activities_in_office(viewer))
    return rows.select_related("session__activity__programme", "organisation").order_by("-session__starts_at")


def programmes_of_person(person: Person, viewer: Any) -> list[Programme]:
    """Programmes of the viewer's seats in which the person is enrolled, registered or recorded."""
    mine = Programme.objects.filter(pk__in=programmes_of(viewer))
    return [programme for programme in mine if _people_of(programme).filter(pk=person.pk).exists()]
