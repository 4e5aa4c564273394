"""Signing in as a person meets it: ask, read the mail, type the code or press the link's button."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from samverk.kit.acting import THE_SHELL
from samverk.kit.codes import make_link
from samverk.people.commands import create_person, make_keeper_link
from samverk.people.models import Device, Person, SignIn
from samverk.people.rules import code_from_key
from samverk.post.commands import send_due
from tests.house.strict import StrictClient
from tests.post.mailbox import open_mailbox

pytestmark = pytest.mark.django_db

ASK, CODE, HOME = "/en/sign-in/", "/en/sign-in/code/", "/en/my/"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


@pytest.fixture
def anna() -> Person:
    return create_person("Anna", "Lind", by=THE_SHELL, email="anna@example.org", language="en")


@pytest.fixture
def box(settings):
    with open_mailbox() as box:
        settings.MAILERS = box.settings
        yield box


def read_mail(box) -> tuple[str, str]:
    """The code and the link's path in the newest mail."""
    send_due()
    text = box.letters[-1].get_body(("plain",)).get_content()
    code = re.search(r"^    ([A-Z]{4} [A-Z]{4})\s*$", text, re.M)
    link = re.search(r"https?://\S+/sign-in/link/\S+", text)
    return (code.group(1) if code else ""), (urlsplit(link.group(0)).path if link else "")


def is_in(client) -> bool:
    return client.get("/en/my/details/").status_code == 200


def new_browser() -> StrictClient:
    return StrictClient(headers={"user-agent": FIREFOX})


def test_ask_read_type_and_be_in(client, anna, box):
    answer = client.post(ASK, {"email": "Anna@Example.org"})
    assert answer["Location"] == CODE
    assert "anna@example.org" in client.get(CODE).text
    code, _link = read_mail(box)
    answer = client.post(CODE, {"code": code.lower()})
    assert answer["Location"] == HOME and is_in(client)


def test_the_link_of_the_same_mail_works_in_any_browser_with_one_press(client, anna, box):
    client.post(ASK, {"email": "anna@example.org"})
    code, link = read_mail(box)
    phone = new_browser()
    page = phone.get(link)
    assert code in page.text and not is_in(phone)
    assert page["Cache-Control"] == "no-store, private" and page["Referrer-Policy"] == "same-origin"
    assert phone.post(link, {"code": code})["Location"] == HOME
    assert is_in(phone) and Device.objects.get().label == "Firefox, Android"


def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(client, anna, box):
    client.post(ASK, {"email": "anna@example.org"})
    code, link = read_mail(box)
    for _visit in range(3):
        new_browser().get(link)
        new_browser().head(link)
    assert client.post(CODE, {"code": code})["Location"] == HOME


def test_the_link_works_once_and_then_offers_a_new_code(client, anna, box):
    client.post(ASK, {"email": "anna@example.org"})
    code, link = read_mail(box)
    client.post(CODE, {"code": code})
    other = new_browser()
    page = other.get(link).text
    assert "This code has been used" in page and 'value="anna@example.org"' in page
    assert other.post(link, {"code": code}).status_code == 422 and not is_in(other)


def test_a_code_that_has_run_out_offers_a_new_one_with_the_address_filled_in(client, anna, box):
    client.post(ASK, {"email": "anna@example.org"})
    code, link = read_mail(box)
    SignIn.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    answer = client.post(CODE, {"code": code})
    assert answer.status_code == 422 and "The code has run out" in answer.text
    assert "anna@example.org" in answer.text and "/sign-in/code/resend/" in answer.text
    client.post("/en/sign-in/code/resend/")
    newer, _link = read_mail(box)
    assert newer != code and client.post(CODE, {"code": newer})["Location"] == HOME


def test_a_wrong_code_says_so_keeps_the_page_and_counts(client, anna, box):
    client.post(ASK, {"email": "anna@example.org"})
    answer = client.post(CODE, {"code": "BCDF GHJK"})
    assert answer.status_code == 422 and "4 more times" in answer.text and "Error:" in answer.text


def test_an_unknown_address_meets_the_same_pages(client, box):
    answer = client.post(ASK, {"email": "nobody@example.org"})
    assert answer["Location"] == CODE
    known = new_browser()
    create_person("Anna", "Lind", by=THE_SHELL, email="anna@example.org")
    known.post(ASK, {"email": "anna@example.org"})
    unknown_page = client.get(CODE).text.replace("nobody@", "x@")
    assert _without_token(unknown_page) == _without_token(known.get(CODE).text.replace("anna@", "x@"))
    assert "4 more times" in client.post(CODE, {"code": "BCDF GHJK"}).text


def _without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_after_signing_in_one_stands_where_one_was(client, anna, box):
    asked = client.get("/en/my/devices/")
    assert asked.status_code == 302 and "next=/en/my/devices/" in asked["Location"]
    page = client.get(asked["Location"])
    assert 'value="/en/my/devices/"' in page.text
    client.post(ASK, {"email": "anna@example.org", "next": "/en/my/devices/"})
    code, _link = read_mail(box)
    assert client.post(CODE, {"code": code})["Location"] == "/en/my/devices/"


