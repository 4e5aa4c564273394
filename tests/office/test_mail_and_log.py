"""The office's list of mails and the log: by scope, and never what must not show."""

from __future__ import annotations

import pytest

from samverk.post.commands import queue_mail
from samverk.post.models import Mail
from samverk.trail.commands import log
from samverk.trail.models import Entry
from tests.cast import as_person

MAIL, TRAIL = "/office/mail/", "/office/trail/"


def mail_to(address: str, **fields) -> Mail:
    fields = {"language": "sv", "to": address, **fields}
    mail = queue_mail(
        "activities.registration", **{k: v for k, v in fields.items() if k not in {"state", "error"}}
    )
    Mail.objects.filter(pk=mail.pk).update(**{k: v for k, v in fields.items() if k in {"state", "error"}})
    mail.refresh_from_db()
    return mail


def test_a_coordinator_reads_the_mails_of_her_programme_only(cast, sign_in):
    mail_to("mine@example.org", scope=cast.programme.scope)
    mail_to("theirs@example.org", scope=cast.other_programme.scope)
    mail_to("secret@example.org", scope=cast.programme.scope, is_secret=True)
    page = sign_in(cast.coordinator).get(MAIL).text
    assert "mine@example.org" in page
    assert "theirs@example.org" not in page and "secret@example.org" not in page


def test_a_mail_that_failed_shows_why_and_is_sent_again_by_one_button(cast, sign_in):
    mail = mail_to("full@example.org", scope=cast.programme.scope, state="failed", error="552 mailbox full")
    client = sign_in(cast.coordinator)
    page = client.get(f"{MAIL}?state=failed").text
    assert "552 mailbox full" in page and "Send again" in page
    client.post(f"{MAIL}{mail.code}/retry/")
    mail.refresh_from_db()
    assert (
        mail.state == Mail.State.QUEUED
        and Entry.objects.filter(verb="retry", actor=cast.coordinator).exists()
    )


def test_nobody_sends_again_a_mail_of_another_programme(cast, sign_in):
    mail = mail_to("theirs@example.org", scope=cast.other_programme.scope, state="failed")
    assert sign_in(cast.coordinator).post(f"{MAIL}{mail.code}/retry/").status_code == 404


def test_the_address_of_a_protected_person_stands_on_no_list(cast, sign_in):
    mail_to(
        "hemliga@example.org", to_name="Hemliga Skyddsvik", scope=cast.programme.scope, person=cast.protected
    )
    page = sign_in(cast.coordinator).get(MAIL).text
    assert "hemliga@example.org" not in page and "Skyddsvik" not in page and "Participant" in page


def test_the_log_shows_who_did_what_without_values(cast, sign_in):
    client = sign_in(cast.coordinator)
    page = client.get(TRAIL).text
    assert "Published" in page and cast.activity.code in page and "Kim Koordinator" in page


def test_the_log_of_another_programme_stays_there(cast, sign_in):
    log("edit", cast.activity, by=as_person(cast.coordinator), scope=cast.programme.scope, reason="only ours")
    assert "only ours" in sign_in(cast.coordinator).get(TRAIL).text
    assert "only ours" not in sign_in(cast.other_coordinator).get(TRAIL).text
    asked = f"{TRAIL}?scope={cast.programme.scope}"
    assert "only ours" not in sign_in(cast.other_coordinator).get(asked).text


def test_the_log_is_narrowed_by_thing_and_code(cast, sign_in):
    log(
        "edit",
        cast.activity,
        by=as_person(cast.coordinator),
        scope=cast.programme.scope,
        reason="the one looked for",
    )
    log(
        "edit", cast.session, by=as_person(cast.coordinator), scope=cast.programme.scope, reason="another one"
    )
    page = sign_in(cast.coordinator).get(f"{TRAIL}?thing=activity&code={cast.activity.code.lower()}").text
    assert "the one looked for" in page and "another one" not in page


def test_a_protected_person_is_named_nowhere_in_the_log(cast, sign_in):
    log("register", cast.activity, by=as_person(cast.protected), scope=cast.programme.scope)
    page = sign_in(cast.coordinator).get(TRAIL).text
    assert "Skyddsvik" not in page and "Participant" in page


@pytest.mark.parametrize("address", [MAIL, TRAIL])
def test_the_lists_cost_the_same_with_one_row_and_with_forty(cast, sign_in, queries, address):
    client = sign_in(cast.coordinator)

    def fill(n: int) -> None:
        for number in range(n):
            mail_to(f"p{number}@example.org", scope=cast.programme.scope, person=cast.participant)
            log("edit", cast.activity, by=as_person(cast.participant), scope=cast.programme.scope)

    fill(1)
    client.get(address)
    few = queries(lambda: client.get(address))
    fill(39)
    assert queries(lambda: client.get(address)) == few


def test_the_keeper_reads_who_was_given_a_link(cast, sign_in):
    from samverk.kit.acting import THE_SHELL
    from samverk.people.commands import make_keeper_link

    make_keeper_link(cast.participant, by=THE_SHELL)
    assert "Made a link to sign in as somebody" in sign_in(cast.keeper).get(TRAIL).text
