"""The programme of an activity as visitors read it: by day, what is on now and what comes next, one item."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samverk.agenda.models import Agenda
from samverk.agenda.queries import (
    Placed,
    day_to_show,
    days_of,
    now_and_next,
    placed_item,
    placed_items,
    rooms_used,
    slots_of,
)
from samverk.public.activity_page import activity_or_404
from samverk.public.kept_pages import kept_for_visitors


def agenda_or_404(request: HttpRequest, code: str) -> Agenda:
    """The shown programme of an activity one may see."""
    found = activity_or_404(request, code)
    shown = get_object_or_404(Agenda.objects.filter(published_at__isnull=False), activity=found)
    shown.activity = found
    return shown


@login_not_required
@require_safe
@kept_for_visitors
def agenda(request: HttpRequest, code: str) -> HttpResponse:
    """One day of the programme; on the day itself what runs now stands on top. ``room`` and ``track`` narrow it."""
    shown, now = agenda_or_404(request, code), timezone.now()
    days = days_of(shown)
    day = day_to_show(days, request.GET.get("day", ""), timezone.localdate(timezone=shown.zone))
    whole = placed_items(shown, day=day) if day else []
    chosen = {name: request.GET.get(name, "") for name in ("room", "track")}
    placed = [one for one in whole if _fits(one, chosen)]
    running = now_and_next(whole, now)
    context: dict[str, Any] = {
        "agenda": shown, "activity": shown.activity, "programme": shown.activity.programme, "days": days, "day": day,
        "slots": slots_of(placed), "narrower": _narrower(shown, whole, day, chosen),
        "now": running.now, "next": running.next if running.now or _is_today(whole, now) else [],
    }  # fmt: skip
    return render(request, "public/agenda/agenda.html", context)


def _is_today(placed: list[Placed], now: Any) -> bool:
    """The first item begins within half a day, and the last is not over."""
    if not placed:
        return False
    first, last = placed[0].item.starts_at, max(one.item.ends_at for one in placed)
    return now < last and (first - now).total_seconds() < 12 * 3600


def _fits(placed: Placed, chosen: dict[str, str]) -> bool:
    """Breaks and welcomes without a room or track concern everybody."""
    item = placed.item
    in_room = not chosen["room"] or item.room is None or str(item.room_id) == chosen["room"]
    return in_room and (not chosen["track"] or item.track is None or str(item.track_id) == chosen["track"])


def _narrower(shown: Agenda, whole: list[Placed], day: Any, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Links to one room or one track of the day; none where there is nothing to choose."""
    rooms = rooms_used(shown, whole)
    tracks = {one.item.track_id: one.item.track for one in whole if one.item.track}
    things = [("room", one) for one in (rooms if len(rooms) > 1 else [])]
    things += [("track", one) for one in tracks.values()]
    links = [
        {"text": str(one), "href": f"?day={day}&{name}={one.pk}", "here": chosen[name] == str(one.pk)}
        for name, one in things
    ]
    everything = {"text": _("All"), "href": f"?day={day}", "here": not any(chosen.values())}
    return [everything, *links] if links else []


@login_not_required
@require_safe
@kept_for_visitors
def agenda_item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """One item with whoever is named on it."""
    shown = agenda_or_404(request, code)
    found = get_object_or_404(shown.items.standing(), code=item)
    context = {
        "activity": shown.activity, "programme": shown.activity.programme, "placed": placed_item(shown, found),
    }  # fmt: skip
    return render(request, "public/agenda/item.html", context)
