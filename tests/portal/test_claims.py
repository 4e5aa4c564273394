from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.activities.choices import Representation
from samverk.directory.commands import create_organisation, give_mandate
from samverk.kit.acting import THE_SHELL
from samverk.people.models import Person
from samverk.people.rules import alias_of
from tests.activities.places import a_person, an_activity, come
from tests.cast import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def club():
    return create_organisation("Läxlyktan", by=THE_SHELL)


@pytest.fixture
def rut(club):
    person = a_person("Rut")
    give_mandate(club, person, ["register_colleagues"], by=THE_SHELL)
    return signed_in_client(person)


def page(client, club) -> str:
    return client.get(reverse("portal:claims", args=[club.code])).content.decode()


def test_a_mandated_person_sees_who_names_her_organisation_and_says_yes(rut, club):
    registration = come(an_activity(), "Anna", organisation_typed="Läxlyktan")
    assert "1 registration says to come for you" in rut.get(reverse("portal:organisations")).content.decode()
    shown = page(rut, club)
    assert "Anna Berg" in shown and "anna@example.org" not in shown
    rut.post(reverse("portal:claim_confirm", args=[registration.code]))
    registration.refresh_from_db()
    assert registration.representation == Representation.CONFIRMED
    assert "Anna Berg comes for Läxlyktan." in page(rut, club)


def test_a_no_leaves_her_the_place(rut, club):
    registration = come(an_activity(), "Anna", organisation_typed="Läxlyktan")
    rut.post(reverse("portal:claim_decline", args=[registration.code]))
    registration.refresh_from_db()
    assert (registration.representation, registration.state) == (Representation.NONE, "confirmed")


def test_nobody_without_the_mandate_answers(club):
    registration = come(an_activity(), "Anna", organisation_typed="Läxlyktan")
    for person in (a_person("Olga"), registration.person):
        client = signed_in_client(person)
        assert client.post(reverse("portal:claim_confirm", args=[registration.code])).status_code == 404
        assert client.get(reverse("portal:claims", args=[club.code])).status_code == 404


def test_a_protected_person_stands_there_under_an_alias(rut, club):
    registration = come(an_activity(), "Anna", organisation_typed="Läxlyktan")
    Person.objects.filter(pk=registration.person_id).update(is_protected=True)
    shown = page(rut, club)
    assert "Anna" not in shown and alias_of(registration.person.code) in shown
