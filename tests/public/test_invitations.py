"""The link of an invitation, and the public page of an activity that is not for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.activities import cancel_activity
from samverk.activities.commands.decisions import decline_registration
from samverk.activities.commands.invitations import Guest, invite, withdraw_invitation
from samverk.activities.commands.quotas import set_quota
from samverk.activities.invitation_messages import invitation_token
from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Registration
from samverk.directory.commands import add_affiliation, create_organisation
from samverk.kit.acting import THE_SHELL
from tests.activities.places import a_person, an_activity, come, state_of
from tests.cast import signed_in_client
from tests.public.test_registering import page_of, send, words_of

pytestmark = pytest.mark.django_db


def invited(activity, email="anna@example.org"):
    [made] = invite(activity, [Guest(email, "Anna", "Berg", "Läxlyktan")], language="en", by=THE_SHELL)
    return reverse("public:invitation", args=[invitation_token(made)])


def test_the_link_opens_a_private_activity_with_the_form_filled_in_and_one_button_registers(client):
    link = invited(an_activity(3, audience="private", title="Board evening"))
    page = client.get(link)
    assert "You are invited." in words_of(page) and "Board evening" in words_of(page)
    assert 'value="Anna"' in page.content.decode() and 'value="Läxlyktan"' in page.content.decode()
    assert 'name="email"' not in page.content.decode()
    assert not Registration.objects.exists(), "opening it answers nothing"
    done = client.post(link + "accept/", {"given_name": "Anna", "family_name": "Berg", "organisation": ""})
    place = Registration.objects.get()
    assert place.state == State.CONFIRMED and done["Location"] == reverse(
        "portal:place", args=[place_token(place)]
    )
    again = words_of(client.get(link))
    assert "You have a place." in again and "See my place" in again
    again = client.post(link + "accept/", {"given_name": "Anna", "family_name": "Berg"})
    assert again.status_code == 302 and "/place/" in again["Location"]
    assert Registration.objects.count() == 1


def test_the_link_opens_whatever_has_happened_and_says_what(client):
    full, past, off, early = (an_activity(1, title=name) for name in ("Full", "Past", "Off", "Early"))
    links = [invited(activity) for activity in (full, past, off, early)]
    come(full, "Bo")
    before = timezone.now() - timedelta(days=1)
    Activity.objects.filter(pk=past.pk).update(starts_at=before, ends_at=before)
    cancel_activity(off, reason="Ill", by=THE_SHELL)
    Activity.objects.filter(pk=early.pk).update(opens_at=timezone.now() + timedelta(days=2))
    said = [words_of(client.get(link)) for link in links]
    assert "You can stand on the waiting list." in said[0]
    assert "This activity is over." in said[1]
    assert "This activity is cancelled." in said[2]
    assert "You are invited." in said[3], "who is invited may register before it opens for others"


def test_an_invitation_taken_back_opens_with_the_reason_and_what_else_is_on(client):
    activity, _else = an_activity(3), an_activity(3, title="Open evening")
    link = invited(activity)
    withdraw_invitation(activity.invitations.get(), because="It was a mistake.", by=THE_SHELL)
    page = words_of(client.get(link))
    assert "This invitation has been taken back. It was a mistake." in page
    assert "What else is on" in page and "Open evening" in page and "<form" not in page
    assert client.post(link + "accept/", {"given_name": "Anna"}).status_code == 422


def test_who_cannot_come_presses_one_button_and_may_still_register(client):
    activity = an_activity(3)
    link = invited(activity)
    client.post(link + "decline/")
    assert activity.invitations.get().declined_at is not None
    assert "You have said that you cannot come." in words_of(client.get(link))
    client.post(link + "accept/", {"given_name": "Anna", "family_name": "Berg"})
    assert activity.invitations.get().declined_at is None


def test_an_invitation_link_is_not_kept_or_found_or_logged(client, caplog):
    page = client.get(invited(an_activity(3)))
    assert "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    assert any("/invitations/…/" in str(vars(record).get("path", "")) for record in caplog.records)
    assert client.get(reverse("public:invitation", args=["x" * 30])).status_code == 404


def test_invited_and_uninvited_addresses_see_the_same(client):
    activity = an_activity(3, only_invited=True)
    invited(activity)
    seen = []
    for name in ("Anna", "Bo"):
        sent = send(client, activity, given_name=name, email=f"{name.lower()}@example.org")
        words = words_of(client.get(sent["Location"])).replace(f"{name.lower()}@example.org", "…")
        wrong = client.post(sent["Location"] + "confirm/", {"code": "BBBB BBBB"})
        seen.append((sent.status_code, words, words_of(page_of(client, activity)), wrong.status_code))
    assert seen[0] == seen[1] and "One step left" in seen[0][1]


def test_the_page_says_who_may_come(client):
    page = words_of(page_of(client, an_activity(3, only_invited=True, per_organisation=2)))
    assert "By invitation only." in page and "At most 2 people come from each organisation." in page


def test_a_refused_person_reads_why_and_what_else_is_on(client):
    an_activity(3, title="Open evening")
    activity = an_activity(3, regions=["PL20"])
    page = page_of(client, activity).content.decode()
    assert "Where do you live or work?" in page and "Białystok" in page
    answer = send(client, activity, region="else")
    assert answer.status_code == 422
    said = words_of(answer)
    assert said.count("This activity is for people and organisations in podlaskie.") >= 2
    assert "What else is on" in said and "Open evening" in said
    assert send(client, activity, region="PL2061").status_code == 302
    missing = send(client, activity)
    assert "Choose where you live or work" in words_of(missing) and "What else is on" not in words_of(missing)


def test_what_is_known_is_not_asked(client):
    club = create_organisation("Razem", by=THE_SHELL, place="Białystok", country="PL")
    siv = a_person("Siv")
    add_affiliation(siv, club, "board", by=THE_SHELL, confirmed=True)
    activity = an_activity(3, regions=["PL20"])
    browser = signed_in_client(siv)
    page = page_of(browser, activity).content.decode()
    assert "Where do you live or work?" not in page
    browser.post(
        reverse("public:registration_create", args=[activity.code]), {"who": "own", "behalf": club.code}
    )
    assert state_of(Registration.objects.get()) == State.CONFIRMED


def test_people_choose_a_role_only_where_they_may(client):
    activity = an_activity(3)
    assert "You come as" not in words_of(page_of(client, activity))
    set_quota(activity, "helper", places=1, is_chosen=True, by=THE_SHELL)
    set_quota(activity, "speaker", places=1, by=THE_SHELL)
    page = words_of(page_of(client, activity))
    assert "You come as" in page and "Helper" in page and "Speaker" not in page
    assert send(client, activity, comes_as="speaker").status_code == 422
    assert send(client, activity, comes_as="helper").status_code == 302
    assert Registration.objects.get().comes_as == "helper"


def test_who_asks_to_come_sees_it_on_her_place_and_who_was_declined_sees_what_else_is_on(client):
    an_activity(3, title="Open evening")
    activity = an_activity(3, needs_approval=True)
    anna = come(activity, "Anna")
    address = reverse("portal:place", args=[place_token(anna)])
    page = words_of(client.get(address))
    assert "You have asked to come." in page and "I no longer want to come" in page
    decline_registration(anna, because="It is for new boards.", by=THE_SHELL)
    page = words_of(client.get(address))
    assert "You did not get a place. It is for new boards." in page and "Open evening" in page


def test_the_refused_page_and_the_invitation_page_ask_at_most_nine_questions(client, queries):
    for number in range(6):
        an_activity(3, title=f"Evening {number}")
    closed = an_activity(3, closes_at=timezone.now() - timedelta(hours=1))
    link = invited(an_activity(3))
    assert queries(lambda: page_of(client, closed)) <= 8
    assert queries(lambda: client.get(link)) <= 8
