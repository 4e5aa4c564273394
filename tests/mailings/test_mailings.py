"""Messages to the people of an activity: who gets which words, once, and taken back in time."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samverk.activities.choices import Mark
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Attendance, Registration
from samverk.kit.acting import Refusal
from samverk.kit.registers import composers
from samverk.mailings.choices import LETTER, TEST, MailingState
from samverk.mailings.commands import (
    edit_mailing,
    plan_reminders,
    save_template,
    send_mailing,
    try_mailing,
    write_mailing,
)
from samverk.mailings.fields import filled, in_language, unknown_fields
from samverk.mailings.letters import letters
from samverk.mailings.models import LetterTemplate, Mailing
from samverk.mailings.queries import group_sizes
from samverk.post.composing import Message
from samverk.post.models import Mail
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.cast import as_person


def with_places(cast, *people):
    return [
        register_for(cast.activity, person=person, language="sv", by=as_person(cast.coordinator))
        for person in people
    ]


def a_message(cast, **fields) -> Mailing:
    asked = {
        "addressees": "registered", "language": "sv", "subject": "Inför {aktivitet}",
        "body": "Hej {given name},\n\nvi ses {dag}.", "reply_to": "kim@example.org",
    }  # fmt: skip
    return write_mailing(cast.activity, by=as_person(cast.coordinator), **(asked | fields))


def words_of(mail: Mail) -> Message:
    found = composers.get(mail.kind)(mail)
    assert found is not None
    return found


def test_everybody_with_a_place_gets_one_mail_with_her_own_words(cast):
    with_places(cast, cast.participant, cast.representative)
    sent = send_mailing(a_message(cast), by=as_person(cast.coordinator))
    mails = Mail.objects.filter(kind=LETTER, thing_id=sent.pk)
    assert sorted(mail.to for mail in mails) == sorted([cast.participant.email, cast.representative.email])
    message = words_of(mails.get(to=cast.participant.email))
    assert message.paragraphs[0] == "Hej Pia," and message.subject == f"Inför {cast.activity.title}"
    assert message.reply_to == "kim@example.org"


def test_a_field_may_be_written_in_any_language_of_ours():
    values = {"given_name": "Pia"}
    assert [filled(f"{{{name}}}", values) for name in ("given name", "Förnamn", "imię")] == ["Pia"] * 3
    assert in_language("{given name}", "sv") == "{förnamn}"


def test_what_stands_in_a_field_is_never_read_as_a_field_again():
    assert filled("{organisation}", {"organisation": "{given name}", "given_name": "Pia"}) == "{given name}"


def test_a_slip_between_braces_is_refused_and_named(cast):
    with pytest.raises(Refusal) as no:
        a_message(cast, body="Hej {förnman}")
    assert no.value.field == "body" and "{förnman}" in str(no.value.reason)


@pytest.mark.parametrize("language", ["sv", "pl", "en", "de", "nb"])
def test_every_letter_that_ships_knows_its_fields(language):
    shipped = letters(language)
    assert len(shipped) >= 4 and all(one.language == language for one in shipped)
    assert [unknown_fields(one.subject + one.body) for one in shipped] == [[]] * len(shipped)


def test_those_who_did_not_come_are_a_group_of_their_own(cast):
    with_places(cast, cast.participant, cast.representative)
    rows = Attendance.objects.filter(session=cast.session)
    rows.filter(person=cast.participant).update(mark=Mark.HERE)
    rows.filter(person=cast.representative).update(mark=Mark.ABSENT)
    assert group_sizes(cast.activity) == {"registered": 2, "waiting": 0, "present": 1, "absent": 1}


def test_a_message_is_sent_once_and_stays_as_it_was_read(cast):
    with_places(cast, cast.participant)
    sent = send_mailing(a_message(cast), by=as_person(cast.coordinator))
    for again in (
        lambda: send_mailing(sent, by=as_person(cast.coordinator)),
        lambda: edit_mailing(sent, by=as_person(cast.coordinator), subject="Annat"),
    ):
        with pytest.raises(Refusal):
            again()
    assert Mail.objects.filter(kind=LETTER).count() == 1


def test_a_message_to_nobody_is_refused(cast):
    with pytest.raises(Refusal) as no:
        send_mailing(a_message(cast, addressees="waiting"), by=as_person(cast.coordinator))
    assert no.value.code == "nobody"


def test_a_message_can_be_taken_back_within_the_minute(cast):
    with_places(cast, cast.participant)
    sent = send_mailing(a_message(cast), by=as_person(cast.coordinator))
    undo(Entry.objects.get(verb="send", thing_id=sent.pk), by=as_person(cast.coordinator))
    sent.refresh_from_db()
    assert sent.state == MailingState.DRAFT and not sent.recipients.exists()
    assert set(Mail.objects.filter(kind=LETTER).values_list("state", flat=True)) == {"cancelled"}


def test_a_message_on_its_way_cannot_be_taken_back(cast):
    with_places(cast, cast.participant)
    sent = send_mailing(a_message(cast), by=as_person(cast.coordinator))
    Mail.objects.filter(kind=LETTER).update(state=Mail.State.SENT)
    with pytest.raises(Refusal) as no:
        undo(Entry.objects.get(verb="send", thing_id=sent.pk), by=as_person(cast.coordinator))
    assert no.value.code == "too_late"


def test_the_test_goes_to_the_writer_alone_and_carries_nobodys_link(cast):
    with_places(cast, cast.participant)
    mail = try_mailing(a_message(cast), by=as_person(cast.coordinator))
    assert mail.kind == TEST and mail.to == cast.coordinator.email
    assert words_of(mail).buttons == [] and not Mail.objects.filter(kind=LETTER).exists()


def test_words_are_kept_as_a_template_and_start_the_next_message(cast, sign_in):
    kept = save_template(a_message(cast), name="Inför träffen", by=as_person(cast.coordinator))
    save_template(a_message(cast, subject="Nytt"), name="Inför träffen", by=as_person(cast.coordinator))
    assert LetterTemplate.objects.get().subject == "Nytt"
    page = sign_in(cast.coordinator).get(
        reverse("office:mailing_create", args=[cast.activity.code]) + f"?template={kept.code}"
    )
    assert 'value="Nytt"' in page.text


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(cast, sign_in):
    page = sign_in(cast.coordinator).post(
        reverse("office:mailing_create", args=[cast.activity.code]),
        {"addressees": "registered", "language": "sv", "subject": "Hej", "body": "Hej {nman}, välkommen"},
    )
    assert page.status_code == 422 and "{nman}, välkommen" in page.text and "There is no field" in page.text


def test_writing_looking_and_sending_is_three_pages(cast, sign_in):
    with_places(cast, cast.participant, cast.protected)
    client = sign_in(cast.coordinator)
    answer = client.post(
        reverse("office:mailing_create", args=[cast.activity.code]),
        {"addressees": "registered", "language": "en", "subject": "Hello", "body": "Hello {given name}"},
    )
    page = client.get(answer.url)
    assert "Send to 2 people" in page.text and "Hello Pia" in page.text and "Skyddsvik" not in page.text
    sent = client.post(reverse("office:mailing_send", args=[Mailing.objects.get().code]), follow=True)
    assert "in a minute" in sent.text and "0 of 2 sent" in sent.text


def test_the_list_of_messages_costs_the_same_with_many(cast, sign_in, queries):
    client = sign_in(cast.coordinator)
    address = reverse("office:mailings", args=[cast.activity.code])
    a_message(cast)
    client.get(address)
    one = queries(lambda: client.get(address))
    for number in range(20):
        a_message(cast, subject=f"Nummer {number}")
    assert queries(lambda: client.get(address)) == one


def test_a_message_page_costs_the_same_with_many_people(cast, sign_in, queries):
    from tests.cast import make_person

    client, mailing = sign_in(cast.coordinator), a_message(cast)
    with_places(cast, cast.participant)
    address = reverse("office:mailing", args=[mailing.code])
    client.get(address)
    one = queries(lambda: client.get(address))
    with_places(cast, *[make_person("Gäst", f"Nummer {number}") for number in range(6)])
    assert queries(lambda: client.get(address)) == one


def test_reminders_are_chosen_by_two_boxes(cast, sign_in):
    client = sign_in(cast.coordinator)
    client.post(reverse("office:reminders_plan", args=[cast.activity.code]), {"week_before": "on"})
    plan = cast.activity.reminder_plan
    assert (plan.week_before, plan.day_before) == (True, False)
    plan_reminders(cast.activity, week_before=False, day_before=True, by=as_person(cast.coordinator))
    plan.refresh_from_db()
    assert plan.day_before and Registration.objects.count() == 0
