"""Items: adding, changing, moving, taking out. Who wants one room or one person twice must say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Session
from samverk.agenda import rules
from samverk.agenda.choices import ItemKind
from samverk.agenda.commands.agendas import lock_agenda, touch
from samverk.agenda.commands.clashes import settle_clashes
from samverk.agenda.messages import queue_moved_mails
from samverk.agenda.models import Agenda, AgendaItem, ProgrammeRoom, Track
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

UNDO_MOVING, UNDO_REMOVING = "agenda.move_item", "agenda.remove_item"
WORDS = ("kind", "title", "subtitle", "abstract", "description", "language", "track")
LIMITS = {"title": 500, "subtitle": 500, "language": 20}


@dataclass(frozen=True)
class Slot:
    """When and where an item is: from when, how many minutes, in which room of the programme."""

    starts_at: datetime
    minutes: int
    room: ProgrammeRoom | None = None

    @property
    def ends_at(self) -> datetime:
        # Counted in UTC: in the night the clock jumps, the wall shows an hour more or less.
        return self.starts_at.astimezone(UTC) + timedelta(minutes=self.minutes)


def add_item(agenda: Agenda, slot: Slot, *, by: Actor, reason: str = "", **words: Any) -> AgendaItem:
    """Put an item on the programme, inside the session that holds its time.

    Raises Refusal `outside`, or `clash` where the room is taken and no ``reason`` says why that is all right.
    """
    with transaction.atomic():
        agenda = lock_agenda(agenda.pk)
        item = AgendaItem(agenda=agenda, number=next_number(agenda))
        _word(item, words)
        _place(item, slot)
        item.save()
        settle_clashes(item.agenda, {item.pk}, reason, by=by)
        touch(agenda)
        log("add_item", item, by=by, scope=agenda.activity.programme.scope, changed=["title", "starts_at"])
    return item


def edit_item(item: AgendaItem, slot: Slot, *, by: Actor, reason: str = "", **words: Any) -> AgendaItem:
    """Change an item's words, time and room at once. Speakers of a published programme are told of a new time."""
    with transaction.atomic():
        item = _locked(item)
        before = _facts(item)
        named = _word(item, words)
        moved = _place(item, slot)
        changed = [*named, *moved]
        if changed:
            _write(item, changed, before if moved else None, by=by)
        settle_clashes(item.agenda, {item.pk}, reason, by=by)
    return item


def move_item(item: AgendaItem, slot: Slot, *, by: Actor, reason: str = "") -> AgendaItem:
    """Another time, length or room. Undoable for 24 hours."""
    return edit_item(item, slot, by=by, reason=reason)


def shift_items(session: Session, *, since: datetime, minutes: int, by: Actor, reason: str = "") -> int:
    """Move everything of a session from a moment on by so many minutes, to and fro; says how many items.

    For the day itself, when the lunch takes longer. Raises Refusal `clash` as moving one item does.
    """
    if minutes == 0 or abs(minutes) > 24 * 60:
        raise Refusal(_("Write by how many minutes, at most a day."), code="minutes", field="minutes")
    with transaction.atomic():
        agenda = lock_agenda(_agenda_of(session))
        chosen = list(agenda.items.standing().filter(session=session, starts_at__gte=since))
        if not chosen:
            raise Refusal(_("Nothing begins from then on in this session."), code="nothing", field="since")
        for item in chosen:
            item.agenda = agenda
            before = _facts(item)
            by_so_much = timedelta(minutes=minutes)
            item.starts_at, item.ends_at = item.starts_at + by_so_much, item.ends_at + by_so_much
            item.day = rules.programme_day(item.starts_at, agenda.zone, agenda.day_change)
            _write(item, ["starts_at", "ends_at", "day"], before, by=by, verb="shift_item")
        settle_clashes(agenda, {item.pk for item in chosen}, reason, by=by)
    return len(chosen)


def remove_item(item: AgendaItem, *, by: Actor) -> AgendaItem:
    """Take an item out of the programme. Undoable for 24 hours."""
    with transaction.atomic():
        item = _locked(item)
        if item.removed_at is None:
            item.removed_at = timezone.now()
            item.sequence += 1
            item.save(update_fields=["removed_at", "sequence"])
            touch(item.agenda)
            scope = item.agenda.activity.programme.scope
            log("remove_item", item, by=by, scope=scope, changed=["removed_at"], undo_with=UNDO_REMOVING)
    return item


