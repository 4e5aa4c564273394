"""Speakers: participants with a role and one registration, shown to the public when they have said yes."""

from __future__ import annotations

import pytest

from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Activity, Attendance, Registration
from samverk.agenda.commands.agendas import publish_agenda
from samverk.agenda.commands.items import move_item
from samverk.agenda.commands.speakers import (
    Who,
    add_speaker,
    ask_speakers,
    confirm_speaker,
    hide_speaker,
    put_on_item,
    remove_speaker,
    take_off_item,
)
from samverk.agenda.messages import compose_asked, compose_moved
from samverk.agenda.models import Agenda, Speaker
from samverk.agenda.queries import own_items, placed_items
from samverk.directory.commands import create_organisation
from samverk.directory.merging import merge_rows
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.post.models import Mail
from tests.agenda.programmes import agenda_of, item, slot
from tests.cast import as_person, make_activity


def speaker(cast, **fields):
    who = Who(**({"person": cast.participant} | fields))
    return add_speaker(agenda_of(cast), who, by=as_person(cast.coordinator))


def test_whoever_is_registered_keeps_her_one_registration(cast):
    own = register_for(cast.activity, person=cast.participant, language="en", by=as_person(cast.coordinator))
    one = speaker(cast)
    assert one.registration == own and Registration.objects.count() == 1
    assert speaker(cast) == one


def test_two_roles_are_one_registration_and_one_row_on_the_sheet(cast):
    by = as_person(cast.coordinator)
    one = speaker(cast)
    put_on_item(item(cast, "Welcome", after=0), one, role="host", by=by)
    put_on_item(item(cast, "Panel", after=30), one, role="moderator", by=by)
    assert Registration.objects.filter(person=cast.participant).count() == 1
    assert Attendance.objects.filter(person=cast.participant).count() == 1
    assert [row.role for row in own_items(one.registration)[1]] == ["Hosts", "Moderates"]


def test_somebody_known_only_by_name_gets_a_place_without_a_mail(cast):
    one = speaker(cast, person=None, given_name="Ögonblick", family_name="Stolt", email="o@example.org")
    assert one.registration.state == "confirmed" and one.registration.person.contact_email == "o@example.org"
    assert not Mail.objects.exists()
    again = speaker(cast, person=None, given_name="ögonblick", family_name="STOLT", email="O@example.org")
    assert again == one


def test_speakers_get_a_place_in_a_draft_and_before_those_who_wait(cast):
    by = as_person(cast.coordinator)
    draft, _session = make_activity(cast.programme, publish=False, by=by)
    from samverk.agenda.commands.agendas import open_agenda

    one = add_speaker(open_agenda(draft, by=by), Who(person=cast.participant), by=by)
    assert one.registration.state == "confirmed"
    edit_activity(cast.activity, capacity=1, by=by)
    for person in (cast.representative, cast.mentor):
        register_for(cast.activity, person=person, language="en", by=by, tell=False)
    Activity.objects.filter(pk=cast.activity.pk).update(capacity=2)
    assert speaker(cast).registration.state == "confirmed", "the queue is for listeners"


def test_a_full_activity_says_to_raise_the_number_first(cast):
    by = as_person(cast.coordinator)
    edit_activity(cast.activity, capacity=1, by=by)
    register_for(cast.activity, person=cast.representative, language="en", by=by, tell=False)
    with pytest.raises(Refusal) as no:
        speaker(cast)
    assert no.value.code == "full" and not Speaker.objects.exists()


def test_one_person_in_two_places_is_refused_unless_somebody_says_why(cast):
    by = as_person(cast.coordinator)
    one = speaker(cast)
    put_on_item(item(cast, "Talk", after=0, room="Hall"), one, role="speaker", by=by)
    other = item(cast, "Workshop", after=10, room="Attic")
    with pytest.raises(Refusal) as no:
        put_on_item(other, one, role="speaker", by=by)
    assert no.value.code == "clash" and "Pia Parkvall twice" in str(no.value)
    assert not other.appearances.exists()
    row = put_on_item(other, one, role="speaker", by=by, reason="She only opens it")
    take_off_item(row, by=by)
    with pytest.raises(Refusal):
        put_on_item(other, one, role="speaker", by=by)


