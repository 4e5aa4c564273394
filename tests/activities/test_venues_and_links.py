"""Where people meet: cards of houses and rooms, what is said about access, and the link of an online meeting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from samverk.activities.calendar_files import calendar_file
from samverk.activities.commands.activities import create_activity, edit_activity
from samverk.activities.commands.registrations import register_for
from samverk.activities.commands.session_places import Cards, edit_room_everywhere, edit_venue_everywhere
from samverk.activities.commands.sessions import move_session, schedule_session
from samverk.activities.link_rules import links_of, shown_link
from samverk.activities.messages import compose as compose_registration
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Session
from samverk.directory.access_words import access_line, access_rows
from samverk.directory.venue_commands import add_room, archive_venue, create_venue
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.mailings.reminding import compose_reminder, remind_of_sessions
from samverk.post.models import Mail
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.cast import as_person, make_activity

LINK = "https://meet.example.org/secret-room"


@pytest.fixture
def house(db):
    return create_venue(
        "Föreningarnas hus", by=THE_SHELL, address="Exempelgatan 1", place="Malmö", step_free="yes",
        lift="no", lift_note="out of order until May", map_link="https://map.example.org/1",
    )  # fmt: skip


def test_a_card_fills_what_was_not_typed_and_leaves_what_was(cast, house):
    by = as_person(cast.coordinator)
    filled = create_activity(cast.programme, title="A", language="en", kind="course", by=by, venue_card=house)
    assert (filled.venue, filled.address, filled.place) == ("Föreningarnas hus", "Exempelgatan 1", "Malmö")
    assert filled.access == "Way in without steps; no: Lift (out of order until May)"
    typed = create_activity(
        cast.programme, title="B", language="en", kind="course", by=by, venue_card=house, venue="The attic",
        takes_registrations=False,
    )  # fmt: skip
    assert typed.venue == "The attic" and typed.takes_registrations is False
    changed = edit_activity(cast.activity, by=by, venue_card=house, venue="Example hall", access="Ask us")
    assert changed.venue == "Föreningarnas hus", "the old words were not typed now"
    assert changed.access == "Ask us"


def test_the_words_of_a_card_stand_in_the_language_of_the_activity(cast, house):
    polish = create_activity(
        cast.programme, title="A", language="pl", kind="course", by=as_person(cast.coordinator), venue_card=house
    )  # fmt: skip
    assert polish.access.startswith("Wejście bez schodów")


def test_what_changes_on_the_card_changes_where_the_words_are_still_its_own(cast, house):
    by = as_person(cast.coordinator)
    edit_activity(cast.activity, by=by, venue_card=house)
    other, _session = make_activity(cast.programme, by=by, venue_card=house)
    edit_activity(other, by=by, access="Our own words")
    edit_venue_everywhere(house, by=by, lift="yes", lift_note="")
    cast.activity.refresh_from_db()
    other.refresh_from_db()
    assert "no:" not in cast.activity.access and other.access == "Our own words"


def test_a_room_says_what_it_knows_and_the_house_the_rest(house):
    room = add_room(house, "The hall", by=THE_SHELL, lift="yes", hearing_loop="yes")
    found = {row.part: (row.answer, row.note) for row in access_rows(house, room)}
    assert found["lift"] == ("yes", "") and found["step_free"] == ("yes", "")
    assert found["guide_dog"] == ("", ""), "not known is not yes"
    assert len(access_line(house, room)) <= 300


def test_a_session_in_a_room_says_so_and_a_room_of_another_house_is_refused(cast, house):
    by = as_person(cast.coordinator)
    room = add_room(house, "The hall", by=by)
    moved = move_session(
        cast.session, starts_at=cast.session.starts_at, ends_at=cast.session.ends_at, planned_minutes=180, by=by,
        cards=Cards(house, room),
    )  # fmt: skip
    assert moved.venue == "Föreningarnas hus, The hall"
    edit_room_everywhere(room, by=by, hearing_loop="yes")
    assert Session.objects.get(pk=moved.pk).access, "in Swedish, the language of the activity"
    elsewhere = create_venue("Elsewhere", by=by)
    with pytest.raises(Refusal) as no:
        schedule_session(
            cast.activity, starts_at=cast.session.starts_at, ends_at=cast.session.ends_at, planned_minutes=60,
            by=by, cards=Cards(elsewhere, room),
        )  # fmt: skip
    assert no.value.code == "other_room"


def test_moving_to_another_room_tells_those_who_have_a_place_and_can_be_undone(cast, house):
    by = as_person(cast.coordinator)
    register_for(cast.activity, person=cast.participant, language="en", by=by, tell=False)
    room = add_room(house, "The hall", by=by)
    move_session(
        cast.session, starts_at=cast.session.starts_at, ends_at=cast.session.ends_at, planned_minutes=180, by=by,
        cards=Cards(house, room),
    )  # fmt: skip
    assert Mail.objects.filter(kind="activities.session_moved").count() == 1
    undo(Entry.objects.filter(undo_with="session.move").latest("pk"), by=by)
    back = Session.objects.get(pk=cast.session.pk)
    assert (back.venue, back.room_id, back.venue_card_id) == ("", None, None)


def test_two_rooms_of_one_house_have_two_names_and_an_archived_venue_leaves_the_lists(house):
    add_room(house, "The hall", by=THE_SHELL)
    with pytest.raises(Refusal) as no:
        add_room(house, "The hall", by=THE_SHELL)
    assert no.value.code == "room_twice"
    archive_venue(house, by=THE_SHELL)
    assert not type(house).objects.alive().exists()
    undo(Entry.objects.get(undo_with="directory.unarchive_venue"), by=THE_SHELL)
    assert type(house).objects.alive().exists()


def test_access_from_the_card_stands_on_the_page_on_my_place_and_in_the_calendar_file(cast, house, client):
    by = as_person(cast.coordinator)
    edit_activity(cast.activity, by=by, venue_card=house, language="en")
    registration = register_for(cast.activity, person=cast.participant, language="en", by=by)
    for address in (
        reverse("public:activity", args=[cast.activity.code]),
        reverse("portal:place", args=[place_token(registration)]),
    ):
        page = client.get(address).text
        assert "out of order until May" in page and "https://map.example.org/1" in page
    sessions = cast.activity.sessions.select_related("activity")
    assert "out of order" in calendar_file(sessions, name="x").decode().replace("\r\n ", "")
    mail = Mail.objects.get(kind="activities.registration")
    assert ("Access", Activity.objects.get().access) in compose_registration(mail).facts


def online(cast, **fields):
    edit_activity(cast.activity, by=as_person(cast.coordinator), format="online", online_link=LINK, **fields)
    cast.activity.refresh_from_db()
    cast.session.activity = cast.activity
    return register_for(cast.activity, person=cast.participant, language="en", by=as_person(cast.coordinator))


def test_the_link_is_shown_a_day_before_to_those_who_have_a_place_and_to_nobody_else(cast, client):
    registration = online(cast)
    session, starts = cast.session, cast.session.starts_at
    assert shown_link(registration, session, starts - timedelta(hours=25)) == ""
    assert shown_link(registration, session, starts - timedelta(hours=23)) == LINK
    assert shown_link(registration, session, session.ends_at + timedelta(hours=1)) == ""
    registration.state = "waiting"
    assert shown_link(registration, session, starts) == ""
    assert links_of(registration, [session], starts) == []
    assert LINK not in client.get(reverse("public:activity", args=[cast.activity.code])).text


def test_how_long_before_is_the_activitys_own_setting(cast):
    registration = online(cast, link_hours=1)
    starts = cast.session.starts_at
    assert shown_link(registration, cast.session, starts - timedelta(hours=2)) == ""
    assert shown_link(registration, cast.session, starts - timedelta(minutes=59)) == LINK


def test_my_place_says_when_the_link_comes_and_then_shows_it(cast, client):
    registration = online(cast)
    address = reverse("portal:place", args=[place_token(registration)])
    page = client.get(address).text
    assert LINK not in page and "The link stands here from" in page
    Session.objects.filter(pk=cast.session.pk).update(
        starts_at=timezone.now() + timedelta(hours=3), ends_at=timezone.now() + timedelta(hours=5)
    )
    assert LINK in client.get(address).text


def test_no_mail_carries_the_link_only_the_page_of_the_place(cast):
    registration = online(cast)
    Session.objects.filter(pk=cast.session.pk).update(
        starts_at=timezone.now() + timedelta(hours=20), ends_at=timezone.now() + timedelta(hours=22)
    )
    type(registration).objects.update(registered_at=timezone.now() - timedelta(days=3), confirmed_at=None)
    assert remind_of_sessions() == 1
    for mail in Mail.objects.all():
        compose = compose_reminder if mail.kind == "mailings.reminder" else compose_registration
        message = compose(mail)
        said = f"{message.paragraphs}{message.facts}{message.attachments}"
        assert LINK not in said
        assert "page of your place" in said
        assert any(place_token(registration) in address for _words, address in message.buttons)


def test_a_venue_is_kept_through_the_office_and_its_card_chosen_on_an_activity(cast, sign_in):
    office = sign_in(cast.coordinator)
    refused = office.post(reverse("office:venue_create"), {"name": "", "country": "SE", "lift": "yes"})
    assert refused.status_code == 422 and "Write a name." in refused.text
    office.post(
        reverse("office:venue_create"),
        {"name": "Kulturhuset", "country": "SE", "place": "Lund", "lift": "yes"},
    )
    page = office.get(reverse("office:venues")).text
    assert "Kulturhuset" in page
    edit = office.get(reverse("office:activity_edit", args=[cast.activity.code])).text
    assert "Kulturhuset" in edit
    session = office.get(reverse("office:session_move", args=[cast.session.code])).text
    assert "The whole house" in session


def test_the_list_of_venues_costs_the_same_with_one_and_with_thirty(cast, sign_in, queries):
    office = sign_in(cast.coordinator)
    create_venue("First", by=THE_SHELL)
    address = reverse("office:venues")
    office.get(address)
    one = queries(lambda: office.get(address))
    for number in range(30):
        add_room(create_venue(f"House {number}", by=THE_SHELL), "Hall", by=THE_SHELL)
    assert queries(lambda: office.get(address)) == one
