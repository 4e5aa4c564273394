"""What people said in the programme that runs now: answers when registering, an evaluation, a poll for a time, live questions at a breakfast."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from samverk.activities.commands.activities import edit_activity
from samverk.activities.models import Activity
from samverk.adjustments.commands import answer_request, ask_for_adjustments
from samverk.asking.commands.answering import change_given
from samverk.asking.commands.asking import ask_set
from samverk.demo.history import Story
from samverk.evaluation.commands.answering import answer_evaluation
from samverk.evaluation.commands.evaluations import close_evaluation, create_evaluation, open_evaluation
from samverk.evaluation.inviting import invite_people
from samverk.evaluation.models import Invitation
from samverk.live import commands as live
from samverk.polls.choices import Answer
from samverk.polls.commands import answer_poll, ask_for_a_time
from samverk.questions.choices import QuestionKind
from samverk.questions.commands.sets import take_shipped
from samverk.questions.models import Question
from samverk.questions.queries import questions_of

BEST = [
    "Övningarna med vår egen budget.", "Att träffa andra kassörer.", "Mallen för årsbokslutet.",
    "Tempot och pauserna.", "Exemplen ur riktiga föreningar.",
]  # fmt: skip
HOPES = [
    "Ett årshjul som håller.",
    "Att slippa göra allt själv.",
    "Idéer från andra styrelser.",
    "En mall att fylla i.",
]
FOOD = ["Nötter", "Gluten", "Vegetarisk kost", "Laktos"]
ACCESS = ["Hörslinga", "Plats för rullstol"]
BETTER = ["Mer tid för frågor.", "Skicka ut mallarna i förväg.", "En kväll till om moms.", "Starkare kaffe."]


def let_people_speak(story: Story) -> None:
    """Evaluation of the treasurers' course, times for the chairs' network, the breakfast's live questions."""
    activities = {one.title: one for one in story.programme.activities.all()}
    _evaluate(story, activities["Ekonomi för kassörer"])
    _ask_those_who_come(story, activities["Styrelsens årshjul"])
    _find_a_time(story, activities["Nätverket för ordförande"])
    _ask_the_room(story, activities["Frukost för kommunikatörer"])
    _need_something(story, activities["Frukost: möt kommunen"])


def _evaluate(story: Story, activity: Activity) -> None:
    question_set = take_shipped(
        "evaluation-course", language="sv", by=story.by, programme=story.programme, is_shared=False
    )
    closes = timezone.localdate() + timedelta(days=7)
    evaluation = create_evaluation(activity, question_set, by=story.by, closes_on=closes)
    evaluation = open_evaluation(evaluation, by=story.by)
    invite_people(evaluation, timezone.now())
    questions = questions_of(evaluation.question_set)
    invitations = list(Invitation.objects.filter(evaluation=evaluation).order_by("pk"))
    for invitation in invitations[: len(invitations) * 4 // 5]:
        answer_evaluation(invitation, {one.key: _answer(story, one) for one in questions})
    close_evaluation(evaluation, by=story.by)


def _answer(story: Story, question: Question) -> Any:
    chance = story.chance
    if question.kind == QuestionKind.SCALE:
        last = max(question.steps)
        return last - chance.choices([0, 1, 2, 3], [7, 9, 3, 1])[0]
    if question.kind == QuestionKind.YES_NO:
        return chance.random() < 0.85
    if question.kind == QuestionKind.CHOICE:
        weights = [1 + 6 * (key == "right") for key in question.option_keys]
        return chance.choices(question.option_keys, weights)[0]
    if question.kind == QuestionKind.LONG and chance.random() < 0.6:
        return chance.choice(BEST if question.key == "best" else BETTER)
    return None


def _ask_those_who_come(story: Story, activity: Activity) -> None:
    """Most of them said what they hope for; a few told of an allergy or a need."""
    question_set = take_shipped("registration-basics", language="sv", by=story.by, programme=story.programme)
    ask_set(activity, question_set, by=story.by)
    heard = next(one.option_keys for one in questions_of(question_set) if one.key == "heard")
    chance = story.chance
    for registration in activity.registrations.filter(state="confirmed").order_by("pk"):
        answers = {"hopes": chance.choice(HOPES), "heard": chance.choice(heard)}
        if chance.random() < 0.3:
            answers["food"] = chance.choice(FOOD)
        if chance.random() < 0.15:
            answers["access"] = chance.choice(ACCESS)
        change_given(registration, answers, by=story.by, with_protected=True)


def _find_a_time(story: Story, activity: Activity) -> None:
    first = timezone.localdate() + timedelta(days=40)
    times = []
    for shift, hour in [(0, 8), (1, 17), (3, 12)]:
        starts = datetime.combine(first + timedelta(days=shift), time(hour), story.zone)
        times.append((starts, starts + timedelta(hours=2)))
    poll = ask_for_a_time(
        activity, title="När ses vi nästa gång?", times=times, deadline=timezone.now() + timedelta(days=6), by=story.by
    )  # fmt: skip
    proposed = list(poll.times.all())
    for voice in list(poll.voices.all())[:7]:
        answers = {
            one.pk: story.chance.choice([Answer.YES, Answer.YES, Answer.IF_NEED_BE, Answer.NO])
            for one in proposed
        }
        answer_poll(voice, answers=answers, by=story.by)


def _ask_the_room(story: Story, activity: Activity) -> None:
    session = activity.sessions.get()
    live.open_room(session, by=story.by)
    poll = live.add_live_question(
        session, kind="poll", text="Var når ni flest?", by=story.by,
        options=["Sociala medier", "Nyhetsbrev", "Affischer och flygblad", "Mun till mun"],
    )  # fmt: skip
    words = live.add_live_question(
        session, kind="words", text="Ett ord för bra information", options=[], by=story.by
    )
    floor = live.add_live_question(
        session, kind="floor", text="Vad vill ni fråga de andra?", options=[], by=story.by
    )
    for question, values in [
        (poll, [str(story.chance.choices([0, 1, 2, 3], [6, 4, 1, 4])[0]) for _one in range(15)]),
        (words, ["tydlig", "kort", "varm", "tydlig", "nära", "kort", "tydlig", "personlig", "lätt", "nära", "ärlig"]),
    ]:  # fmt: skip
        live.show_question(question, by=story.by)
        for number, value in enumerate(values):
            live.vote(question, value, device=f"demo {number}")
    live.show_question(floor, by=story.by)
    for text, number in [("Hur orkar ni svara på alla meddelanden?", 6), ("Vem översätter hos er?", 3)]:
        asked = live.ask_from_floor(floor, text, device="demo 0")
        for one in range(1, number):
            live.support(asked, device=f"demo {one}")
    live.close_room(session, by=story.by)


def _need_something(story: Story, activity: Activity) -> None:
    edit_activity(activity, by=story.by, adjustments=["sign_language", "large_print", "childcare"])
    places = list(activity.registrations.filter(state="confirmed").order_by("pk")[:2])
    ask_for_adjustments(places[0], ["sign_language"], by=story.by)
    arranged = ask_for_adjustments(places[1], ["large_print"], by=story.by)
    answer_request(arranged, "arranged", "Programmet ligger utskrivet vid dörren.", by=story.by)
