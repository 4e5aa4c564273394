from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from samverk.activities.messages import place_token
from samverk.activities.models import Activity, Registration
from samverk.adjustments.choices import ANSWERED
from samverk.adjustments.commands import answer_request, ask_for_adjustments, erase_requests, withdraw_request
from samverk.adjustments.models import AdjustmentRequest
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.post.models import Mail
from samverk.trail.models import Entry
from tests.activities.sheets import give_place
from tests.cast import as_person, signed_in_client


@pytest.fixture
def place(cast) -> Registration:
    Activity.objects.filter(pk=cast.activity.pk).update(adjustments=["sign_language", "childcare"])
    cast.activity.refresh_from_db()
    return give_place(cast.activity, cast.participant)


def test_a_need_is_asked_by_link_answered_in_the_office_and_read_on_the_page(cast, place):
    phone, mine = signed_in_client(None), reverse("portal:place", args=[place_token(place)])
    assert "Sign language" in phone.get(mine).content.decode()
    phone.post(f"{mine}needs/", {"kinds": ["sign_language"]})
    request = AdjustmentRequest.objects.get()
    assert request.needed_by == cast.session.starts_local.date() - timedelta(days=7)
    office = signed_in_client(cast.coordinator)
    assert "Request for an adjustment" in office.get(reverse("office:today")).content.decode()
    page = reverse("office:adjustments", args=[cast.activity.code])
    assert "Sign language" in office.get(page).content.decode()
    office.post(
        reverse("office:adjustment_answer", args=[request.code]), {"outcome": "impossible", "answer": " "}
    )
    assert AdjustmentRequest.objects.get().state == "asked"
    office.post(
        reverse("office:adjustment_answer", args=[request.code]),
        {"outcome": "arranged", "answer": "Ola comes."},
    )
    shown = phone.get(mine).content.decode()
    assert "It is arranged." in shown and "Ola comes." in shown
    mail = Mail.objects.get(kind=ANSWERED)
    assert mail.to == place.email
    assert "Request for an adjustment" not in office.get(reverse("office:today")).content.decode()


def test_only_what_is_offered_can_be_asked_for_and_only_with_a_place(cast, place):
    for kinds in ([], ["captions"], ["sign_language", "captions"]):
        with pytest.raises(Refusal):
            ask_for_adjustments(place, kinds, by=THE_SHELL)
    Registration.objects.filter(pk=place.pk).update(state="cancelled")
    with pytest.raises(Refusal) as no:
        ask_for_adjustments(place, ["childcare"], by=THE_SHELL)
    assert no.value.code == "over" and not AdjustmentRequest.objects.exists()


def test_asking_again_takes_the_place_of_the_first_and_takes_back_the_answer(cast, place):
    first = ask_for_adjustments(place, ["childcare"], by=THE_SHELL)
    answer_request(first, "arranged", "", by=as_person(cast.coordinator))
    again = ask_for_adjustments(place, ["sign_language"], by=THE_SHELL)
    assert (again.pk, again.state, again.kinds, again.answered_at) == (
        first.pk,
        "asked",
        ["sign_language"],
        None,
    )
    assert not Mail.objects.filter(kind=ANSWERED, state="queued").exists()


def test_the_log_never_says_what_is_needed_and_withdrawing_forgets_it(cast, place):
    ask_for_adjustments(place, ["sign_language"], by=THE_SHELL)
    withdraw_request(place, by=THE_SHELL)
    assert AdjustmentRequest.objects.get().kinds == []
    assert "sign" not in str(list(Entry.objects.values_list("changed", "values", "thing_label")))
    assert Entry.objects.filter(verb="withdraw_adjustments").count() == 1


def test_it_is_erased_thirty_days_after_the_activity(cast, place):
    ask_for_adjustments(place, ["childcare"], by=THE_SHELL)
    ends = cast.activity.ends_at
    assert erase_requests(ends + timedelta(days=29)) == 0
    assert erase_requests(ends + timedelta(days=30, minutes=1)) == 1


def test_late_requests_are_due_the_next_day(cast, place):
    Activity.objects.filter(pk=cast.activity.pk).update(starts_at=timezone.now() + timedelta(hours=30))
    request = ask_for_adjustments(place, ["childcare"], by=THE_SHELL)
    assert request.needed_by == timezone.localdate() + timedelta(days=1)


def test_the_list_costs_the_same_with_one_and_with_many(cast, place, queries):
    office = signed_in_client(cast.coordinator)
    ask_for_adjustments(place, ["childcare"], by=THE_SHELL)
    ask = lambda: office.get(reverse("office:adjustments", args=[cast.activity.code]))  # noqa: E731
    few = queries(ask)
    for person in (cast.representative, cast.other_representative, cast.leader):
        ask_for_adjustments(give_place(cast.activity, person), ["childcare"], by=THE_SHELL)
    assert queries(ask) == few
