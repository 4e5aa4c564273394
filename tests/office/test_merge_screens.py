"""Possible duplicates in the office: listed, compared, joined, taken apart."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.directory.commands import create_organisation
from samverk.directory.doubting import find_doubtful_pairs
from samverk.directory.models import Merge, Organisation
from samverk.kit.acting import THE_SHELL
from samverk.programmes.commands import enrol_person
from tests.cast import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(cast) -> Organisation:
    made = create_organisation(
        "Läxlyktan", by=THE_SHELL, place="Malmö", phone="040 123456", email="twin@example.org"
    )
    find_doubtful_pairs()
    return made


def address(name: str, cast, twin) -> str:
    return reverse(f"office:{name}", args=["organisation", cast.organisation.code, twin.code])


def test_a_coordinator_joins_two_and_old_addresses_lead_to_the_one(cast, twin, sign_in, client):
    browser = sign_in(cast.coordinator)
    listed = browser.get(reverse("office:merges")).content.decode()
    assert address("merge", cast, twin) in listed and "The same name, the same place" in listed
    page = browser.get(address("merge", cast, twin)).content.decode()
    assert "twin@example.org" in page and "Merge them" in page
    browser.post(address("merge_join", cast, twin), {"take-phone": "theirs"})
    cast.organisation.refresh_from_db()
    assert cast.organisation.email == "twin@example.org"
    old = browser.get(reverse("office:organisation", args=[twin.code]))
    assert cast.organisation.code in old.content.decode()
    public = client.get(reverse("public:organisation", args=[twin.code]))
    assert public.status_code == 301 and cast.organisation.code in public["Location"]
    assert "Take apart" in browser.get(reverse("office:merges")).content.decode()
    browser.post(reverse("office:merge_undo", args=[Merge.objects.get().code]))
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_two_are_called_two_and_the_doubt_is_gone(cast, twin, sign_in):
    browser = sign_in(cast.coordinator)
    browser.post(address("merge_differ", cast, twin))
    assert "No doubt is open here" in browser.get(reverse("office:merges")).content.decode()


def test_two_codes_lead_to_the_comparison(cast, twin, sign_in):
    browser = sign_in(cast.coordinator)
    asked = {"kind": "organisation", "stays": cast.organisation.code.lower(), "goes": twin.code}
    assert browser.get(reverse("office:merge_find"), asked)["Location"] == address("merge", cast, twin)
    wrong = browser.get(reverse("office:merge_find"), asked | {"goes": "BBBBBBB"})
    assert wrong.status_code == 422 and "has this code" in wrong.content.decode()


def test_people_of_other_programmes_and_hidden_ones_are_not_compared(cast, sign_in):
    stranger = make_person("Pia", "Parkvall", email="pia2@example.org")
    enrol_person(cast.programme, cast.participant, starts=cast.programme.starts, by=THE_SHELL)
    browser = sign_in(cast.coordinator)
    for other in (stranger, cast.protected):
        page = browser.get(reverse("office:merge", args=["person", cast.participant.code, other.code]))
        assert page.status_code == 404
    enrol_person(cast.programme, stranger, starts=cast.programme.starts, by=THE_SHELL)
    page = browser.get(reverse("office:merge", args=["person", cast.participant.code, stranger.code]))
    assert "Merge them" in page.content.decode()
    browser.post(reverse("office:merge_join", args=["person", cast.participant.code, stranger.code]))
    stranger.refresh_from_db()
    assert stranger.merged_into == cast.participant


def test_a_list_of_pairs_asks_as_often_for_one_as_for_many(cast, twin, sign_in, queries):
    browser = sign_in(cast.coordinator)
    browser.get(reverse("office:merges"))
    one = queries(lambda: browser.get(reverse("office:merges")))
    for n in range(4):
        for _twice in range(2):
            create_organisation(f"Torget nummer{n} {'abcd'[n]}", by=THE_SHELL, place="Lund")
    find_doubtful_pairs()
    assert queries(lambda: browser.get(reverse("office:merges"))) == one