def undo_removing(item_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """The item stands on the programme again, where it stood."""
    item = _locked(AgendaItem.objects.get(pk=item_id))
    item.removed_at = None
    item.sequence += 1
    item.save(update_fields=["removed_at", "sequence"])
    touch(item.agenda)
    log("put_back_item", item, by=by, scope=item.agenda.activity.programme.scope, changed=["removed_at"])


def undo_moving(item_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Back to the time and room before; refused where somebody has changed it since."""
    item = _locked(AgendaItem.objects.get(pk=item_id))
    if item.sequence != facts["sequence"]:
        raise Refusal(_("The item was changed since. Look at it as it is now."), code="changed_since")
    room = ProgrammeRoom.objects.filter(pk=facts["room"], agenda=item.agenda_id).first()
    slot = Slot(datetime.fromisoformat(facts["starts_at"]), facts["minutes"], room)
    moved = _place(item, slot)
    if moved:
        _write(item, moved, None, by=by, verb="move_back")
        settle_clashes(item.agenda, {item.pk}, _("As it was before"), by=by)


def next_number(agenda: Agenda) -> int:
    """The next free number of an item, as programme files want one."""
    return (agenda.items.aggregate(most=Max("number"))["most"] or 0) + 1


def _agenda_of(session: Session) -> int:
    return Agenda.objects.values_list("pk", flat=True).get(activity=session.activity_id)


def _locked(item: AgendaItem) -> AgendaItem:
    agenda = lock_agenda(item.agenda_id)
    item = (
        AgendaItem.objects.select_for_update(of=("self",)).select_related("room", "session").get(pk=item.pk)
    )
    item.agenda = agenda
    return item


def _facts(item: AgendaItem) -> dict[str, Any]:
    return {"starts_at": item.starts_at.isoformat(), "minutes": item.minutes, "room": item.room_id}


def _word(item: AgendaItem, words: Mapping[str, Any]) -> list[str]:
    """Set the words that differ; a kind chosen by hand takes the place of a file's word for it."""
    if unknown := set(words) - set(WORDS):
        raise TypeError(f"not words of an item: {sorted(unknown)}")
    tidy = {name: _tidied(name, value) for name, value in words.items()}
    changed = [name for name, value in tidy.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, tidy[name])
    if not item.title:
        raise Refusal(_("Write a title."), code="no_title", field="title")
    if item.kind not in ItemKind.values:
        raise Refusal(_("Choose what kind of item it is."), code="kind", field="kind")
    track = item.track
    if track is not None and track.agenda_id != item.agenda_id:
        raise Refusal(_("This track belongs to another programme."), code="track", field="track")
    if "kind" in changed and item.kind_typed:
        item.kind_typed = ""
        changed.append("kind_typed")
    return changed


def _tidied(name: str, value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Track):
        return value
    if name in LIMITS:
        return " ".join(value.split())[: LIMITS[name]]
    return value.strip()


def _place(item: AgendaItem, slot: Slot) -> list[str]:
    """Set time, room, day and session; says what changed. Raises Refusal `minutes`, `outside` or `room`."""
    if refusal := rules.minutes_refusal(slot.minutes):
        raise refusal
    agenda = item.agenda
    if slot.room is not None and slot.room.agenda_id != agenda.pk:
        raise Refusal(_("This room belongs to another programme."), code="room", field="room")
    sessions = list(agenda.activity.sessions.exclude(state=Session.State.CANCELLED))
    session = rules.session_for(sessions, slot.starts_at, slot.ends_at)
    unmoved = item.pk is not None and (item.starts_at, item.minutes) == (slot.starts_at, slot.minutes)
    if session is None and not unmoved:
        raise rules.outside_refusal(sessions)
    values = {
        "starts_at": slot.starts_at, "ends_at": slot.ends_at, "minutes": slot.minutes, "room": slot.room,
        "day": rules.programme_day(slot.starts_at, agenda.zone, agenda.day_change),
        "session": session or item.session,
    }  # fmt: skip
    is_new = item.pk is None
    changed = [name for name, value in values.items() if is_new or getattr(item, name) != value]
    for name in changed:
        setattr(item, name, values[name])
    return changed


def _write(
    item: AgendaItem, changed: list[str], before: Mapping[str, Any] | None, *, by: Actor, verb: str = ""
) -> None:
    """Save, count the change for calendars, log it, and tell the speakers of a new time."""
    item.sequence += 1
    item.changed_at = timezone.now()
    item.save(update_fields=[*changed, "sequence", "changed_at"])
    touch(item.agenda)
    undo: dict[str, Any] = {}
    if before:
        undo = {"undo_with": UNDO_MOVING, "undo_facts": {**before, "sequence": item.sequence}}
    log(
        verb or ("move_item" if before else "edit"), item, by=by, scope=item.agenda.activity.programme.scope,
        changed=changed, **undo,
    )  # fmt: skip
    if {"starts_at", "ends_at", "room"} & set(changed):
        queue_moved_mails(item)
