from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import cancel_registration
from samverk.activities.commands.sessions import schedule_session
from samverk.activities.messages import place_token
from samverk.activities.models import Attendance, Leader, Registration
from samverk.directory.commands import add_affiliation, create_organisation, give_mandate
from samverk.kit.acting import THE_SHELL
from samverk.people.commands import code_of
from samverk.people.models import Person
from samverk.post.models import Mail
from tests.activities.places import BY_LINK, a_person, an_activity, ask, come, state_of
from tests.cast import signed_in_client

pytestmark = pytest.mark.django_db


def page_of(client, activity, query=""):
    return client.get(reverse("public:activity", args=[activity.code]) + query)


def send(client, activity, **fields):
    facts = {"who": "visitor", "given_name": "Anna", "family_name": "Berg", "email": "anna@example.org"}
    return client.post(reverse("public:registration_create", args=[activity.code]), facts | fields)


def words_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# ---------- a visitor ----------


def test_a_visitor_fills_at_most_four_required_fields_and_presses_one_button(client):
    page = page_of(client, an_activity()).content.decode()
    form = page[page.index('id="register"') :].partition("</form>")[0]
    shown = re.findall(r"<(?:input|textarea|select)(?![^>]*hidden)[^>]*>", form)
    assert len(shown) == 5 and form.count("<button") == 1
    assert form.count("(not required)") == 3


def test_sending_the_form_leads_to_the_code_and_the_code_to_the_place(client):
    activity = an_activity()
    sent = send(client, activity, organisation="Läxlyktan")
    assert sent.status_code == 302
    assert "anna@example.org" in words_of(client.get(sent["Location"]))
    registration = Registration.objects.get()
    code = code_of(registration.sign_in)
    done = client.post(sent["Location"] + "confirm/", {"code": code})
    assert done["Location"] == reverse("portal:place", args=[place_token(registration)])
    assert "You have a place" in words_of(client.get(done["Location"]))
    assert client.get(reverse("portal:activities")).status_code == 200, "the browser is hers now"


def test_a_wrong_code_is_said_and_the_place_stays_held(client):
    activity = an_activity()
    sent = send(client, activity)
    answer = client.post(sent["Location"] + "confirm/", {"code": "BBBB BBBB"})
    assert answer.status_code == 422 and "is not the code" in words_of(answer)
    assert state_of(Registration.objects.get()) == State.HELD


def test_a_new_mail_can_be_asked_for(client):
    sent = send(client, an_activity())
    client.post(sent["Location"] + "resend/")
    assert Mail.objects.exclude(state="cancelled").count() == 1 and Mail.objects.count() == 2
    assert "on its way to anna@example.org" in words_of(client.get(sent["Location"]))


def test_errors_stand_above_and_by_the_field_and_what_was_typed_stays(client):
    activity = an_activity()
    answer = send(client, activity, given_name="", email="anna@", organisation="Läxlyktan")
    words = answer.content.decode()
    assert answer.status_code == 422 and "<title>Error:" in words
    assert words.count("Write the given name") == 2
    assert 'href="#id_email"' in words and 'value="anna@"' in words and 'value="Läxlyktan"' in words
    assert not Registration.objects.exists()


def test_known_and_unknown_addresses_see_the_same_page(client):
    activity = an_activity(10)
    come(activity, "Anna")
    a_person("Siv")
    seen = []
    for name in ("Anna", "Siv", "Nobody"):
        sent = send(client, activity, given_name=name, email=f"{name.lower()}@example.org")
        words = words_of(client.get(sent["Location"])).replace(f"{name.lower()}@example.org", "…")
        seen.append((sent.status_code, words))
    assert seen[0] == seen[1] == seen[2]


