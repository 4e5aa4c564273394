from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from samverk.activities.choices import Mark
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Attendance, Session
from samverk.evaluation.choices import INVITED
from samverk.evaluation.commands.answering import answer_evaluation
from samverk.evaluation.commands.evaluations import close_evaluation, create_evaluation, open_evaluation
from samverk.evaluation.inviting import invite_and_close
from samverk.evaluation.messages import invitation_address, invitation_token
from samverk.evaluation.models import Answer, Evaluation, Invitation
from samverk.evaluation.results import answers_of, breakdown_of, changes_of, results_of
from samverk.evaluation.rules import hidden_groups
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.kit.registers import composers
from samverk.post.models import Mail
from samverk.questions.commands.sets import take_shipped
from samverk.questions.queries import questions_of
from samverk.trail.models import Entry
from tests.cast import as_person, make_activity, make_person


def people(cast, number: int, activity=None):
    """Registrations of that many persons, all of them present."""
    activity = activity or cast.activity
    made = []
    for n in range(number):
        person = make_person(f"Given{n:02}", f"Family{activity.pk}")
        made.append(register_for(activity, person=person, language="sv", by=THE_SHELL, tell=False))
    return made


def opened(cast, key: str = "evaluation-course", **fields) -> Evaluation:
    asked = take_shipped(key, language="sv", programme=cast.programme, is_shared=False, by=THE_SHELL)
    fields = {"closes_on": timezone.localdate() + timedelta(days=30)} | fields
    made = create_evaluation(fields.pop("activity", cast.activity), asked, by=THE_SHELL, **fields)
    return open_evaluation(made, by=THE_SHELL)


def invited(evaluation: Evaluation, registrations) -> list[Invitation]:
    return [Invitation.objects.create(evaluation=evaluation, registration=one) for one in registrations]


def end(session: Session, *, days_ago: int = 2) -> None:
    ends = timezone.now() - timedelta(days=days_ago)
    Session.objects.filter(pk=session.pk).update(starts_at=ends - timedelta(hours=3), ends_at=ends)


# ---------- anonymity ----------


def test_an_anonymous_answer_cannot_be_joined_to_the_person_who_gave_it(cast):
    """Identity is planted: each person's answer holds a word only we know. Nothing stored leads from one to the other."""
    evaluation = opened(cast)
    invitations = invited(evaluation, people(cast, 12))
    for number, invitation in enumerate(invitations):
        answer_evaluation(invitation, {"overall": 1 + number % 5, "best": f"planted {number:02}"})
    columns = {field.name for field in Answer._meta.get_fields()}
    assert columns == {"id", "evaluation", "is_anonymous", "invitation", "answers"}
    assert not Answer.objects.exclude(invitation=None).exists()
    stored = [one.answers["best"] for one in Answer.objects.order_by("id")]
    assert sorted(stored) == [f"planted {number:02}" for number in range(12)]
    # Neither keys nor the order in the table follow the order in which people answered.
    assert stored != sorted(stored)
    with connection.cursor() as cursor:
        order = "rowid" if connection.vendor == "sqlite" else "ctid"
        cursor.execute(f"SELECT answers FROM evaluation_answer ORDER BY {order}")  # noqa: S608
        by_place = [json.loads(row[0])["best"] for row in cursor.fetchall()]
    assert by_place != sorted(by_place)
    # The invitation says that it was used, and no more than that.
    row = Invitation.objects.filter(pk=invitations[3].pk).values().get()
    assert set(row) == {
        "id", "evaluation_id", "registration_id", "is_used", "invited_at", "reminded_at", "link_version",
    }  # fmt: skip
    # The trail was told nothing of answers, and no text of ours holds a planted word.
    assert not Entry.objects.filter(verb__contains="answer", thing_type__in=["invitation", "answer"]).exists()
    assert "planted" not in json.dumps(list(Entry.objects.values_list("values", flat=True)))


