"""The programme of an activity: its items day by day, rooms and tracks, who takes part, and showing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Activity
from samverk.agenda.clashing import name_in_office, shown_clashes
from samverk.agenda.commands import agendas, items, speakers
from samverk.agenda.models import Agenda, AgendaItem, Appearance, Speaker
from samverk.agenda.permissions import items_in_office, may_edit_agenda, speakers_in_office
from samverk.agenda.queries import (
    Placed,
    day_to_show,
    days_of,
    outside_number,
    placed_item,
    placed_items,
    rooms_used,
    slots_of,
    speakers_of,
)
from samverk.agenda.rules import programme_day
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.agenda import ItemForm, NameForm, SpeakerForm, facts_of
from samverk.office.views.activities import activity_of
from samverk.office.views.undo import undo_address


@require_safe
def agenda(request: HttpRequest, code: str) -> HttpResponse:
    """The programme of a day as it stands, what fights over a room or a person, and everybody on it."""
    found = activity_of(request, code)
    context: dict[str, Any] = {
        "activity": found, "programme": found.programme, "may_edit": may_edit_agenda(request.user, found),
    }  # fmt: skip
    standing = _agenda_or_none(found)
    if standing is None:
        return render(request, "office/agenda/empty.html", context)
    days = days_of(standing)
    day = day_to_show(days, request.GET.get("day", ""), timezone.localdate())
    placed = placed_items(standing, day=day, is_public=False) if day else []
    context |= {
        "agenda": standing, "days": days, "day": day, "slots": slots_of(placed),
        "rooms": rooms_used(standing, placed), "clashes": shown_clashes(standing),
        "outside": outside_number(standing), "speakers": _named(speakers_of(standing)),
        "can_add": found.sessions.exists(),
    }  # fmt: skip
    return render(request, "office/agenda/agenda.html", context)


def _named(found: list[Speaker]) -> list[tuple[str, Speaker]]:
    return [(name_in_office(one), one) for one in found]


def _agenda_or_none(found: Activity) -> Agenda | None:
    standing = Agenda.objects.filter(activity=found).first()
    if standing is not None:
        standing.activity = found
    return standing


def _agenda(request: HttpRequest, code: str) -> Agenda:
    """The programme of an activity one may edit."""
    found = activity_of(request, code)
    if not may_edit_agenda(request.user, found):
        raise PermissionDenied
    standing = _agenda_or_none(found)
    if standing is None:
        raise Http404
    return standing


@require_POST
def agenda_open(request: HttpRequest, code: str) -> HttpResponse:
    """An empty programme, and the form of its first item."""
    found = activity_of(request, code)
    if not may_edit_agenda(request.user, found):
        raise PermissionDenied
    agendas.open_agenda(found, by=actor_of(request))
    return redirect("office:agenda_item_create", code)


def _act(request: HttpRequest, act: Callable[[], Any], done: str) -> None:
    """Do it and say so; a refusal is said instead."""
    try:
        thing = act()
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, done, undo=undo_address(thing) if isinstance(thing, Agenda | AgendaItem) else "")


@require_POST
def agenda_publish(request: HttpRequest, code: str) -> HttpResponse:
    standing = _agenda(request, code)
    _act(
        request,
        lambda: agendas.publish_agenda(standing, by=actor_of(request)),
        _("Everybody can read it now."),
    )
    return redirect("office:agenda", code)


@require_POST
def agenda_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    standing = _agenda(request, code)
    _act(
        request,
        lambda: agendas.withdraw_agenda(standing, by=actor_of(request)),
        _("Only the team sees it now."),
    )
    return redirect("office:agenda", code)


@require_POST
def agenda_ask(request: HttpRequest, code: str) -> HttpResponse:
    """A mail to everybody on the programme who has not said yes."""
    number = speakers.ask_speakers(_agenda(request, code), by=actor_of(request))
    said = ngettext("%(n)s person is asked.", "%(n)s people are asked.", number) % {"n": number}
    flash.tell(request, said if number else _("Everybody was asked already."), kind="info")
    return redirect("office:agenda", code)


# ---------- rooms and tracks ----------


@require_safe
def agenda_rooms(request: HttpRequest, code: str) -> HttpResponse:
    return _rooms_page(request, _agenda(request, code), NameForm(), NameForm(prefix="track"))


def _rooms_page(request: HttpRequest, standing: Agenda, room: NameForm, track: NameForm) -> HttpResponse:
    context = {
        "activity": standing.activity, "programme": standing.activity.programme, "agenda": standing,
        "rooms": standing.rooms.all(), "tracks": standing.tracks.all(), "room_form": room, "track_form": track,
    }  # fmt: skip
    status = 422 if room.errors or track.errors else 200
    return render(request, "office/agenda/rooms.html", context, status=status)


@require_POST
def agenda_room_add(request: HttpRequest, code: str) -> HttpResponse:
    standing, form = _agenda(request, code), NameForm(request.POST)
    if not form.is_valid():
        return _rooms_page(request, standing, form, NameForm(prefix="track"))
    agendas.add_room(standing, form.cleaned_data["name"], by=actor_of(request))
    flash.tell(request, _("The room is added."))
    return redirect("office:agenda_rooms", code)


@require_POST
def agenda_track_add(request: HttpRequest, code: str) -> HttpResponse:
    standing, form = _agenda(request, code), NameForm(request.POST, prefix="track")
    if not form.is_valid():
        return _rooms_page(request, standing, NameForm(), form)
    agendas.add_track(standing, form.cleaned_data["name"], by=actor_of(request))
    flash.tell(request, _("The track is added."))
    return redirect("office:agenda_rooms", code)


@require_POST
def agenda_room_up(request: HttpRequest, code: str, number: int) -> HttpResponse:
    room = get_object_or_404(_agenda(request, code).rooms, pk=number)
    agendas.move_room_up(room, by=actor_of(request))
    return redirect("office:agenda_rooms", code)


@require_POST
def agenda_room_remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    room = get_object_or_404(_agenda(request, code).rooms, pk=number)
    agendas.remove_room(room, by=actor_of(request))
    flash.tell(request, _("The room is gone. What was in it stands without a room."), kind="info")
    return redirect("office:agenda_rooms", code)


@require_POST
def agenda_track_remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    track = get_object_or_404(_agenda(request, code).tracks, pk=number)
    agendas.remove_track(track, by=actor_of(request))
    flash.tell(request, _("The track is gone. Its items stay."), kind="info")
    return redirect("office:agenda_rooms", code)


# ---------- items ----------


def _days(standing: Agenda) -> list:
    """The programme's days on which a session begins."""
    moments = standing.activity.sessions.order_by("starts_at").values_list("starts_at", flat=True)
    return sorted({programme_day(one, standing.zone, standing.day_change) for one in moments})


