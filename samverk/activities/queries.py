"""Reads of activities, sessions and registrations for screens, mails and the doctor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.activities import rules
from samverk.activities.choices import LIVE, TAKES_PLACE, ActivityState, Format, Mark, Representation
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Organisation
from samverk.kit import words
from samverk.kit.fold import fold, sort_key
from samverk.kit.search import matching

# ---------- where a registration stands, in one sentence for page, mail and list ----------


@dataclass(frozen=True)
class Status:
    """The status sentence: its kind for the sign, the state in few words, and the rest of the sentence."""

    kind: str
    state: str
    rest: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.state} {self.rest}".strip()


def status_of(registration: Registration, now: datetime) -> Status:
    """State, date, what happens next, who acts. The activity is loaded."""
    activity = registration.activity
    if activity.state == ActivityState.CANCELLED:
        return Status("bad", _("The activity is cancelled."), activity.cancelled_because)
    says = {
        State.HELD: _held,
        State.QUEUED_HELD: _queued_held,
        State.CONFIRMED: _confirmed,
        State.WAITING: _waiting,
        State.OFFERED: _offered,
        State.CANCELLED: _given_up,
        State.EXPIRED: _run_out,
    }
    return says[State(registration.state)](registration, now)


def _held(registration: Registration, now: datetime) -> Status:
    until = {"time": words.clock(registration.held_until or now)}
    return Status("act", _("Your place is kept until %(time)s.") % until, _("Confirm it before that."))


def _queued_held(registration: Registration, now: datetime) -> Status:
    until = {"time": words.clock(registration.held_until or now)}
    return Status(
        "act", _("All places are taken."), _("Confirm before %(time)s to stand on the waiting list.") % until
    )


def _confirmed(registration: Registration, now: datetime) -> Status:
    activity = registration.activity
    if activity.ends_at and activity.ends_at <= now:
        return Status("ok", _("You had a place."), _("This activity is over."))
    if not activity.starts_at:
        return Status("ok", _("You have a place."), _("We write to you when the day is set."))
    when = {"day": words.day(activity.starts_at), "time": words.clock(activity.starts_at)}
    return Status("ok", _("You have a place."), _("We meet on %(day)s at %(time)s.") % when)


def _waiting(registration: Registration, now: datetime) -> Status:
    number = {"number": words.number(queue_number(registration))}
    return Status(
        "wait",
        _("You are number %(number)s on the waiting list.") % number,
        _("We write to you if a place comes free."),
    )


def _offered(registration: Registration, now: datetime) -> Status:
    until = registration.offered_until or now
    when = {"day": words.day(until), "time": words.clock(until)}
    return Status("act", _("A place is free for you."), _("Answer before %(day)s at %(time)s.") % when)


def _given_up(registration: Registration, now: datetime) -> Status:
    return Status("off", _("This place is given up."), "")


def _run_out(registration: Registration, now: datetime) -> Status:
    if registration.offered_until:
        return Status("off", _("The offer has run out."), _("The place went to the next in the queue."))
    return Status("off", _("Your place was not confirmed in time."), _("It is no longer kept for you."))


def queue_number(registration: Registration) -> int:
    """1 for the first who waits."""
    queue = Registration.objects.filter(activity=registration.activity_id, state=State.WAITING)
    earlier = Q(queued_at__lt=registration.queued_at) | Q(
        queued_at=registration.queued_at, pk__lt=registration.pk
    )
    return queue.filter(earlier).count() + 1


def waiting_count(activity: Activity) -> int:
    return activity.registrations.filter(state=State.WAITING).count()


# ---------- one person's registrations ----------


def own_registration(person: Any, activity: Activity) -> Registration | None:
    """The person's live registration in an activity."""
    live = activity.registrations.filter(person=person, state__in=LIVE).select_related("organisation")
    found = live.first()
    if found:
        found.activity = activity
    return found


def registrations_of_person(person: Any) -> QuerySet[Registration]:
    """All of a person's registrations with their activities, soonest activity first."""
    related = ("activity__programme", "organisation")
    return person.registrations.select_related(*related).order_by(
        F("activity__starts_at").asc(nulls_last=True), "pk"
    )


def activities_of_person(person: Any, activity_ids: Iterable[int]) -> set[int]:
    """Those of the activities in which the person stands now."""
    live = Registration.objects.filter(person=person, state__in=LIVE, activity__in=list(activity_ids))
    return set(live.values_list("activity_id", flat=True))