@pytest.mark.postgres
def test_what_the_database_notes_of_transactions_joins_nothing(cast):
    evaluation = opened(cast)
    for invitation in invited(evaluation, people(cast, 6)):
        answer_evaluation(invitation, {"overall": 4})
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text FROM evaluation_answer")
        assert len(cursor.fetchall()) == 1
        cursor.execute("SELECT DISTINCT xmin::text FROM evaluation_invitation")
        assert len(cursor.fetchall()) == 1


def test_keys_of_answers_change_whenever_another_comes_in(cast):
    evaluation = opened(cast)
    first, second = invited(evaluation, people(cast, 2))
    answer_evaluation(first, {"overall": 4})
    before = set(Answer.objects.values_list("pk", flat=True))
    answer_evaluation(second, {"overall": 5})
    assert not before & set(Answer.objects.values_list("pk", flat=True))


def test_a_link_answers_once(cast):
    evaluation = opened(cast)
    (invitation,) = invited(evaluation, people(cast, 1))
    answer_evaluation(invitation, {"overall": 4})
    with pytest.raises(Refusal) as no:
        answer_evaluation(invitation, {"overall": 1})
    assert no.value.code == "used"
    assert [one["overall"] for one in answers_of(evaluation)] == [4]


def test_an_answer_that_is_refused_uses_nothing(cast):
    evaluation = opened(cast)
    (invitation,) = invited(evaluation, people(cast, 1))
    with pytest.raises(Refusal):
        answer_evaluation(invitation, {"overall": 99})
    invitation.refresh_from_db()
    assert not invitation.is_used and not Answer.objects.exists()


def test_with_names_the_answer_stands_with_its_person(cast):
    evaluation = opened(cast, is_anonymous=False)
    (invitation,) = invited(evaluation, people(cast, 1))
    answer_evaluation(invitation, {"overall": 4})
    assert Answer.objects.get().invitation == invitation


# ---------- suppression ----------


def test_four_of_nine_and_the_total_do_not_reveal_the_four():
    assert hidden_groups({"four": 4, "five": 5}) == {"four", "five"}


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 12), max_size=8))
def test_no_group_below_five_is_shown_or_can_be_reckoned(sizes):
    hidden = hidden_groups(sizes)
    living = {key: size for key, size in sizes.items() if size}
    assert all(size >= 5 for key, size in living.items() if key not in hidden)
    if hidden and hidden != set(living):
        assert len(hidden) >= 2 and sum(living[key] for key in hidden) >= 5


def _answered(cast, groups: dict[str, int]) -> Evaluation:
    evaluation = opened(cast, "evaluation-conference")
    invitations = invited(evaluation, people(cast, sum(groups.values())))
    sectors = [sector for sector, number in groups.items() for _n in range(number)]
    for invitation, sector in zip(invitations, sectors, strict=True):
        answer_evaluation(invitation, {"overall": 5 if sector == "third" else 1, "sector": sector})
    return close_evaluation(evaluation, by=THE_SHELL)


def _by_sector(evaluation: Evaluation):
    by = next(one for one in questions_of(evaluation.question_set) if one.key == "sector")
    return breakdown_of(evaluation, by, answers_of(evaluation), "en")


def test_groups_below_five_are_not_broken_down_and_that_is_said(cast):
    found = _by_sector(_answered(cast, {"third": 5, "public": 4}))
    assert found.has_hidden
    assert all(cell.is_hidden for _label, cells in found.rows for cell in cells)


def test_large_groups_are_shown_beside_two_hidden_ones_together_five_or_more(cast):
    found = _by_sector(_answered(cast, {"third": 8, "public": 3, "business": 2}))
    heads = dict(found.groups)
    assert heads["Association or foundation"] == "8" and heads["Business"] == "hidden"
    label, cells = found.rows[0]
    assert cells[0].said == "5.0" and cells[1].is_hidden and cells[2].is_hidden


def test_results_of_an_open_anonymous_evaluation_are_not_shown(cast, sign_in):
    evaluation = opened(cast)
    for invitation in invited(evaluation, people(cast, 6)):
        answer_evaluation(invitation, {"overall": 4, "best": "planted words"})
    client = sign_in(cast.coordinator)
    address = reverse("office:evaluation_results", args=[evaluation.code])
    page = client.get(address).content.decode()
    assert "planted words" not in page and "Results are shown when the evaluation is closed." in page
    assert client.get(reverse("office:evaluation_pdf", args=[evaluation.code])).status_code == 302
    close_evaluation(evaluation, by=THE_SHELL)
    assert "planted words" in client.get(address).content.decode()


