from __future__ import annotations

import pytest

from samverk.kit.acting import THE_SHELL, Refusal
from samverk.questions.commands.questions import add_question, edit_question, move_question, remove_question
from samverk.questions.commands.sets import (
    archive_set,
    copy_set,
    create_set,
    edit_set,
    note_answered,
    take_shipped,
)
from samverk.questions.models import Question, QuestionSet
from samverk.questions.permissions import (
    answers_readable_by,
    may_edit_set,
    sensitive_readable_by,
    sets_visible_to,
)
from samverk.questions.queries import newest_of, questions_of, sets_to_use
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.cast import as_person

ALL = ["coordinator", "trainer", "mentor", "viewer"]


def made_set(cast, name: str = "Feedback", **fields) -> QuestionSet:
    fields = {"kind": "evaluation", "language": "en", "programme": cast.programme} | fields
    return create_set(name, by=as_person(cast.coordinator), **fields)


def added(question_set: QuestionSet, text: str, kind: str = "long", **fields) -> Question:
    fields = {"seen_by": ALL, "texts": {"en": text}} | fields
    return add_question(question_set, kind=kind, by=THE_SHELL, **fields)


def texts(question_set: QuestionSet) -> list[str]:
    return [one.texts["en"] for one in questions_of(question_set)]


def test_a_set_without_answers_is_changed_where_it_stands(cast):
    made = made_set(cast)
    first = added(made, "One")
    edit_question(first, texts={"en": "Uno"}, by=THE_SHELL)
    assert texts(made) == ["Uno"] and QuestionSet.objects.count() == 1


def test_a_set_with_answers_is_copied_when_it_is_changed_and_the_old_one_stays(cast):
    made = made_set(cast)
    first = added(made, "One")
    note_answered(made)
    changed = edit_question(first, texts={"en": "Uno"}, by=as_person(cast.coordinator))
    assert changed.question_set != made and changed.key == first.key
    assert texts(made) == ["One"]
    assert texts(newest_of(made)) == ["Uno"]
    assert newest_of(made).version == 2 and newest_of(made).name == made.name
    assert Entry.objects.filter(verb="new_version").count() == 1


def test_a_replaced_version_is_not_changed_any_more(cast):
    made = made_set(cast)
    first = added(made, "One")
    note_answered(made)
    edit_question(first, texts={"en": "Uno"}, by=THE_SHELL)
    with pytest.raises(Refusal) as no:
        edit_question(first, texts={"en": "Eins"}, by=THE_SHELL)
    assert no.value.code == "replaced"


def test_questions_move_one_place_and_stop_at_the_ends(cast):
    made = made_set(cast)
    one, _two, three = added(made, "One"), added(made, "Two"), added(made, "Three")
    move_question(three, up=True, by=THE_SHELL)
    assert texts(made) == ["One", "Three", "Two"]
    move_question(one, up=True, by=THE_SHELL)
    assert texts(made) == ["One", "Three", "Two"]
    move_question(one, up=False, by=THE_SHELL)
    assert texts(made) == ["Three", "One", "Two"]


def test_a_removed_question_comes_back_by_undo_under_its_key(cast):
    made = made_set(cast)
    added(made, "One")
    two = added(made, "Two", options=[])
    remove_question(two, by=as_person(cast.coordinator))
    assert texts(made) == ["One"]
    undo(Entry.objects.get(verb="remove_question"), by=as_person(cast.coordinator))
    assert texts(made) == ["One", "Two"]
    assert questions_of(made)[1].key == two.key


def test_a_removal_is_not_undone_once_answers_came_in(cast):
    made = made_set(cast)
    added(made, "One")
    remove_question(added(made, "Two"), by=THE_SHELL)
    note_answered(made)
    with pytest.raises(Refusal):
        undo(Entry.objects.get(verb="remove_question"), by=THE_SHELL)


