"""My details: changed by myself, undone by myself."""

from __future__ import annotations

import re

import pytest

from samverk.kit.acting import THE_SHELL
from samverk.people.commands import create_person
from samverk.people.models import Person
from tests.cast import signed_in_client

pytestmark = pytest.mark.django_db

ADDRESS = "/en/my/details/"


@pytest.fixture
def anna() -> Person:
    return create_person("Anna", "Lind", by=THE_SHELL, email="anna@example.org", language="en", phone="040-1")


def given(**fields) -> dict:
    return {
        "given_name": "Anna",
        "family_name": "Lind",
        "phone": "040-1",
        "place": "",
        "language": "en",
    } | fields


def test_the_form_holds_what_is_known(anna):
    page = signed_in_client(anna).get(ADDRESS).text
    assert 'value="Anna"' in page and 'value="040-1"' in page and "anna@example.org" in page


def test_a_change_is_saved_and_can_be_taken_back(anna):
    client = signed_in_client(anna)
    answer = client.post(ADDRESS, given(given_name="Anna-Karin"))
    page = client.get(answer["Location"]).text
    assert "Your details are saved." in page
    undo = re.search(r'action="(/en/my/undo/[A-Z]+/)"', page).group(1)
    client.post(undo)
    anna.refresh_from_db()
    assert anna.given_name == "Anna"
    assert "no longer be undone" in client.get(client.post(undo)["Location"]).text


def test_nobody_undoes_what_another_did(anna):
    client = signed_in_client(anna)
    page = client.get(client.post(ADDRESS, given(phone="040-2"))["Location"]).text
    undo = re.search(r'action="(/en/my/undo/[A-Z]+/)"', page).group(1)
    other = create_person("Bo", by=THE_SHELL, email="bo@example.org")
    assert signed_in_client(other).post(undo).status_code == 404


def test_another_language_is_spoken_at_once(anna):
    answer = signed_in_client(anna).post(ADDRESS, given(language="sv"))
    assert answer["Location"] == "/sv/my/details/"


def test_an_empty_name_is_refused_and_what_was_typed_stays(anna):
    answer = signed_in_client(anna).post(ADDRESS, given(given_name="", phone="040-999"))
    assert answer.status_code == 422 and "Write your given name" in answer.text and "040-999" in answer.text