def test_four_answers_are_not_shown_even_when_closed(cast, sign_in):
    evaluation = opened(cast)
    for invitation in invited(evaluation, people(cast, 4)):
        answer_evaluation(invitation, {"overall": 4, "best": "planted words"})
    close_evaluation(evaluation, by=THE_SHELL)
    page = sign_in(cast.coordinator).get(reverse("office:evaluation_results", args=[evaluation.code]))
    assert b"planted words" not in page.content and b"Fewer than five" in page.content


def test_a_question_that_few_answered_is_not_counted_out(cast):
    evaluation = opened(cast)
    for number, invitation in enumerate(invited(evaluation, people(cast, 7))):
        answer_evaluation(invitation, {"overall": 4} | ({"pace": "fast"} if number < 3 else {}))
    results = {one.question.key: one for one in results_of(evaluation, answers_of(evaluation), "en")}
    assert results["pace"].is_hidden and results["pace"].counts == []
    assert results["overall"].mean == 4


# ---------- asking ----------


def test_after_the_session_those_who_came_get_one_mail_and_one_reminder(cast):
    came, absent, unmarked = people(cast, 3)
    evaluation = opened(cast)
    Attendance.objects.filter(registration=came).update(mark=Mark.HERE)
    Attendance.objects.filter(registration=absent).update(mark=Mark.ABSENT)
    assert invite_and_close() == 0
    end(cast.session)
    assert invite_and_close() == 1
    assert invite_and_close() == 0
    assert Invitation.objects.get().registration == came
    later = timezone.now() + timedelta(days=4)
    assert invite_and_close(later) == 1
    assert invite_and_close(later + timedelta(days=4)) == 0
    mails = Mail.objects.filter(kind=INVITED)
    assert [mail.facts["is_reminder"] for mail in mails.order_by("pk")] == [False, True]
    assert unmarked is not None and evaluation.invitations.count() == 1


def test_nobody_who_answered_is_reminded(cast):
    (came,) = people(cast, 1)
    opened(cast)
    end(cast.session)
    invite_and_close()
    answer_evaluation(Invitation.objects.get(registration=came), {"overall": 5})
    assert invite_and_close(timezone.now() + timedelta(days=4)) == 0


def test_the_mail_promises_what_is_kept_and_carries_a_link_without_account(cast, client):
    (came,) = people(cast, 1)
    opened(cast)
    end(cast.session)
    invite_and_close()
    message = composers.get(INVITED)(Mail.objects.get(kind=INVITED))
    assert "Your answers are anonymous. Nobody can see who wrote what, not even we." in message.paragraphs
    invitation = Invitation.objects.get(registration=came)
    assert message.buttons[0][1] == invitation_address(invitation)


def test_an_evaluation_closes_by_itself_after_its_last_day(cast):
    evaluation = opened(cast)
    invite_and_close(timezone.now() + timedelta(days=32))
    evaluation.refresh_from_db()
    assert evaluation.state == "closed" and evaluation.closed_at


def test_before_the_course_those_with_a_place_are_asked_within_a_week(cast):
    people(cast, 2)
    opened(cast, "evaluation-pair-1-before", moment="before")
    assert invite_and_close() == 0  # the course begins in two weeks
    assert invite_and_close(cast.session.starts_at - timedelta(days=6)) == 2
    assert invite_and_close(cast.session.starts_at + timedelta(hours=1)) == 0


# ---------- the pages ----------