def organisations_to_come_for(person: Any) -> list[tuple[Organisation, bool]]:
    """Organisations a person is confirmed to belong to, or holds a mandate for; whether she may register colleagues."""
    today = timezone.localdate()
    in_force = Q(mandates__person=person) & _on(today, "mandates__")
    affiliated = (
        Affiliation.objects.on(today).filter(person=person, confirmed_at__isnull=False).values("organisation")
    )
    found = (
        Organisation.objects.alive()
        .annotate(own=FilteredRelation("mandates", condition=in_force))
        .filter(Q(own__isnull=False) | Q(pk__in=affiliated))
        .annotate(scopes=F("own__scopes"))
        .order_by("sort_key", "pk")
    )
    merged: dict[int, tuple[Organisation, bool]] = {}
    for organisation in found:
        before = merged.get(organisation.pk, (organisation, False))[1]
        merged[organisation.pk] = (
            organisation,
            before or MandateScope.REGISTER_COLLEAGUES in (organisation.scopes or []),
        )
    return list(merged.values())


def _on(day: date, path: str) -> Q:
    started = Q(**{f"{path}starts": None}) | Q(**{f"{path}starts__lte": day})
    return started & (Q(**{f"{path}ends": None}) | Q(**{f"{path}ends__gte": day}))


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


def claims_on(organisations: Iterable[int]) -> QuerySet[Registration]:
    """Live registrations of people who say to stand for one of these organisations, where nobody has answered."""
    claimed = Registration.objects.filter(
        organisation__in=list(organisations),
        representation=Representation.CLAIMED,
        state__in=LIVE,
        person__isnull=False,
    )
    return claimed.select_related("activity__programme", "person", "organisation").order_by(
        "-registered_at", "pk"
    )


# ---------- the office's list of one activity ----------

TABS: dict[str, tuple[State, ...]] = {
    "going": (State.CONFIRMED,),
    "waiting": (State.WAITING, State.OFFERED),
    "unconfirmed": (State.HELD, State.QUEUED_HELD),
    "gone": (State.CANCELLED, State.EXPIRED),
}


@dataclass(frozen=True)
class Tab:
    """A status tab with its count."""

    key: str
    text: str
    count: int


def registration_tabs(activity: Activity) -> list[Tab]:
    """Tabs with counts, by one query; together they hold everybody once."""
    counted = dict(activity.registrations.order_by().values_list("state").annotate(Count("pk")))
    texts = {
        "going": _("Has a place"),
        "waiting": _("Waiting"),
        "unconfirmed": _("Not confirmed"),
        "gone": _("Gone"),
    }
    return [
        Tab(key, texts[key], sum(counted.get(state, 0) for state in states)) for key, states in TABS.items()
    ]


def registrations_of(activity: Activity, tab: str = "going", search: str = "") -> QuerySet[Registration]:
    """Registrations of one tab, people and organisations loaded; the waiting list in its order, others by name."""
    order = ("queued_at", "pk") if tab == "waiting" else ("family_name", "given_name", "pk")
    found = activity.registrations.filter(state__in=TABS.get(tab, TABS["going"]))
    if search:
        found = found.filter(_named(search))
    return found.select_related("person", "organisation").order_by(*order)


def _named(search: str) -> Q:
    """By folded name of the person, or by what was typed."""
    wanted = Q()
    for word in fold(search).split():
        typed = (
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(organisation_typed__icontains=word)
        )
        wanted &= Q(person__folded__contains=word) | typed
    return wanted


# ---------- calendar ----------


@dataclass(frozen=True)
class CalendarWish:
    """What somebody looks for in the calendar."""

    theme: str = ""
    place: str = ""
    language: str = ""
    how: str = ""
    with_places: bool = False
    search: str = ""
    past: bool = False


ONLINE, IN_ROOM = "online", "room"


def calendar_sessions(activities: QuerySet[Activity], wish: CalendarWish, now: datetime) -> QuerySet[Session]:
    """Sessions of these activities that fit the wish, activities loaded; the next first, or the latest past first."""
    when = Q(ends_at__lt=now) if wish.past else Q(ends_at__gte=now)
    found = Session.objects.filter(when, activity__in=activities.filter(_wished(wish)))
    return _for_calendar(found).order_by(*(["-starts_at", "-id"] if wish.past else ["starts_at", "id"]))


def sessions_between(
    activities: QuerySet[Activity], wish: CalendarWish, first: date, last: date
) -> QuerySet[Session]:
    """Sessions that start on one of these days, in the centre's time zone."""
    zone = timezone.get_current_timezone()
    begin = datetime.combine(first, datetime.min.time(), zone)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    fitting = activities.filter(_wished(wish))
    found = Session.objects.filter(starts_at__gte=begin, starts_at__lt=end, activity__in=fitting)
    return _for_calendar(found).order_by("starts_at", "id")


# What a row of the calendar, a feed and a card of the front page show: half of what an activity holds.
_SHOWN = (
    "code", "activity", "title", "starts_at", "ends_at", "time_zone", "venue", "access", "online_link", "state", "sequence",
    *(f"activity__{name}" for name in (
        "code", "title", "summary", "language", "state", "venue", "address", "place", "access", "online_link",
        "format", "capacity", "places_taken", "takes_registrations", "created_at", "published_at",
    )),
)  # fmt: skip


