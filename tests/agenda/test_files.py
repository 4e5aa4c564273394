"""Programme files: what comes in goes out again, strictly by the schemas; what is hostile or broken is refused."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from samverk.activities.commands.activities import create_activity, edit_activity
from samverk.activities.models import Registration
from samverk.agenda.commands.imports import (
    forget_imports,
    start_import,
    undo_import,
    write_waiting_imports,
)
from samverk.agenda.models import Agenda, AgendaImport, AgendaItem, Speaker
from samverk.agenda.schedule.reading import MOST_BYTES, parse_xml, read_schedule
from samverk.agenda.schedule.writing import schedule_json
from samverk.agenda.schedule.writing_xml import schedule_xml
from samverk.kit.acting import Refusal
from tests.agenda.programmes import event, events_of, exported, form_of, item, taken_in
from tests.cast import as_person

FRAB = {"id": 7, "public_name": "Ada Lärkvik"}
PRETALX = {
    "code": "NQTF8Y",
    "name": "Bo Stenros",
    "biography": "Tells stories.\n\nAnd more.",
    "answers": [],
    "avatar": "https://example.org/bo.png",
}


@pytest.fixture
def conference(cast):
    return create_activity(
        cast.programme, title="Feast", language="en", kind="conference", by=as_person(cast.coordinator)
    )


def rich() -> dict:
    return form_of(
        event(
            11, "Opening  at <noon>", "2026-03-28T12:00:00+01:00", persons=[FRAB, PRETALX],
            links=[{"url": "https://example.org/a", "title": "A", "type": "web"}],
            attachments=[{"url": "/files/slides.pdf", "title": "Slides"}], do_not_record=True,
            recording_license="CC BY", code="ABC123", feedback_url="https://example.org/f",
        ),
        event(12, "Night & dancing", "2026-03-29T00:30:00+01:00", room="Cellar", duration="01:00", type="performance"),
        event(13, "Morning after", "2026-03-29T10:00:00+02:00", room="Hall", type="Workshop", language="sv", track=None),
        rooms=[{"name": "Cellar", "guid": "b379c473-93b9-4eae-9a09-d482e86cede3", "capacity": 40, "type": "stage"}],
        tracks=[{"name": "Society", "color": "#ff0000", "slug": "society"}],
        keywords=["feast"],
    )  # fmt: skip


def test_what_the_form_holds_comes_out_as_it_went_in(cast, conference):
    came = rich()
    taken_in(conference, came, cast)
    before, after = events_of(came), events_of(json.loads(schedule_json(exported(conference.agenda))))
    assert before.keys() == after.keys()
    for guid, said in before.items():
        for name, value in said.items():
            expected = (value or "") if name in ("logo", "track") else value
            if name == "slug":
                expected = value.lower()  # the schema knows no capitals
            if name == "title":
                expected = " ".join(value.split())
            if name == "persons":
                assert [one.get("public_name") or one["name"] for one in value] == [
                    one["public_name"] for one in after[guid][name]
                ]
                continue
            assert after[guid][name] == expected, name
    bo = next(one for one in after["00000000-0000-4000-8000-000000000011"]["persons"] if "code" in one)
    assert bo["biography"] == PRETALX["biography"] and bo["avatar"] == PRETALX["avatar"]
    about = exported(conference.agenda)["schedule"]["conference"]
    assert about["keywords"] == ["feast"] and about["time_zone_name"] == "Europe/Stockholm"
    assert about["rooms"][0] == {
        "name": "Cellar", "guid": "b379c473-93b9-4eae-9a09-d482e86cede3", "capacity": 40, "type": "stage",
    }  # fmt: skip
    assert about["days"][0]["day_start"] == "2026-03-28T09:00:00+01:00"


def test_xml_made_of_it_comes_in_again_and_is_the_same_xml(cast, conference):
    taken_in(conference, rich(), cast)
    first = schedule_xml(exported(conference.agenda))
    other = create_activity(
        cast.programme, title="Feast", language="en", kind="conference", by=as_person(cast.coordinator)
    )
    taken_in(other, first, cast)
    assert schedule_xml(exported(other.agenda)) == first
    assert b"&lt;noon&gt;" in first and b"Night &amp; dancing" in first


def test_written_files_keep_to_the_schemas_where_it_is_strict(cast, conference):
    taken_in(conference, rich(), cast)
    form = json.loads(schedule_json(exported(conference.agenda)))
    about = form["schedule"]["conference"]
    allowed = {
        "acronym", "title", "description", "start", "end", "daysCount", "timeslot_duration", "time_zone_name", "logo",
        "colors", "keywords", "url", "tracks", "rooms", "meta", "days",
    }  # fmt: skip
    assert set(about) <= allowed
    for one in events_of(form).values():
        for person in one["persons"]:
            is_frab, is_pretalx = {"public_name", "id"} <= set(person), "name" in person
            assert is_frab != is_pretalx, "the schema wants exactly one of the two"
        assert one["slug"] == one["slug"].lower()
    xml = parse_xml(schedule_xml(exported(conference.agenda)))
    events = [one for day in xml.all("day") for room in day.all("room") for one in room.all("event")]
    opened = next(one for one in events if one.attributes["id"] == "11")
    assert opened.attributes["code"] == "ABC123" and opened.first("recording").words("optout") == "true"
    assert opened.first("attachments").first("attachment").attributes["href"] == (
        "https://example.org/files/slides.pdf"
    ), "apps want whole addresses"
    assert xml.first("conference").words("days") == "2"


def test_capitals_of_a_short_name_survive_beside_the_small_letters_of_the_schema(cast, conference):
    taken_in(conference, form_of(event(1, "A", "2026-05-01T10:00:00+02:00"), acronym="Camp2019"), cast)
    about = exported(conference.agenda)["schedule"]["conference"]
    assert about["acronym"] == "camp2019" and about["meta"] == {"acronym": "Camp2019"}
    taken_in(conference, json.loads(schedule_json(exported(conference.agenda))), cast)
    assert Agenda.objects.get().acronym == "Camp2019"


def test_the_same_file_twice_makes_nothing_twice_and_a_changed_one_changes_what_changed(cast, conference):
    taken_in(conference, rich(), cast)
    again = taken_in(conference, rich(), cast)
    assert (again.report["made_items"], again.report["changed_items"], again.report["made_speakers"]) == (
        0,
        0,
        0,
    )
    assert Registration.objects.count() == 2
    changed = rich()
    changed["schedule"]["conference"]["days"][0]["rooms"]["Hall"][0]["title"] = "Opening at one"
    assert taken_in(conference, changed, cast).report["changed_items"] == 1
    opened = AgendaItem.objects.get(number=11)
    assert opened.title == "Opening at one" and opened.sequence == 1


def test_a_night_over_the_change_to_summer_time_keeps_its_day_and_its_moment(cast, conference):
    taken_in(conference, rich(), cast)
    night = AgendaItem.objects.get(number=12)
    assert night.day == date(2026, 3, 28) and night.starts_at.isoformat() == "2026-03-28T23:30:00+00:00"
    morning = AgendaItem.objects.get(number=13)
    assert morning.day == date(2026, 3, 29) and morning.starts_at.isoformat() == "2026-03-29T08:00:00+00:00"
    assert [one.starts_at for one in conference.sessions.order_by("starts_at")] == [
        AgendaItem.objects.get(number=11).starts_at,
        morning.starts_at,
    ]


def test_a_file_whose_clock_is_not_what_it_says_keeps_its_moments(cast, conference):
    form = form_of(event(1, "A", "2026-05-01T10:00:00+05:00"), zone="UTC")
    one = taken_in(conference, form, cast)
    assert ["zone", "UTC", "Etc/GMT-5"] in one.report["problems"]
    out = events_of(exported(conference.agenda)).popitem()[1]
    assert out["date"] == "2026-05-01T10:00:00+05:00" and out["start"] == "10:00"


def test_clashes_in_a_file_are_reported_and_never_refused(cast, conference):
    form = form_of(
        event(1, "A", "2026-05-01T10:00:00+02:00", persons=[FRAB]),
        event(2, "B", "2026-05-01T10:30:00+02:00", persons=[FRAB]),
    )
    by = as_person(cast.coordinator)
    dry = start_import(conference, io.BytesIO(json.dumps(form).encode()), "a.json", by=by)
    assert dry.report["clash_number"] == 2 and not AgendaItem.objects.exists(), "a dry run writes nothing"
    assert taken_in(conference, form, cast).report["clashes"] == 2
    assert AgendaItem.objects.count() == 2


def test_names_are_public_only_where_somebody_says_they_are_published_already(cast, conference):
    taken_in(conference, rich(), cast)
    assert all(
        one["persons"] == [] for one in events_of(exported(conference.agenda, is_public=True)).values()
    )
    taken_in(conference, rich(), cast, names_are_public=True)
    opened = events_of(exported(conference.agenda, is_public=True))["00000000-0000-4000-8000-000000000011"]
    assert [one["public_name"] for one in opened["persons"]] == ["Ada Lärkvik", "Bo Stenros"]


def test_in_a_full_activity_speakers_stand_without_a_place_and_the_report_says_so(cast, conference):
    edit_activity(conference, capacity=1, by=as_person(cast.coordinator))
    one = taken_in(conference, rich(), cast)
    assert one.report["without_place"] == 1 and Speaker.objects.count() == 2


def test_what_is_doubled_or_missing_is_put_right_and_reported(cast, conference):
    twin = event(1, "A twin", "2026-05-01T12:00:00+02:00")
    odd = [
        event(1, "A", "2026-05-01T10:00:00+02:00"),
        twin,
        event(3, "", "2026-05-01T14:00:00+02:00"),
        event(4, "No length", "2026-05-01T15:00:00+02:00", duration="soon"),
        event(5, "L" * 600, "2026-05-01T16:00:00+02:00", guid="not a guid", persons=[{"public_name": "  "}]),
    ]
    one = taken_in(conference, form_of(*odd), cast)
    said = one.report["problem_counts"]
    assert said == {
        "guid_twice": 1,
        "number_twice": 1,
        "no_title": 1,
        "no_length": 1,
        "long_title": 1,
        "no_guid": 1,
    }
    assert AgendaItem.objects.count() == 4
    numbers = [row["id"] for row in events_of(exported(conference.agenda)).values()]
    assert len(set(numbers)) == 4 and all(number > 0 for number in numbers)


def test_an_import_is_taken_back_as_one(cast, conference):
    by = as_person(cast.coordinator)
    taken_in(conference, form_of(event(11, "Before", "2026-03-28T12:00:00+01:00")), cast)
    second = taken_in(conference, rich(), cast)
    undo_import(second, by=by)
    standing = AgendaItem.objects.standing()
    assert [one.title for one in standing] == ["Before"]
    assert not Speaker.objects.exists() and Registration.objects.count() == 2, "people keep their places"
    with pytest.raises(Refusal):
        undo_import(second, by=by)


def test_an_import_that_was_broken_off_is_begun_again_and_ends_the_same(cast, conference, monkeypatch):
    from samverk.agenda.commands import import_writing
    from samverk.agenda.commands.imports import ask_write

    by = as_person(cast.coordinator)
    one = ask_write(start_import(conference, io.BytesIO(json.dumps(rich()).encode()), "a.json", by=by), by=by)

    def dies(name: str) -> None:
        if name == "agenda_import.after_speakers":
            raise RuntimeError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr(import_writing, "fault_point", dies)
        with pytest.raises(RuntimeError):
            import_writing.write_import(one)
    assert write_waiting_imports() == 0, "the lease of the one who died still holds"
    AgendaImport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert write_waiting_imports() == 1
    one.refresh_from_db()
    assert one.state == "written" and one.report["made_items"] == 3 and one.report["made_speakers"] == 2
    assert Registration.objects.count() == 2


def test_a_file_nobody_wrote_is_forgotten_after_a_week(cast, conference):
    by = as_person(cast.coordinator)
    start_import(conference, io.BytesIO(json.dumps(rich()).encode()), "a.json", by=by)
    assert forget_imports() == 0
    assert forget_imports(timezone.now() + timedelta(days=8)) == 1


BOMB = b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<schedule><conference><title>&b;</title></conference></schedule>"""
FETCH = b"""<!DOCTYPE s [<!ENTITY f SYSTEM "file:///etc/passwd">]><schedule><conference><title>&f;</title></conference></schedule>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "doctype"),
        (FETCH, "doctype"),
        (b'<!DOCTYPE s SYSTEM "http://example.org/s.dtd"><schedule/>', "doctype"),
        (b"<a>" * 200 + b"</a>" * 200, "broken"),
        (b"<schedule><conference>", "broken"),
        (b"<schedule/>", "not_a_schedule"),
        (b"<html><body>no</body></html>", "not_a_schedule"),
        (b"{" * 100_000, "broken"),
        (b"[" * 100_000 + b"]" * 100_000, "broken"),
        (b"[1, 2]", "not_a_schedule"),
        (b'{"schedule": []}', "not_a_schedule"),
        (b"", "empty"),
        (b"\x89PNG\r\n", "broken"),
    ],
)
def test_what_is_hostile_broken_or_something_else_is_refused_in_words(content, code):
    with pytest.raises(Refusal) as no:
        read_schedule(io.BytesIO(content))
    assert no.value.code == code and no.value.field == "file"


def test_a_file_of_sixty_megabytes_is_refused_before_it_is_read(db):
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            assert 0 < size <= MOST_BYTES + 1
            self.asked += size
            return b"{" * min(size, 60 * 1024 * 1024)

    file = Endless()
    with pytest.raises(Refusal) as no:
        read_schedule(file)
    assert no.value.code == "too_large" and file.asked <= MOST_BYTES + 1


@pytest.mark.parametrize(
    "strange",
    [
        {"days": "no"},
        {
            "days": [
                None,
                3,
                {"rooms": {"A": None}},
                {"date": "yesterday", "rooms": [{"name": "B", "events": {}}]},
            ]
        },
        {"rooms": 5, "tracks": [None], "timeslot_duration": 7},
        {"time_zone_name": "../../etc/passwd"},
        {"time_zone_name": {"a": 1}},
    ],
)
def test_a_form_of_strange_shapes_is_read_as_far_as_it_goes(cast, conference, strange):
    form = form_of(event(1, "A", "2026-05-01T10:00:00+02:00"), **strange)
    if "days" in strange:
        with pytest.raises(Refusal) as no:
            taken_in(conference, form, cast)
        assert no.value.code == "no_events"
    else:
        assert taken_in(conference, form, cast).report["made_items"] == 1
        assert schedule_json(exported(conference.agenda))


def test_strange_letters_in_a_file_are_stored_or_left_out(cast, conference):
    name = "فاطمة الزهراء " + "א" * 200
    raw = json.dumps(
        form_of(event(1, "Zero\x00 half\ud800 مرحبا", "2026-05-01T10:00:00+02:00", persons=[{"id": 1, "public_name": name}]))
    )  # fmt: skip
    taken_in(conference, raw.encode(), cast, names_are_public=True)
    assert AgendaItem.objects.get().title == "Zero half مرحبا"
    assert str(Speaker.objects.get()) == name
    xml = schedule_xml(exported(conference.agenda))
    assert name in xml.decode() and parse_xml(xml)


def test_signs_that_xml_cannot_hold_stay_out_of_it(cast):
    item(cast, "Bell \x07 and more", after=0)
    xml = schedule_xml(exported(Agenda.objects.get()))
    assert b"Bell  and more" in xml or b"Bell and more" in xml
    assert parse_xml(xml)


def test_a_few_hundred_items_are_written_with_few_questions_each(cast, conference, queries):
    day = "2026-05-01"
    events = [
        event(n, f"Talk {n}", f"{day}T{10 + n // 30:02d}:{n % 30 * 2:02d}:00+02:00", duration="00:02", room=f"R{n % 3}")
        for n in range(1, 241)
    ]  # fmt: skip
    assert queries(lambda: taken_in(conference, form_of(*events), cast)) / 240 < 8
    assert AgendaItem.objects.count() == 240
