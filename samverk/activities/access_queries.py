"""What a page says of getting in: from the card of the house and room, or as somebody typed it."""

from __future__ import annotations

from dataclasses import dataclass, field

from samverk.activities.models import Activity, Session
from samverk.directory.access_words import AccessRow, known_rows
from samverk.directory.models import Venue


@dataclass(frozen=True)
class WayIn:
    """Rows of the card that somebody answered, or typed words; a map and directions where they are known."""

    rows: list[AccessRow] = field(default_factory=list)
    words: str = ""
    map_link: str = ""
    directions: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.rows or self.words or self.map_link or self.directions)


def way_in(activity: Activity, session: Session | None = None) -> WayIn:
    """Of one session, or of the activity's own venue. Cards are loaded; an online activity has none."""
    own: Venue | None = session.venue_card if session else None
    if not activity.is_in_room and own is None:
        return WayIn()
    house = own or activity.venue_card
    if house is None:
        typed = session.access or ("" if session.venue else activity.access) if session else activity.access
        return WayIn(words=typed)
    if own is None and session is not None and session.venue and session.room_id is None:
        return WayIn(words=session.access)  # another place, as somebody typed it
    rows = known_rows(house, session.room if session else None)
    words = "" if rows else activity.access
    return WayIn(rows, words, house.map_link, house.directions)