def agenda_item_create(request: HttpRequest, code: str) -> HttpResponse:
    """A new item, offered right after the last one of its day."""
    standing = _agenda(request, code)
    days = _days(standing)
    form = ItemForm(
        request.POST or None, agenda=standing, days=days, initial=_next(standing, request.GET.get("day", ""))
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = items.add_item(standing, form.slot(), by=actor_of(request), **form.facts())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("It stands on the programme. Who takes part?"))
            return redirect("office:agenda_item", made.code)
    context = {
        "activity": standing.activity, "programme": standing.activity.programme, "agenda": standing, "form": form,
        "has_days": bool(days),
    }  # fmt: skip
    return render(request, "office/agenda/item_create.html", context, status=422 if form.errors else 200)


def _next(standing: Agenda, day: str) -> dict[str, Any]:
    """When the last item of the day ends, or when its session begins."""
    last = standing.items.standing().filter(**({"day": day} if day in map(str, _days(standing)) else {}))
    item = last.order_by("-ends_at").first()
    if item is not None:
        item.agenda = standing
        return {
            "day": item.day.isoformat(),
            "starts": f"{item.ends_local:%H:%M}",
            "minutes": 30,
            "kind": "talk",
        }
    session = standing.activity.sessions.order_by("starts_at").first()
    if session is None:
        return {}
    here = session.starts_at.astimezone(standing.zone)
    first = programme_day(session.starts_at, standing.zone, standing.day_change)
    return {"day": first.isoformat(), "starts": f"{here:%H:%M}", "minutes": 30, "kind": "welcome"}


