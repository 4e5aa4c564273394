from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.kit.acting import THE_SHELL, Refusal
from samverk.live.commands import (
    add_live_question,
    ask_from_floor,
    close_room,
    hide_asked,
    open_room,
    reveal_results,
    show_question,
    support,
    type_vote,
    vote,
)
from samverk.live.models import FloorQuestion, LiveQuestion, Room, Vote
from samverk.live.queries import results_of
from samverk.trail.models import Entry
from tests.cast import as_person, signed_in_client


def on_wall(
    cast, kind: str = "poll", text: str = "Which day?", options=("Monday", "Tuesday")
) -> LiveQuestion:
    open_room(cast.session, by=THE_SHELL)
    made = add_live_question(cast.session, kind=kind, text=text, options=list(options), by=THE_SHELL)
    show_question(made, by=THE_SHELL)
    return made


def code_of(cast) -> str:
    return Room.objects.get(session=cast.session).code


def phone(code: str):
    client = signed_in_client(None)
    client.get(reverse("live:room", args=[code]))
    return client


def test_a_phone_answers_by_the_code_of_the_wall_without_an_account(cast):
    question = on_wall(cast)
    client = signed_in_client(None)
    answer = client.get(reverse("live:door"), {"code": code_of(cast).lower()})
    page = client.get(answer["Location"]).content.decode()
    assert "Which day?" in page and "Tuesday" in page
    client.post(reverse("live:vote", args=[code_of(cast), question.code]), {"value": "1"})
    assert [line.number for line in results_of([question])[0].lines] == [0, 1]
    assert "Your answer is in." in client.get(answer["Location"]).content.decode()


def test_one_device_has_one_vote_and_may_change_it(cast):
    question = on_wall(cast)
    client = phone(code_of(cast))
    address = reverse("live:vote", args=[code_of(cast), question.code])
    for value in ("0", "0", "1"):
        client.post(address, {"value": value})
    assert [line.number for line in results_of([question])[0].lines] == [0, 1]
    phone(code_of(cast)).post(address, {"value": "1"})
    assert results_of([question])[0].total == 2


def test_a_forged_cookie_votes_for_nobody(cast):
    question = on_wall(cast)
    client = phone(code_of(cast))
    client.cookies["live"] = "0123456789abcdef:forged"
    client.post(reverse("live:vote", args=[code_of(cast), question.code]), {"value": "1"})
    assert not Vote.objects.exists()


def test_two_answers_of_one_device_cannot_be_joined(cast):
    first, second = on_wall(cast), None
    vote(first, "0", device="planted")
    second = on_wall(cast, text="And when?")
    vote(second, "1", device="planted")
    kept = set(Vote.objects.values_list("device", flat=True))
    assert len(kept) == 2 and not any("planted" in one for one in kept)


def test_an_answer_to_what_stands_there_no_longer_is_refused(cast):
    first = on_wall(cast)
    on_wall(cast, text="Next?")
    with pytest.raises(Refusal):
        vote(first, "0", device="x")
    with pytest.raises(Refusal):
        vote(LiveQuestion.objects.get(text="Next?"), "99", device="x")


def test_words_written_alike_are_one_word_of_the_cloud(cast):
    question = on_wall(cast, "words", "In a word?", ())
    for device, word in enumerate(["Hope", "hope ", "Work"]):
        vote(question, word, device=str(device))
    lines = results_of([question])[0].lines
    assert [(line.text, line.number) for line in lines] == [("Hope", 2), ("Work", 1)]
    assert lines[0].size > lines[1].size
    with pytest.raises(Refusal):
        vote(question, "x" * 31, device="y")


def test_questions_from_the_floor_rise_by_votes_one_for_each_device(cast):
    question = on_wall(cast, "floor", "Ask us", ())
    first = ask_from_floor(question, "Why?", device="a")
    second = ask_from_floor(question, "How?", device="b")
    for device in ("c", "c", "d"):
        support(second, device=device)
    support(first, device="a")
    found = results_of([question])[0].floor
    assert [(one.text, one.supports) for one in found] == [("How?", 3), ("Why?", 1)]


