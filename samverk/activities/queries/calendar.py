"""The calendar: what somebody looks for, what the filters offer, how full it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.activities.choices import ActivityState, Format
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Registration, Session
from samverk.kit import words
from samverk.kit.fold import fold


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
