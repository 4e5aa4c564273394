from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samverk.kit.acting import THE_SHELL, Refusal
from samverk.questions.answers import checked_answers, forget_files, open_file, shown, split_sensitive
from samverk.questions.commands.questions import add_question
from samverk.questions.commands.sets import create_set, take_shipped
from samverk.questions.forms import form_of
from samverk.questions.models import Question, QuestionSet
from samverk.questions.queries import questions_of
from samverk.questions.rules import checked_answer
from samverk.questions.shipped import shipped_sets

ALL = ["coordinator", "trainer", "mentor", "viewer"]
LANGUAGES = {"sv", "pl", "en", "de", "nb"}


def option(text: str) -> dict:
    return {"texts": {"en": text}}


def every_kind(cast) -> QuestionSet:
    made = create_set("All", kind="registration", language="en", programme=cast.programme, by=THE_SHELL)
    for kind in ("short", "long", "choice", "several", "yes_no", "scale", "number", "date", "file"):
        options = [option("Red"), option("Green"), option("Blue")] if kind in ("choice", "several") else []
        add_question(
            made, kind=kind, texts={"en": f"Question {kind}"}, options=options, seen_by=ALL, by=THE_SHELL
        )
    return made


def keyed(questions: list[Question]) -> dict[str, Question]:
    return {one.kind: one for one in questions}


def test_a_form_of_every_kind_becomes_answers_that_are_kept_and_shown_in_words(cast):
    questions = questions_of(every_kind(cast))
    by_kind = keyed(questions)
    red, _green, blue = by_kind["choice"].option_keys
    several = by_kind["several"].option_keys
    sent = {
        "short": "Hej", "long": "A long\r\ntext", "choice": blue, "several": [several[2], several[0]], "yes_no": "no",
        "scale": "4", "number": "12.5", "date": "2026-03-19",
    }  # fmt: skip
    data = {f"q_{by_kind[kind].key}": value for kind, value in sent.items()}
    pdf = SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")
    form = form_of(questions, "en", data=data, files={f"q_{by_kind['file'].key}": pdf})
    assert form.is_valid(), form.errors
    answers = checked_answers(questions, form.answers, "en")
    assert answers[by_kind["several"].key] == [several[0], several[2]]
    assert answers[by_kind["yes_no"].key] is False
    assert answers[by_kind["number"].key] == 12.5
    assert answers[by_kind["date"].key] == "2026-03-19"
    kept = answers[by_kind["file"].key]
    assert open_file(kept).read() == b"%PDF-1.4 plan"
    texts = [one.text for one in shown(questions, answers, "en")]
    assert texts[2:9] == ["Blue", "Red, Blue", "No", "4", "12.5", "19 March 2026", "plan.pdf"]
    again = form_of(questions, "en", initial=answers, data=data, files={})
    assert again.is_valid() and checked_answers(questions, again.answers, "en")[by_kind["file"].key] == kept
    forget_files(answers)
    assert not default_storage.exists(kept["file"])
    assert red in by_kind["choice"].option_keys


def test_a_required_question_without_an_answer_is_named_by_field_and_in_words(cast):
    made = create_set("Short", kind="evaluation", language="en", by=THE_SHELL)
    asked = add_question(
        made, kind="scale", texts={"en": "How was it?"}, seen_by=ALL, is_required=True, by=THE_SHELL
    )
    questions = questions_of(made)
    form = form_of(questions, "en", data={})
    assert not form.is_valid()
    assert form.errors[f"q_{asked.key}"] == ["Answer: How was it?"]
    with pytest.raises(Refusal) as no:
        checked_answers(questions, {}, "en")
    assert (no.value.code, no.value.field) == ("required", f"q_{asked.key}")


def test_answers_to_questions_nobody_asked_are_refused(cast):
    questions = questions_of(every_kind(cast))
    with pytest.raises(Refusal) as no:
        checked_answers(questions, {"is_keeper": True}, "en")
    assert no.value.code == "unknown"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("short", "x" * 301), ("short", 5), ("choice", "purple"), ("several", ["purple"]), ("several", "red"),
        ("yes_no", "maybe"), ("scale", 6), ("scale", 0), ("scale", True), ("number", "NaN"), ("number", "1e99"),
        ("number", True), ("date", "yesterday"), ("file", "/etc/passwd"), ("file", {"file": "x"}),
    ],
)  # fmt: skip
def test_an_answer_of_the_wrong_form_is_refused(cast, kind, value):
    question = keyed(questions_of(every_kind(cast)))[kind]
    with pytest.raises(Refusal):
        checked_answer(question, value, "en")


