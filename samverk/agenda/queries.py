"""Reads of a programme for pages, files and feeds. However long it is, the number of questions stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from samverk.activities.models import Registration
from samverk.agenda.models import Agenda, AgendaItem, Appearance, ProgrammeRoom, Speaker

# What a list does not show: most of the bytes.
_LONG = ("abstract", "description", "extra")


@dataclass(frozen=True)
class Placed:
    """An item with whoever may be named on it; ``column`` is the place of its room from the left, from 1."""

    item: AgendaItem
    people: list[Appearance]
    column: int = 0


@dataclass(frozen=True)
class SlotOfDay:
    """What begins at the same time."""

    starts_at: datetime
    placed: list[Placed] = field(default_factory=list)


def placed_items(
    agenda: Agenda, *, day: date | None = None, is_public: bool = True, with_words: bool = False
) -> list[Placed]:
    """Standing items in order, people loaded; to the public only confirmed ones. Two queries."""
    items = agenda.items.standing().select_related("room", "track", "session")
    if day is not None:
        items = items.filter(day=day)
    if not with_words:
        items = items.defer(*_LONG)
    return _with_people(agenda, items, is_public)


def placed_item(agenda: Agenda, item: AgendaItem, *, is_public: bool = True) -> Placed:
    """One item with its people."""
    found = agenda.items.filter(pk=item.pk).select_related("room__card__venue", "track", "session")
    return _with_people(agenda, found, is_public)[0]


def _with_people(agenda: Agenda, items: QuerySet[AgendaItem], is_public: bool) -> list[Placed]:
    people = Appearance.objects.select_related("speaker__registration__person", "speaker__organisation")
    columns = {pk: number for number, pk in enumerate(agenda.rooms.values_list("pk", flat=True), 1)}
    found = []
    for item in items.prefetch_related(Prefetch("appearances", queryset=people)):
        item.agenda = agenda
        named = [one for one in item.appearances.all() if one.speaker.is_public or not is_public]
        found.append(Placed(item, named, columns.get(item.room_id or 0, 0)))
    return found


def days_of(agenda: Agenda) -> list[date]:
    """The days the programme has items on."""
    return list(agenda.items.standing().order_by("day").values_list("day", flat=True).distinct())


def day_to_show(days: list[date], asked: str, today: date) -> date | None:
    """The day somebody asked for, else today where it is one of them, else the first that comes, else the first."""
    wanted = next((day for day in days if day.isoformat() == asked), None)
    ahead = [day for day in days if day >= today]
    return wanted or (ahead[0] if ahead else (days[0] if days else None))


def slots_of(placed: Iterable[Placed]) -> list[SlotOfDay]:
    """Items gathered by when they begin; in a slot by room from the left, those without a room first."""
    slots: dict[datetime, SlotOfDay] = {}
    for one in placed:
        slots.setdefault(one.item.starts_at, SlotOfDay(one.item.starts_at)).placed.append(one)
    for slot in slots.values():
        slot.placed.sort(key=lambda one: (one.column, one.item.pk))
    return [slots[starts_at] for starts_at in sorted(slots)]


@dataclass(frozen=True)
class NowAndNext:
    """What runs at a moment, and what begins next."""

    now: list[Placed]
    next: list[Placed]


def now_and_next(placed: list[Placed], moment: datetime) -> NowAndNext:
    """Breaks run, too. Next is all that begins at the next time something begins."""
    running = [one for one in placed if one.item.starts_at <= moment < one.item.ends_at]
    ahead = [one for one in placed if one.item.starts_at > moment]
    first = min((one.item.starts_at for one in ahead), default=None)
    return NowAndNext(running, [one for one in ahead if one.item.starts_at == first])


def rooms_used(agenda: Agenda, placed: Iterable[Placed]) -> list[ProgrammeRoom]:
    """Rooms of these items, in the programme's order."""
    used = {one.item.room_id for one in placed}
    return [room for room in agenda.rooms.all() if room.pk in used]


@dataclass(frozen=True)
class OwnItem:
    """An item a speaker takes part in, and as what."""

    item: AgendaItem
    role: str


def own_items(registration: Registration) -> tuple[Speaker | None, list[OwnItem]]:
    """What the holder of this place does on the programme; nothing for whoever only listens."""
    related = Speaker.objects.select_related("agenda__activity", "organisation", "registration__person")
    speaker = related.filter(registration=registration).first()
    if speaker is None:
        return None, []
    rows = speaker.appearances.filter(item__removed_at=None).select_related("item__room", "item__session")
    found = []
    for row in rows.order_by("item__starts_at", "pk"):
        row.item.agenda = speaker.agenda
        found.append(OwnItem(row.item, str(row.get_role_display())))
    return speaker, found


def speakers_of(agenda: Agenda) -> list[Speaker]:
    """Everybody on the programme, by name as the office sorts; their items counted and loaded."""
    items = (
        Appearance.objects.filter(item__removed_at=None).select_related("item").order_by("item__starts_at")
    )
    found = agenda.speakers.select_related("registration__person", "organisation").prefetch_related(
        Prefetch("appearances", queryset=items, to_attr="standing_appearances")
    )
    return sorted(found, key=lambda one: str(one).casefold())


def outside_number(agenda: Agenda) -> int:
    """How many items stand outside their session, because it was moved or a file said so."""
    outside = Q(starts_at__lt=F("session__starts_at")) | Q(ends_at__gt=F("session__ends_at"))
    return agenda.items.standing().filter(outside).count()


def agenda_faults() -> list[str]:
    """For the doctor: speakers without a place, and items in cancelled sessions of published programmes."""
    faults: list[str] = []
    homeless = Speaker.objects.filter(registration=None, agenda__published_at__isnull=False)
    for code in homeless.values_list("code", flat=True):
        faults.append(f"speaker {code} has no place in the activity")
    return faults


def is_published(activity: Any) -> bool:
    """Whether the activity has a programme that is shown."""
    return Agenda.objects.filter(activity=activity, published_at__isnull=False).exists()