def test_a_full_activity_without_a_list_does_not_tell_who_is_in_it(client):
    activity = an_activity(1, has_waiting_list=False)
    come(activity, "Anna")
    answers = [
        send(client, activity, given_name=name, email=f"{name.lower()}@example.org")
        for name in ("Anna", "Siv")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert not Registration.objects.exclude(email="anna@example.org").exists()


def test_hostile_words_are_only_words(client):
    activity = an_activity(title="<script>alert(1)</script>", summary="</script><b>x</b>")
    sent = send(
        client, activity, given_name="<img src=x onerror=alert(1)>", organisation="'; DROP TABLE x; --"
    )
    assert sent.status_code == 302
    page = page_of(client, activity).content.decode()
    assert "<script>alert" not in page and "</script><b>" not in page
    place = client.get(
        reverse("portal:place", args=[place_token(Registration.objects.get())])
    ).content.decode()
    assert "<img src=x" not in place


def test_a_private_activity_is_not_found_by_strangers(client):
    assert page_of(client, an_activity(audience="private")).status_code == 404
    assert page_of(client, an_activity(state="draft")).status_code == 404
    assert send(client, an_activity(audience="members")).status_code == 404


def test_many_from_one_address_of_the_network_are_slowed_down(client, monkeypatch):
    activity = an_activity()
    monkeypatch.setattr("samverk.public.views.registrations.is_within", lambda *args, **kwargs: False)
    assert send(client, activity).status_code == 429


# ---------- the page speaks to my state ----------


def test_who_is_registered_sees_her_place_and_neither_places_left_nor_register():
    activity, siv = an_activity(5), a_person("Siv")
    client = signed_in_client(siv)
    send(client, activity, who="own")
    words = words_of(page_of(client, activity))
    assert "You have a place" in words and "See my place" in words
    assert "places left" not in words and "One minute" not in words
    assert "You are registered" in words_of(client.get(reverse("public:calendar")))


def test_signed_in_she_registers_with_one_button_and_one_mail():
    activity, siv = an_activity(), a_person("Siv")
    done = send(signed_in_client(siv), activity, who="own", given_name="", email="")
    registration = Registration.objects.get()
    assert done["Location"] == reverse("portal:place", args=[place_token(registration)])
    assert (registration.person, registration.state) == (siv, State.CONFIRMED)
    assert Mail.objects.count() == 1


def test_only_organisations_that_stand_behind_her_are_offered():
    activity, siv = an_activity(), a_person("Siv")
    club, other = (
        create_organisation("Läxlyktan", by=THE_SHELL),
        create_organisation("Båtlaget", by=THE_SHELL),
    )
    add_affiliation(siv, club, "board", by=THE_SHELL, confirmed=True)
    add_affiliation(siv, other, "board", by=THE_SHELL)
    page = page_of(signed_in_client(siv), activity).content.decode()
    assert f'value="{club.code}"' in page and other.code not in page and "Register a colleague" not in page
    answer = send(signed_in_client(siv), activity, who="own", behalf=other.code)
    assert answer.status_code == 422 and not Registration.objects.exists()


def test_a_mandate_lets_her_register_a_colleague_from_the_page():
    activity, rut = an_activity(), a_person("Rut")
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    give_mandate(club, rut, ["register_colleagues"], by=THE_SHELL)
    client = signed_in_client(rut)
    assert "Register a colleague" in words_of(page_of(client, activity))
    assert "Colleague in" in words_of(page_of(client, activity, "?who=colleague"))
    done = send(
        client, activity, who="colleague", organisation=club.code, given_name="Karl", email="karl@example.org"
    )
    assert done.status_code == 302
    assert "Karl Berg has a place." in words_of(page_of(client, activity))
    assert Registration.objects.get().organisation == club


def test_without_a_mandate_there_is_no_form_for_colleagues():
    assert page_of(signed_in_client(a_person("Siv")), an_activity(), "?who=colleague").status_code == 404


def test_another_of_her_mailbox_is_registered_without_a_code():
    activity, siv = an_activity(), a_person("Siv")
    client = signed_in_client(siv)
    assert f'value="{siv.email}"' in page_of(client, activity, "?who=another").content.decode()
    send(client, activity, who="another", given_name="Kim", family_name="Ström", email=siv.email)
    registration = Registration.objects.get()
    assert registration.state == State.CONFIRMED and registration.person != siv
    assert Person.objects.filter(email=siv.email).count() == 1


# ---------- what machines read ----------


def test_the_page_holds_the_event_in_the_words_of_schema_org(client):
    page = page_of(
        client, an_activity(7, title="Łódź & <friends>", online_link="https://meet.example.org/x")
    ).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data["@type"] == "Event" and data["name"] == "Łódź & <friends>"
    assert (
        data["eventAttendanceMode"].endswith("MixedEventAttendanceMode")
        and data["maximumAttendeeCapacity"] == 7
    )
    assert "meet.example.org" not in json.dumps(data), "the link is for those who have a place"


def test_a_protected_leader_is_not_named(client):
    activity = an_activity()
    for name, hidden in (("Hemlig", True), ("Öppen", False)):
        Leader.objects.create(activity=activity, person=a_person(name, is_protected=hidden), is_public=True)
    words = words_of(page_of(client, activity))
    assert "Öppen" in words and "Hemlig" not in words


def test_names_of_public_organisations_are_suggested(client):
    create_organisation("Odla Ihop", by=THE_SHELL)
    create_organisation("Odla Dolt", by=THE_SHELL, is_public=False)
    names = client.get(reverse("public:organisation_names"), {"organisation": "odl"}).content.decode()
    assert "Odla Ihop" in names and "Dolt" not in names


# ---------- budgets ----------


def test_the_pages_ask_at_most_eight_questions_however_much_there_is(client, queries):
    activity = an_activity(2)
    siv = a_person("Siv")
    browser = signed_in_client(siv)
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    add_affiliation(siv, club, "board", by=THE_SHELL, confirmed=True)
    give_mandate(club, siv, ["register_colleagues"], by=THE_SHELL)
    before = [queries(lambda: page_of(client, activity)), queries(lambda: page_of(browser, activity))]
    for name in ("Anna", "Bo", "Cia"):
        come(activity, name)
        Leader.objects.create(activity=activity, person=a_person(f"L{name}"), is_public=True)
    after = [queries(lambda: page_of(client, activity)), queries(lambda: page_of(browser, activity))]
    # A full activity is asked once more how many wait.
    assert max(before) <= 8 and after[0] <= before[0] + 1 <= 8 and after[1] <= 9


def test_sending_and_confirming_ask_at_most_twenty_five_questions_each(client, queries):
    activity = an_activity(5)
    assert queries(lambda: send(client, activity, organisation="Läxlyktan")) <= 25
    registration = Registration.objects.get()
    link = reverse("portal:place", args=[place_token(registration)])
    assert queries(lambda: client.post(link + "confirm/")) <= 25
    assert state_of(registration) == State.CONFIRMED


def test_confirming_costs_the_same_with_twelve_sessions(client, queries):
    activity = an_activity(5)
    for week in range(1, 12):
        starts = timezone.now() + timedelta(days=7 * week)
        schedule_session(
            activity, starts_at=starts, ends_at=starts + timedelta(hours=2), planned_minutes=120, by=THE_SHELL
        )
    link = reverse("portal:place", args=[place_token(ask(activity))])
    assert queries(lambda: client.post(link + "confirm/")) <= 25
    assert Attendance.objects.filter(session__activity=activity).count() == 12


# ---------- my place ----------


def test_opening_the_link_confirms_nothing(client):
    registration = ask(an_activity())
    link = reverse("portal:place", args=[place_token(registration)])
    for address in (link, link + "calendar.ics"):
        assert client.get(address).status_code == 200
    for verb in ("confirm", "accept", "cancel", "restore", "change"):
        assert client.get(f"{link}{verb}/").status_code == 405
    assert state_of(registration) == State.HELD


def test_the_button_of_the_link_confirms(client):
    registration = ask(an_activity())
    link = reverse("portal:place", args=[place_token(registration)])
    client.post(link + "confirm/")
    assert "You have a place" in words_of(client.get(link))


def test_a_place_is_given_up_and_taken_back_without_signing_in(client):
    registration = come(an_activity())
    link = reverse("portal:place", args=[place_token(registration)])
    client.post(link + "cancel/")
    words = words_of(client.get(link))
    assert "You have given up your place." in words and "Undo" in words and "Take my place back" in words
    client.post(link + "restore/")
    assert "You have a place" in words_of(client.get(link)) and state_of(registration) == State.CONFIRMED


def test_an_offer_is_answered_on_the_place(client):
    activity = an_activity(1, hours_ahead=10)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    link = reverse("portal:place", args=[place_token(second)])
    assert "You are number 1 on the waiting list." in words_of(client.get(link))
    cancel_registration(first, by=BY_LINK)
    assert "A place is free for you." in words_of(client.get(link))
    client.post(link + "accept/")
    assert "You have a place" in words_of(client.get(link))


def test_the_place_shows_little_to_whoever_holds_the_link(client):
    registration = come(an_activity(), "Anna", note="I need a quiet corner")
    link = reverse("portal:place", args=[place_token(registration)])
    words = client.get(link).content.decode()
    assert "quiet corner" not in words and "anna@example.org" not in words
    client.post(link + "change/", {"organisation": "Läxlyktan", "role": "board", "note": ""})
    registration.refresh_from_db()
    assert (registration.note, registration.organisation_typed) == ("I need a quiet corner", "Läxlyktan")
    assert "quiet corner" in signed_in_client(registration.person).get(link).content.decode()


def test_a_revoked_or_foreign_link_opens_nothing(client):
    registration = come(an_activity())
    token = place_token(registration)
    Registration.objects.update(link_version=2)
    assert client.get(reverse("portal:place", args=[token])).status_code == 404
    assert client.get(reverse("portal:place", args=["x" * 40])).status_code == 404
    assert client.get(reverse("public:registration_sent", args=[token])).status_code == 404


def test_the_personal_page_is_not_stored_not_indexed_and_masked(client):
    answer = client.get(reverse("portal:place", args=[place_token(come(an_activity()))]))
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]


def test_my_activities_lists_what_comes_and_what_was():
    siv = a_person("Siv")
    client = signed_in_client(siv)
    assert "Here you find your places" in words_of(client.get(reverse("portal:activities")))
    send(client, an_activity(title="Comes soon"), who="own")
    send(client, an_activity(title="Given up"), who="own")
    cancel_registration(Registration.objects.get(activity__title="Given up"), by=BY_LINK)
    words = words_of(client.get(reverse("portal:activities")))
    assert (
        words.index("What comes")
        < words.index("Comes soon")
        < words.index("What was")
        < words.index("Given up")
    )
