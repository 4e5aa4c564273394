from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.evaluation.commands.answering import answer_evaluation
from samverk.evaluation.commands.evaluations import close_evaluation
from samverk.evaluation.models import Answer, Invitation
from samverk.evaluation.named import faults, forget_answers, named_answers
from samverk.kit.acting import THE_SHELL
from samverk.kit.exports import parts_of
from tests.activities.sheets import give_place
from tests.cast import signed_in_client
from tests.evaluation.test_evaluation import invited, opened, people


def answered(cast, number: int = 6, **fields):
    made = opened(cast, **fields)
    for n, invitation in enumerate(invited(made, people(cast, number))):
        answer_evaluation(invitation, {"overall": 3, "best": f"planted {n}"})
    return made


def page_of(person, evaluation) -> str:
    return (
        signed_in_client(person)
        .get(reverse("office:evaluation_results", args=[evaluation.code]))
        .content.decode()
    )


def test_answers_by_name_are_shown_to_the_team_and_to_no_leader(cast):
    evaluation = answered(cast, is_anonymous=False)
    said = page_of(cast.coordinator, evaluation)
    row = said[said.index('id="names"') :]
    assert row.index("Given03") < row.index("planted 3") < row.index("Given04")
    assert 'id="names"' not in page_of(cast.leader, evaluation)


def test_anonymous_answers_have_no_names_for_anybody(cast):
    evaluation = answered(cast)
    close_evaluation(evaluation, by=THE_SHELL)
    said = page_of(cast.coordinator, evaluation)
    assert "Given03" not in said and 'id="names"' not in said
    assert named_answers(evaluation, cast.coordinator) is None


def test_somebody_protected_stands_under_an_alias_without_her_words(cast):
    evaluation = opened(cast, is_anonymous=False)
    give_place(cast.activity, cast.protected)
    registration = cast.protected.registrations.get(activity=cast.activity)
    answer_evaluation(invited(evaluation, [registration])[0], {"overall": 2, "best": "planted words"})
    row = named_answers(evaluation, cast.coordinator).rows[0]
    assert cast.protected.family_name not in row.name
    assert "planted words" not in [text for _label, text in row.pairs]


def test_what_she_wrote_with_her_name_is_in_her_export_and_goes_with_an_erasure(cast):
    evaluation = answered(cast, is_anonymous=False)
    person = Invitation.objects.filter(evaluation=evaluation).first().registration.person
    tables = [table for part in parts_of(person) for table in part.tables if table.name == "evaluations"]
    assert [row["answer"] for row in tables[0].rows if "planted" in row["answer"]] == ["planted 0"]
    forget_answers(person)
    assert Answer.objects.filter(evaluation=evaluation).count() == 5 and faults() == []


@pytest.mark.django_db
def test_the_doctor_finds_answers_that_nobody_gave(cast):
    evaluation = answered(cast)
    assert faults() == []
    Invitation.objects.filter(evaluation=evaluation).update(is_used=False)
    assert evaluation.code in faults()[0]
