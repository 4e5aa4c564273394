"""The comfort bar and the language switch: a cookie, the same page, nobody else's doing."""

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from samverk.kit.comfort import Comfort


def press(client: Client, address: str, **fields: str):
    return client.post(address, {"next": "/gallery/?page=2", **fields})


def test_larger_text_comes_back_to_the_same_page_and_stays(client: Client, db) -> None:
    answer = press(client, "/comfort/", size="A++")
    assert (answer.status_code, answer["Location"]) == (302, "/gallery/?page=2")
    page = client.get("/gallery/").content.decode()
    assert 'class="text-xl"' in page
    assert '<body data-size="lg"' in page


def test_one_choice_leaves_the_others_alone(client: Client, db) -> None:
    press(client, "/comfort/", theme="dark")
    press(client, "/comfort/", calm="1")
    page = client.get("/gallery/").content.decode()
    assert 'data-color-scheme="dark"' in page
    assert "data-calm" in page
    press(client, "/comfort/", calm="0")
    assert "data-calm" not in client.get("/gallery/").content.decode()


@pytest.mark.parametrize("page", ["https://example.com/", "//example.com", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_site(client: Client, page: str) -> None:
    assert client.post("/comfort/", {"size": "A", "next": page})["Location"] == "/"


def test_another_site_cannot_press_the_buttons(client: Client) -> None:
    answer = client.post("/comfort/", {"size": "A++", "next": "/"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "comfort" not in answer.cookies
    answer = client.post(
        "/language/", {"language": "pl", "next": "/"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_looking_changes_nothing(client: Client) -> None:
    assert client.get("/comfort/").status_code == 405
    assert client.get("/language/").status_code == 405


def test_the_language_changes_on_a_page_without_prefix(client: Client, db) -> None:
    press(client, "/language/", language="pl")
    assert '<html lang="pl"' in client.get("/gallery/").content.decode()


def test_the_language_changes_on_the_same_public_page_whatever_the_cookie_says(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.post("/language/", {"language": "pl", "next": "/sv/calendar/?place=online"})
    assert answer["Location"] == "/pl/calendar/?place=online"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert settings.LANGUAGE_COOKIE_NAME not in press(client, "/language/", language="xx").cookies


@given(st.text())
def test_any_cookie_gives_a_comfort(text: str) -> None:
    comfort = Comfort.from_cookie(text)
    assert Comfort.from_cookie(comfort.to_cookie()) == comfort


@pytest.mark.parametrize("size", ["A", "A+", "A++"])
@pytest.mark.parametrize("calm", [True, False])
def test_a_cookie_remembers_each_choice(size: str, calm: bool) -> None:
    comfort = Comfort(size=size, theme="dark", calm=calm)
    assert Comfort.from_cookie(comfort.to_cookie()) == comfort
