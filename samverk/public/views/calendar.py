"""The public calendar: a list by day, a month as a table, and the feed to subscribe to."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samverk.activities.calendar_files import calendar_file
from samverk.activities.messages import activity_address
from samverk.activities.models import Session
from samverk.activities.permissions import activities_public
from samverk.activities.queries import (
    CalendarWish,
    activities_of_person,
    calendar_choices,
    calendar_sessions,
    places_sentence,
    sessions_between,
    waiting_counts,
    with_places_left,
)
from samverk.kit import words
from samverk.kit.choices import Language
from samverk.public.forms.calendar import CalendarFilter
from samverk.public.kept_pages import kept_for_visitors
from samverk.public.views.activities import ics

ROWS = 30
ACCESS_SHOWN = 40
VIEWS = ("list", "month", "past", "subscribe")
# A feed tells what is on and what just was, so that a changed past is repaired too.
FEED_BACK = timedelta(days=31)
FEED_MOST = 500


@dataclass(frozen=True, slots=True)
class Slot:
    """One session of the list, in the words a visitor reads: a page has many, so its template only shows them."""

    day: date
    href: str
    title: str
    subtitle: str
    lang: str
    starts: str
    ends: str
    where: str
    is_online: bool
    language: str
    access: str
    places_kind: str
    places: str
    is_mine: bool


@dataclass
class Day:
    """A day of the list or a cell of the month."""

    day: date
    slots: list[Slot] = field(default_factory=list)
    is_other_month: bool = False
    is_today: bool = False

    @property
    def label(self) -> str:
        """Day and month; the year where it is not this one."""
        return words.day(self.day, weekday=False, year=self.day.year != timezone.localdate().year)


@login_not_required
@require_safe
@kept_for_visitors
def calendar(request: HttpRequest) -> HttpResponse:
    """What is on: by day, as a month, past, or how to subscribe. All of it by one GET form."""
    now = timezone.now()
    view = request.GET.get("view", "list")
    view = view if view in VIEWS else "list"
    form = CalendarFilter(request.GET, choices=calendar_choices(activities_public(), now))
    wish = form.wish(past=view == "past")
    context = {
        "view": view,
        "form": form,
        "chosen": form.chosen,
        "tabs": _tabs(request, view),
        "query": _kept(request),
        "is_past": view == "past",
    }
    if view == "month":
        context |= _month(request, wish)
    elif view == "subscribe":
        context |= _feed_address(request)
    else:
        context |= _list(request, wish)
    return render(request, "public/calendar/calendar.html", context)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """What calendar programs subscribe to; the filters of the page work here too."""
    now = timezone.now()
    form = CalendarFilter(request.GET, choices=calendar_choices(activities_public(), now))
    sessions = calendar_sessions(activities_public(), form.wish(), now - FEED_BACK)[:FEED_MOST]
    answer = ics(calendar_file(sessions, name=_("Calendar"), link=activity_address), "samverk.ics")
    answer["Cache-Control"] = "public, max-age=1800"
    return answer


def _list(request: HttpRequest, wish: CalendarWish) -> dict[str, Any]:
    found = calendar_sessions(activities_public(), wish, timezone.now())
    counted = found.order_by().aggregate(
        total=Count("pk"), with_places=Count("pk", filter=with_places_left("activity__"))
    )
    pages = Paginator(found, ROWS)
    pages.count = counted["total"]
    page = pages.get_page(request.GET.get("page"))
    days = [Day(day, list(slots)) for day, slots in groupby(_slots(request, list(page)), attrgetter("day"))]
    return {"page": page, "days": days, **counted}


def _month(request: HttpRequest, wish: CalendarWish) -> dict[str, Any]:
    first = _asked_month(request.GET.get("month", ""))
    weeks = months.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    sessions = list(sessions_between(activities_public(), wish, weeks[0][0], weeks[-1][-1]))
    by_day: dict[date, list[Slot]] = {}
    for slot in _slots(request, sessions):
        by_day.setdefault(slot.day, []).append(slot)
    today = timezone.localdate()
    grid = [
        [Day(day, by_day.get(day, []), day.month != first.month, day == today) for day in week]
        for week in weeks
    ]
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    total = sum(len(cell.slots) for week in grid for cell in week if not cell.is_other_month)
    return {
        "month": first,
        "weeks": grid,
        "weekdays": weeks[0],
        "total": total,
        "earlier": _month_address(request, before),
        "earlier_month": before,
        "later": _month_address(request, after),
        "later_month": after,
    }


def _slots(request: HttpRequest, sessions: list[Session]) -> Iterator[Slot]:
    full = {session.activity_id for session in sessions if session.activity.is_full}
    waiting = waiting_counts(full) if full else {}
    ids = {session.activity_id for session in sessions}
    mine = activities_of_person(request.user, ids) if request.user.is_authenticated and ids else set()
    address, languages = reverse("public:activity", args=["CODE"]), dict(Language.choices)
    for session in sessions:
        activity, starts = session.activity, session.starts_local
        kind, places = places_sentence(activity, waiting.get(session.activity_id, 0))
        if session.state == Session.State.CANCELLED:
            kind, places = "off", _("Cancelled")
        yield Slot(
            day=starts.date(), href=address.replace("CODE", activity.code), title=activity.title,
            subtitle=session.title, lang=activity.language, starts=words.clock(starts),
            ends=words.clock(session.ends_local), where=activity.where, is_online=activity.is_online,
            language=languages[activity.language], access=truncated(activity.access), places_kind=kind,
            places=places, is_mine=session.activity_id in mine,
        )  # fmt: skip


def truncated(text: str) -> str:
    return text if len(text) <= ACCESS_SHOWN else f"{text[: ACCESS_SHOWN - 1].rstrip()}…"


def _asked_month(text: str) -> date:
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if abs(asked.year - today.year) <= 20 else today.replace(day=1)


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name in ("page", "view", "month"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _month_address(request: HttpRequest, day: date) -> str:
    return _address(request, view="month", month=f"{day:%Y-%m}")


def _tabs(request: HttpRequest, view: str) -> list[dict[str, Any]]:
    texts = {"list": _("List"), "month": _("Month"), "past": _("Past"), "subscribe": _("Subscribe")}
    return [
        {
            "text": text,
            "href": _address(request) if key == "list" else _address(request, view=key),
            "count": None,
            "here": key == view,
        }
        for key, text in texts.items()
    ]


def _kept(request: HttpRequest) -> str:
    """The filters of this page as a query, for links that keep them."""
    return _address(request).partition("?")[2]


def _feed_address(request: HttpRequest) -> dict[str, Any]:
    path = reverse("public:calendar_feed")
    query = _kept(request)
    address = request.build_absolute_uri(f"{path}?{query}" if query else path)
    return {"feed": address, "webcal": "webcal:" + address.partition(":")[2]}
