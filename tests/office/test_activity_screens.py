"""Activities in the office: making, changing, telling, registering somebody, confirming, taking lists along."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Activity, Registration, Session
from samverk.kit.acting import THE_SHELL
from samverk.post.models import Mail
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet, give_place
from tests.cast import make_activity, make_person

FIELDS = {
    "title": "Book-keeping",
    "kind": "course",
    "language": "sv",
    "audience": "public",
    "beneficiary": "person",
}


def sessions_of_form(*rows) -> dict[str, str]:
    typed = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        typed |= {f"form-{number}-{name}": value for name, value in row.items()}
    return typed


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def text_of(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


@pytest.fixture
def office(cast, sign_in):
    return sign_in(cast.coordinator)


# ---------- making and changing ----------


def test_an_activity_is_made_with_its_sessions_on_one_page(cast, office):
    rows = [
        {"day": "2027-03-18", "starts": "18", "ends": "20.30", "planned_minutes": "120"},
        {"day": "2027-03-25", "starts": "1800", "ends": "20:00"},
    ]
    answer = office.post(reverse("office:activity_create"), FIELDS | sessions_of_form(*rows, {}))
    made = Activity.objects.get(title="Book-keeping")
    assert answer["Location"] == reverse("office:activity", args=[made.code])
    assert [(one.starts_local.hour, one.planned_minutes) for one in made.sessions.all()] == [
        (18, 120),
        (18, 120),
    ]
    assert made.state == "draft" and made.programme == cast.programme


def test_another_session_is_added_to_the_page_without_losing_what_was_typed(office):
    typed = FIELDS | {"venue": "Hall 7"} | sessions_of_form({"day": "2027-03-18", "starts": "18"})
    answer = office.post(reverse("office:activity_create"), typed | {"more_sessions": "1"})
    page = words_of(answer)
    assert answer.status_code == 200 and not Activity.objects.filter(title="Book-keeping").exists()
    assert 'name="form-1-day"' in page and 'value="Hall 7"' in page and 'value="2027-03-18"' in page
    assert "ds-validation-message" not in page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"day": "2027-03-28", "starts": "2:30", "ends": "5:00"}, "02:30 does not exist on Sunday 28 March"),
        ({"day": "2027-10-31", "starts": "1:00", "ends": "2:30"}, "02:30 comes twice on Sunday 31 October"),
        ({"day": "2027-03-18", "starts": "18", "ends": "17"}, "The end is not after the start."),
        (
            {"day": "2027-03-18", "starts": "18", "ends": "19", "planned_minutes": "90"},
            "The session lasts 60 minutes.",
        ),
        ({"day": "2027-03-18", "starts": "soon", "ends": "19"}, "Write the time with hours and minutes"),
    ],
)
def test_times_that_make_no_session_are_explained_and_nothing_is_saved(office, row, said):
    answer = office.post(reverse("office:activity_create"), FIELDS | sessions_of_form(row))
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert not Activity.objects.filter(title="Book-keeping").exists()


def test_a_night_past_midnight_ends_on_the_next_day(office):
    office.post(
        reverse("office:activity_create"),
        FIELDS | sessions_of_form({"day": "2027-03-18", "starts": "22", "ends": "2"}),
    )
    session = Activity.objects.get(title="Book-keeping").sessions.get()
    assert session.ends_at - session.starts_at == timedelta(hours=4)


def test_a_mistake_in_the_folded_fields_opens_the_fold(office):
    answer = office.post(
        reverse("office:activity_create"), FIELDS | {"online_link": "nowhere"} | sessions_of_form({})
    )
    assert answer.status_code == 422
    assert '<details class="reveal" open>' in words_of(answer)


def test_editing_changes_what_was_typed_and_names_leaders(cast, office):
    typed = FIELDS | {"title": "First aid, again", "leaders": [cast.mentor.pk], "capacity": "30"}
    office.post(reverse("office:activity_edit", args=[cast.activity.code]), typed)
    activity = Activity.objects.get(pk=cast.activity.pk)
    assert (activity.title, activity.capacity) == ("First aid, again", 30)
    assert [leader.person for leader in activity.leaders.all()] == [cast.mentor]


def test_a_copy_asks_for_two_things(cast, office):
    typed = {"title": "First aid in spring", "first_day": "2027-05-03"}
    office.post(reverse("office:activity_copy", args=[cast.activity.code]), typed)
    copy = Activity.objects.get(title="First aid in spring")
    assert copy.sessions.get().starts_local.date().isoformat() == "2027-05-03"


def test_a_draft_is_published_and_taken_back_by_the_buttons_of_the_page(cast, office):
    draft, _session = make_activity(cast.programme, publish=False)
    page = words_of(office.post(reverse("office:activity_publish", args=[draft.code]), follow=True))
    assert "is published." in page
    undo = page.split('action="/office/undo/')[1].split('"')[0]
    office.post(f"/office/undo/{undo}")
    assert Activity.objects.get(pk=draft.pk).state == "draft"


def test_cancelling_says_how_many_are_told_and_needs_a_reason(cast, office):
    fill_sheet(cast, 3)
    where = reverse("office:activity_cancel", args=[cast.activity.code])
    assert "Cancel it and tell 3 people" in words_of(office.get(where))
    assert office.post(where, {"reason": ""}).status_code == 422
    office.post(where, {"reason": "Too few"})
    assert Activity.objects.get(pk=cast.activity.pk).state == "cancelled"
    assert Mail.objects.filter(kind="activities.activity_cancelled").count() == 3


def test_moving_a_session_shows_its_times_in_the_clock_of_its_place(cast, office):
    Session.objects.filter(pk=cast.session.pk).update(time_zone="Europe/London")
    session = Session.objects.get(pk=cast.session.pk)
    page = words_of(office.get(reverse("office:session_move", args=[session.code])))
    assert f'value="{session.starts_local:%H:%M}"' in page and "Europe/London" in page
    typed = {"day": "2027-07-01", "starts": "18:00", "ends": "20:00"}
    office.post(reverse("office:session_move", args=[session.code]), typed)
    assert Session.objects.get(pk=session.pk).starts_at.hour == 17


# ---------- people of an activity ----------


def test_somebody_without_email_is_registered_on_the_phone(cast, office):
    typed = {
        "given_name": "Gun-Britt",
        "family_name": "Lindqvist",
        "language": "sv",
        "organisation": "Läxlyktan",
        "role": "volunteer",
    }
    page = words_of(
        office.post(reverse("office:registration_create", args=[cast.activity.code]), typed, follow=True)
    )
    assert "Gun-Britt Lindqvist has a place." in page
    made = Registration.objects.get(given_name="Gun-Britt")
    # A coordinator's word confirms the organisation, and the sheet expects her.
    assert (made.organisation, made.representation, made.registered_by) == (
        cast.organisation,
        "confirmed",
        cast.coordinator,
    )
    assert made.attendances.count() == 1


def test_somebody_known_is_registered_by_code_alone(cast, office):
    register_for(
        make_activity(cast.programme)[0], person=cast.participant, language="sv", by=THE_SHELL, tell=False
    )
    typed = {"who": cast.participant.code.lower(), "language": "sv"}
    office.post(reverse("office:registration_create", args=[cast.activity.code]), typed)
    assert Registration.objects.filter(
        activity=cast.activity, person=cast.participant, state="confirmed"
    ).exists()


def test_nobody_is_registered_without_a_name(cast, office):
    answer = office.post(reverse("office:registration_create", args=[cast.activity.code]), {"language": "sv"})
    assert answer.status_code == 422 and "Write the given name" in words_of(answer)


def test_a_place_given_up_by_staff_is_taken_back_by_undo(cast, office):
    registration = give_place(cast.activity, cast.participant)
    page = words_of(office.post(reverse("office:registration_cancel", args=[registration.code]), follow=True))
    assert "Pia Parkvall has given up the place." in page
    undo = page.split('action="/office/undo/')[1].split('"')[0]
    office.post(f"/office/undo/{undo}")
    registration.refresh_from_db()
    assert registration.state == "confirmed"


def test_organisations_are_confirmed_in_bulk_and_what_is_not_known_says_so(cast, office):
    known = give_place(
        cast.activity, cast.participant, organisation=cast.organisation, representation="claimed"
    )
    typed = give_place(
        cast.activity, cast.representative, organisation_typed="Nowhere club", representation="claimed"
    )
    picked = {"pick": [known.code, typed.code], "activity": cast.activity.code}
    page = words_of(office.post(reverse("office:representations_confirm"), picked, follow=True))
    assert "1 organisation is confirmed." in page and "Choose which organisation this is." in page
    known.refresh_from_db()
    assert known.representation == "confirmed"
    assert known.attendances.get().representation == "confirmed"


def test_a_claim_is_confirmed_for_the_organisation_it_really_is(cast, office):
    claim = give_place(
        cast.activity, cast.participant, organisation_typed="Läxlygtan", representation="claimed"
    )
    where = reverse("office:representation", args=[claim.code])
    assert office.post(where, {"organisation": "Läxlygtan"}).status_code == 422
    office.post(where, {"organisation": "Läxlyktan", "role": "board"})
    claim.refresh_from_db()
    assert (claim.organisation, claim.representation, claim.role) == (cast.organisation, "confirmed", "board")


def test_a_claim_is_declined_and_she_comes_for_herself(cast, office):
    claim = give_place(
        cast.activity, cast.participant, organisation=cast.organisation, representation="claimed"
    )
    office.post(reverse("office:representation", args=[claim.code]), {"decline": "1"})
    claim.refresh_from_db()
    assert (claim.organisation, claim.representation) == (None, "none")


@pytest.mark.parametrize(
    "view", ["activity", "registrations_csv", "registrations_xlsx", "people", "people_csv", "today"]
)
def test_protected_identity_stands_on_no_list_and_is_found_by_no_search(cast, office, view):
    give_place(
        cast.activity,
        cast.protected,
        organisation=cast.organisation,
        note="Hemliga note",
        organisation_typed="Hemliga huset",
    )
    arguments = [cast.activity.code] if view.startswith(("activity", "registrations")) else []
    answer = office.get(reverse(f"office:{view}", args=arguments))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if view.endswith("xlsx"):
        content = repr(
            CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        ).encode()
    text = content.decode().lower()
    assert "skyddsvik" not in text and "hemliga" not in text
    if view != "today":
        assert f"participant {cast.protected.code[:4]}".lower() in text
        found = office.get(reverse(f"office:{view}", args=arguments), {"q": "hemliga"})
        found = b"".join(found.streaming_content) if found.streaming else found.content
        if not view.endswith("xlsx"):
            assert f"participant {cast.protected.code[:4]}".lower() not in found.decode().lower()


def test_the_lists_hold_the_rows_of_the_tab_that_is_open(cast, office):
    fill_sheet(cast, 3)
    waiting = give_place(cast.activity, cast.participant)
    Registration.objects.filter(pk=waiting.pk).update(state="waiting", queued_at=timezone.now())
    going = list(
        csv.reader(
            io.StringIO(text_of(office.get(reverse("office:registrations_csv", args=[cast.activity.code])))),
            delimiter=";",
        )
    )
    assert len(going) == 4 and going[0][1] == "Given name"
    page = reverse("office:registrations_xlsx", args=[cast.activity.code]) + "?people=waiting"
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(office.get(page).streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [row[1] for row in rows] == ["Given name", "Pia"]


def test_formulas_in_names_do_not_run_in_the_lists(cast, office):
    give_place(cast.activity, make_person("=cmd|' /C calc'!A0", "+1"))
    text = text_of(office.get(reverse("office:registrations_csv", args=[cast.activity.code])))
    assert ";'=cmd" in text and ";'+1" in text


# ---------- lists ----------


def test_the_list_of_activities_has_tabs_that_count_and_a_search_that_folds(cast, office):
    make_activity(cast.programme, title="Łódź study visit", days=-10)
    make_activity(cast.programme, title="Draft thing", publish=False)
    page = words_of(office.get(reverse("office:activities")))
    assert "First aid" in page and "Draft thing" not in page
    assert "Draft thing" in words_of(office.get(reverse("office:activities"), {"tab": "drafts"}))
    missing = words_of(office.get(reverse("office:activities"), {"tab": "open", "q": "lodz stu"}))
    assert "Łódź study visit" in missing


@pytest.mark.parametrize("view", ["activities", "today", "people", "activity", "representations"])
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_thirty(cast, office, queries, view):
    arguments = [cast.activity.code] if view == "activity" else []

    def more(number: int, start: int) -> None:
        for one in range(start, start + number):
            person = make_person("Many", f"People{one}")
            give_place(cast.activity, person, organisation=cast.organisation, representation="claimed")
            activity, session = make_activity(cast.programme, title=f"Course {one}")
            begin(session, 30)

    more(3, 0)
    where = reverse(f"office:{view}", args=arguments)
    office.get(where)
    few = queries(lambda: office.get(where))
    more(12, 3)
    assert queries(lambda: office.get(where)) == few


def test_today_shows_what_waits_as_counted_links(cast, office):
    fill_sheet(cast, 2)
    begin(cast.session, 30)
    _activity, forgotten = make_activity(cast.programme, title="Forgotten", days=-3)
    give_place(cast.activity, cast.participant, organisation_typed="Nowhere club", representation="claimed")
    page = words_of(office.get(reverse("office:today")))
    assert reverse("office:attendance", args=[cast.session.code]) in page
    assert (
        "Session without attendance" in page and reverse("office:attendance", args=[forgotten.code]) in page
    )
    assert "Organisation to confirm" in page


def test_a_leader_without_a_seat_sees_her_sessions_on_today_and_nothing_else(cast, sign_in):
    begin(cast.session, 30)
    _other, session = make_activity(cast.programme, title="Somebody else's")
    begin(session, 30)
    page = words_of(sign_in(cast.leader).get(reverse("office:today")))
    assert "First aid" in page and "Somebody else" not in page


# ---------- one person ----------


def test_what_is_hidden_of_a_protected_person_is_opened_by_post_with_a_reason_that_is_logged(cast, office):
    where = reverse("office:person", args=[cast.protected.code])
    page = words_of(office.get(where))
    assert "Skyddsvik" not in page and cast.protected.email not in page
    opened = reverse("office:person_open", args=[cast.protected.code])
    assert office.post(opened, {"reason": ""}).status_code == 422
    page = words_of(office.post(opened, {"reason": "She rang and asked"}))
    assert "Hemliga Skyddsvik" in page
    entry = Entry.objects.get(verb="open_protected")
    assert (entry.actor, entry.reason) == (cast.coordinator, "She rang and asked")
    assert "Skyddsvik" not in words_of(office.get(where))


def test_a_persons_story_shows_only_what_one_works_with(cast, office):
    give_place(cast.activity, cast.participant)
    elsewhere, _session = make_activity(cast.other_programme, title="Secret elsewhere")
    give_place(elsewhere, cast.participant)
    page = words_of(office.get(reverse("office:person", args=[cast.participant.code])))
    assert "First aid for associations" in page and "Secret elsewhere" not in page


def test_who_may_not_confirm_an_organisation_sees_no_button_for_it(cast, sign_in):
    give_place(cast.activity, cast.participant, organisation=cast.organisation, representation="claimed")
    for role in (cast.mentor, cast.leader, cast.partner_staff, cast.controller):
        for view, arguments in (("activity", [cast.activity.code]), ("representations", [])):
            page = words_of(sign_in(role).get(reverse(f"office:{view}", args=arguments)))
            assert 'name="pick"' not in page and "/organisation/" not in page
    assert 'name="pick"' in words_of(sign_in(cast.coordinator).get(reverse("office:representations")))


def test_what_is_offered_stands_on_the_public_page(cast, office, client):
    typed = FIELDS | {"adjustments": ["captions", "childcare"]}
    office.post(reverse("office:activity_edit", args=[cast.activity.code]), typed)
    page = words_of(client.get(reverse("public:activity", args=[cast.activity.code])))
    assert "Captions, written as people speak<br>Childcare" in page
    assert "what you need, in good time" in page
    answer = office.post(
        reverse("office:activity_edit", args=[cast.activity.code]), FIELDS | {"adjustments": ["a lift"]}
    )
    assert answer.status_code == 422
    assert Activity.objects.get(pk=cast.activity.pk).adjustments == ["captions", "childcare"]