def test_nobody_is_led_to_another_site(client, anna, box):
    client.post(ASK, {"email": "anna@example.org", "next": "https://evil.example.org/"})
    code, _link = read_mail(box)
    assert client.post(CODE, {"code": code})["Location"] == HOME


def test_the_pages_come_in_the_persons_language_from_now_on(client, anna, box):
    Person.objects.filter(pk=anna.pk).update(language="sv")
    client.post(ASK, {"email": "anna@example.org"})
    answer = client.post(CODE, {"code": code_from_key(SignIn.objects.get())})
    assert answer["Location"] == "/sv/my/" and client.cookies["language"].value == "sv"


def test_an_address_that_is_none_is_explained(client):
    answer = client.post(ASK, {"email": "anna"})
    assert answer.status_code == 422 and "for example anna@example.org" in answer.text
    assert 'value="anna"' in answer.text


def test_too_many_codes_are_refused_in_plain_words(client, anna):
    for _number in range(3):
        client.post(ASK, {"email": "anna@example.org"})
    answer = client.post(ASK, {"email": "anna@example.org"})
    assert answer.status_code == 429 and "wait ten minutes" in answer.text


def test_a_link_we_did_not_make_leads_nowhere(client, anna):
    for token in ("abc", make_link("place", 1, 1), make_link("sign-in", 999, 1)):
        assert client.get(reverse("portal:sign_in_link", args=[token])).status_code == 404


def test_the_code_page_without_a_request_leads_to_the_first(client):
    assert client.get(CODE)["Location"] == ASK
    assert client.post("/en/sign-in/code/resend/")["Location"] == ASK


def entered(anna: Person) -> StrictClient:
    client = new_browser()
    client.post(ASK, {"email": anna.email})
    client.post(CODE, {"code": code_from_key(SignIn.objects.latest("pk"))})
    return client


def test_signing_out_ends_this_browser_only(anna):
    here, there = entered(anna), entered(anna)
    here.post("/en/sign-out/")
    assert not is_in(here) and is_in(there) and Device.objects.count() == 1


def test_signing_out_takes_a_post(anna):
    here = entered(anna)
    assert here.get("/en/sign-out/").status_code == 405 and is_in(here)


def test_one_browser_or_all_can_be_ended_from_another(anna):
    here, there, third = entered(anna), entered(anna), entered(anna)
    codes = {device.session_key: device.code for device in Device.objects.all()}
    here.post(f"/en/my/devices/{codes[there.session.session_key]}/end/")
    assert is_in(here) and not is_in(there) and is_in(third)
    assert here.get("/en/my/devices/").text.count("Firefox, Android") == 2
    here.post("/en/my/devices/sign-out/")
    assert not is_in(here) and not is_in(third)


def test_nobody_ends_the_browser_of_another(anna):
    here = entered(anna)
    stranger = create_person("Bo", by=THE_SHELL, email="bo@example.org", language="en")
    entered(stranger)
    theirs = Device.objects.get(person=stranger)
    assert here.post(f"/en/my/devices/{theirs.code}/end/").status_code == 404


def test_a_participant_stays_signed_in_fourteen_days_from_the_last_visit(anna):
    here = entered(anna)
    Device.objects.update(
        seen_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() + timedelta(days=11)
    )
    assert is_in(here)
    assert Device.objects.get().ends_at > timezone.now() + timedelta(days=13)
    Device.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert not is_in(here)


def test_a_keeper_stays_signed_in_twelve_hours_and_no_longer(anna):
    Person.objects.filter(pk=anna.pk).update(is_keeper=True)
    here = entered(anna)
    device = Device.objects.get()
    assert timedelta(hours=11) < device.ends_at - timezone.now() <= timedelta(hours=12)
    Device.objects.update(
        seen_at=timezone.now() - timedelta(hours=7), signed_in_at=timezone.now() - timedelta(hours=11)
    )
    assert is_in(here)
    assert Device.objects.get().ends_at < timezone.now() + timedelta(hours=2)


def test_a_keepers_link_signs_in_and_is_told_at_the_next_own_sign_in(anna, box):
    link = make_keeper_link(anna, by=THE_SHELL)
    address = reverse("portal:sign_in_link", args=[make_link("sign-in", link.pk, link.link_version)])
    keeper = new_browser()
    assert not is_in(keeper) and keeper.get(address).status_code == 200
    keeper.post(address, {"code": code_from_key(link)})
    assert is_in(keeper) and Device.objects.get().through_keeper
    hers = entered(anna)
    assert "A keeper made a link to sign in as you" in hers.get("/en/my/details/").text
    assert "keeper’s link" in hers.get("/en/my/devices/").text
    assert "A keeper made a link" not in hers.get("/en/my/details/").text


def test_a_person_who_was_shut_out_is_out_at_once(anna):
    here = entered(anna)
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    assert not is_in(here)
