from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from icalendar import Calendar

from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.quotas import set_quota
from samverk.activities.commands.registrations import register_for
from samverk.agenda.commands.agendas import add_room, open_agenda, publish_agenda
from samverk.agenda.commands.items import Slot, add_item
from samverk.agenda.commands.speakers import Who, add_speaker, confirm_speaker, put_on_item
from samverk.agenda.models import Agenda, AgendaItem, Speaker
from samverk.kit.acting import THE_SHELL, Refusal
from tests.agenda.test_files import rich
from tests.cast import signed_in_client


@pytest.fixture
def office(cast):
    return signed_in_client(cast.coordinator)


def page(client, name: str, *args: str) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def item_form(cast, **more: object) -> dict[str, object]:
    starts = cast.session.starts_local
    return {
        "title": "Opening", "kind": "welcome", "day": starts.date().isoformat(), "starts": f"{starts:%H:%M}", "minutes": "30",
    } | more  # fmt: skip


def item(cast, title: str = "Opening", *, after: int = 0, **words: object) -> AgendaItem:
    agenda = open_agenda(cast.activity, by=THE_SHELL)
    room = words.pop("room", None)
    slot = Slot(cast.session.starts_at + timedelta(minutes=after), 30, room)
    return add_item(agenda, slot, title=title, kind="talk", by=THE_SHELL, **words)


def test_a_coordinator_makes_a_programme_from_nothing_and_shows_it(cast, office):
    code = cast.activity.code
    assert "No programme yet" in page(office, "office:agenda", code)
    office.post(reverse("office:agenda_open", args=[code]))
    answer = office.post(reverse("office:agenda_item_create", args=[code]), item_form(cast))
    made = AgendaItem.objects.get()
    assert answer["Location"] == reverse("office:agenda_item", args=[made.code])
    office.post(
        reverse("office:agenda_speaker_add", args=[made.code]),
        {"given_name": "Tala", "family_name": "Talarsson", "organisation": "Läxlyktan", "role": "moderator"},
    )
    visitor = signed_in_client(None)
    public = reverse("public:agenda", args=[code])
    assert visitor.get(public).status_code == 404
    assert "Programme of the day" not in page(visitor, "public:activity", code)
    office.post(reverse("office:agenda_publish", args=[code]))
    shown = page(visitor, "public:agenda", code)
    assert "Opening" in shown and "Talarsson" not in shown
    assert public in page(visitor, "public:activity", code)
    office.post(reverse("office:agenda_speaker_confirm", args=[Speaker.objects.get().code]))
    assert "Tala Talarsson" in page(visitor, "public:agenda", code)
    assert "Läxlyktan" in page(visitor, "public:agenda_item", code, made.code)


def test_a_room_wanted_twice_is_said_and_stands_with_a_reason(cast, office):
    first = item(cast, room=add_room(open_agenda(cast.activity, by=THE_SHELL), "Hall", by=THE_SHELL))
    address = reverse("office:agenda_item_create", args=[cast.activity.code])
    sent = item_form(cast, title="Second", room=str(first.room_id))
    refused = office.post(address, sent)
    assert refused.status_code == 422
    assert "Hall twice" in refused.content.decode() and "Second" in refused.content.decode()
    assert office.post(address, sent | {"reason": "It is a wall that opens."}).status_code == 302
    assert "It is a wall that opens." in page(office, "office:agenda", cast.activity.code)


def test_a_time_outside_every_session_is_refused_and_nothing_typed_is_lost(cast, office):
    open_agenda(cast.activity, by=THE_SHELL)
    address = reverse("office:agenda_item_create", args=[cast.activity.code])
    refused = office.post(address, item_form(cast, starts="05:00"))
    assert refused.status_code == 422
    assert "No session holds this time." in refused.content.decode() and "Opening" in refused.content.decode()


def test_what_is_taken_off_can_be_put_back(cast, office):
    made = item(cast)
    office.post(reverse("office:agenda_item_remove", args=[made.code]))
    assert "/undo/" in page(office, "office:agenda", cast.activity.code)
    assert office.get(reverse("office:agenda_item", args=[made.code])).status_code == 404


def test_somebody_with_protected_identity_is_named_nowhere(cast, office):
    made = item(cast)
    speaker = add_speaker(made.agenda, Who(person=cast.protected), by=THE_SHELL)
    put_on_item(made, speaker, role="speaker", by=THE_SHELL)
    publish_agenda(made.agenda, by=THE_SHELL)
    office.post(reverse("office:agenda_speaker_confirm", args=[speaker.code]))
    for client in (office, signed_in_client(None)):
        for name in ("office:agenda", "public:agenda") if client is office else ("public:agenda",):
            assert "Skyddsvik" not in page(client, name, cast.activity.code)


