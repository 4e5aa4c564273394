"""Venues and their rooms: list, card, access. Shared by all programmes; coordinators keep them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.commands.session_places import edit_room_everywhere, edit_venue_everywhere
from samverk.directory import venue_commands as commands
from samverk.directory.access_words import known_rows
from samverk.directory.models import Room, Venue
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.fold import fold
from samverk.office.doors import for_team
from samverk.office.forms.venues import RoomForm, VenueFilter, VenueForm
from samverk.office.views.undo import undo_address
from samverk.programmes.permissions import may_edit_directory, venues_visible_to

ROWS = 50


def _keeps(request: HttpRequest) -> None:
    if not may_edit_directory(request.user):
        raise PermissionDenied


def _venue_of(request: HttpRequest, code: str, *, to_edit: bool = False) -> Venue:
    found = get_object_or_404(venues_visible_to(request.user), code=code)
    if to_edit:
        _keeps(request)
    return found


@for_team
@require_safe
def venues(request: HttpRequest) -> HttpResponse:
    form = VenueFilter(request.GET or None)
    found = venues_visible_to(request.user).alive()
    text = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    for word in fold(text).split():
        found = found.filter(folded__contains=word)
    rooms = Count("rooms", filter=Q(rooms__archived_at=None))
    page = Paginator(found.annotate(room_number=rooms).order_by("sort_key", "pk"), ROWS).get_page(
        request.GET.get("page")
    )
    context = {"filter": form, "page": page, "asked": text, "may_edit": may_edit_directory(request.user)}
    return render(request, "office/venues/list.html", context)


@for_team
@require_safe
def venue(request: HttpRequest, code: str) -> HttpResponse:
    return _card(request, _venue_of(request, code), RoomForm())


def _card(request: HttpRequest, found: Venue, form: RoomForm, status: int = 200) -> HttpResponse:
    rooms = [{"room": room, "rows": known_rows(found, room)} for room in found.rooms.filter(archived_at=None)]
    context = {
        "venue": found, "rows": known_rows(found), "rooms": rooms, "may_edit": may_edit_directory(request.user),
        "room_form": form, **({"form": form} if status == 422 else {}),
    }  # fmt: skip
    return render(request, "office/venues/venue.html", context, status=status)


@for_team
def venue_create(request: HttpRequest) -> HttpResponse:
    _keeps(request)
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = commands.create_venue(by=actor_of(request), **form.facts())
        flash.tell(request, _("%(name)s is saved.") % {"name": made.name})
        return redirect("office:venue", made.code)
    context = {"form": form, "venue": None}
    return render(request, "office/venues/edit.html", context, status=422 if form.errors else 200)


@for_team
def venue_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = _venue_of(request, code, to_edit=True)
    form = VenueForm(request.POST or None, instance=Venue.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        edit_venue_everywhere(found, by=actor_of(request), **form.facts())
        flash.tell(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
        return redirect("office:venue", code)
    context = {"form": form, "venue": found}
    return render(request, "office/venues/edit.html", context, status=422 if form.errors else 200)


@require_POST
@for_team
def venue_archive(request: HttpRequest, code: str) -> HttpResponse:
    found = commands.archive_venue(_venue_of(request, code, to_edit=True), by=actor_of(request))
    words = _("%(name)s is taken out of the lists.") % {"name": found.name}
    flash.tell(request, words, undo=undo_address(found))
    return redirect("office:venues")


@require_POST
@for_team
def room_add(request: HttpRequest, code: str) -> HttpResponse:
    found = _venue_of(request, code, to_edit=True)
    form = RoomForm(request.POST)
    if form.is_valid():
        try:
            made = commands.add_room(found, by=actor_of(request), **form.facts())
        except Refusal as no:
            form.add_error(no.field or None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is saved.") % {"name": made.name})
            return redirect("office:venue", code)
    return _card(request, found, form, status=422)


def _room_of(request: HttpRequest, code: str) -> Room:
    visible = Room.objects.filter(venue__in=venues_visible_to(request.user)).select_related("venue")
    found = get_object_or_404(visible, code=code)
    _keeps(request)
    return found


@for_team
def room_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = _room_of(request, code)
    form = RoomForm(request.POST or None, instance=Room.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        try:
            edit_room_everywhere(found, by=actor_of(request), **form.facts())
        except Refusal as no:
            form.add_error(no.field or None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("office:venue", found.venue.code)
    context = {"form": form, "venue": found.venue, "room": found}
    return render(request, "office/venues/room.html", context, status=422 if form.errors else 200)


@require_POST
@for_team
def room_archive(request: HttpRequest, code: str) -> HttpResponse:
    found = _room_of(request, code)
    archived = commands.archive_room(found, by=actor_of(request))
    words = _("%(name)s is taken out of the lists.") % {"name": archived.name}
    flash.tell(request, words, undo=undo_address(archived))
    return redirect("office:venue", found.venue.code)