def agenda_item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: its words, time and room, and who takes part."""
    item = _item(request, code)
    form = ItemForm(request.POST or None, agenda=item.agenda, days=_days(item.agenda), initial=facts_of(item))
    if request.method == "POST" and form.is_valid():
        try:
            items.edit_item(item, form.slot(), by=actor_of(request), **form.facts())
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("Saved."), undo=undo_address(item))
            return redirect("office:agenda", item.agenda.code)
    return _item_page(request, item, form, SpeakerForm(agenda=item.agenda))


def _item(request: HttpRequest, code: str) -> AgendaItem:
    found = (
        items_in_office(request.user)
        .standing()
        .select_related("agenda__activity__programme", "room", "track")
    )
    item = get_object_or_404(found, code=code)
    if not may_edit_agenda(request.user, item.agenda.activity):
        raise PermissionDenied
    return item


def _item_page(request: HttpRequest, item: AgendaItem, form: ItemForm, who: SpeakerForm) -> HttpResponse:
    placed: Placed = placed_item(item.agenda, item, is_public=False)
    context = {
        "activity": item.agenda.activity, "programme": item.agenda.activity.programme, "item": item, "form": form,
        "who_form": who, "people": [(name_in_office(one.speaker), one) for one in placed.people],
        "clashes": [one for one in shown_clashes(item.agenda) if item.pk in (one.first.pk, one.second.pk)],
    }  # fmt: skip
    return render(
        request, "office/agenda/item.html", context, status=422 if form.errors or who.errors else 200
    )


@require_POST
def agenda_item_remove(request: HttpRequest, code: str) -> HttpResponse:
    item = _item(request, code)
    _act(request, lambda: items.remove_item(item, by=actor_of(request)), _("It is off the programme."))
    return redirect("office:agenda", item.agenda.code)


@require_POST
def agenda_speaker_add(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody takes part in this item: known to the programme, or by name."""
    item, actor = _item(request, code), actor_of(request)
    form = SpeakerForm(request.POST, agenda=item.agenda)
    if form.is_valid():
        try:
            speaker = form.known or speakers.add_speaker(item.agenda, form.who(), by=actor)
            speakers.put_on_item(
                item, speaker, role=form.cleaned_data["role"], by=actor, reason=form.cleaned_data["reason"]
            )
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("On the programme. The public reads the name when it is confirmed."))
            return redirect("office:agenda_item", code)
    blank = ItemForm(agenda=item.agenda, days=_days(item.agenda), initial=facts_of(item))
    return _item_page(request, item, blank, form)


@require_POST
def agenda_speaker_off(request: HttpRequest, code: str, speaker: str) -> HttpResponse:
    item = _item(request, code)
    appearance = get_object_or_404(Appearance, item=item, speaker__code=speaker)
    speakers.take_off_item(appearance, by=actor_of(request))
    flash.tell(request, _("Not on this item any more. The place in the activity stays."), kind="info")
    return redirect("office:agenda_item", code)


@require_POST
def agenda_speaker_confirm(request: HttpRequest, code: str) -> HttpResponse:
    return _speaker_set(request, code, speakers.confirm_speaker, _("The public reads the name."))


@require_POST
def agenda_speaker_hide(request: HttpRequest, code: str) -> HttpResponse:
    return _speaker_set(request, code, speakers.hide_speaker, _("The public does not read the name."))


def _speaker_set(request: HttpRequest, code: str, command: Callable[..., Any], done: str) -> HttpResponse:
    speaker = get_object_or_404(
        speakers_in_office(request.user).select_related("agenda__activity"), code=code
    )
    if not may_edit_agenda(request.user, speaker.agenda.activity):
        raise PermissionDenied
    _act(request, lambda: command(speaker, by=actor_of(request)), done)
    return redirect("office:agenda", speaker.agenda.code)
