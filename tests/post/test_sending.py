"""Mail is queued with its change, leaves once after commit, and is tried again with patience."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from samverk.kit.acting import Refusal
from samverk.kit.registers import composers
from samverk.post.commands import cancel_mails, erase_bodies, queue_mail, retry_mail, send_due
from samverk.post.composing import Message
from samverk.post.models import Mail
from samverk.post.queries import count_by_state, mails_in, stuck_mails
from tests.post.mailbox import open_mailbox

pytestmark = pytest.mark.django_db

LINK = "https://samverk.example.org/en/place/abcdefghijklmnopqrstuvwxyz0123456789/"
words: dict[str, Message | None | Exception] = {}


def compose(mail: Mail) -> Message | None:
    said = words["now"]
    if isinstance(said, Exception):
        raise said
    return said


composers.add("tests.word", compose)


@pytest.fixture(autouse=True)
def _plain_words():
    words["now"] = Message(
        subject="You have a place",
        paragraphs=["You are registered.", f"See {LINK} when you like."],
        code="BKTRWMPL",
        buttons=[("See my place", LINK), ("Give up my place", LINK + "cancel/")],
        facts=[("When", "Thursday 19 March")],
        attachments=[
            ("meeting.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=REQUEST")
        ],
        why="You get this mail because you registered.",
    )


@pytest.fixture
def box(settings):
    with open_mailbox() as box:
        settings.MAILERS = box.settings
        yield box


def queued(**fields) -> Mail:
    return queue_mail("tests.word", **({"to": "anna@example.org", "language": "en"} | fields))


def later(mail: Mail, **span) -> Mail:
    """Time passes: the mail's next try is brought forward."""
    Mail.objects.filter(pk=mail.pk).update(send_after=timezone.now() - timedelta(**span or {"seconds": 1}))
    mail.refresh_from_db()
    return mail


def test_a_queued_mail_leaves_once(box):
    mail = queued()
    assert (send_due(), send_due()) == (1, 0)
    assert len(box.letters) == 1
    mail.refresh_from_db()
    assert mail.state == Mail.State.SENT and mail.sent_at and mail.leased_until is None


def _register_and_be_refused():
    with transaction.atomic():
        queued()
        raise Refusal("No.")


def test_a_change_that_is_rolled_back_sends_nothing(box):
    with pytest.raises(Refusal):
        _register_and_be_refused()
    assert send_due() == 0
    assert box.letters == []


def test_the_mail_says_the_same_in_text_and_html_and_carries_the_calendar(box):
    mail = queued(to_name="Łucja Åkesson")
    send_due()
    letter = box.letters[0]
    text = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    for part in (text, html):
        assert "BKTR WMPL" in part and LINK in part and "Thursday 19 March" in part
        assert "because you registered" in part
    calendar = next(letter.iter_attachments())
    assert calendar.get_content_type() == "text/calendar" and calendar.get_param("method") == "REQUEST"
    assert "Łucja Åkesson" in str(letter["To"]) and "anna@example.org" in str(letter["To"])
    assert letter["Auto-Submitted"] == "auto-generated"
    assert mail.code.lower() in letter["Message-ID"]


def test_codes_and_links_are_stored_nowhere(box):
    mail = queued()
    send_due()
    mail.refresh_from_db()
    assert "Thursday 19 March" in mail.body and mail.subject == "You have a place"
    kept = f"{mail.body} {mail.subject} {mail.facts} {mail.error}"
    for secret in ("BKTRWMPL", "BKTR WMPL", "abcdefghijklmnopqrstuvwxyz", "samverk.example.org"):
        assert secret not in kept


def test_a_server_that_is_busy_is_asked_again_with_growing_pauses(box):
    box.answer = "451 try later"
    mail = queued()
    pauses = []
    for _attempt in range(5):
        assert send_due() == 0
        mail.refresh_from_db()
        pauses.append(round((mail.send_after - timezone.now()) / timedelta(minutes=1)))
        later(mail)
    assert pauses == [1, 5, 30, 120, 720]
    assert mail.error == "451 try later"
    box.answer = "250 OK"
    send_due()
    mail.refresh_from_db()
    assert mail.state == Mail.State.SENT and len(box.letters) == 1 and mail.error == ""


