from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import confirm_registration, register_for
from samverk.activities.messages import place_token
from samverk.activities.models import Registration
from samverk.asking.commands.answering import register_with_answers
from samverk.asking.commands.asking import ask_set
from samverk.asking.models import Given, Sealed
from samverk.asking.sealing import opened
from samverk.directory.commands import add_affiliation, create_organisation
from samverk.kit.acting import THE_SHELL, Actor
from samverk.trail.models import Entry
from tests.activities.places import BY_LINK, a_person, an_activity
from tests.asking.sets import FOOD, HOPES, PAPER, STAND, WAY, asked_in, key_of
from tests.cast import signed_in_client

pytestmark = pytest.mark.django_db


def page_of(client, activity) -> str:
    return client.get(reverse("public:activity", args=[activity.code])).content.decode()


def send(client, activity, **fields):
    facts = {"who": "visitor", "given_name": "Anna", "family_name": "Berg", "email": "anna@example.org"}
    return client.post(reverse("public:registration_create", args=[activity.code]), facts | fields)


def test_a_visitor_answers_on_the_same_screen_and_the_answers_wait_with_her_place(client):
    activity = an_activity()
    asked = asked_in(activity, WAY, HOPES, FOOD)
    page = page_of(client, activity)
    assert page.count("<form") >= 1 and "By bus" in page and "Only these read it" in page
    bus = key_of(asked, "By bus")
    assert send(client, activity, q_way=bus, q_hopes="A word", q_food="Planted nuts").status_code == 302
    made = Registration.objects.get()
    assert made.state == State.HELD and made.given.answers == {"way": bus, "hopes": "A word"}
    assert opened(made.sealed.content) == {"food": "Planted nuts"} and "Planted" not in made.sealed.content
    assert not Entry.objects.filter(values__icontains="planted").exists()
    confirm_registration(made, by=BY_LINK)
    assert Given.objects.get().registration.state == State.CONFIRMED


def test_a_missing_answer_stands_by_its_field_and_what_was_typed_stays(client):
    activity = an_activity()
    asked_in(activity, WAY, HOPES, FOOD)
    answer = send(client, activity, q_hopes="Long thoughts", q_food="Typed")
    said = answer.content.decode()
    assert answer.status_code == 422 and said.count("Answer: Way") == 2
    assert "Long thoughts" in said and 'value="anna@example.org"' in said
    assert not Registration.objects.exists()


def test_a_known_address_never_writes_into_somebodys_answers(client):
    activity = an_activity(5)
    asked = asked_in(activity, WAY, FOOD)
    bus, bike = key_of(asked, "By bus"), key_of(asked, "By bike")
    send(client, activity, q_way=bus, q_food="Hers")
    confirm_registration(Registration.objects.get(), by=BY_LINK)
    answer = send(client, activity, q_way=bike, q_food="Theirs", form_key="")
    assert answer.status_code == 302
    assert Given.objects.get().answers == {"way": bus} and opened(Sealed.objects.get().content) == {
        "food": "Hers"
    }


def test_questions_of_other_roles_are_neither_shown_nor_kept(client):
    activity = an_activity()
    asked_in(activity, WAY, comes_as=["speaker"])
    assert "By bus" not in page_of(client, activity)
    assert send(client, activity, q_way="bus").status_code == 302
    assert not Given.objects.exists()


def test_an_organisation_is_asked_once_and_only_its_own_people_see_that_it_answered(client):
    activity = an_activity(9)
    asked_in(activity, STAND)
    club = create_organisation("Odla Ihop", by=THE_SHELL)
    browsers = []
    for name in ("Anna", "Bo"):
        person = a_person(name)
        add_affiliation(person, club, "board", by=THE_SHELL, confirmed=True)
        browsers.append(signed_in_client(person))
    first, second = browsers
    own = {"who": "own", "behalf": club.code}
    assert send(first, activity, **own).status_code == 422, "the first must answer"
    assert send(first, activity, **own, q_stand="yes").status_code == 302
    said = page_of(second, activity)
    assert "has answered this already" in said and 'name="q_stand"' not in said
    assert send(second, activity, **own).status_code == 302
    # A visitor who types the name learns nothing.
    said = page_of(client, activity)
    assert 'name="q_stand"' in said and "has answered this already" not in said
    assert send(client, activity, organisation="Odla Ihop", email="x@example.org").status_code == 302


