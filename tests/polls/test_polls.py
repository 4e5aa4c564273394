"""Finding a time: asked once, answered without an account, and the best becomes a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from samverk.activities.commands.registrations import register_for
from samverk.kit.acting import LINK, Actor, Refusal
from samverk.kit.registers import composers
from samverk.polls.choices import ASKED, DECIDED, REMINDED, Answer, PollState
from samverk.polls.commands import (
    add_voice,
    answer_poll,
    ask_for_a_time,
    choose_time,
    close_poll,
    remind_voices,
)
from samverk.polls.messages import shared_token, voice_token
from samverk.polls.models import Poll, ProposedTime, TimeAnswer, Voice
from samverk.polls.queries import _ranked, matrix_of
from samverk.post.models import Mail
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.cast import as_person, in_days

SOMEBODY = Actor(through=LINK)


def ask(cast, *, days=(20, 21, 22), addresses=("anna@example.org", "olle@example.org"), **fields) -> Poll:
    spans = [(in_days(day, 17), in_days(day, 19)) for day in days]
    asked = {"title": "The next breakfast", "deadline": in_days(9, 18), "addresses": list(addresses)}
    return ask_for_a_time(cast.activity, times=spans, by=as_person(cast.coordinator), **(asked | fields))


def say(voice: Voice, *answers: str) -> Voice:
    times = list(voice.poll.times.all())
    return answer_poll(
        voice, answers={time.pk: said for time, said in zip(times, answers, strict=True)}, by=SOMEBODY
    )


def test_everybody_is_asked_once_whichever_list_she_stands_on(cast):
    register_for(cast.activity, person=cast.participant, language="sv", by=as_person(cast.coordinator))
    poll = ask(cast, addresses=["anna@example.org", "ANNA@example.org", cast.participant.email])
    assert sorted(poll.voices.values_list("email", flat=True)) == sorted(
        ["anna@example.org", cast.participant.email]
    )
    assert Mail.objects.filter(kind=ASKED).count() == 2


@pytest.mark.parametrize(
    ("days", "deadline", "code"),
    [((20,), 9, "too_few"), ((20, 20), 9, "twice"), ((20, 21), -1, "past"), ((5, 21), 9, "deadline_late")],
)
def test_times_that_cannot_be_answered_are_refused(cast, days, deadline, code):
    with pytest.raises(Refusal) as no:
        ask(cast, days=days, deadline=in_days(deadline, 18))
    assert no.value.code == code and not Poll.objects.exists()


def test_the_question_carries_the_times_and_one_button(cast):
    ask(cast)
    mail = Mail.objects.filter(kind=ASKED).first()
    message = composers.get(ASKED)(mail)
    assert len(message.buttons) == 1 and str(message.facts[1][1]).count("17:00–19:00") == 3


def test_the_time_that_most_can_come_to_fits_best_and_a_no_outweighs_gladness(cast):
    poll = ask(cast, addresses=["a@example.org", "b@example.org", "c@example.org"])
    first, second, third = poll.voices.all()
    say(first, "yes", "maybe", "no")
    say(second, "yes", "maybe", "no")
    say(third, "no", "maybe", "yes")
    assert [one.rank for one in matrix_of(poll).times] == [2, 1, 3]


@given(st.lists(st.lists(st.sampled_from([*Answer.values, ""]), min_size=3, max_size=3), max_size=6))
def test_the_order_of_voices_changes_no_rank(answers):
    times = [ProposedTime(pk=number) for number in range(3)]
    rows = [(Voice(pk=number), said) for number, said in enumerate(answers)]
    there, back = _ranked(times, rows), _ranked(times, rows[::-1])
    assert [one.rank for one in there] == [one.rank for one in back]


def test_a_time_that_is_chosen_becomes_a_session_and_everybody_is_told(cast):
    poll = ask(cast)
    time = poll.times.all()[1]
    chosen = choose_time(poll, time, by=as_person(cast.coordinator))
    assert chosen.session.starts_at == time.starts_at and chosen.session.activity == cast.activity
    message = composers.get(DECIDED)(Mail.objects.filter(kind=DECIDED).first())
    assert message.attachments and Mail.objects.filter(kind=DECIDED).count() == 2


def test_a_chosen_time_is_taken_back_before_anybody_is_told(cast):
    before = cast.activity.sessions.count()
    poll = choose_time(ask(cast), ProposedTime.objects.first(), by=as_person(cast.coordinator))
    undo(Entry.objects.get(verb="choose_time"), by=as_person(cast.coordinator))
    poll.refresh_from_db()
    assert poll.state == PollState.OPEN and cast.activity.sessions.count() == before
    assert set(Mail.objects.filter(kind=DECIDED).values_list("state", flat=True)) == {"cancelled"}


def test_a_chosen_time_stays_when_somebody_was_told(cast):
    choose_time(ask(cast), ProposedTime.objects.first(), by=as_person(cast.coordinator))
    Mail.objects.filter(kind=DECIDED).update(state=Mail.State.SENT)
    with pytest.raises(Refusal) as no:
        undo(Entry.objects.get(verb="choose_time"), by=as_person(cast.coordinator))
    assert no.value.code == "too_late"


def test_the_day_before_the_last_day_those_without_an_answer_are_reminded_once(cast):
    poll = ask(cast)
    say(poll.voices.first(), "yes", "yes", "yes")
    at = [poll.deadline - timedelta(hours=hours) for hours in (30, 20, 10)]
    assert [remind_voices(now) for now in at] == [0, 1, 0]
    assert Mail.objects.get(kind=REMINDED).to == "olle@example.org"


def test_nobody_answers_after_the_last_day_or_when_it_is_closed(cast):
    poll = ask(cast)
    close_poll(poll, by=as_person(cast.coordinator))
    with pytest.raises(Refusal) as no:
        say(poll.voices.first(), "yes", "yes", "yes")
    assert no.value.code == "closed"
    Poll.objects.update(state=PollState.OPEN, deadline=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refusal):
        add_voice(poll, name="Late", language="sv", by=SOMEBODY)


def test_a_person_answers_by_her_link_without_an_account_and_sees_nobody_named(cast, client):
    poll = ask(cast)
    first, second = poll.voices.all()
    say(second, "no", "no", "yes")
    address = reverse("portal:poll", args=[voice_token(first)])
    page = client.get(address)
    assert page.status_code == 200 and "olle@example.org" not in page.text
    half = client.post(address + "answer/", {f"time-{poll.times.first().pk}": "yes"})
    assert half.status_code == 422 and not TimeAnswer.objects.filter(voice=first).exists()
    answers = {f"time-{time.pk}": "yes" for time in poll.times.all()}
    said = client.post(address + "answer/", answers | {"note": "I come by train"}, follow=True)
    assert "You have answered" in said.text
    assert TimeAnswer.objects.filter(voice=first, answer="yes").count() == 3


def test_whoever_gets_the_address_passed_on_writes_a_name_and_answers(cast, client):
    poll = ask(cast, addresses=[])
    address = reverse("portal:poll_shared", args=[shared_token(poll)])
    assert client.post(address, {"name": " "}).status_code == 422
    page = client.post(address, {"name": "Grandmother Ros"}, follow=True)
    assert "Grandmother Ros" in page.text and poll.voices.get().name == "Grandmother Ros"


def test_the_link_of_one_poll_opens_no_other_and_no_place(cast, client):
    voice = ask(cast).voices.first()
    for name in ("portal:place", "portal:poll_shared"):
        assert client.get(reverse(name, args=[voice_token(voice)])).status_code == 404


def test_a_coordinator_proposes_times_in_one_form_and_chooses_with_one_button(cast, sign_in):
    office = sign_in(cast.coordinator)
    typed = {
        "title": "Breakfast", "addresses": "anna@example.org\nolle@example.org", "last_hour": "18:00",
        "last_day": in_days(9).date().isoformat(), "form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, day in enumerate((20, 21)):
        typed |= {
            f"form-{number}-day": in_days(day).date().isoformat(),
            f"form-{number}-starts": "8:00", f"form-{number}-ends": "9:30",
        }  # fmt: skip
    address = reverse("office:poll_create", args=[cast.activity.code])
    assert office.post(address, typed | {"addresses": "anna@"}).status_code == 422
    page = office.post(address, typed, follow=True)
    poll = Poll.objects.get()
    assert "0 of 2 have answered" in page.text and poll.times.count() == 2
    office.post(reverse("office:poll_choose", args=[poll.code]), {"time": poll.times.first().pk})
    poll.refresh_from_db()
    assert poll.state == PollState.DECIDED


def test_a_protected_person_stands_under_an_alias_among_the_answers(cast, sign_in):
    register_for(cast.activity, person=cast.protected, language="sv", by=as_person(cast.coordinator))
    poll = ask(cast)
    page = sign_in(cast.coordinator).get(reverse("office:poll", args=[poll.code])).text
    assert "Skyddsvik" not in page and "hemliga" not in page.lower()


def test_the_table_of_answers_costs_the_same_with_many_voices(cast, sign_in, queries):
    office, poll = sign_in(cast.coordinator), ask(cast)
    address = reverse("office:poll", args=[poll.code])
    office.get(address)
    one = queries(lambda: office.get(address))
    for number in range(15):
        say(add_voice(poll, name=f"Voice {number}", language="sv", by=SOMEBODY), "yes", "no", "maybe")
    assert queries(lambda: office.get(address)) == one
