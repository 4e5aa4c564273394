"""The frame of every page, and the pages for what went wrong."""

import pytest
from django.test import Client, RequestFactory

from samverk.kit import errors
from samverk.kit.tags import addresses, parts


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


def test_a_menu_entry_whose_view_is_missing_does_not_break_the_page() -> None:
    assert addresses.safe_url("office:no_such_view") == "#"


def test_an_icon_that_is_not_in_the_list_is_refused_by_name() -> None:
    with pytest.raises(Exception, match="icons.txt"):
        parts.icon("no-such-icon")
