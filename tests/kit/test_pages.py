"""The frame of every page, and the pages for what went wrong."""

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver

from samverk.kit import errors, vendor
from samverk.kit.tags import parts


@pytest.mark.parametrize(
    ("view", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404), (errors.too_many, 429)],
)
def test_an_error_page_says_what_to_do(view, status: int, db) -> None:
    request = RequestFactory().get("/sv/nothing/")
    answer = view(request)
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert 'class="status"' in page
    assert 'href="/"' in page


def test_too_many_tries_says_how_long_to_wait(db) -> None:
    answer = errors.too_many(RequestFactory().get("/"), minutes=1)
    assert answer["Retry-After"] == "60"
    assert "1 minute," in answer.content.decode()


def test_a_page_that_does_not_exist_is_answered_in_the_frame(client: Client, db) -> None:
    answer = client.get("/office-is-not-here/")
    assert answer.status_code == 404
    assert 'class="site-head"' in answer.content.decode()


def test_the_page_for_our_fault_needs_neither_database_nor_session() -> None:
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "<h1>" in answer.content.decode()


def test_the_watching_machine_gets_an_answer_from_the_database(client: Client, db) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200 and answer.json()["database"] == "answers"


def names_of_addresses(patterns=None, space: str = "") -> set[str]:
    names = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            names |= names_of_addresses(pattern.url_patterns, inner)
        elif pattern.name:
            names.add(space + pattern.name)
    return names


def test_every_address_that_a_template_names_exists() -> None:
    # With "as" Django gives an empty address where a name is wrong, and says nothing.
    known = names_of_addresses()
    wrong = set()
    for template in (vendor.ROOT / "samverk").rglob("templates/**/*.html"):
        for name in re.findall(r"""{% (?:url|nav_link) ["']([a-z_:]+)["']""", template.read_text("utf-8")):
            if name not in known and not name.startswith("demo:"):
                wrong.add(f"{template.relative_to(vendor.ROOT)}: {name}")
    assert wrong == set()


def test_an_icon_that_is_not_in_the_list_is_refused_by_name() -> None:
    with pytest.raises(Exception, match="icons.txt"):
        parts.icon("no-such-icon")
