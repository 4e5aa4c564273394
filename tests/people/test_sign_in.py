"""Signing in: one mail with code and link, 30 minutes, five tries, the same answer for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.kit.codes import LETTERS
from samverk.people.commands import (
    ask_sign_in,
    check_code,
    code_of,
    create_person,
    forget_old_sign_ins,
    make_keeper_link,
    prepare_sign_in,
)
from samverk.people.messages import compose_sign_in
from samverk.people.models import Device, Person, SignIn
from samverk.people.rules import device_label, safe_next
from samverk.post.models import Mail
from samverk.trail.queries import entries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Person:
    return create_person("Anna", "Lind", by=THE_SHELL, email="anna@example.org", language="sv")


def from_place(address: str) -> Actor:
    return Actor(address=address)


def asked(email: str = "anna@example.org", **wish) -> SignIn:
    return ask_sign_in(email, language="en", by=wish.pop("by", THE_SHELL), **wish)


def after(sign_in: SignIn, **span) -> SignIn:
    """Time passes since the mail was sent."""
    for name in ("asked_at", "expires_at"):
        setattr(sign_in, name, getattr(sign_in, name) - timedelta(**span))
    sign_in.save()
    return sign_in


def test_a_code_is_eight_letters_without_vowels_and_look_alikes(anna):
    for _number in range(30):
        code = code_of(prepare_sign_in("anna@example.org", language="sv", by=THE_SHELL))
        assert len(code) == 8 and set(code) <= set(LETTERS)
    assert not set("AEIOUY0123456789L") & set(LETTERS)


def test_codes_of_two_sign_ins_differ_and_one_stays_the_same(anna):
    first, second = asked(), asked()
    assert code_of(first) == code_of(first) != code_of(second)


def test_the_right_code_works_once(anna):
    sign_in = asked()
    assert check_code(sign_in, code_of(sign_in), by=THE_SHELL).person == anna
    with pytest.raises(Refusal) as refused:
        check_code(sign_in, code_of(sign_in), by=THE_SHELL)
    assert refused.value.code == "used"


def test_a_code_may_be_typed_small_and_with_spaces_or_dashes(anna):
    sign_in = asked()
    code = code_of(sign_in).lower()
    assert check_code(sign_in, f" {code[:4]}-{code[4:]} ", by=THE_SHELL).used_at


def test_a_code_runs_out_after_thirty_minutes(anna):
    sign_in = asked()
    code = code_of(sign_in)
    with pytest.raises(Refusal) as refused:
        check_code(after(sign_in, minutes=31), code, by=THE_SHELL)
    assert refused.value.code == "expired" and "Send a new one" in str(refused.value.reason)


def test_the_thirty_minutes_begin_when_the_mail_is_written(anna):
    sign_in = after(asked(), minutes=29)
    code_of(sign_in)
    sign_in.refresh_from_db()
    assert sign_in.expires_at > timezone.now() + timedelta(minutes=29)


def test_five_wrong_tries_end_a_code_even_for_the_right_one(anna):
    sign_in = asked()
    said = []
    for _try in range(5):
        with pytest.raises(Refusal) as refused:
            check_code(sign_in, "BBBBBBBB", by=THE_SHELL)
        said.append(refused.value.code)
    assert said == ["wrong"] * 4 + ["too_many_tries"]
    with pytest.raises(Refusal) as refused:
        check_code(sign_in, code_of(sign_in), by=THE_SHELL)
    assert refused.value.code == "too_many_tries"


@pytest.mark.django_db(transaction=True)
def test_a_wrong_try_cannot_be_forgotten_by_a_transaction_around_it():
    from django.db import transaction

    create_person("Anna", "Lind", by=THE_SHELL, email="anna@example.org")
    sign_in = asked()
    with pytest.raises(RuntimeError), transaction.atomic():
        check_code(sign_in, "BBBBBBBB", by=THE_SHELL)


def test_known_and_unknown_addresses_leave_the_same_traces(anna):
    for email in ("anna@example.org", "nobody@example.org"):
        sign_in = asked(email)
        mail = Mail.objects.get(thing_id=sign_in.pk, kind="people.sign_in")
        assert (mail.to, mail.is_secret, mail.state, mail.scope) == (email, True, "queued", "")


def test_asking_costs_the_same_queries_for_known_and_unknown(anna, queries):
    asked("warm@example.org")
    assert queries(lambda: asked("anna@example.org")) == queries(lambda: asked("nobody@example.org"))


def test_the_mail_to_an_unknown_address_says_how_to_begin_and_has_no_code():
    mail = Mail.objects.get(thing_id=asked("nobody@example.org").pk)
    message = compose_sign_in(mail)
    assert message.code == "" and "/calendar/" in message.buttons[0][1]
    assert "Nobody is known" in message.paragraphs[0]


def test_the_mail_carries_code_and_link_in_the_persons_language(anna):
    sign_in = asked()
    mail = Mail.objects.get(thing_id=sign_in.pk)
    message = compose_sign_in(mail)
    assert mail.language == "sv" and message.code == code_of(sign_in)
    assert "/sign-in/link/" in message.buttons[0][1]


def test_a_mail_for_somebody_who_is_in_already_is_not_sent(anna):
    sign_in = asked()
    check_code(sign_in, code_of(sign_in), by=THE_SHELL)
    assert compose_sign_in(Mail.objects.get(thing_id=sign_in.pk)) is None


def test_a_fourth_code_within_ten_minutes_is_refused_for_known_and_unknown(anna):
    for email in ("anna@example.org", "nobody@example.org"):
        for _number in range(3):
            asked(email)
        with pytest.raises(Refusal) as refused:
            asked(email)
        assert refused.value.code == "too_many"
    assert SignIn.objects.count() == 6


def test_a_training_room_behind_one_address_signs_in_together():
    for number in range(60):
        asked(f"p{number}@example.org", by=from_place("192.0.2.7"))


def test_three_hundred_a_minute_from_one_place_are_the_limit(monkeypatch):
    from samverk.trail import limits

    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_000.0)  # one and the same minute
    for number in range(300):
        assert limits.is_within("sign_in.place", "192.0.2.9", most=300, seconds=60), number
    with pytest.raises(Refusal):
        asked("late@example.org", by=from_place("192.0.2.9"))
    asked("elsewhere@example.org", by=from_place("192.0.2.10"))


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org",
        "javascript:alert(1)",
        "my/",
        "/" + "x" * 400,
    ],
)
def test_the_next_address_is_only_ever_a_path_of_ours(address):
    assert safe_next(address) == ""


def test_the_next_address_is_kept_with_the_request(anna):
    assert asked(next_address="/en/activities/BKDMPQR/?x=1").next_address == "/en/activities/BKDMPQR/?x=1"


def test_a_keepers_link_lasts_ten_minutes_and_is_in_the_trail(anna):
    link = make_keeper_link(anna, by=THE_SHELL)
    assert link.expires_at <= timezone.now() + timedelta(minutes=10)
    assert entries_of(anna).first().verb == "make_keeper_link"
    with pytest.raises(Refusal):
        check_code(after(link, minutes=11), code_of(link), by=THE_SHELL)


def test_old_requests_and_ended_browsers_are_forgotten(anna):
    after(asked(), days=31)
    keep = asked()
    Device.objects.create(person=anna, session_key="a" * 32, ends_at=timezone.now() - timedelta(days=1))
    assert forget_old_sign_ins() == 1
    assert list(SignIn.objects.all()) == [keep] and not Device.objects.exists()


def test_a_browser_is_named_so_that_one_knows_it_again():
    assert (
        device_label("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0")
        == "Firefox, Android"
    )
    assert (
        device_label("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit Version/17.0 Safari/604")
        == "Safari, iPhone"
    )
    assert device_label("") == ""


def test_signing_in_over_somebody_else_leaves_one_known_browser(cast, rf):
    from django.contrib.sessions.backends.db import SessionStore

    from samverk.people.commands import sign_in_person
    from samverk.people.models import Device

    request = rf.post("/")
    request.session = SessionStore()
    sign_in_person(request, cast.participant)
    sign_in_person(request, cast.coordinator)
    assert Device.objects.get(session_key=request.session.session_key).person == cast.coordinator
    sign_in_person(request, cast.participant)
    assert Device.objects.get(session_key=request.session.session_key).person == cast.participant
