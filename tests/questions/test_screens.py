from __future__ import annotations

from django.urls import reverse

from samverk.kit.acting import THE_SHELL
from samverk.questions.commands.sets import note_answered, take_shipped
from samverk.questions.models import Question, QuestionSet
from samverk.questions.queries import questions_of


def a_set(cast, **fields) -> QuestionSet:
    return take_shipped("evaluation-course", language="sv", programme=cast.programme, by=THE_SHELL, **fields)


def test_a_coordinator_takes_a_ready_set_and_sees_its_questions(cast, sign_in):
    client = sign_in(cast.coordinator)
    address = reverse("office:question_set_create") + "?kind=evaluation"
    assert b"Evaluation of a conference" in client.get(address).content
    sent = {"start": "shipped:evaluation-conference", "name": "", "language": "pl", "programme": "TST"}
    answer = client.post(address, sent)
    made = QuestionSet.objects.get()
    assert answer["Location"] == reverse("office:question_set", args=[made.code])
    assert made.name == "Ewaluacja konferencji" and made.programme == cast.programme
    page = client.get(answer["Location"]).content.decode()
    assert "How satisfied are you with the day" in page


def test_an_empty_set_wants_a_name_and_says_so_at_its_field(cast, sign_in):
    client = sign_in(cast.coordinator)
    address = reverse("office:question_set_create") + "?kind=registration"
    answer = client.post(address, {"start": "empty", "name": " ", "language": "sv", "programme": "TST"})
    assert answer.status_code == 422 and b"Give the set a name." in answer.content
    client.post(address, {"start": "empty", "name": "Frågor", "language": "sv", "programme": "centre"})
    made = QuestionSet.objects.get()
    assert (made.name, made.kind, made.programme) == ("Frågor", "registration", None)


def test_a_copy_of_ones_own_set_is_a_set_of_its_own(cast, sign_in):
    source = a_set(cast)
    address = reverse("office:question_set_create") + "?kind=evaluation"
    sent = {"start": f"set:{source.code}", "name": "Copy", "language": "sv", "programme": "TST"}
    sign_in(cast.coordinator).post(address, sent)
    assert len(questions_of(QuestionSet.objects.get(name="Copy"))) == len(questions_of(source))


def test_a_set_of_another_programme_is_not_copied(cast, sign_in):
    foreign = take_shipped("evaluation-course", language="sv", programme=cast.other_programme, by=THE_SHELL)
    address = reverse("office:question_set_create") + "?kind=evaluation"
    sent = {"start": f"set:{foreign.code}", "name": "Copy", "language": "sv", "programme": "TST"}
    assert sign_in(cast.coordinator).post(address, sent).status_code == 422
    assert not QuestionSet.objects.filter(name="Copy").exists()


def test_a_question_is_added_in_two_languages_with_answers_to_choose_from(cast, sign_in):
    made = a_set(cast)
    sent = {
        "text_sv": "Vilken dag passar?", "options_sv": "Måndag\r\nTisdag\r\n", "text_en": "Which day suits?",
        "options_en": "Monday\r\nTuesday", "is_required": "on",
    }  # fmt: skip
    address = reverse("office:question_add", args=[made.code, "choice"])
    answer = sign_in(cast.coordinator).post(address, sent)
    assert answer.status_code == 302
    added = questions_of(made)[-1]
    assert added.is_required and added.texts == {"sv": "Vilken dag passar?", "en": "Which day suits?"}
    assert [one["texts"]["en"] for one in added.options] == ["Monday", "Tuesday"]


def test_languages_with_different_numbers_of_answers_are_refused_and_what_was_typed_stays(cast, sign_in):
    made = a_set(cast)
    sent = {"text_sv": "Dag?", "options_sv": "Måndag\nTisdag", "options_en": "Monday"}
    answer = sign_in(cast.coordinator).post(reverse("office:question_add", args=[made.code, "choice"]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Write as many lines as in Swedish: 2." in page
    assert "Monday</textarea>" in page and 'class="reveal" open' in page


def test_every_kind_of_question_can_be_opened_and_saved_unchanged(cast, sign_in):
    made = take_shipped("registration-basics", language="sv", programme=cast.programme, by=THE_SHELL)
    client = sign_in(cast.coordinator)
    for kind in ("short", "yes_no", "scale", "number", "date", "file", "several"):
        sent = {"text_sv": kind, "options_sv": "a\nb", "asked_per": "person", "seen_by": ["trainer"]}
        assert client.post(reverse("office:question_add", args=[made.code, kind]), sent).status_code == 302
    before = list(Question.objects.order_by("pk").values())
    for question in questions_of(made):
        address = reverse("office:question_edit", args=[question.code])
        form = client.get(address).context["form"]
        shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        sent = {name: value for name, value in shown.items() if value not in (None, False)}
        assert client.post(address, sent).status_code == 302
    assert list(Question.objects.order_by("pk").values()) == before


def test_the_buttons_of_a_question_move_and_remove_it_and_removing_is_undone(cast, sign_in):
    made = a_set(cast)
    client = sign_in(cast.coordinator)
    first, second, *_rest = questions_of(made)
    client.post(reverse("office:question_raise", args=[second.code]))
    assert [one.key for one in questions_of(made)][:2] == [second.key, first.key]
    client.post(reverse("office:question_lower", args=[second.code]))
    answer = client.post(reverse("office:question_remove", args=[second.code]), follow=True)
    page = answer.content.decode()
    assert "Removed:" in page
    undo = page.split('action="/office/undo/')[1].split('"')[0]
    client.post(f"/office/undo/{undo}")
    assert [one.key for one in questions_of(made)][:2] == [first.key, second.key]


def test_a_change_after_answers_leads_to_the_new_version_and_says_so(cast, sign_in):
    made = a_set(cast)
    note_answered(made)
    client = sign_in(cast.coordinator)
    answer = client.post(reverse("office:question_remove", args=[questions_of(made)[0].code]), follow=True)
    assert b"a new version is made" in answer.content
    assert len(questions_of(made)) == 8
    old = client.get(reverse("office:question_set", args=[made.code])).content
    assert b"An earlier version." in old and b"Add a question" not in old


def test_the_preview_speaks_each_language(cast, sign_in):
    made = a_set(cast)
    address = reverse("office:question_set_preview", args=[made.code])
    for language, word in [("sv", "tempot"), ("pl", "tempo"), ("de", "Wie war das Tempo"), ("nb", "tempoet")]:
        assert word in sign_in(cast.mentor).get(f"{address}?language={language}").content.decode()


def test_lists_and_sets_cost_the_same_with_few_and_with_many(cast, sign_in, queries):
    client = sign_in(cast.coordinator)
    a_set(cast, name="Set 0")
    address = reverse("office:question_sets")
    client.get(address)
    few = queries(lambda: client.get(address))
    for number in range(1, 30):
        a_set(cast, name=f"Set {number}")
    assert queries(lambda: client.get(address)) == few