def test_a_file_that_is_no_picture_and_no_pdf_is_refused_at_its_field(cast):
    questions = [keyed(questions_of(every_kind(cast)))["file"]]
    sent = SimpleUploadedFile("photo.jpg", b"<html><script>alert(1)</script>")
    form = form_of(questions, "en", data={}, files={f"q_{questions[0].key}": sent})
    assert not form.is_valid() and "PDF" in str(form.errors[f"q_{questions[0].key}"])


def test_protected_answers_are_kept_apart(cast):
    made = take_shipped("registration-basics", language="sv", programme=cast.programme, by=THE_SHELL)
    questions = questions_of(made)
    plain, protected = split_sensitive(questions, {"hopes": "Tips", "food": "Nötter", "access": "Hiss"})
    assert plain == {"hopes": "Tips"}
    assert protected == {"food": "Nötter", "access": "Hiss"}


def test_a_question_without_the_readers_language_is_shown_in_the_sets_own_and_says_so(cast):
    made = create_set("Frågor", kind="evaluation", language="sv", by=THE_SHELL)
    add_question(made, kind="long", texts={"sv": "Vad var bäst?"}, seen_by=ALL, by=THE_SHELL)
    form = form_of(questions_of(made), "en")
    page = form.as_p()
    assert '<span lang="sv">Vad var bäst?</span>' in page
    assert "This question is written in: Swedish." in page
    own = form_of(questions_of(made), "sv").as_p()
    assert "lang=" not in own and "written in" not in own


def test_words_of_a_question_are_never_read_as_html(cast):
    made = create_set("Sly", kind="evaluation", language="sv", by=THE_SHELL)
    add_question(
        made, kind="choice", texts={"sv": "<script>x</script>"}, seen_by=ALL, by=THE_SHELL,
        options=[{"texts": {"sv": "<b>a</b>"}}, {"texts": {"sv": "b"}}],
    )  # fmt: skip
    page = form_of(questions_of(made), "en", data={}).as_p()
    assert "<script>" not in page and "<b>a" not in page


def test_every_shipped_set_has_every_text_in_five_languages():
    for shipped in shipped_sets().values():
        texts = [shipped.names, shipped.about]
        for question in shipped.questions:
            texts.append(question["texts"])
            texts += [question["hints"]] if question["hints"] else []
            texts += [one["texts"] for one in question["options"]]
        for one in texts:
            assert set(one) == LANGUAGES, (shipped.key, one)
            assert all(one.values()), (shipped.key, one)


@pytest.mark.parametrize("key", sorted(shipped_sets()))
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_shipped_set_is_asked_in_every_language_without_a_fallback(cast, key, language):
    made = take_shipped(key, language=language, by=THE_SHELL)
    page = form_of(questions_of(made), language).as_p()
    assert "lang=" not in page


def test_the_before_and_after_pair_share_what_is_compared():
    before, after = (
        {one["key"] for one in shipped_sets()[key].questions if one["kind"] == "scale"}
        for key in ("evaluation-pair-1-before", "evaluation-pair-2-after")
    )
    assert before == after and len(before) == 4


def _question(kind: str, **fields) -> Question:
    made = QuestionSet(kind="registration", language="en")
    return Question(question_set=made, key="k", kind=kind, texts={"en": "Q"}, **fields)


# Drawing letters is slow on a busy machine; the rule itself takes no time.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()), st.none(), st.binary()
    )
)
def test_whatever_is_sent_an_answer_is_either_refused_or_of_the_promised_form(value):
    options = [{"key": "a", "texts": {"en": "A"}}, {"key": "b", "texts": {"en": "B"}}]
    promised = {
        "short": str, "long": str, "choice": str, "several": list, "yes_no": bool, "scale": int,
        "number": (int, float), "date": str,
    }  # fmt: skip
    for kind, form in promised.items():
        try:
            made = checked_answer(_question(kind, options=options), value, "en")
        except Refusal:
            continue
        assert made is None or isinstance(made, form), (kind, value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-50, max_value=50))
def test_a_number_is_kept_only_within_its_bounds(number):
    asked = _question("number", least=-10, most=10)
    try:
        made = checked_answer(asked, number, "en")
    except Refusal:
        assert abs(number) > 10
    else:
        assert -10 <= made <= 10


def test_numbers_and_dates_come_back_to_the_form_as_they_were_kept():
    asked = [_question("number")]
    form = form_of(asked, "en", initial={"k": 12.5})
    assert 'value="12.5"' in form.as_p()
    assert checked_answer(_question("date"), date(2026, 3, 19), "en") == "2026-03-19"
    assert checked_answer(_question("number"), Decimal("3.0"), "en") == 3
