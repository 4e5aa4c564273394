"""A question on the wall, two phones in the hall, one without script; the results for everybody to read."""

from __future__ import annotations

import pytest

from tests.cast import make_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def come_in(page, code: str):
    page.goto("/l/")
    page.get_by_label("Code on the wall").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    return page


def test_a_poll_is_answered_from_two_phones_and_read_on_the_wall(cast, open_page):
    desk = open_page(cast.coordinator, "desktop")
    desk.goto(f"/office/sessions/{cast.session.code}/live/")
    desk.get_by_role("button", name="Let phones in").click()
    desk.get_by_label("Question", exact=True).fill("Which day suits you?")
    desk.get_by_label("Answers").fill("Monday\nFriday")
    desk.get_by_role("button", name="Add it").click()
    desk.get_by_role("button", name="Put it on the wall").click()
    wall = open_page(cast.coordinator, "desktop")
    wall.goto(f"/office/sessions/{cast.session.code}/live/wall/")
    code = wall.locator(".wall-code").inner_text().replace(" ", "")
    first, second = come_in(open_page(None), code), come_in(open_page(None, java_script_enabled=False), code)
    for phone, day in [(first, "Monday"), (second, "Friday")]:
        phone.get_by_label(day).check()
        phone.get_by_role("button", name="Send").click()
        phone.get_by_text("Your answer is in.").wait_for()
    wall.get_by_text("2 answers").wait_for()
    desk.get_by_role("button", name="Results to the phones").click()
    first.get_by_role("heading", name="Results").wait_for(timeout=15_000)
    assert first.faults == [] and wall.faults == []
