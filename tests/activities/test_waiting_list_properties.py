"""Whatever happens in whatever order: never too many places, nobody lost, nobody twice, nobody passed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from samverk.activities.choices import TAKES_PLACE
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.registrations import (
    cancel_registration,
    confirm_registration,
    restore_registration,
)
from samverk.activities.commands.waiting_list import accept_offer, expire_offers, release_held
from samverk.activities.models import Activity, Attendance, Registration
from samverk.activities.queries import registration_faults
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.trail.models import Entry
from tests.activities.places import BY_LINK, an_activity, ask, set_clock

ENDED = (State.CANCELLED, State.EXPIRED)
numbers = st.integers(0, 999)


class WaitingList(RuleBasedStateMachine):
    """One activity far ahead or inside its last day; people ask, confirm, leave, come back; time runs out."""

    @initialize(capacity=st.sampled_from([1, 1, 2, 0, 3]), hours=st.sampled_from([10, 24 * 14]))
    def start(self, capacity: int, hours: int) -> None:
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.activity = an_activity(capacity, hours_ahead=hours)
        self.people = 0
        self.ended_by_us: set[int] = set()
        self.queue_before: list[int] = []

    def teardown(self) -> None:
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)

    def _pick(self, number: int, *states: State) -> Registration | None:
        found = list(self.activity.registrations.filter(state__in=states).order_by("pk"))
        return found[number % len(found)] if found else None

    def _remember_queue(self) -> None:
        waiting = self.activity.registrations.filter(state=State.WAITING).order_by("queued_at", "pk")
        self.queue_before = list(waiting.values_list("pk", flat=True))

    @rule()
    def somebody_asks(self) -> None:
        self._remember_queue()
        self.people += 1
        registration = ask(
            self.activity,
            f"Name{'abcdefghij'[self.people % 10]}{self.people}",
            email=f"p{self.people}@example.org",
        )
        assert registration.state in (State.HELD, State.QUEUED_HELD)

    @rule(number=numbers)
    def somebody_confirms(self, number: int) -> None:
        self._remember_queue()
        registration = self._pick(number, State.HELD, State.QUEUED_HELD, State.EXPIRED)
        if registration is not None:
            confirmed = confirm_registration(registration, by=BY_LINK)
            assert confirmed.state in (State.CONFIRMED, State.WAITING)

    @rule()
    def somebody_comes(self) -> None:
        self.somebody_asks()
        self.somebody_confirms(self.people)

    @rule(number=numbers)
    def somebody_gives_up(self, number: int) -> None:
        self._remember_queue()
        registration = self._pick(number, State.CONFIRMED, State.WAITING, State.OFFERED, State.HELD)
        if registration is not None:
            cancel_registration(registration, by=BY_LINK)

    @rule(number=numbers)
    def somebody_changes_her_mind(self, number: int) -> None:
        registration = self._pick(number, State.CANCELLED)
        if registration is not None:
            entry = Entry.objects.filter(thing_id=registration.pk, verb="cancel_registration").first()
            restore_registration(registration.pk, entry.undo_facts, BY_LINK)
            self.queue_before = []

    @rule(number=numbers)
    def somebody_takes_an_offer(self, number: int) -> None:
        registration = self._pick(number, State.OFFERED)
        if registration is not None:
            assert accept_offer(registration, by=BY_LINK).state == State.CONFIRMED

    @rule(number=numbers)
    def an_hour_passes_for_somebody(self, number: int) -> None:
        self._remember_queue()
        registration = self._pick(number, State.HELD, State.QUEUED_HELD)
        if registration is not None:
            set_clock(registration, held_until=timezone.now() - timedelta(seconds=1))
            release_held()

    @rule(number=numbers)
    def an_offer_runs_out(self, number: int) -> None:
        self._remember_queue()
        registration = self._pick(number, State.OFFERED)
        if registration is not None:
            set_clock(registration, offered_until=timezone.now() - timedelta(seconds=1))
            expire_offers()

    @rule(capacity=st.integers(0, 3))
    def staff_change_the_places(self, capacity: int) -> None:
        self._remember_queue()
        if capacity >= Activity.objects.get(pk=self.activity.pk).places_taken:
            self.activity = edit_activity(self.activity, capacity=capacity, by=THE_SHELL)
            return
        with pytest.raises(Refusal):
            edit_activity(self.activity, capacity=capacity, by=THE_SHELL)

    @precondition(lambda self: hasattr(self, "activity"))
    @invariant()
    def never_too_many_and_counted_right(self) -> None:
        activity = Activity.objects.get(pk=self.activity.pk)
        taken = activity.registrations.filter(state__in=TAKES_PLACE).count()
        assert activity.places_taken == taken <= activity.capacity
        assert registration_faults() == []

    @precondition(lambda self: hasattr(self, "activity"))
    @invariant()
    def nobody_lost_and_nobody_twice(self) -> None:
        assert self.activity.registrations.count() == self.people
        confirmed = set(
            self.activity.registrations.filter(state=State.CONFIRMED).values_list("pk", flat=True)
        )
        on_sheet = list(
            Attendance.objects.filter(session__activity=self.activity).values_list("registration", flat=True)
        )
        assert len(on_sheet) == len(set(on_sheet)) and set(on_sheet) == confirmed

    @precondition(lambda self: hasattr(self, "activity"))
    @invariant()
    def nobody_is_passed(self) -> None:
        """Of those who waited before the last act, whoever moved up stood before whoever still waits."""
        states = dict(self.activity.registrations.values_list("pk", "state"))
        moved = [
            states[pk] in (State.CONFIRMED, State.OFFERED)
            for pk in self.queue_before
            if states[pk] not in ENDED
        ]
        assert moved == sorted(moved, reverse=True)


@pytest.mark.django_db
def test_the_waiting_list_under_everything_that_can_happen():
    from hypothesis.stateful import run_state_machine_as_test

    with translation.override("en"):
        run_state_machine_as_test(
            WaitingList,
            settings=settings(
                max_examples=12,
                stateful_step_count=35,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