def test_the_same_question_stands_filled_in_for_the_signed_in_and_for_nobody_else(client):
    siv = a_person("Siv")
    first, second = an_activity(), an_activity(title="Second")
    asked = asked_in(first, HOPES, FOOD)
    ask_set(second, asked.question_set, by=THE_SHELL)
    browser = signed_in_client(siv)
    assert send(browser, first, who="own", q_hopes="Planted hope", q_food="Planted nuts").status_code == 302
    said = page_of(browser, second)
    assert "Planted hope" in said and "last time" in said and "Planted nuts" not in said
    assert "Planted" not in page_of(client, second)
    # By name and address of hers a visitor gets nothing either.
    refused = send(client, second, given_name="", email=siv.email).content.decode()
    assert "Planted" not in refused
    assert send(browser, second, who="own", use_again="on").status_code == 302
    made = Registration.objects.get(activity=second)
    assert opened(made.sealed.content) == {"food": "Planted nuts"}


def test_a_file_is_kept_privately_and_opened_by_those_who_read_the_question(cast, client):
    asked_in(cast.activity, PAPER, HOPES)
    pdf = SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    browser = signed_in_client(cast.participant)
    page = SimpleUploadedFile("plan.pdf", b"<html>", "application/pdf")
    assert send(browser, cast.activity, who="own", behalf="myself", q_paper=page).status_code == 422
    assert send(browser, cast.activity, who="own", behalf="myself", q_paper=pdf).status_code == 302
    made = Registration.objects.get(person=cast.participant, activity=cast.activity)
    address = reverse("office:asking_file", args=[cast.activity.code, made.code, "paper"])
    answer = signed_in_client(cast.coordinator).get(address)
    assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
    assert signed_in_client(cast.other_coordinator).get(address).status_code == 404
    mine = reverse("portal:place_answer_file", args=[place_token(made), "paper"])
    assert browser.get(mine).status_code == 200
    assert signed_in_client(cast.mentor).get(mine).status_code == 404


def test_staff_on_the_phone_are_never_held_up(cast):
    asked_in(cast.activity, WAY, FOOD)
    browser = signed_in_client(cast.coordinator)
    address = reverse("office:registration_create", args=[cast.activity.code])
    assert "By bus" in browser.get(address).content.decode()
    sent = {"given_name": "Ola", "family_name": "Dahl", "language": "sv", "q_food": "Milk"}
    assert browser.post(address, sent).status_code == 302
    made = Registration.objects.get(given_name="Ola")
    assert opened(made.sealed.content) == {"food": "Milk"}


def test_she_sees_and_changes_her_answers_signed_in_and_a_link_alone_shows_nothing(client):
    activity = an_activity()
    asked = asked_in(activity, WAY, HOPES, FOOD)
    bus, bike = key_of(asked, "By bus"), key_of(asked, "By bike")
    siv = a_person("Siv")
    browser = signed_in_client(siv)
    send(browser, activity, who="own", q_way=bus, q_hopes="Planted hope", q_food="Planted nuts")
    made = Registration.objects.get()
    address = reverse("portal:place_answers", args=[place_token(made)])
    assert client.get(address).status_code == 302, "a link alone leads to sign-in"
    place = client.get(reverse("portal:place", args=[place_token(made)])).content.decode()
    assert "Planted" not in place and "answered 2 of 2" in place
    said = browser.get(address).content.decode()
    assert "Planted hope" in said and "Planted nuts" not in said
    assert "Planted nuts" in browser.post(address, {"show": "1"}).content.decode()
    assert browser.post(address, {"q_way": bike}).status_code == 302
    made = Registration.objects.get()
    assert made.given.answers == {"way": bike} and opened(made.sealed.content) == {"food": "Planted nuts"}
    assert browser.post(address, {"q_way": bike, "protected": "1"}).status_code == 302
    assert not Sealed.objects.exists()


def test_when_registration_has_closed_answers_are_read_only(client):
    activity = an_activity(hours_ahead=1)
    asked_in(activity, HOPES)
    siv = a_person("Siv")
    made = register_with_answers(
        register_for, activity, {"hopes": "Before"}, by=Actor(person=siv), form_key=Registration().form_key,
        person=siv, language="en",
    )  # fmt: skip
    type(activity).objects.filter(pk=activity.pk).update(closes_at=made.registered_at)
    address = reverse("portal:place_answers", args=[place_token(made)])
    browser = signed_in_client(siv)
    browser.post(address, {"q_hopes": "After"})
    assert Given.objects.get().answers == {"hopes": "Before"}
    assert "Registration is closed" in browser.get(address).content.decode()