def _for_calendar(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.select_related("activity").only(*_SHOWN)


def _wished(wish: CalendarWish) -> Q:
    wanted = Q()
    if wish.theme:
        wanted &= Q(pk__in=ids_with_theme(wish.theme))
    if wish.place:
        wanted &= Q(place=wish.place)
    if wish.language:
        wanted &= Q(language=wish.language)
    if wish.how == ONLINE:
        wanted &= ~Q(format=Format.IN_ROOM) | ~Q(online_link="")
    if wish.how == IN_ROOM:
        wanted &= ~Q(format=Format.ONLINE) & ~Q(venue="")
    if wish.with_places:
        wanted &= with_places_left()
    for word in fold(wish.search).split():
        wanted &= Q(folded__contains=word)
    return wanted


def with_places_left(activity: str = "") -> Q:
    """Activities one can still get a place in; ``activity`` is the path to them, such as ``activity__``."""
    capacity = Q(**{f"{activity}capacity": None}) | Q(
        **{f"{activity}places_taken__lt": F(f"{activity}capacity")}
    )
    return capacity & Q(**{f"{activity}state": ActivityState.PUBLISHED})


def ids_with_theme(theme: str) -> list[int]:
    """Public activities of a theme. Themes are a list in JSON, which the two databases search differently."""
    themed = Activity.objects.filter(audience="public").exclude(themes=[]).values_list("pk", "themes")
    return [pk for pk, themes in themed if theme in themes]


@dataclass(frozen=True)
class CalendarChoices:
    """What the filters offer: only values that something coming has."""

    themes: list[str]
    places: list[str]
    languages: list[str]


def calendar_choices(activities: QuerySet[Activity], now: datetime) -> CalendarChoices:
    coming = (
        activities.filter(ends_at__gte=now).order_by().values_list("themes", "place", "language").distinct()
    )
    themes: set[str] = set()
    places: set[str] = set()
    languages: set[str] = set()
    for activity_themes, place, language in coming:
        themes.update(activity_themes)
        places.add(place)
        languages.add(language)
    return CalendarChoices(sorted(themes), sorted(places - {""}), sorted(languages))


def waiting_counts(activities: Iterable[int]) -> dict[int, int]:
    """How many wait for each of these activities, by one query."""
    waiting = Registration.objects.filter(activity__in=list(activities), state=State.WAITING).order_by()
    return dict(waiting.values_list("activity").annotate(Count("pk")))


def places_sentence(activity: Activity, waiting: int = 0) -> tuple[str, str]:
    """(kind, words) about free places as visitors read it: kind is ok, few, full or off."""
    if activity.state == ActivityState.CANCELLED:
        return "off", _("Cancelled")
    if not activity.takes_registrations:
        return "ok", _("Come when you like")
    left = activity.places_left
    if left is None:
        return "ok", _("Places for all")
    if left:
        text = ngettext("%(number)s place left", "%(number)s places left", left) % {
            "number": words.number(left)
        }
        return ("few" if left <= 3 else "ok"), text
    if waiting:
        number = {"number": words.number(waiting)}
        return "full", ngettext(
            "Full, %(number)s is waiting", "Full, %(number)s are waiting", waiting
        ) % number
    return "full", _("Full")


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


# ---------- clock and doctor ----------


def holds_over(now: datetime) -> QuerySet[Registration]:
    """Unconfirmed registrations whose hour is over."""
    return Registration.objects.filter(state__in=[State.HELD, State.QUEUED_HELD], held_until__lte=now)


def offers_over(now: datetime) -> QuerySet[Registration]:
    """Offers whose deadline has passed."""
    return Registration.objects.filter(state=State.OFFERED, offered_until__lte=now)


def is_a_hold_over() -> bool:
    return holds_over(timezone.now()).exists()


def is_an_offer_over() -> bool:
    return offers_over(timezone.now()).exists()


def registration_faults() -> list[str]:
    """Places counted wrong, holds and offers that nobody ended, people who wait beside a free place."""
    now = timezone.now()
    late = now - timedelta(minutes=10)
    found = []
    counted = Activity.objects.annotate(
        taken=Count("registrations", filter=Q(registrations__state__in=TAKES_PLACE)),
        waiting=Count("registrations", filter=Q(registrations__state=State.WAITING)),
    )
    for activity in counted.exclude(places_taken=F("taken")):
        found.append(
            f"activity {activity.code}: {activity.places_taken} places written, {activity.taken} taken"
        )
    for registration in holds_over(late) | offers_over(late):
        found.append(f"registration {registration.code}: {registration.state} after its time")
    for activity in counted.filter(waiting__gt=0).filter(Q(capacity=None) | Q(capacity__gt=F("taken"))):
        if rules.waiting_list_moves(activity, now):
            found.append(f"activity {activity.code}: {activity.waiting} wait although places are free")
    return found