def test_what_is_on_now_stands_on_top_and_a_room_narrows_the_day(cast, monkeypatch):
    agenda = open_agenda(cast.activity, by=THE_SHELL)
    hall, attic = add_room(agenda, "Hall", by=THE_SHELL), add_room(agenda, "Attic", by=THE_SHELL)
    item(cast, "First talk", room=hall)
    item(cast, "Second talk", after=30, room=attic)
    publish_agenda(agenda, by=THE_SHELL)
    moment = cast.session.starts_at + timedelta(minutes=10)
    monkeypatch.setattr("samverk.public.views.agenda.timezone.now", lambda: moment)
    visitor, address = signed_in_client(None), reverse("public:agenda", args=[cast.activity.code])
    shown = visitor.get(address).content.decode()
    assert (
        shown.index("On now")
        < shown.index("First talk")
        < shown.index("Comes next")
        < shown.index("Second talk")
    )
    narrowed = visitor.get(address, {"room": attic.pk}).content.decode().split("The whole day")[1]
    assert "Second talk" in narrowed and "First talk" not in narrowed


def test_a_programme_costs_the_same_with_three_items_and_with_forty(cast, office, queries):
    def plant(numbers: range) -> None:
        for number in numbers:
            made = item(cast, f"Talk {number}", after=number)
            speaker = add_speaker(made.agenda, Who(given_name="Tala", family_name=f"T{number}"), by=THE_SHELL)
            put_on_item(made, confirm_speaker(speaker, by=THE_SHELL), role="speaker", by=THE_SHELL)

    cast.activity.capacity = None
    cast.activity.save()
    plant(range(3))
    publish_agenda(Agenda.objects.get(), by=THE_SHELL)
    code, visitor = cast.activity.code, signed_in_client(None)
    pages = [lambda: page(office, "office:agenda", code), lambda: page(visitor, "public:agenda", code)]
    few = [queries(one) for one in pages]
    plant(range(3, 40))
    assert [queries(one) for one in pages] == few


def test_a_file_is_seen_before_it_is_written_and_can_be_taken_back(cast, office):
    file = SimpleUploadedFile("schedule.json", json.dumps(rich(), ensure_ascii=False).encode())
    address = reverse("office:agenda_imports", args=[cast.activity.code])
    broken = office.post(address, {"file": SimpleUploadedFile("schedule.json", b"{")})
    assert broken.status_code == 422 and "neither JSON nor XML" in broken.content.decode()
    answer = office.post(address, {"file": file})
    assert "Nothing is written yet." in office.get(answer["Location"]).content.decode()
    assert not AgendaItem.objects.exists()
    office.post(f"{answer['Location']}write/", {"names_are_public": "on"})
    assert "It stands on the programme." in office.get(answer["Location"]).content.decode()
    assert AgendaItem.objects.standing().count() == 3
    office.post(f"{answer['Location']}undo/")
    assert AgendaItem.objects.standing().count() == 0


def test_files_for_apps_and_calendars_hold_what_the_public_may_read(cast):
    made = item(cast)
    for given, is_public in [("Tala", True), ("Tyst", False)]:
        speaker = add_speaker(made.agenda, Who(given_name=given, family_name="Talarsson"), by=THE_SHELL)
        put_on_item(
            made,
            confirm_speaker(speaker, by=THE_SHELL) if is_public else speaker,
            role="speaker",
            by=THE_SHELL,
        )
    publish_agenda(made.agenda, by=THE_SHELL)
    visitor = signed_in_client(None)
    for name in ("agenda_json", "agenda_xml", "agenda_calendar"):
        text = visitor.get(reverse(f"public:{name}", args=[cast.activity.code])).content.decode()
        assert "Opening" in text and "Tala Talarsson" in text and "Tyst" not in text
    calendar = visitor.get(reverse("public:agenda_calendar", args=[cast.activity.code])).content
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert event["uid"] == str(made.guid) and event.decoded("dtstart") == made.starts_at


def test_a_speaker_takes_a_place_of_the_speakers_and_no_participants(cast):
    edit_activity(cast.activity, capacity=1, by=THE_SHELL)
    set_quota(cast.activity, "speaker", places=1, by=THE_SHELL)
    register_for(cast.activity, person=cast.participant, language="sv", by=THE_SHELL)
    agenda = open_agenda(cast.activity, by=THE_SHELL)
    speaker = add_speaker(agenda, Who(given_name="Tala", family_name="Talarsson"), by=THE_SHELL)
    assert (speaker.registration.comes_as, speaker.registration.state) == ("speaker", "confirmed")
    with pytest.raises(Refusal):
        add_speaker(agenda, Who(given_name="Tyst", family_name="Talarsson"), by=THE_SHELL)
