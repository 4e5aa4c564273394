"""Where a session or an activity is held: the cards of house and room, and the words they fill.

The words stay what somebody typed. A card fills only what was not typed at the same time, so that a page, a mail
and a calendar file need no card to say where people meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.activities.models import Activity, Session
from samverk.directory.access_words import access_line
from samverk.directory.models import Room, Venue
from samverk.directory.venue_commands import edit_room, edit_venue
from samverk.kit.acting import Actor, Refusal

MOST_VENUE = 200


@dataclass(frozen=True)
class Cards:
    """A house and a room of it; none of them where the session is held where the activity is."""

    venue: Venue | None = None
    room: Room | None = None


def words_of_card(venue: Venue, language: str) -> dict[str, Any]:
    """What an activity says of a house, in the activity's language."""
    with override(language):
        access = access_line(venue)
    return {"venue": venue.name, "address": venue.address, "place": venue.place, "access": access}


def where_of(activity: Activity, cards: Cards | None, *, typed: str) -> dict[str, Any]:
    """The fields of a new session. Raises Refusal `other_room` where the room belongs to another house."""
    cards = cards or Cards()
    house = _house(activity, cards)
    with override(activity.language):
        words = _words(house, cards)
    return {
        "venue": typed or words["venue"],
        "access": words["access"],
        "venue_card": cards.venue,
        "room": cards.room,
    }


def moved_to(session: Session, cards: Cards, *, typed: str | None) -> dict[str, Any]:
    """The fields that change when a session gets other cards; words typed at the same time stand."""
    house = _house(session.activity, cards)
    same = (session.venue_card_id, session.room_id) == (_pk(cards.venue), _pk(cards.room))
    if same:
        return {}
    with override(session.activity.language):
        words = _words(house, cards)
    if typed is not None and typed != session.venue:
        words.pop("venue")
    return words | {"venue_card_id": _pk(cards.venue), "room_id": _pk(cards.room)}


def edit_venue_everywhere(venue: Venue, *, by: Actor, **fields: Any) -> Venue:
    """Change a house, and the words of what comes there, where they are still the card's own."""
    with transaction.atomic():
        before = Venue.objects.select_related(None).get(pk=venue.pk)
        after = edit_venue(venue, by=by, **fields)
        coming = Activity.objects.filter(venue_card=venue, ends_at__gt=timezone.now())
        for activity in coming.select_for_update():
            _follow(
                activity, words_of_card(before, activity.language), words_of_card(after, activity.language)
            )
        _follow_sessions(Session.objects.filter(venue_card=venue), before, after)
        return after


def edit_room_everywhere(room: Room, *, by: Actor, **fields: Any) -> Room:
    """Change a room, and the words of the sessions ahead that are held in it."""
    with transaction.atomic():
        after = edit_room(room, by=by, **fields)
        for session in _ahead(Session.objects.filter(room=room)):
            house = session.venue_card or session.activity.venue_card or room.venue
            with override(session.activity.language):
                session.access = access_line(house, after)
            session.save(update_fields=["access"])
        return after


def _follow(thing: Activity | Session, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = [name for name in after if getattr(thing, name) == before[name] and after[name] != before[name]]
    for name in changed:
        setattr(thing, name, after[name])
    if changed:
        thing.save(update_fields=changed)


def _follow_sessions(sessions: Any, before: Venue, after: Venue) -> None:
    for session in _ahead(sessions):
        with override(session.activity.language):
            old, new = (_words(house, Cards(house, session.room)) for house in (before, after))
        _follow(session, old, new)


def _ahead(sessions: Any) -> Any:
    ahead = sessions.filter(ends_at__gt=timezone.now(), state=Session.State.PLANNED)
    return ahead.select_related("activity__venue_card", "venue_card", "room")


def _house(activity: Activity, cards: Cards) -> Venue | None:
    house = cards.venue or activity.venue_card
    if cards.room is not None and (house is None or cards.room.venue_id != house.pk):
        raise Refusal(
            _("This room belongs to another venue. Choose one of this venue."),
            code="other_room",
            field="room",
        )
    return house


def _words(house: Venue | None, cards: Cards) -> dict[str, Any]:
    """Nothing where the session is held where the activity is, and in no named room."""
    if house is None or (cards.venue is None and cards.room is None):
        return {"venue": "", "access": ""}
    named = [house.name, cards.room.name] if cards.room else [house.name]
    return {"venue": ", ".join(named)[:MOST_VENUE], "access": access_line(house, cards.room)}


def _pk(card: Venue | Room | None) -> int | None:
    return card.pk if card else None