def test_only_confirmed_names_are_public_and_a_protected_one_never(cast):
    by = as_person(cast.coordinator)
    talk = item(cast, "Talk", after=0)
    one, hidden = speaker(cast), speaker(cast, person=cast.protected)
    for someone in (one, hidden):
        put_on_item(talk, someone, role="speaker", by=by)
    assert placed_items(agenda_of(cast))[0].people == []
    assert len(placed_items(agenda_of(cast), is_public=False)[0].people) == 2
    confirm_speaker(one, by=as_person(cast.participant))
    with pytest.raises(Refusal) as no:
        confirm_speaker(hidden, by=by)
    assert no.value.code == "protected"
    Speaker.objects.filter(pk=hidden.pk).update(confirmed_at=one.created_at)
    assert [str(row.speaker) for row in placed_items(agenda_of(cast))[0].people] == ["Pia Parkvall"]
    hide_speaker(one, by=by)
    assert placed_items(agenda_of(cast))[0].people == []


def test_everybody_not_asked_is_asked_once_and_the_mail_leads_to_the_place(cast):
    by = as_person(cast.coordinator)
    one = speaker(cast)
    put_on_item(item(cast, "Talk", after=0), one, role="speaker", by=by)
    speaker(cast, person=cast.protected)
    assert ask_speakers(agenda_of(cast), by=by) == 1
    assert ask_speakers(agenda_of(cast), by=by) == 0
    message = compose_asked(Mail.objects.get(kind="agenda.asked"))
    assert "Talk" in str(message.facts) and message.buttons[0][1].endswith("#programme")


def test_speakers_are_told_of_a_new_time_once_the_programme_is_public(cast):
    by = as_person(cast.coordinator)
    talk = item(cast, "Talk", after=0)
    put_on_item(talk, speaker(cast), role="speaker", by=by)
    talk = move_item(talk, slot(cast, 30), by=by)
    assert not Mail.objects.filter(kind="agenda.moved").exists()
    publish_agenda(agenda_of(cast), by=by)
    for after in (60, 90):
        talk = move_item(talk, slot(cast, after), by=by)
    waiting = Mail.objects.filter(kind="agenda.moved", state="queued")
    assert waiting.count() == 1, "the one before is taken back"
    assert "Talk" in compose_moved(waiting.get()).subject


def test_whoever_is_taken_off_the_programme_keeps_her_place(cast):
    by = as_person(cast.coordinator)
    one = speaker(cast)
    put_on_item(item(cast, "Talk", after=0), one, role="speaker", by=by)
    remove_speaker(one, by=by)
    assert not Speaker.objects.exists()
    assert Registration.objects.get().state == "confirmed"


def test_a_name_of_two_hundred_letters_and_one_from_right_to_left_stand_as_they_are(cast):
    by = as_person(cast.coordinator)
    talk = item(cast, "مرحبا بالعالم", after=0)
    long = speaker(cast, person=None, given_name="Ł" * 100, family_name="ő" * 100)
    arab = speaker(cast, person=None, given_name="فاطمة", family_name="الزهراء")
    for someone in (long, arab):
        put_on_item(talk, confirm_speaker(someone, by=by), role="speaker", by=by)
    names = [str(row.speaker) for row in placed_items(agenda_of(cast))[0].people]
    assert names == ["Ł" * 100 + " " + "ő" * 100, "فاطمة الزهراء"]


def test_when_two_organisations_are_one_speakers_speak_for_the_one_that_stays(cast):
    other = create_organisation("Läxlyktan two", by=THE_SHELL)
    one = speaker(cast, organisation=other)
    merge_rows("organisation", cast.organisation, other, by=as_person(cast.coordinator))
    one.refresh_from_db()
    assert one.organisation == cast.organisation


def test_a_programme_costs_the_same_questions_with_one_item_and_with_thirty(cast, queries):
    by = as_person(cast.coordinator)
    one = speaker(cast)
    put_on_item(item(cast, "Talk", after=0), one, role="speaker", by=by)
    agenda = Agenda.objects.get()
    few = queries(lambda: placed_items(agenda))
    for number in range(30):
        talk = item(cast, f"Talk {number}", after=number * 5 + 30, minutes=5)
        if number % 2:
            someone = speaker(cast, person=None, given_name=f"Person {number}")
            put_on_item(talk, someone, role="speaker", by=by)
    assert queries(lambda: placed_items(agenda)) == few
