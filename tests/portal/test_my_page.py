"""My page: one next step, what comes, the path."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.choices import RegistrationState
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Registration
from samverk.kit.acting import THE_SHELL
from samverk.ledger.commands.asking import make_statements
from samverk.people.models import Device, SignIn
from samverk.people.rules import code_from_key
from tests.cast import make_activity
from tests.house.strict import StrictClient
from tests.ledger.ledger_cast import MARCH, at, course, held

pytestmark = pytest.mark.django_db

ADDRESS = "/en/my/"


@pytest.fixture
def page(cast, sign_in):
    """The participant's page, in English."""
    cast.participant.language = "en"

    def read() -> str:
        return sign_in(cast.participant).get(ADDRESS).text

    return read


def registered(cast, activity) -> Registration:
    return register_for(activity, person=cast.participant, language="en", by=THE_SHELL, tell=False)


def attended(cast, title: str = "First aid") -> None:
    held(course(cast.programme, title), at(12, 17), 180, [(cast.participant, cast.organisation)])


def test_a_newcomer_is_led_to_the_calendar(cast, page):
    assert "Nothing waits for you" in page() and "Choose what you want to join" in page()


def test_the_next_meeting_is_the_next_step_when_nothing_waits(cast, page):
    registered(cast, cast.activity)
    read = page()
    assert (
        "Next: First aid for associations" in read and "You have a place" in read and "Example hall" in read
    )


def test_an_offered_place_comes_before_everything_else(cast, page):
    registered(cast, cast.activity)
    full, _session = make_activity(cast.programme, title="Full house", capacity=1)
    offered = registered(cast, full)
    Registration.objects.filter(pk=offered.pk).update(
        state=RegistrationState.OFFERED, offered_until=timezone.now() + timedelta(hours=5)
    )
    read = page()
    assert "One thing waits for you" in read and "A place is free for you: Full house" in read
    assert read.count('data-color="accent"') == 1


def test_hours_to_confirm_come_before_the_next_meeting(cast, page):
    attended(cast)
    make_statements(MARCH, by=THE_SHELL)
    registered(cast, cast.activity)
    read = page()
    assert "Confirm your hours for March" in read and "3" in read and "Confirm my hours" in read


def test_the_path_shows_what_was_done_and_what_comes(cast, page):
    attended(cast, "The board’s year")
    registered(cast, cast.activity)
    read = page()
    assert "The board’s year" in read and "Done" in read and "1 of 2 done" in read


def test_the_page_costs_the_same_with_one_meeting_and_with_ten(cast, sign_in, queries):
    client = sign_in(cast.participant)
    registered(cast, cast.activity)
    few = queries(lambda: client.get(ADDRESS))
    for number in range(9):
        registered(cast, make_activity(cast.programme, title=f"Course {number}", days=20 + number)[0])
    assert queries(lambda: client.get(ADDRESS)) == few


def test_a_coordinator_begins_in_the_office_and_stays_twelve_hours(cast):
    client = StrictClient()
    client.post("/en/sign-in/", {"email": cast.coordinator.email})
    answer = client.post("/en/sign-in/code/", {"code": code_from_key(SignIn.objects.get())})
    assert answer["Location"] == "/office/"
    device = Device.objects.get(person=cast.coordinator)
    assert timedelta(hours=11) < device.ends_at - timezone.now() <= timedelta(hours=12)


def test_only_teams_are_shown_the_way_to_the_office(cast, sign_in, page):
    assert "To the office" not in page()
    assert "To the office" in sign_in(cast.coordinator).get(ADDRESS).text
