"""People sign own hours, employers countersign others', paper is equal, and a change voids what was signed."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from samverk.activities.choices import Mark
from samverk.activities.commands.attendance import correct_attendance
from samverk.activities.models import Attendance, Session
from samverk.directory.commands import give_mandate
from samverk.kit.acting import THE_CLOCK, THE_SHELL, Actor, Refusal
from samverk.kit.codes import digest
from samverk.ledger import doctor
from samverk.ledger.commands.asking import (
    ask_employers,
    ask_for_last_month,
    make_statements,
    remind_statements,
)
from samverk.ledger.commands.attesting import (
    Answer,
    answer_statement,
    countersign,
    employer_texts,
    sign_statement,
    stand_by_line,
    to_sign,
)
from samverk.ledger.commands.filing import file_paper_statement, file_session_list
from samverk.ledger.messages import compose_statement, statement_of_token, statement_token
from samverk.ledger.models import Attestation, Evidence, HourEntry, PersonMonth, Statement, StatementAnswer
from samverk.ledger.queries import employer_lines, statement_lines
from samverk.ledger.texts import statement_text
from samverk.post.models import Mail
from samverk.programmes.commands import add_funding_line, load_rule_sets
from tests.cast import make_person
from tests.ledger.ledger_cast import MARCH, at, countersign_all, course, held, live, shown, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def march(cast):
    """The participant was at two meetings of the programme in March, on behalf of her employer."""
    rules = next(rules for rules in load_rule_sets(by=THE_SHELL) if rules.code == "SE-ESF-2014-PO1")
    add_funding_line(cast.programme, "march", "March", rule_set=rules, by=THE_SHELL)
    activity = course(cast.programme)
    held(activity, at(3), 150, [(cast.participant, cast.organisation)])
    held(activity, at(19), 120, [(cast.participant, cast.organisation)])
    make_statements(MARCH)
    return Statement.objects.select_related("person").get()


def scan(kind: str = "PNG") -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, kind)
    buffer.seek(0)
    return buffer


def herself(statement: Statement) -> Actor:
    return Actor(person=statement.person, through="link")


# ---------- asking ----------


def test_everybody_with_hours_gets_one_link_for_all_programmes(cast):
    held(course(cast.programme), at(3), 60, [(cast.participant, None)])
    held(course(cast.other_programme), at(4), 60, [(cast.participant, None)])
    assert make_statements(MARCH) == 1
    assert make_statements(MARCH) == 0
    assert Mail.objects.filter(kind="ledger.statement").count() == 1
    assert len(statement_lines(Statement.objects.get())) == 2


@pytest.mark.parametrize(
    ("moment", "asked"),
    [
        (datetime(2026, 4, 1, 12, tzinfo=UTC), 0),
        (datetime(2026, 4, 2, 6, 59, tzinfo=UTC), 0),
        (datetime(2026, 4, 2, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 4, 20, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 5, 2, 7, 0, tzinfo=UTC), 0),
    ],
)
def test_people_are_asked_on_the_2nd_at_nine_of_the_centres_clock(cast, moment, asked):
    held(course(cast.programme), at(3), 60, [(cast.participant, None)])
    assert ask_for_last_month(moment) == asked


def test_two_reminders_at_most_and_seven_days_apart(march):
    now = timezone.now()
    found = [remind_statements(now + timedelta(days=days)) for days in (6, 7, 8, 14, 15, 30, 60)]
    assert sum(found) == 2
    assert Mail.objects.filter(kind="ledger.statement_reminder").count() == 2


def test_what_was_asked_long_ago_is_not_taken_up_by_a_mail_out_of_nowhere(march):
    assert remind_statements(timezone.now() + timedelta(days=90)) == 0


def test_who_has_signed_is_not_reminded_and_an_old_mail_is_not_sent(march):
    sign(march)
    assert remind_statements(timezone.now() + timedelta(days=9)) == 0
    assert compose_statement(Mail.objects.get(kind="ledger.statement")) is None


def test_somebody_without_an_address_has_a_statement_for_paper(cast):
    person = make_person("Sven", "Utan", email=None)
    held(course(cast.programme), at(3), 60, [(person, None)])
    assert make_statements(MARCH) == 0
    assert Statement.objects.get(person=person).asked_at is None


def test_the_mail_is_secret_and_holds_the_personal_link(march):
    mail = Mail.objects.get(kind="ledger.statement")
    message = compose_statement(mail)
    assert mail.is_secret
    address = message.buttons[0][1]
    assert statement_of_token(address.rstrip("/").rsplit("/", 1)[1]) == march
    assert "4 h 30 min" in message.subject.replace("\u00a0", " ")


def test_a_link_ends_when_its_version_is_raised(march):
    token = statement_token(march)
    Statement.objects.update(link_version=2)
    assert statement_of_token(token) is None


# ---------- signing ----------


def test_signing_keeps_text_hash_time_and_method(march):
    signature = sign(march)
    assert signature.text_digest == digest(signature.text)
    assert (signature.method, signature.role, signature.signed_by) == ("link", "person", march.person)
    assert signature.entries == {str(entry.pk): entry.minutes for entry in live()}
    assert all(entry.code in signature.text for entry in live())
    assert all(entry.confirmed_at for entry in live())
    march.refresh_from_db()
    assert march.state == "signed"
    assert Mail.objects.filter(kind="ledger.statement_copy").count() == 1


def test_staff_cannot_sign_or_answer_for_anybody(march, cast):
    for who in (Actor(person=cast.coordinator), Actor(person=cast.keeper), THE_SHELL, THE_CLOCK):
        with pytest.raises(Refusal) as refused:
            sign_statement(march, by=who, text_digest="", language="en")
        assert refused.value.code == "not_own"
        with pytest.raises(Refusal):
            answer_statement(march, {live()[0].pk: Answer(True)}, by=who)
    assert not Attestation.objects.exists()


def test_nothing_is_signed_before_each_meeting_has_an_answer(march):
    first = live()[0]
    answer_statement(march, {first.pk: Answer(True)}, by=herself(march))
    with pytest.raises(Refusal) as refused:
        to_sign(march)
    assert refused.value.code == "unanswered"


def test_wrong_needs_a_reason(march):
    with pytest.raises(Refusal) as refused:
        answer_statement(march, {live()[0].pk: Answer(False, "  ")}, by=herself(march))
    assert refused.value.code == "because"


def test_what_was_shown_is_what_is_signed(march):
    lines = statement_lines(march)
    answer_statement(march, {line.pk: Answer(True) for line in lines}, by=herself(march))
    shown = digest(statement_text(march, to_sign(march), "en"))
    row = Attendance.objects.get(pk=lines[0].attendance_id)
    correct_attendance(row, Mark.PART, by=THE_SHELL, reason="left", came_at=at(3, 9), left_at=at(3, 10))
    with pytest.raises(Refusal):
        sign_statement(march, by=herself(march), text_digest=shown, language="en")
    assert not Attestation.objects.exists()


def test_a_changed_line_voids_the_signature_says_which_and_asks_again(march):
    signature = sign(march)
    row = Attendance.objects.filter(session__starts_at=at(19)).get()
    correct_attendance(row, Mark.PART, by=THE_SHELL, reason="left", came_at=at(19, 9), left_at=at(19, 10, 30))
    signature.refresh_from_db()
    march.refresh_from_db()
    assert signature.voided_at and " 19 " in signature.voided_because
    assert march.state == "void"
    assert not any(entry.confirmed_at for entry in live())
    mail = Mail.objects.get(kind="ledger.statement_again")
    assert mail.facts["because"] == signature.voided_because
    assert mail.send_after > timezone.now() + timedelta(seconds=30)
    assert doctor.findings() == []
    sign(march)
    march.refresh_from_db()
    assert march.state == "signed"


def test_a_late_guest_does_not_void_anything(march):
    from samverk.activities.commands.attendance import add_walk_in

    signature = sign(march)
    session = Session.objects.get(starts_at=at(3))
    add_walk_in(session, name="Guest", by=THE_SHELL, reason="was forgotten")
    signature.refresh_from_db()
    assert signature.voided_at is None


def test_hours_that_come_after_signing_wait_for_a_signature_of_their_own(march, cast):
    sign(march)
    held(course(cast.programme, "Late"), at(28), 60, [(cast.participant, cast.organisation)])
    march.refresh_from_db()
    assert march.state == "open"
    assert [bool(entry.confirmed_at) for entry in live()] == [True, True, False]
    sign(march)
    assert all(entry.confirmed_at for entry in live())
    assert Attestation.objects.filter(voided_at=None).count() == 1
    assert doctor.findings() == []


def test_a_signature_makes_the_month_stale(march):
    PersonMonth.objects.update(is_stale=False)
    sign(march)
    assert PersonMonth.objects.filter(is_stale=True).exists()


# ---------- disputes ----------


def test_a_line_called_wrong_is_signed_by_nobody(march):
    wrong = live()[1]
    signature = sign(march, {wrong.pk: "I left at 10."})
    assert str(wrong.pk) not in signature.entries
    march.refresh_from_db()
    assert march.state == "disputed"
    wrong.refresh_from_db()
    assert wrong.confirmed_at is None


def test_correcting_the_sheet_resolves_the_dispute_and_asks_again(march):
    wrong = live()[1]
    sign(march, {wrong.pk: "I left at 10."})
    row = Attendance.objects.get(pk=wrong.attendance_id)
    correct_attendance(
        row, Mark.PART, by=THE_SHELL, reason="she said so", came_at=at(19, 9), left_at=at(19, 10)
    )
    march.refresh_from_db()
    assert march.state == "open"
    sign(march)
    march.refresh_from_db()
    assert march.state == "signed"
    assert sum(entry.minutes for entry in live() if entry.confirmed_at) == 210


def test_a_coordinator_stands_by_a_line_with_a_reason_that_the_person_reads(march, cast):
    wrong = live()[1]
    sign(march, {wrong.pk: "I left at 10."})
    answer = StatementAnswer.objects.get(is_right=False)
    with pytest.raises(Refusal):
        stand_by_line(answer, "", by=Actor(person=cast.coordinator))
    with pytest.raises(Refusal):
        stand_by_line(answer, "The list says 11.", by=Actor(person=cast.controller))
    stand_by_line(answer, "The list says 11.", by=Actor(person=cast.coordinator))
    march.refresh_from_db()
    assert march.state == "open"
    assert Mail.objects.get(kind="ledger.statement_again").facts["because"] == "The list says 11."
    assert live()[1].confirmed_at is None


# ---------- the employer ----------


def test_the_employer_signs_confirmed_lines_of_others_in_one_list(march, cast):
    sign(march)
    countersign_all(cast.organisation, cast.representative)
    assert all(entry.countersigned_at for entry in live())
    signature = Attestation.objects.get(role="employer")
    assert (signature.organisation, signature.signed_by) == (cast.organisation, cast.representative)


def test_nobody_countersigns_own_hours(march, cast):
    held(course(cast.programme), at(25), 60, [(cast.representative, cast.organisation)])
    make_statements(MARCH)
    sign(Statement.objects.get(person=cast.representative))
    own = [line for line in employer_lines(cast.organisation, MARCH) if line.person == cast.representative]
    text = shown(employer_texts(cast.organisation, own, "en"))
    with pytest.raises(Refusal) as refused:
        countersign(cast.organisation, own, by=Actor(person=cast.representative), digests=text, language="en")
    assert refused.value.code == "own_hours"


def test_without_a_mandate_for_that_organisation_nobody_countersigns(march, cast):
    sign(march)
    lines = employer_lines(cast.organisation, MARCH)
    text = shown(employer_texts(cast.organisation, lines, "en"))
    for person in (cast.other_representative, cast.coordinator, cast.keeper):
        with pytest.raises(Refusal) as refused:
            countersign(cast.organisation, lines, by=Actor(person=person), digests=text, language="en")
        assert refused.value.code == "no_mandate"


def test_the_employer_cannot_sign_what_the_person_has_not(march, cast):
    lines = employer_lines(cast.organisation, MARCH)
    text = shown(employer_texts(cast.organisation, lines, "en"))
    with pytest.raises(Refusal):
        countersign(
            cast.organisation, lines, by=Actor(person=cast.representative), digests=text, language="en"
        )


def test_a_change_voids_the_employers_signature_too(march, cast):
    sign(march)
    countersign_all(cast.organisation, cast.representative)
    row = Attendance.objects.filter(session__starts_at=at(19)).get()
    correct_attendance(row, Mark.ABSENT, by=THE_SHELL, reason="was not here")
    assert not Attestation.objects.filter(voided_at=None).exists()
    assert doctor.findings() == []


def test_mandated_persons_are_told_once_that_hours_wait_for_the_employer(march, cast):
    sign(march)
    early, late = datetime(2026, 4, 8, 12, tzinfo=UTC), datetime(2026, 4, 9, 12, tzinfo=UTC)
    assert (ask_employers(early), ask_employers(late)) == (0, 1)
    ask_employers(late + timedelta(hours=1))
    assert Mail.objects.get(kind="ledger.countersign").person == cast.representative


def test_who_has_no_mandate_for_hours_is_not_told(march, cast):
    sign(march)
    give_mandate(cast.organisation, make_person("Redaktör", "Person"), ["edit_profile"], by=THE_SHELL)
    ask_employers(datetime(2026, 4, 9, 12, tzinfo=UTC))
    assert not Mail.objects.filter(kind="ledger.countersign", person__given_name="Redaktör").exists()


# ---------- paper ----------


def test_a_signed_paper_is_filed_in_the_coordinators_own_name(march, cast):
    signature = file_paper_statement(march, scan(), "paper.png", by=Actor(person=cast.coordinator))
    assert (signature.method, signature.signed_by) == ("paper", None)
    assert signature.evidence.filed_by == cast.coordinator
    assert signature.evidence.kind == "statement"
    march.refresh_from_db()
    assert march.state == "signed"
    assert not any(entry.countersigned_at for entry in live())


def test_a_paper_with_the_employers_signature_covers_both(march, cast):
    file_paper_statement(march, scan(), "paper.png", by=Actor(person=cast.coordinator), employer_signed=True)
    assert all(entry.confirmed_at and entry.countersigned_at for entry in live())
    assert doctor.findings() == []


def test_lines_crossed_out_on_the_paper_stay_unsigned(march, cast):
    kept = live()[0].pk
    file_paper_statement(march, scan(), "paper.png", by=Actor(person=cast.coordinator), lines=[kept])
    march.refresh_from_db()
    assert [bool(entry.confirmed_at) for entry in live()] == [True, False]
    assert march.state == "open"


def test_only_a_coordinator_of_the_programme_files_paper(march, cast):
    for person in (cast.other_coordinator, cast.controller, cast.partner_staff, cast.participant):
        with pytest.raises(Refusal) as refused:
            file_paper_statement(march, scan(), "paper.png", by=Actor(person=person))
        assert refused.value.code == "not_coordinator"


def test_a_paper_covers_only_the_programmes_of_the_coordinator(march, cast):
    held(course(cast.other_programme), at(20), 60, [(cast.participant, None)])
    file_paper_statement(march, scan(), "paper.png", by=Actor(person=cast.coordinator))
    signed = {entry.programme: bool(entry.confirmed_at) for entry in live()}
    assert signed == {cast.programme: True, cast.other_programme: False}
    file_paper_statement(march, scan(), "other.png", by=Actor(person=cast.other_coordinator))
    assert all(entry.confirmed_at for entry in live())
    assert doctor.findings() == []


def test_a_filed_attendance_list_is_proof_for_everybody_on_it(cast):
    session = held(course(cast.programme), at(3), 60, [(cast.participant, None)], evidence="facilitator_mark")
    file_session_list(session, scan(), "list.png", by=Actor(person=cast.coordinator), original_kept=False)
    assert live()[0].evidence == "scanned_list"
    file_session_list(session, scan(), "list.png", by=Actor(person=cast.coordinator), original_kept=True)
    assert live()[0].evidence == "signed_list"
    assert Evidence.objects.filter(session=session).count() == 2
    assert HourEntry.objects.count() == 1
