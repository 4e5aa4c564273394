"""Who may come, invitations, answers and the waiting list in the office."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.activities import edit_activity
from samverk.activities.commands.invitations import Guest, invite
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Activity, Invitation, Registration
from samverk.kit.acting import THE_SHELL
from samverk.post.models import Mail
from samverk.trail.models import Entry
from tests.activities.places import an_activity, come, set_clock, state_of
from tests.cast import as_person, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast):
    return signed_in_client(cast.coordinator)


def at(name, *args):
    return reverse(f"office:{name}", args=args)


def said(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def conditions(**fields):
    return {"has_waiting_list": "on"} | fields


# ---------- who may come ----------


def test_a_coordinator_says_who_may_come_in_words_people_use(cast, office):
    where = at("admission", cast.activity.code)
    assert "Everybody may come." in said(office.get(where))
    sent = office.post(
        where,
        conditions(
            regions="Podlasie\nMalmö (Skåne län)\nMalmö", target_sectors=["association"], per_organisation="2",
            needs_approval="on", offer_hours="48",
        ),
    )  # fmt: skip
    assert sent.status_code == 302
    cast.activity.refresh_from_db()
    assert cast.activity.regions == ["PL20", "SE1280"] and cast.activity.offer_hours == 48
    page = said(office.get(where))
    assert (
        "podlaskie and Malmö (Skåne län)" in page and "At most 2 people come from each organisation." in page
    )
    assert "Malmö (Skåne län)" in page


def test_a_doubtful_or_unknown_region_is_asked_about_and_what_was_typed_stays(cast, office):
    answer = office.post(at("admission", cast.activity.code), conditions(regions="Kolno\n"))
    assert answer.status_code == 422
    assert "Kolno is several places. Write one of: powiat kolneński (podlaskie)" in said(answer)
    answer = office.post(
        at("admission", cast.activity.code), conditions(regions="Atlantis", per_organisation="0")
    )
    page = said(answer)
    assert "We know no region or municipality called Atlantis." in page and ">Atlantis</textarea>" in (
        answer.content.decode().replace("\n", "")
    )
    cast.activity.refresh_from_db()
    assert cast.activity.regions == []


def test_roles_get_places_of_their_own(cast, office):
    code = cast.activity.code
    office.post(at("quota_set", code), {"comes_as": "speaker", "places": "2"})
    assert "Speaker : 0 of 2 taken" in said(office.get(at("admission", code)))
    register_for(cast.activity, given_name="Eva", comes_as="speaker", language="sv", by=THE_SHELL, tell=False)
    refused = office.post(at("quota_set", code), {"comes_as": "speaker", "places": "0"})
    assert refused.status_code == 422 and "1 places are taken" in said(refused)
    assert office.post(at("quota_drop", code, "speaker")).status_code == 302
    assert not cast.activity.quotas.exists()


# ---------- invitations ----------


def test_a_pasted_list_is_shown_before_it_is_sent_and_sent_once(cast, office):
    code = cast.activity.code
    typed = {
        "guests": "Anna Berg <anna@example.org>\nbo@example.org\nCia\tDahl\tcia@example.org\tLäxlyktan\nANNA@example.org",
        "language": "sv", "comes_as": "participant", "words": "Välkommen!", "earlier": "",
    }  # fmt: skip
    check = office.post(at("invitation_create", code), typed)
    page = said(check)
    assert (
        "3 people get a mail each" in page
        and "Send to 3 people" in page
        and "Anna Berg, anna@example.org" in page
    )
    assert not Invitation.objects.exists(), "looking sends nothing"
    office.post(at("invitation_send", code), typed)
    rows = Invitation.objects.order_by("pk").values_list(
        "email", "given_name", "family_name", "organisation_typed"
    )
    assert list(rows) == [
        ("anna@example.org", "Anna", "Berg", ""), ("bo@example.org", "", "", ""),
        ("cia@example.org", "Cia", "Dahl", "Läxlyktan"),
    ]  # fmt: skip
    assert Mail.objects.filter(kind="activities.invitation").count() == 3
    assert "All of these are invited already." in said(office.post(at("invitation_create", code), typed))
    listed = said(office.get(at("invitations", code)))
    assert "3 invited." in listed and "Has not answered" in listed


def test_a_line_without_an_address_is_named(cast, office):
    typed = {"guests": "anna@example.org\nBo Ek\n", "language": "sv", "comes_as": "participant"}
    answer = office.post(at("invitation_create", cast.activity.code), typed)
    assert answer.status_code == 422 and "Line 2 has no e-mail: Bo Ek" in said(answer)
    empty = office.post(at("invitation_create", cast.activity.code), typed | {"guests": ""})
    assert "Write at least one address" in said(empty)


def test_everybody_of_an_earlier_activity_is_invited_and_the_protected_stays_an_alias(cast, office):
    for person in (cast.participant, cast.protected):
        if not cast.activity.registrations.filter(person=person).exists():
            register_for(cast.activity, person=person, language="sv", by=THE_SHELL, tell=False)
    later = an_activity(9, audience="private", title="Next")
    Activity.objects.filter(pk=later.pk).update(programme=cast.programme)
    typed = {"guests": "", "earlier": cast.activity.code, "language": "sv", "comes_as": "participant"}
    check = office.post(at("invitation_create", later.code), typed)
    assert (
        "Pia Parkvall" in said(check)
        and "Hemliga" not in said(check)
        and "skyddsvik" not in said(check).lower()
    )
    office.post(at("invitation_send", later.code), typed)
    listed = office.get(at("invitations", later.code))
    assert later.invitations.count() >= 2
    assert "Hemliga" not in said(listed) and "skyddsvik" not in said(listed).lower()


def test_an_invitation_is_taken_back_and_the_silent_are_reminded(cast, office):
    code = cast.activity.code
    first, second = invite(
        cast.activity, [Guest("anna@example.org"), Guest("bo@example.org")], language="sv", by=THE_SHELL
    )
    office.post(at("invitation_withdraw", first.code))
    assert "Taken back" in said(office.get(at("invitations", code)))
    assert "Nobody is to be reminded now." in said(office.get(at("invitations_remind", code)))
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    assert "Remind 1 person" in said(office.get(at("invitations_remind", code)))
    office.post(at("invitations_remind", code))
    second.refresh_from_db()
    assert second.reminded_at is not None


# ---------- answers ----------


@pytest.fixture
def asking(cast):
    edit_activity(cast.activity, needs_approval=True, by=THE_SHELL)
    cast.activity.refresh_from_db()
    return [come(cast.activity, name, note=f"I am {name}") for name in ("Anna", "Bo", "Cia")]


def test_those_who_ask_are_answered_in_bulk_after_a_page_that_lists_them(cast, office, asking):
    code = cast.activity.code
    assert "Who asks to come" in said(office.get(at("activity", code)))
    page = said(office.get(at("applications", code)))
    assert "3 people wait for an answer." in page and "I am Anna" in page
    picked = [one.code for one in asking[:2]]
    check = said(office.get(at("applications_approve", code), {"pick": picked}))
    assert (
        "2 people get a mail each that says yes." in check
        and "Approve 2 people" in check
        and "Cia" not in check
    )
    assert state_of(asking[0]) == State.APPLIED, "looking answers nobody"
    office.post(at("applications_approve", code), {"pick": picked, "because": ""})
    assert [state_of(one) for one in asking] == [State.CONFIRMED, State.CONFIRMED, State.APPLIED]
    decline = at("applications_decline", code)
    assert "Write why, in one sentence." in said(
        office.post(decline, {"pick": asking[2].code, "because": ""})
    )
    office.post(decline, {"pick": asking[2].code, "because": "It is for new boards."})
    assert state_of(asking[2]) == State.DECLINED
    answered = said(office.get(at("applications", code) + "?answer=declined"))
    assert "It is for new boards." in answered and "Kim Koordinator" in answered
    assert Entry.objects.filter(verb="approve_registration", actor=cast.coordinator).count() == 2


def test_all_who_ask_are_answered_at_once_and_who_finds_no_place_waits(cast, office, asking):
    edit_activity(cast.activity, capacity=max(1, cast.activity.places_taken + 1), by=THE_SHELL)
    approve = at("applications_approve", cast.activity.code)
    assert "2 of them go on the waiting list." in said(office.get(approve, {"all": "1"}))
    office.post(approve, {"pick": [one.code for one in asking]})
    assert [state_of(one) for one in asking] == [State.CONFIRMED, State.WAITING, State.WAITING]


def test_nobody_chosen_is_said(cast, office, asking):
    assert "Choose somebody first." in said(office.get(at("applications_approve", cast.activity.code)))


def test_the_protected_is_an_alias_among_those_who_ask(cast, office):
    edit_activity(cast.activity, needs_approval=True, by=THE_SHELL)
    Registration.objects.filter(activity=cast.activity, person=cast.protected).update(
        state="applied", note="secret note"
    )
    page = said(office.get(at("applications", cast.activity.code)))
    assert "Hemliga" not in page and "secret note" not in page
    one = Registration.objects.filter(activity=cast.activity, person=cast.protected).first()
    if one is not None:
        story = said(office.get(at("registration", one.code)))
        assert "Hemliga" not in story and "secret note" not in story and "Protected identity." in story


def test_the_lists_cost_the_same_with_three_rows_and_with_forty(cast, office, queries, asking):
    pages = [at("applications", cast.activity.code), at("invitations", cast.activity.code)]
    invite(cast.activity, [Guest(f"a{n}@example.org") for n in range(3)], language="sv", by=THE_SHELL)
    few = [queries(lambda page=page: office.get(page)) for page in pages]
    invite(cast.activity, [Guest(f"b{n}@example.org") for n in range(40)], language="sv", by=THE_SHELL)
    for number in range(37):
        come(cast.activity, f"Dan{number}")
    assert [queries(lambda page=page: office.get(page)) for page in pages] == few
    assert max(few) <= 14


# ---------- the waiting list by hand ----------


def waiting(cast, *names):
    edit_activity(cast.activity, needs_approval=False, capacity=cast.activity.places_taken, by=THE_SHELL)
    return [come(cast.activity, name) for name in names]


def test_a_coordinator_puts_somebody_first_with_a_reason(cast, office):
    anna, bo = waiting(cast, "Anna", "Bo")
    page = said(office.get(at("registration", bo.code)))
    assert "Number 2 on the waiting list." in page and "No place is free now." in page
    assert office.post(at("registration_first", bo.code), {"because": ""}).status_code == 422
    office.post(at("registration_first", bo.code), {"because": "She speaks first"})
    assert "Number 1 on the waiting list." in said(office.get(at("registration", bo.code)))
    assert Entry.objects.get(verb="put_first").reason == "She speaks first"
    full = office.post(at("registration_give", anna.code), {"because": "x"})
    assert full.status_code == 422 and "No place is free now." in said(full)


def test_a_list_moved_by_hand_gives_and_offers_places_and_an_offer_may_stand_longer(cast, office):
    anna, bo = waiting(cast, "Anna", "Bo")
    edit_activity(cast.activity, moves_by_hand=True, by=THE_SHELL)
    edit_activity(cast.activity, capacity=cast.activity.places_taken + 2, by=THE_SHELL)
    assert [state_of(one) for one in (anna, bo)] == [State.WAITING, State.WAITING]
    office.post(at("registration_give", bo.code), {"because": "The only one from Lund"})
    office.post(at("registration_offer", anna.code), {"because": "First in the queue"})
    assert [state_of(one) for one in (anna, bo)] == [State.OFFERED, State.CONFIRMED]
    anna.refresh_from_db()
    later = timezone.localtime(anna.offered_until + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    assert office.post(at("offer_extend", anna.code), {"until": "2020-01-01T10:00"}).status_code == 422
    assert office.post(at("offer_extend", anna.code), {"until": later}).status_code == 302
    before = anna.offered_until
    anna.refresh_from_db()
    assert anna.offered_until > before
    set_clock(anna, offered_until=timezone.now() - timedelta(minutes=1))


def test_somebody_comes_as_something_else(cast, office):
    office.post(at("quota_set", cast.activity.code), {"comes_as": "speaker", "places": "1"})
    [one] = [come(cast.activity, "Eva")]
    office.post(at("registration_role", one.code), {"comes_as": "speaker"})
    one.refresh_from_db()
    assert one.comes_as == "speaker" and cast.activity.quotas.get().taken == 1
    other = come(cast.activity, "Dan")
    answer = office.post(at("registration_role", other.code), {"comes_as": "speaker"})
    assert answer.status_code == 422 and "No place is free for this." in said(answer)
    assert as_person(cast.coordinator).person == cast.coordinator
