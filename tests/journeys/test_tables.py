"""Making groups at an event: on a phone and at a desk, by buttons alone; the participant reads the tables on hers."""

from __future__ import annotations

import pytest

from samverk.activities.messages import place_token
from samverk.tables.models import TablePlan
from tests.activities.sheets import fill_sheet
from tests.cast import make_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def course(transactional_db):
    cast = make_cast()
    cast.extra["rows"] = fill_sheet(cast, 9)
    return cast


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_groups_are_made_a_person_is_moved_and_everybody_reads_their_table(course, open_page, size):
    page = open_page(course.coordinator, size)
    page.goto(f"/office/sessions/{course.session.code}/tables/")
    page.get_by_label("Tables", exact=True).fill("3")
    page.get_by_label("Rounds").first.fill("2")
    page.get_by_label("People of one organisation sit apart").uncheck()
    page.get_by_role("button", name="Make groups").click()
    page.get_by_text("The groups are made.").wait_for()
    page.get_by_role("heading", name="Table 3").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    plan = TablePlan.objects.get(session=course.session)
    seat = plan.seats.filter(round=1, table=1).first()
    page.locator(f'a[href="/office/table-seats/{seat.pk}/"]').click()
    page.get_by_label("Table", exact=True).select_option("2")
    page.get_by_role("button", name="Move").click()
    page.get_by_text("sits at table 2 now").wait_for()
    seat.refresh_from_db()
    assert seat.table == 2 and seat.is_locked

    page.get_by_role("button", name="Show them to participants").click()
    page.get_by_text("Everybody reads their tables on the phone now.").wait_for()
    assert page.faults == []

    row = seat.attendance
    numbers = list(plan.seats.filter(attendance=row).order_by("round").values_list("table", flat=True))
    hers = open_page(None, "phone")
    hers.goto(f"/en/place/{place_token(row.registration)}/")
    hers.get_by_text(f"Table {numbers[0]}, then {numbers[1]}").wait_for()
