"""Attendance on a phone whose network dies: ten taps, ten rows, no doubles; reload, two phones, signing out."""

from __future__ import annotations

import re

import pytest

from samverk.activities.models import Attendance, MarkReceived
from samverk.trail.models import Entry
from tests.activities.sheets import begin, fill_sheet
from tests.cast import make_cast

pytestmark = pytest.mark.journey
# What the browser itself writes of a request that found no network.
NO_NETWORK = re.compile("ERR_INTERNET_DISCONNECTED|error occurred when fetching the script")


@pytest.fixture
def course(transactional_db):
    """A session that runs, with twelve people expected."""
    cast = make_cast()
    cast.extra["rows"] = fill_sheet(cast, 12)
    begin(cast.session)
    return cast


@pytest.fixture
def phone(open_page, course):
    """phone(person) opens the sheet in a browser of its own."""

    def open_sheet(person, **options):
        page = open_page(person, **options)
        page.goto(f"/office/sessions/{course.session.code}/attendance/")
        return page

    return open_sheet


def here(page, row: Attendance) -> None:
    page.locator(f"#r{row.pk} button[value=here]").click()


def worker_ready(page) -> None:
    """The sheet is kept on the device. Asked in turns: a condition that promises is true at once."""
    kept = "async () => Boolean(navigator.serviceWorker.controller && await caches.match(location.href, {ignoreVary: true}))"
    for _turn in range(100):
        if page.evaluate(kept):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the worker keeps no sheet")


def test_ten_taps_without_network_are_ten_rows_when_it_is_back(course, phone):
    page, rows = phone(course.coordinator), course.extra["rows"]
    page.context.set_offline(True)
    for row in rows[:10]:
        here(page, row)
    page.locator("#outbox").get_by_text("10 marks wait to be sent").wait_for()
    assert page.locator(f"#r{rows[0].pk}").get_by_text("Here, not sent").is_visible()
    assert MarkReceived.objects.count() == 0
    page.context.set_offline(False)
    page.locator("#outbox").wait_for(state="hidden")
    page.locator("#counter").get_by_text(re.compile(r"10\s+of 12 here")).wait_for()
    assert Attendance.objects.filter(session=course.session, mark="here").count() == 10
    assert MarkReceived.objects.count() == 10
    assert Entry.objects.filter(verb="mark").count() == 10
    assert [fault for fault in page.faults if not NO_NETWORK.search(fault)] == []


def test_a_reload_without_network_shows_the_sheet_and_what_waits(course, phone):
    page, row = phone(course.coordinator), course.extra["rows"][0]
    worker_ready(page)
    page.context.set_offline(True)
    here(page, row)
    page.locator("#outbox").wait_for()
    page.reload()
    page.locator(f"#r{row.pk}").get_by_text("Here, not sent").wait_for()
    page.context.set_offline(False)
    page.locator(f"#r{row.pk}:not([data-waits])").get_by_text("Undo").wait_for()
    assert Attendance.objects.get(pk=row.pk).mark == "here"
    assert MarkReceived.objects.count() == 1


def test_an_answer_that_got_lost_on_the_way_is_sent_again_and_taken_once(course, phone):
    page, row = phone(course.coordinator), course.extra["rows"][0]
    lost = []

    def lose_the_answer(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/attendance/marks/", lose_the_answer)
    here(page, row)
    page.locator("#outbox button").click()
    page.locator(f"#r{row.pk}:not([data-waits])").get_by_text("Undo").wait_for()
    assert len(lost) == 1
    assert MarkReceived.objects.count() == 1


def test_two_phones_that_disagree_are_both_shown(course, phone):
    first, second, row = phone(course.coordinator), phone(course.leader), course.extra["rows"][0]
    second.context.set_offline(True)
    here(second, row)
    first.locator(f"#r{row.pk} [data-times]").click()
    first.locator(f"#r{row.pk} button[value=absent]").click()
    first.locator(f"#r{row.pk}").get_by_text("Absent", exact=True).first.wait_for()
    first.wait_for_function("() => document.getElementById('outbox').hidden")
    second.context.set_offline(False)
    second.locator(f"#r{row.pk}").get_by_text("Two answers").wait_for()
    assert Attendance.objects.get(pk=row.pk).is_disputed
    second.locator(f"#r{row.pk} .answer button").first.click()
    second.locator(f"#r{row.pk}:not([data-waits])").get_by_text("Undo").wait_for()
    assert not Attendance.objects.get(pk=row.pk).is_disputed


def test_times_outside_the_session_are_refused_by_the_row(course, phone):
    page, row = phone(course.coordinator), course.extra["rows"][0]
    page.locator(f"#r{row.pk} [data-times]").click()
    page.locator(f"#came{row.pk}").fill("3:00")
    page.locator(f"#r{row.pk} button[value=part]").click()
    page.locator(f"#r{row.pk} [role=alert]").wait_for()
    assert Attendance.objects.get(pk=row.pk).mark == "none"


def test_focus_stays_on_the_row_that_was_marked(course, phone):
    page, row = phone(course.coordinator), course.extra["rows"][0]
    page.locator(f"#a{row.pk}").focus()
    page.keyboard.press("Enter")
    page.locator(f"#r{row.pk}").get_by_text("Undo").wait_for()
    page.locator("#counter").get_by_text(re.compile(r"1\s+of 12 here")).wait_for()
    assert page.evaluate("document.activeElement.id") == f"a{row.pk}"


def test_two_letters_find_a_name(course, phone):
    page = phone(course.coordinator)
    page.locator("#find-name").fill("lu ak")
    names = page.locator("#roster > li:not([hidden]) .name").all_inner_texts()
    assert set(names) == {"Łucja Åkesson"}


def test_signing_out_with_marks_that_wait_asks_first_and_takes_the_names_away(course, phone):
    page, row = phone(course.coordinator), course.extra["rows"][0]
    worker_ready(page)
    page.context.set_offline(True)
    here(page, row)
    page.locator("#outbox").wait_for()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".menu > summary").click()
    page.locator("form[data-leave] button").first.click()
    page.wait_for_timeout(300)
    assert len(asked) == 1 and "not sent" in asked[0]
    page.evaluate("import('/static/kit/outbox-store.js').then(store => store.forgetSheets(true))")
    assert page.evaluate("caches.keys()") == []
    kept = page.evaluate("import('/static/kit/outbox-store.js').then(store => store.waiting())")
    assert len(kept) == 1
    assert "Åkesson" not in str(kept)


def test_without_script_every_tap_is_a_form(course, phone):
    page, row = phone(course.coordinator, java_script_enabled=False), course.extra["rows"][0]
    here(page, row)
    page.locator(f"#r{row.pk}").get_by_text("Undo").wait_for()
    assert Attendance.objects.get(pk=row.pk).mark == "here"
    page.locator("#rest-absent").click()
    page.get_by_text("11 are marked absent.").wait_for()
    page.locator(".undo button").click()
    page.get_by_text("11 are not marked yet.").wait_for()
    assert Attendance.objects.filter(session=course.session, mark="none").count() == 11