def test_after_the_last_pause_the_mail_is_given_up_and_can_be_sent_again_by_hand(box):
    box.answer = "451 try later"
    mail = queued()
    for _attempt in range(6):
        send_due()
        later(mail)
    mail.refresh_from_db()
    assert mail.state == Mail.State.FAILED and send_due() == 0
    box.answer = "250 OK"
    retry_mail(mail)
    assert send_due() == 1
    with pytest.raises(Refusal):
        retry_mail(mail)


def test_an_address_that_does_not_exist_fails_at_once_with_the_servers_words(box):
    box.answer = "550 no such mailbox"
    mail = queued()
    send_due()
    mail.refresh_from_db()
    assert mail.state == Mail.State.FAILED and mail.error == "550 no such mailbox"


def test_one_bad_mail_does_not_hold_up_the_others(box):
    bad = queued(to="ö@example.org")
    queued(to="bo@example.org")
    assert send_due() == 1
    bad.refresh_from_db()
    assert bad.state == Mail.State.QUEUED and bad.attempts == 1 and "ö@example.org" not in bad.error


def test_a_mail_server_that_does_not_answer_keeps_the_mail(settings, box):
    settings.MAILERS = {"default": {**box.settings["default"], "OPTIONS": {"host": "127.0.0.1", "port": 1}}}
    mail = queued()
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.state == Mail.State.QUEUED and "ConnectionRefusedError" in mail.error


def test_a_mail_with_nothing_left_to_say_is_cancelled(box):
    words["now"] = None
    mail = queued()
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.state == Mail.State.CANCELLED


def test_mail_of_an_undoable_act_waits_and_can_be_taken_back(box):
    queued(delay_seconds=60, thing_id=7)
    assert send_due() == 0
    assert cancel_mails("tests.word", 7) == 1
    later(Mail.objects.get())
    assert send_due() == 0 and box.letters == []


def test_the_same_key_queues_one_mail(box):
    assert queued(once_key="reminder:1").pk == queued(once_key="reminder:1").pk
    assert send_due() == 1


def test_a_mail_leased_by_a_worker_that_died_is_sent_after_the_lease(box):
    mail = queued()
    Mail.objects.filter(pk=mail.pk).update(leased_until=timezone.now() + timedelta(minutes=4), attempts=1)
    assert send_due() == 0
    Mail.objects.filter(pk=mail.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert send_due() == 1


def test_codes_for_signing_in_overtake_a_mass_mailing(box):
    for number in range(3):
        later(queued(to=f"p{number}@example.org"), hours=1)
    queued(to="waiting@example.org", is_secret=True)
    send_due(limit=1)
    assert "waiting@example.org" in box.letters[0]["To"]


def test_a_line_break_in_a_name_adds_no_header(box):
    queued(to_name="Anna\r\nBcc: all@example.org")
    assert send_due() == 1
    assert box.letters[0]["Bcc"] is None


def test_words_are_erased_after_ninety_days(box):
    mail = queued(facts={"name": "Anna"})
    send_due()
    erase_bodies(timezone.now() + timedelta(days=89))
    mail.refresh_from_db()
    assert mail.body and mail.facts
    erase_bodies(timezone.now() + timedelta(days=91))
    mail.refresh_from_db()
    assert (mail.body, mail.facts, mail.state) == ("", {}, Mail.State.SENT)


def test_the_office_never_lists_mails_of_signing_in():
    queued(scope="programme:KCM")
    queued(scope="programme:KCM", is_secret=True)
    queued(scope="programme:OTHER")
    queued()
    listed = mails_in(["programme:KCM", ""])
    assert [mail.scope for mail in listed] == ["programme:KCM"] and not listed[0].is_secret
    assert count_by_state(listed) == {"queued": 1}


def test_the_doctor_sees_a_mail_that_nobody_sends():
    mail = queued()
    assert stuck_mails() == []
    later(mail, hours=2)
    assert "1 mails should have left" in stuck_mails()[0]