def test_reworded_options_keep_the_key_under_which_answers_stand(cast):
    made = made_set(cast)
    asked = added(made, "Pace", "choice", options=[{"texts": {"en": "Slow"}}, {"texts": {"en": "Fast"}}])
    slow, fast = asked.option_keys
    again = edit_question(
        asked, options=[{"texts": {"en": "Too slow"}}, {"texts": {"en": "Fast"}}], by=THE_SHELL
    )
    assert again.option_keys == [slow, fast]
    more = [{"texts": {"en": "Right"}}, {"texts": {"en": "Fast"}}, {"texts": {"en": "Too slow"}}]
    again = edit_question(again, options=more, by=THE_SHELL)
    assert again.option_keys[1:] == [fast, slow] and again.option_keys[0] not in (slow, fast)


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("choice", {"options": [{"texts": {"en": "Only one"}}]}, "options_en"),
        ("scale", {"least": 0, "most": 50}, "most"),
        ("number", {"least": 5, "most": 5}, "most"),
        ("long", {"texts": {"sv": "Bara svenska"}}, "text_en"),
        ("long", {"seen_by": []}, "seen_by"),
        ("long", {"seen_by": ["king"]}, "seen_by"),
        ("file", {}, "kind"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_at_its_field(cast, kind, fields, field):
    with pytest.raises(Refusal) as no:
        added(made_set(cast), "Question", kind, **fields)
    assert no.value.field == field


def test_two_shared_sets_of_a_kind_never_have_one_name(cast):
    made_set(cast)
    with pytest.raises(Refusal) as no:
        made_set(cast)
    assert no.value.code == "name_taken"
    other = made_set(cast, "Other")
    with pytest.raises(Refusal):
        edit_set(other, name="Feedback", language="en", by=THE_SHELL)
    made_set(cast, is_shared=False)
    made_set(cast, kind="live")


def test_a_copy_for_one_activity_leaves_the_shared_set_alone(cast):
    shared = take_shipped("evaluation-course", language="sv", by=THE_SHELL)
    own = copy_set(shared, name=shared.name, programme=cast.programme, is_shared=False, by=THE_SHELL)
    remove_question(questions_of(own)[0], by=THE_SHELL)
    assert len(questions_of(shared)) == len(questions_of(own)) + 1


def test_an_archived_set_is_offered_no_more_and_comes_back_by_undo(cast):
    made = made_set(cast)
    archive_set(made, by=as_person(cast.coordinator))
    assert made not in sets_to_use(cast.programme, "evaluation")
    undo(Entry.objects.get(verb="archive"), by=as_person(cast.coordinator))
    assert made in sets_to_use(cast.programme, "evaluation")


def test_sets_are_seen_by_their_team_and_those_of_the_centre_by_every_team(cast):
    own, of_centre = made_set(cast), made_set(cast, "Centre", programme=None)
    assert set(sets_visible_to(cast.mentor)) == {own, of_centre}
    assert set(sets_visible_to(cast.other_coordinator)) == {of_centre}
    assert not sets_visible_to(cast.participant).exists()
    assert may_edit_set(cast.coordinator, own) and not may_edit_set(cast.mentor, own)
    assert may_edit_set(cast.other_coordinator, of_centre) and not may_edit_set(cast.partner_staff, of_centre)


def test_only_the_named_role_reads_a_protected_answer_and_never_in_a_list(cast):
    made = take_shipped("registration-basics", language="en", programme=cast.programme, by=THE_SHELL)
    questions = questions_of(made)
    listed = {one.key for one in answers_readable_by(questions, {"coordinator"})}
    assert listed == {"hopes", "heard"}
    assert {one.key for one in sensitive_readable_by(questions, {"coordinator"})} == {"access", "food"}
    assert sensitive_readable_by(questions, {"trainer", "mentor", "viewer"}) == []


def test_a_list_of_sets_costs_the_same_with_one_and_with_many(cast, queries):
    made_set(cast, "Set 0")
    one = queries(lambda: list(sets_to_use(cast.programme, "evaluation")))
    for number in range(1, 30):
        added(made_set(cast, f"Set {number}"), "Q")
    assert queries(lambda: list(sets_to_use(cast.programme, "evaluation"))) == one
