"""The programme of the forum in Mikołów: three hosts, three welcomes, one presentation, three moderated panels."""

from __future__ import annotations

from datetime import timedelta

from samverk.activities.models import Activity
from samverk.agenda.commands.agendas import add_room, add_track, open_agenda, publish_agenda
from samverk.agenda.commands.items import Slot, add_item
from samverk.agenda.commands.speakers import Who, add_speaker, confirm_speaker, put_on_item
from samverk.agenda.models import Speaker
from samverk.demo.history import Story

# Minutes after the start, length, kind, title, what the people are there for, and their places in the list of participants.
ITEMS = [
    (0, 15, "networking", "Kawa powitalna i rejestracja", "", ()),
    (15, 5, "welcome", "Powitanie: powiat", "host", (0,)),
    (20, 5, "welcome", "Powitanie: miasto", "host", (1,)),
    (25, 5, "welcome", "Powitanie: ośrodek wsparcia", "host", (2,)),
    (30, 30, "talk", "Co się udało w latach 2015–2023", "speaker", (2,)),
    (60, 45, "panel", "Współpraca z samorządem", "speaker", (3, 4, 0)),
    (105, 20, "break", "Przerwa i rozmowy w kuluarach", "", ()),
    (125, 45, "panel", "Współpraca z biznesem", "speaker", (3, 5, 6)),
    (170, 45, "panel", "Deinstytucjonalizacja usług społecznych", "speaker", (3, 7, 4)),
    (215, 25, "networking", "Lunch: nowe znajomości", "", ()),
]
MODERATOR = 3
ON_PROGRAMME = 8


def write_programme(story: Story, forum: Activity) -> None:
    """The day as it was, inside its session; everybody on it is invented and has said yes."""
    session = forum.sessions.get()
    agenda = open_agenda(forum, by=story.by)
    hall = add_room(agenda, "Sala widowiskowa", by=story.by, capacity=120)
    foyer = add_room(agenda, "Foyer", by=story.by)
    panels = add_track(agenda, "Panele", by=story.by)
    # Whoever is on the programme is one of the participants, with the registration she has.
    places = (
        forum.registrations.filter(state="confirmed").select_related("person", "organisation").order_by("pk")
    )
    people: list[Speaker] = []
    for place in [one for one in places if one.person and not one.person.is_protected][:ON_PROGRAMME]:
        who = Who(person=place.person, organisation=place.organisation)
        people.append(confirm_speaker(add_speaker(agenda, who, by=story.by), by=story.by))
    for after, minutes, kind, title, role, on_it in ITEMS:
        slot = Slot(session.starts_at + timedelta(minutes=after), minutes, hall if on_it else foyer)
        item = add_item(
            agenda, slot, kind=kind, title=title, track=panels if kind == "panel" else None, by=story.by
        )
        for place, number in enumerate(on_it):
            moderates = kind == "panel" and place == 0 and number == MODERATOR
            put_on_item(item, people[number], role="moderator" if moderates else role, by=story.by)
    publish_agenda(agenda, by=story.by)
