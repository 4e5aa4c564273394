"""The gallery shows every component, in every language, without breaking the rules of the house."""

import re

import pytest
from django.conf import settings
from django.test import Client

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def page(client: Client, db) -> str:
    return client.get("/gallery/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gallery_opens_in_every_language(client: Client, db, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get("/gallery/")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_no_page_part_carries_a_style_or_a_script_of_its_own(page: str) -> None:
    assert not re.search(r"\sstyle=", page)
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_every_chart_has_its_table_beneath(page: str) -> None:
    charts = re.findall(r'<figure class="chart">.*?</figure>', page, re.S)
    assert len(charts) == 5
    assert all("<figcaption>" in chart and "<table" in chart for chart in charts)


def test_every_icon_of_the_page_is_hidden_from_readers_and_stands_in_the_sprite(page: str) -> None:
    icons = re.findall(r'<svg class="icon"[^>]*>', page)
    assert icons
    assert all('aria-hidden="true"' in icon for icon in icons)


def test_no_id_stands_twice(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


def test_one_brick_button_a_page(page: str) -> None:
    assert page.count('data-color="accent"') == 1


def test_the_line_with_undo_posts_to_its_address(page: str) -> None:
    line = re.search(r'<div class="undo" role="status">.*?</div>', page, re.S)
    assert line is not None
    assert "Björn Öberg is marked absent." in line[0]
    assert 'method="post" action="/comfort/"' in line[0]
    assert "csrfmiddlewaretoken" in line[0]


def test_size_stands_on_the_body_and_never_on_the_root(page: str) -> None:
    assert not re.search(r"<html[^>]*data-size", page)
    assert re.search(r'<body data-size="md"', page)
