"""The waiting list moves on every way a place comes free; nobody is lost, nobody stands twice, the order is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.activities import cancel_activity, edit_activity, undo_cancelling
from samverk.activities.commands.registrations import cancel_registration, confirm_registration, register_for
from samverk.activities.commands.waiting_list import (
    accept_offer,
    expire_offers,
    move_waiting_list,
    release_held,
)
from samverk.activities.models import Activity, Attendance
from samverk.activities.queries import queue_number, registration_faults, status_of
from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.post.models import Mail
from samverk.trail.models import Entry
from tests.activities.places import (
    BY_LINK,
    a_person,
    an_activity,
    ask,
    come,
    mails_about,
    set_clock,
    state_of,
    taken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_wrong_afterwards():
    yield
    assert registration_faults() == []


def test_who_comes_when_all_is_taken_waits_and_knows_her_number():
    activity = an_activity(1)
    come(activity, "Anna")
    second, third = come(activity, "Bo"), come(activity, "Cia")
    assert (second.state, third.state) == (State.WAITING, State.WAITING)
    assert (queue_number(second), queue_number(third)) == (1, 2)
    assert status_of(third, timezone.now()).state == "You are number 2 on the waiting list."
    assert taken(activity) == 1


def test_it_moves_when_a_person_gives_up_her_place():
    activity = an_activity(1)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    cancel_registration(first, by=BY_LINK)
    assert state_of(second) == State.CONFIRMED and taken(activity) == 1
    assert mails_about(second)[-1] == "given"
    assert Attendance.objects.filter(registration=second).exists()


def test_it_moves_when_staff_cancel():
    activity = an_activity(1)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    cancel_registration(first, by=Actor(person=a_person("Kim")), reason="Ill")
    assert state_of(second) == State.CONFIRMED


def test_it_moves_when_a_held_place_is_not_confirmed_in_time():
    activity = an_activity(1)
    held, second = ask(activity, "Anna"), come(activity, "Bo")
    assert second.state == State.WAITING
    set_clock(held, held_until=timezone.now() - timedelta(seconds=1))
    assert release_held() == 1
    assert (state_of(held), state_of(second)) == (State.EXPIRED, State.CONFIRMED)
    assert mails_about(held) == ["confirm"], "nobody proved that address: it gets no further mail"


def test_it_moves_when_there_are_more_places():
    activity = an_activity(1)
    people = [come(activity, name) for name in ("Anna", "Bo", "Cia", "Dag")]
    edit_activity(activity, capacity=3, by=THE_SHELL)
    assert [state_of(one) for one in people] == [State.CONFIRMED] * 3 + [State.WAITING]
    assert taken(activity) == 3


def test_it_moves_when_the_limit_is_taken_away():
    activity = an_activity(1)
    people = [come(activity, name) for name in ("Anna", "Bo", "Cia")]
    edit_activity(activity, capacity=None, by=THE_SHELL)
    assert {state_of(one) for one in people} == {State.CONFIRMED}


def test_there_are_never_fewer_places_than_are_taken():
    activity = an_activity(3)
    come(activity, "Anna"), come(activity, "Bo")
    with pytest.raises(Refusal) as refusal:
        edit_activity(activity, capacity=1, by=THE_SHELL)
    assert refusal.value.code == "too_few_places"
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(capacity=1)


def test_it_moves_when_an_offer_runs_out_and_who_was_silent_is_told():
    activity = an_activity(1, hours_ahead=10)
    first, second, third = come(activity, "Anna"), come(activity, "Bo"), come(activity, "Cia")
    cancel_registration(first, by=BY_LINK)
    assert (state_of(second), state_of(third)) == (State.OFFERED, State.WAITING)
    set_clock(second, offered_until=timezone.now() - timedelta(seconds=1))
    assert expire_offers() == 1
    assert (state_of(second), state_of(third)) == (State.EXPIRED, State.OFFERED)
    assert mails_about(second)[-1] == "offer_over"


def test_inside_a_day_of_the_start_a_place_is_offered_and_not_given():
    activity = an_activity(1, hours_ahead=10)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    cancel_registration(first, by=BY_LINK)
    second.refresh_from_db()
    assert second.state == State.OFFERED and taken(activity) == 1
    left = second.offered_until - timezone.now()
    assert timedelta(hours=3, minutes=55) < left <= timedelta(hours=4, minutes=1)
    assert not Attendance.objects.filter(registration=second).exists()
    assert accept_offer(second, by=BY_LINK).state == State.CONFIRMED
    assert Attendance.objects.filter(registration=second).exists()
    assert accept_offer(second, by=BY_LINK).state == State.CONFIRMED


def test_an_offer_close_to_the_start_leaves_time_for_the_next():
    activity = an_activity(1, hours_ahead=2)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    cancel_registration(first, by=BY_LINK)
    second.refresh_from_db()
    assert second.offered_until - timezone.now() <= timedelta(minutes=61)


def test_an_offer_that_is_declined_goes_on():
    activity = an_activity(1, hours_ahead=10)
    first, second, third = come(activity, "Anna"), come(activity, "Bo"), come(activity, "Cia")
    cancel_registration(first, by=BY_LINK)
    cancel_registration(second, by=BY_LINK)
    assert (state_of(second), state_of(third)) == (State.CANCELLED, State.OFFERED)


def test_an_offer_cannot_be_taken_after_its_time():
    activity = an_activity(1, hours_ahead=10)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    cancel_registration(first, by=BY_LINK)
    set_clock(second, offered_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refusal) as refusal:
        accept_offer(second, by=BY_LINK)
    assert refusal.value.code == "offer_over"
    expire_offers()
    assert confirm_registration(second, by=BY_LINK).state == State.CONFIRMED, "she may take what is free then"


def test_after_the_start_nobody_is_moved():
    activity = an_activity(1)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    Activity.objects.filter(pk=activity.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    cancel_registration(first, by=THE_SHELL)
    assert state_of(second) == State.WAITING and taken(activity) == 0


def test_a_cancelled_activity_moves_nobody_and_moves_again_when_it_is_back():
    activity = an_activity(1)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    cancel_activity(activity, reason="The hall burnt", by=THE_SHELL)
    cancel_registration(first, by=BY_LINK)
    assert state_of(second) == State.WAITING
    entry = Entry.objects.get(verb="cancel", thing_type="activity")
    undo_cancelling(activity.pk, entry.undo_facts, THE_SHELL)
    assert state_of(second) == State.CONFIRMED


def test_leaving_the_list_is_free_and_moves_the_others_up():
    activity = an_activity(1)
    come(activity, "Anna")
    second, third = come(activity, "Bo"), come(activity, "Cia")
    cancel_registration(second, by=BY_LINK)
    assert queue_number(third) == 1 and taken(activity) == 1
    assert mails_about(second)[-1] == "left_list"


def test_who_has_not_confirmed_keeps_her_turn_but_nobody_waits_for_her():
    activity = an_activity(1)
    first = come(activity, "Anna")
    slow, quick = ask(activity, "Bo"), come(activity, "Cia")
    assert slow.state == State.QUEUED_HELD
    confirm_registration(slow, by=BY_LINK)
    cancel_registration(first, by=BY_LINK)
    assert (state_of(slow), state_of(quick)) == (State.CONFIRMED, State.WAITING), "she asked before"


def test_a_newcomer_never_passes_the_queue():
    activity = an_activity(1, hours_ahead=10)
    held = ask(activity, "Anna")
    waiting = come(activity, "Bo")
    set_clock(held, held_until=timezone.now() - timedelta(minutes=5))
    newcomer = ask(activity, "Cia")
    assert (state_of(waiting), newcomer.state) == (State.OFFERED, State.QUEUED_HELD)


def test_staff_cannot_put_more_people_in_than_there_are_places():
    activity = an_activity(1)
    come(activity, "Anna")
    registration = register_for(activity, given_name="Gustav", language="sv", by=THE_SHELL)
    assert registration.state == State.WAITING and taken(activity) == 1


def test_moving_a_list_that_need_not_move_does_nothing():
    activity = an_activity(1)
    come(activity, "Anna"), come(activity, "Bo")
    mails = Mail.objects.count()
    assert move_waiting_list(activity, by=THE_SHELL) == [] and Mail.objects.count() == mails
