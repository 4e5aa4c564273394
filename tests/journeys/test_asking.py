"""Questions when registering: answered on a phone with an allergy, changed on "My place", counted, opened by name, logged."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.asking.models import Sealed
from samverk.asking.sealing import opened
from tests.asking.sets import FOOD, HOPES, WAY, asked_in
from tests.cast import make_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def course(transactional_db):
    cast = make_cast()
    asked_in(cast.activity, WAY, HOPES, FOOD)
    return cast


def test_an_allergy_is_told_changed_counted_and_read_by_the_named_role(course, open_page):
    cast, code = course, course.activity.code
    hers = open_page(cast.other_representative, "phone")
    hers.goto(f"/en/activities/{code}/")
    hers.get_by_text("Only these read it, and each reading is noted").wait_for()
    hers.get_by_label("Hopes").fill("To meet others")
    hers.get_by_label("Food").fill("No nuts, please")
    hers.locator("#register").get_by_role("button", name="Register").click()
    # The way was not chosen: it is said by the field, and nothing typed is lost.
    hers.get_by_role("heading", name="Register").wait_for()
    assert hers.get_by_label("Food").input_value() == "No nuts, please"
    hers.get_by_label("By bus").check()
    hers.locator("#register").get_by_role("button", name="Register").click()
    hers.get_by_text("You have a place").first.wait_for()

    hers.get_by_role("link", name="See and change my answers").click()
    assert "No nuts" not in hers.content()
    hers.get_by_role("button", name="Show and change it").click()
    hers.get_by_label("Food").fill("No nuts and no milk")
    hers.get_by_role("button", name="Save my answers").click()
    hers.get_by_text("Your answers are saved.").wait_for()
    assert opened(Sealed.objects.get().content) == {"food": "No nuts and no milk"}
    assert hers.evaluate("document.documentElement.scrollWidth <= innerWidth")

    theirs = open_page(cast.coordinator, "phone")
    theirs.goto(f"/office/activities/{code}/questions/")
    theirs.get_by_role("heading", name="Way").wait_for()
    theirs.get_by_role("link", name="For kitchen and door").click()
    theirs.get_by_text("1 answer").wait_for()
    assert cast.other_representative.family_name not in theirs.content() and "milk" not in theirs.content()
    theirs.get_by_role("button", name="Show the names").click()
    theirs.get_by_text("No nuts and no milk").wait_for()
    assert theirs.evaluate("document.documentElement.scrollWidth <= innerWidth")

    theirs.goto(reverse("office:trail"))
    theirs.get_by_text("Read allergies and access needs").first.wait_for()
    assert "milk" not in theirs.content()
    # A missing answer is no fault of the page, but the browser notes the status 422.
    assert theirs.faults == [] and not [one for one in hers.faults if "422" not in one]
