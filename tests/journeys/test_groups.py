"""Groups on a phone: two are made, wishes are ranked, the answer is looked at, published, and somebody is moved."""

from __future__ import annotations

import pytest

from samverk.activities.models import Registration
from samverk.activities.sheet_queries import sheet_faults
from samverk.post.models import Mail
from tests.activities.sheets import fill_sheet
from tests.cast import make_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def course(transactional_db):
    return make_cast()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def add_group(page, name: str, places: str) -> None:
    page.locator("summary", has_text="Add a group").click()
    page.get_by_label("Name of the group").fill(name)
    page.get_by_label("Number of places").fill(places)
    page.get_by_role("button", name="Add the group").click()
    page.get_by_text(f"{name} is added.").wait_for()


def test_wishes_are_ranked_decided_and_somebody_is_moved_afterwards(course, open_page):
    cast, code = course, course.activity.code
    office = open_page(cast.coordinator, "phone")
    office.goto(f"/office/activities/{code}/groups/")
    add_group(office, "Monday", "1")
    add_group(office, "Friday", "5")
    office.get_by_role("button", name="Let people rank up to three").click()
    office.get_by_text("People rank up to three groups when they register.").wait_for()
    assert fits(office)

    hers = open_page(cast.other_representative, "phone")
    hers.goto(f"/en/activities/{code}/")
    hers.get_by_label("Your first wish").select_option(label="Monday")
    hers.get_by_label("Your second wish").select_option(label="Friday")
    hers.locator("#register").get_by_role("button", name="Register").click()
    hers.get_by_text("You have a place").first.wait_for()

    fill_sheet(cast, 1)
    mine = Registration.objects.get(person=cast.other_representative)
    Registration.objects.exclude(pk=mine.pk).update(wishes=mine.wishes)
    office.goto(f"/office/activities/{code}/wishes/")
    office.get_by_text("1 of 2 get their first wish.").wait_for()
    office.get_by_text("Second wish. Monday is full").wait_for()
    assert fits(office)
    office.get_by_role("button", name="Put them into groups and tell 2 people").click()
    office.get_by_text("2 people are told their group.").wait_for()
    assert Mail.objects.filter(facts__why="allocated").count() == 2

    hers.reload()
    hers.get_by_text("Your group").wait_for()
    hers.get_by_text("Monday", exact=True).first.wait_for()
    office.get_by_label(f"Select {mine.name}").check()
    office.get_by_label("Put them into").select_option(label="Friday")
    office.get_by_role("button", name="Put into the group").click()
    office.get_by_text("1 person has changed group.").wait_for()
    assert Registration.objects.get(pk=mine.pk).cohort.name == "Friday"
    hers.reload()
    hers.get_by_text("Friday", exact=True).first.wait_for()
    assert fits(hers) and sheet_faults() == []