def test_a_hidden_question_leaves_wall_and_phones_and_the_log_says_who_hid_it(cast):
    question = on_wall(cast, "floor", "Ask us", ())
    asked = ask_from_floor(question, "planted insult", device="a")
    client = phone(code_of(cast))
    room = reverse("live:room", args=[code_of(cast)])
    assert b"planted insult" in client.get(room).content
    hide_asked(asked, is_hidden=True, by=as_person(cast.leader))
    assert b"planted insult" not in client.get(room).content
    entry = Entry.objects.get(verb="hide")
    assert entry.actor == cast.leader and "planted" not in str(entry.values)
    wall = signed_in_client(cast.leader).get(reverse("office:live_wall", args=[cast.session.code]))
    assert b"planted insult" not in wall.content
    assert FloorQuestion.objects.get().text == "planted insult"


def test_staff_type_for_people_without_a_phone_as_often_as_needed(cast):
    question = on_wall(cast)
    type_vote(question, "0", by=as_person(cast.leader))
    type_vote(question, "0", by=as_person(cast.leader))
    assert results_of([question])[0].total == 2
    assert Entry.objects.filter(verb="type", actor=cast.leader).count() == 2


def test_asking_for_news_costs_one_query_and_no_page_where_nothing_changed(cast, queries):
    question = on_wall(cast)
    client = phone(code_of(cast))
    address = reverse("live:news", args=[code_of(cast)])
    mark = client.get(address)["ETag"]
    ask = lambda: client.get(address, headers={"If-None-Match": mark})  # noqa: E731
    assert queries(ask) <= 2
    assert ask().status_code == 304
    vote(question, "0", device="x")
    assert ask().status_code == 304  # phones do not follow each vote
    wall = client.get(address + "?wall")["ETag"]
    vote(question, "1", device="y")
    assert client.get(address + "?wall", headers={"If-None-Match": wall}).status_code == 200
    reveal_results(question, by=THE_SHELL)
    assert ask().status_code == 200


def test_results_stay_with_the_session_after_it_is_closed_and_the_code_is_dead(cast):
    question = on_wall(cast)
    vote(question, "1", device="x")
    old = code_of(cast)
    close_room(cast.session, by=THE_SHELL)
    assert signed_in_client(None).get(reverse("live:room", args=[old])).status_code == 404
    page = signed_in_client(cast.coordinator).get(reverse("office:live", args=[cast.session.code]))
    assert b"Tuesday" in page.content
    open_room(cast.session, by=THE_SHELL)
    assert code_of(cast) != old


def test_a_coordinator_writes_a_poll_and_puts_it_on_the_wall(cast):
    client = signed_in_client(cast.coordinator)
    code = cast.session.code
    bad = client.post(
        reverse("office:live_add", args=[code]), {"kind": "poll", "text": "Q?", "options": "one"}
    )
    assert bad.status_code == 422 and b"Write two to eight answers" in bad.content
    client.post(reverse("office:live_add", args=[code]), {"kind": "poll", "text": "Q?", "options": "a\nb"})
    client.post(reverse("office:live_open", args=[code]))
    made = LiveQuestion.objects.get()
    client.post(reverse("office:live_show", args=[made.code]))
    assert Room.objects.get().current == made
    wall = client.get(reverse("office:live_wall", args=[code])).content.decode()
    assert code_of(cast) in wall and "Q?" in wall


def test_one_phone_cannot_flood_the_wall_and_what_it_asked_stays(cast):
    question = on_wall(cast, kind="floor", text="Ask the panel")
    client = phone(code_of(cast))
    address = reverse("live:ask", args=[code_of(cast), question.code])
    answers = [client.post(address, {"text": f"Why {number}?"}).status_code for number in range(6)]
    assert answers == [302] * 5 + [429]
    assert FloorQuestion.objects.count() == 5
    assert phone(code_of(cast)).post(address, {"text": "And me?"}).status_code == 302


def test_who_tries_codes_by_the_thousand_is_stopped_and_the_hall_still_comes_in(cast):
    on_wall(cast)
    client, door = signed_in_client(None), reverse("live:door")
    answers = {client.get(door, {"code": f"AAAA{number}"}).status_code for number in range(300)}
    assert answers == {422}
    assert client.get(door, {"code": "ZZZZZZ"}).status_code == 429
    assert client.get(door, {"code": code_of(cast)}).status_code == 302