def test_a_person_answers_from_her_mail_in_her_language_and_is_thanked(cast, client):
    evaluation = opened(cast)
    (invitation,) = invited(evaluation, people(cast, 1))
    address = f"/pl/evaluation/{invitation_token(invitation)}/"
    assert "Jakie było tempo?" in client.get(address).content.decode()
    assert not Answer.objects.exists()
    empty = client.post(address, {})
    assert empty.status_code == 422
    wrong = client.post(address, {"q_pace": "fast", "q_best": "Kaffet"})
    assert wrong.status_code == 422 and "Kaffet</textarea>" in wrong.content.decode()
    assert client.post(address, {"q_overall": "5", "q_best": "Kaffet"}).status_code == 302
    again = client.get(address)
    assert again.status_code == 200 and again["Cache-Control"] == "no-store, private"
    assert answers_of(evaluation) == [{"overall": 5, "best": "Kaffet"}]


def test_a_link_of_another_purpose_is_not_found(cast, client):
    assert client.get("/en/evaluation/nonsense-nonsense-nonsense/").status_code == 404


def test_a_coordinator_chooses_a_ready_set_opens_it_and_sees_it_on_the_page(cast, sign_in):
    client = sign_in(cast.coordinator)
    address = reverse("office:evaluation_create", args=[cast.activity.code])
    sent = {
        "questions": "shipped:evaluation-course", "moment": "after", "promise": "yes", "session": "",
        "closes_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert client.post(address, sent | {"closes_on": "2001-01-01"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    made = Evaluation.objects.get()
    client.post(reverse("office:evaluation_open", args=[made.code]))
    page = client.get(reverse("office:evaluations", args=[cast.activity.code])).content.decode()
    assert "Open" in page and made.question_set.name in page
    assert client.post(address, sent).status_code == 302  # the same ready set is used again, not taken twice
    assert Evaluation.objects.values("question_set").distinct().count() == 1


def test_results_are_shown_as_charts_with_tables_and_as_tagged_pdf(cast, sign_in):
    evaluation = _answered(cast, {"third": 8, "public": 3, "business": 2})
    client = sign_in(cast.coordinator)
    page = client.get(reverse("office:evaluation_results", args=[evaluation.code]) + "?by=sector")
    text = page.content.decode()
    assert "13 of 13 answered." in text and 'class="chart"' in text and "hidden" in text
    pdf = client.get(reverse("office:evaluation_pdf", args=[evaluation.code]))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert b"StructTreeRoot" in pdf.content or b"/MarkInfo" in pdf.content or len(pdf.content) > 5_000


def test_before_and_after_stand_side_by_side(cast):
    activity, _session = make_activity(cast.programme, title="Pair", by=as_person(cast.coordinator))
    registrations = people(cast, 6, activity)
    before = opened(cast, "evaluation-pair-1-before", moment="before", activity=activity)
    for invitation in invited(before, registrations):
        answer_evaluation(invitation, {"knows": 2})
    after = opened(cast, "evaluation-pair-2-after", activity=activity)
    assert after.compared_with == before
    for invitation in invited(after, registrations):
        answer_evaluation(invitation, {"knows": 4, "dares": 3})
    changes = {str(one.label): one for one in changes_of(after, "en")}
    knows = changes["How well do you know the subject right now?"]
    assert (knows.before, knows.after, knows.difference, knows.is_hidden) == (2, 4, 2, False)
    assert sum(one.is_hidden for one in changes.values()) == 3


def test_my_place_shows_what_one_is_asked_until_it_is_answered(cast, client):
    from samverk.activities.messages import place_token

    evaluation = opened(cast)
    (registration,) = people(cast, 1)
    (invitation,) = invited(evaluation, [registration])
    address = f"/en/place/{place_token(registration)}/"
    assert b"Tell us what you think" in client.get(address).content
    answer_evaluation(invitation, {"overall": 3})
    assert b"Tell us what you think" not in client.get(address).content


def test_the_list_costs_the_same_with_one_and_with_many(cast, sign_in, queries):
    client = sign_in(cast.coordinator)
    evaluation = opened(cast)
    address = reverse("office:evaluations", args=[cast.activity.code])
    client.get(address)
    few = queries(lambda: client.get(address))
    for _n in range(10):
        create_evaluation(
            cast.activity, evaluation.question_set, closes_on=evaluation.closes_on, by=THE_SHELL
        )
    assert queries(lambda: client.get(address)) == few
