from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.choices import ForWhom, Representation
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import (
    ask_code_again,
    cancel_registration,
    change_answers,
    confirm_registration,
    register_for,
)
from samverk.activities.commands.representation import confirm_representation, decline_representation
from samverk.activities.models import Attendance, Registration
from samverk.activities.queries import registration_faults, registration_tabs, registrations_of, status_of
from samverk.directory.commands import add_affiliation, create_organisation, give_mandate
from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.kit.registers import composers
from samverk.people.commands import check_code
from samverk.people.models import Person
from samverk.post.models import Mail
from samverk.programmes.commands import give_seat
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from tests.activities.places import (
    A_VISITOR,
    BY_LINK,
    a_person,
    an_activity,
    ask,
    come,
    mails_about,
    set_clock,
    state_of,
    taken,
)

pytestmark = pytest.mark.django_db


def letter(registration):
    """The newest mail about a registration, as it would be composed now."""
    mail = Mail.objects.filter(thing_id=registration.pk, kind="activities.registration").first()
    return composers.get(mail.kind)(mail)


# ---------- a first registration ----------


def test_a_visitor_holds_a_place_for_an_hour_until_she_confirms():
    activity = an_activity()
    registration = ask(activity)
    assert (registration.state, registration.person) == (State.HELD, None)
    assert timedelta(minutes=59) < registration.held_until - timezone.now() <= timedelta(minutes=60)
    assert taken(activity) == 1


def test_a_first_registration_makes_two_mails_and_the_second_carries_calendar_and_link():
    registration = ask(an_activity())
    first = letter(registration)
    assert first.code and "/place/" in first.buttons[0][1] and not first.attachments
    confirm_registration(registration, by=BY_LINK)
    Mail.objects.filter(facts__why="confirm").update(state="sent")
    second = letter(registration)
    assert not second.code
    assert second.attachments[0][0].endswith(".ics") and b"BEGIN:VEVENT" in second.attachments[0][1]
    assert any("/place/" in address for _label, address in second.buttons)
    assert Mail.objects.count() == 2


def test_the_code_of_the_mail_confirms():
    registration = ask(an_activity())
    code = letter(registration).code
    check_code(registration.sign_in, code.lower(), by=A_VISITOR)
    assert confirm_registration(registration, by=A_VISITOR).state == State.CONFIRMED


def test_confirming_makes_the_person_and_puts_her_on_the_sheet():
    registration = come(an_activity(), "Anna")
    assert registration.person.email == "anna@example.org"
    row = Attendance.objects.get(registration=registration)
    assert (row.person, row.mark) == (registration.person, "none")


def test_confirming_twice_is_confirming_once():
    activity = an_activity()
    registration = come(activity)
    again = confirm_registration(registration, by=BY_LINK)
    assert again.pk == registration.pk and taken(activity) == 1
    assert Attendance.objects.count() == 1


def test_a_registration_never_changes_a_known_persons_name():
    known = a_person("Siv")
    registration = come(an_activity(), "Siw", email="siv@example.org", family_name="Annan")
    known.refresh_from_db()
    assert (known.given_name, known.family_name) == ("Siv", "Ström")
    assert registration.person != known and registration.person.contact_email == "siv@example.org"
    assert registration.person.email is None


def test_one_address_registers_a_family_and_signs_in_one():
    activity = an_activity(5)
    first = come(activity, "Anna", email="berg@example.org")
    second = come(activity, "Bo", email="berg@example.org")
    assert first.person != second.person
    assert Person.objects.filter(email="berg@example.org").count() == 1
    assert taken(activity) == 2


def test_the_form_sent_twice_is_one_registration():
    activity, key = an_activity(), uuid.uuid4()
    first, second = ask(activity, form_key=key), ask(activity, form_key=key)
    assert first.pk == second.pk and taken(activity) == 1 and Mail.objects.count() == 1


def test_the_same_name_and_address_again_gets_a_new_mail_and_no_second_place():
    activity = an_activity()
    first = ask(activity, "Łucja", email="l@example.org")
    again = ask(activity, "lucja", email="L@Example.org")
    assert first.pk == again.pk and taken(activity) == 1
    assert mails_about(first) == ["confirm"]


def test_who_has_a_place_already_is_told_so_by_mail_only():
    activity = an_activity()
    registration = come(activity)
    again = ask(activity)
    assert again.pk == registration.pk
    assert state_of(registration) == State.CONFIRMED
    assert letter(registration).subject.startswith("You have a place")


def test_two_registrations_that_turn_out_to_be_one_person_keep_one_place():
    activity = an_activity(3)
    sister = a_person("Anna", email="anna@example.org")
    Person.objects.filter(pk=sister.pk).update(given_name="Anna", family_name="Berg")
    sister.refresh_from_db()
    sister.write_keys()
    sister.save()
    first = ask(activity, "Anna")
    own = register_own(activity, sister, form_key=uuid.uuid4())
    assert own.pk == first.pk and own.person == sister and taken(activity) == 1


def register_own(activity, person, **fields):
    facts = {
        "email": person.email,
        "person": person,
        "by": Actor(person=person),
        "family_name": person.family_name,
    }
    return ask(activity, person.given_name, **(facts | fields))


def test_an_address_cannot_block_an_activity():
    activity = an_activity(50)
    for number in range(5):
        ask(activity, f"Name{'abcdef'[number]}", email="one@example.org")
    with pytest.raises(Refusal) as refusal:
        ask(activity, "Last", email="one@example.org")
    assert refusal.value.code == "too_many" and taken(activity) == 5


def test_a_new_code_can_be_asked_for_but_not_without_end():
    registration = ask(an_activity())
    old = registration.sign_in
    again = ask_code_again(registration, by=A_VISITOR)
    assert again.sign_in != old and mails_about(registration) == ["confirm"]
    for _turn in range(4):
        ask_code_again(registration, by=A_VISITOR)
    with pytest.raises(Refusal):
        ask_code_again(registration, by=A_VISITOR)


# ---------- signed in, on behalf of ----------


def test_who_is_signed_in_has_her_place_at_once_with_one_mail():
    activity, siv = an_activity(), a_person("Siv")
    registration = register_own(activity, siv)
    assert (registration.state, registration.person) == (State.CONFIRMED, siv)
    assert mails_about(registration) == ["place"] and Mail.objects.count() == 1


def test_who_is_signed_in_and_registered_is_refused_a_second_place():
    activity, siv = an_activity(), a_person("Siv")
    register_own(activity, siv)
    with pytest.raises(Refusal) as refusal:
        register_own(activity, siv)
    assert refusal.value.code == "already_registered" and taken(activity) == 1


def test_another_of_the_own_mailbox_needs_no_code():
    activity, siv = an_activity(), a_person("Siv")
    child = ask(activity, "Kim", email=siv.email, by=Actor(person=siv))
    assert child.state == State.CONFIRMED and child.person != siv and child.person.email is None


def test_another_address_needs_its_code_even_from_somebody_signed_in():
    siv = a_person("Siv")
    assert ask(an_activity(), "Kim", email="kim@example.org", by=Actor(person=siv)).state == State.HELD


def test_an_organisation_she_is_known_in_is_confirmed_with_her_role():
    siv, club = a_person("Siv"), create_organisation("Läxlyktan", by=THE_SHELL)
    add_affiliation(siv, club, "board", by=THE_SHELL, confirmed=True)
    registration = register_own(an_activity(), siv, for_whom=ForWhom.KNOWN, organisation=club)
    assert (registration.representation, registration.role) == (Representation.CONFIRMED, "board")


def test_a_claimed_affiliation_confirms_nothing():
    siv, club = a_person("Siv"), create_organisation("Läxlyktan", by=THE_SHELL)
    add_affiliation(siv, club, "board", by=THE_SHELL)
    registration = register_own(an_activity(), siv, for_whom=ForWhom.KNOWN, organisation=club)
    assert (registration.representation, registration.for_whom) == (Representation.CLAIMED, ForWhom.OTHER)


def test_a_typed_name_finds_its_organisation_but_stays_a_claim():
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    registration = come(an_activity(), organisation_typed="  läxlyktan ")
    assert (registration.organisation, registration.representation) == (club, Representation.CLAIMED)
    assert registration.organisation_typed == "läxlyktan"


def test_a_typed_name_that_two_organisations_have_finds_none():
    for place in ("Malmö", "Lund"):
        create_organisation("Hoppet", by=THE_SHELL, place=place)
    registration = ask(an_activity(), organisation_typed="Hoppet")
    assert registration.organisation is None and registration.representation == Representation.CLAIMED


def test_a_name_that_is_not_public_is_not_revealed():
    create_organisation("Skyddat hus", by=THE_SHELL, is_public=False)
    assert ask(an_activity(), organisation_typed="Skyddat hus").organisation is None


def mandate_of(person, club):
    return give_mandate(club, person, ["register_colleagues"], by=THE_SHELL)


def test_a_mandated_person_confirms_a_claim_and_the_sheet_follows():
    rut, club = a_person("Rut"), create_organisation("Läxlyktan", by=THE_SHELL)
    mandate_of(rut, club)
    registration = come(an_activity(), organisation_typed="Läxlyktan")
    confirm_representation(registration, by=Actor(person=rut), role="employee")
    row = Attendance.objects.get(registration=registration)
    assert (row.representation, row.organisation, row.role) == (Representation.CONFIRMED, club, "employee")


def test_a_stranger_cannot_confirm_a_claim_nor_the_person_her_own():
    club, olga = create_organisation("Läxlyktan", by=THE_SHELL), a_person("Olga")
    other = create_organisation("Båtlaget", by=THE_SHELL)
    mandate_of(olga, other)
    registration = come(an_activity(), organisation_typed="Läxlyktan")
    for person in (olga, registration.person):
        with pytest.raises(Refusal):
            confirm_representation(registration, by=Actor(person=person), organisation=club)
    registration.refresh_from_db()
    assert registration.representation == Representation.CLAIMED


def test_a_declined_claim_leaves_the_typed_name_and_counts_for_nobody():
    rut, club = a_person("Rut"), create_organisation("Läxlyktan", by=THE_SHELL)
    mandate_of(rut, club)
    registration = come(an_activity(), organisation_typed="Läxlyktan")
    declined = decline_representation(registration, by=Actor(person=rut), reason="Not one of ours")
    assert (declined.representation, declined.organisation) == (Representation.NONE, None)
    assert declined.organisation_typed == "Läxlyktan"


def colleague(activity, rut, club, name="Karl", email="karl@example.org"):
    by = Actor(person=rut, on_behalf_of=str(club))
    return ask(activity, name, email=email, for_whom=ForWhom.COLLEAGUE, organisation=club, by=by)


def test_a_colleague_under_mandate_has_a_confirmed_place_and_the_mail_goes_to_him():
    rut, club = a_person("Rut"), create_organisation("Läxlyktan", by=THE_SHELL)
    mandate_of(rut, club)
    registration = colleague(an_activity(), rut, club)
    assert (registration.state, registration.representation) == (State.CONFIRMED, Representation.CONFIRMED)
    assert registration.person.contact_email == "karl@example.org" and registration.person.email is None
    assert Mail.objects.get().to == "karl@example.org"


def test_the_same_colleague_in_a_second_activity_is_the_same_person():
    rut, club = a_person("Rut"), create_organisation("Läxlyktan", by=THE_SHELL)
    mandate_of(rut, club)
    first, second = colleague(an_activity(), rut, club), colleague(an_activity(), rut, club)
    assert first.person == second.person


def test_a_known_stranger_is_no_colleague_until_he_proves_his_address():
    rut, club, karl = a_person("Rut"), create_organisation("Läxlyktan", by=THE_SHELL), a_person("Karl")
    mandate_of(rut, club)
    registration = colleague(an_activity(), rut, club)
    assert registration.state == State.CONFIRMED and registration.person is None
    assert not karl.registrations.exists()
    confirmed = confirm_registration(registration, by=BY_LINK)
    assert confirmed.person is not None
    assert Attendance.objects.get(registration=registration).person == confirmed.person


def test_nobody_registers_colleagues_without_a_mandate():
    rut, club = a_person("Rut"), create_organisation("Läxlyktan", by=THE_SHELL)
    activity = an_activity()
    with pytest.raises(Refusal) as refusal:
        colleague(activity, rut, club)
    assert refusal.value.code == "no_mandate" and taken(activity) == 0


def test_staff_register_somebody_without_mail_and_before_it_opens():
    activity = an_activity(opens_at=timezone.now() + timedelta(days=1))
    kim = a_person("Kim")
    give_seat(activity.programme, kim, "coordinator", by=THE_SHELL)
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    registration = register_for(
        activity, given_name="Gustav", organisation=club, language="sv", by=Actor(person=kim)
    )
    assert (registration.state, registration.representation) == (State.CONFIRMED, Representation.CONFIRMED)
    assert registration.person.mail_address == "" and not Mail.objects.exists()


def test_a_trainers_word_about_an_organisation_is_a_claim():
    activity, mona = an_activity(), a_person("Mona")
    give_seat(activity.programme, mona, "trainer", by=THE_SHELL)
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    registration = register_for(
        activity, given_name="Gustav", organisation=club, language="sv", by=Actor(person=mona)
    )
    assert registration.representation == Representation.CLAIMED


def test_changing_the_organisation_makes_it_a_claim_again():
    siv, club = a_person("Siv"), create_organisation("Läxlyktan", by=THE_SHELL)
    add_affiliation(siv, club, "board", by=THE_SHELL, confirmed=True)
    registration = register_own(an_activity(), siv, for_whom=ForWhom.KNOWN, organisation=club)
    changed = change_answers(registration, by=BY_LINK, organisation_typed="Båtlaget", role="", note="")
    assert (changed.organisation, changed.representation) == (None, Representation.CLAIMED)


# ---------- why not ----------


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "draft"}, "draft"),
        ({"state": "cancelled"}, "cancelled"),
        ({"hours_ahead": -48}, "past"),
        ({"hours_ahead": -1}, "closed"),
        ({"takes_registrations": False}, "no_registration"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "not_open"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "closed"),
        ({"capacity": 0, "has_waiting_list": False}, "full"),
    ],
)
def test_each_reason_against_registering_has_its_words(fields, code):
    activity = an_activity(**fields)
    with pytest.raises(Refusal) as refusal:
        ask(activity)
    assert refusal.value.code == code and str(refusal.value.reason)
    assert not Registration.objects.exists()


def test_a_place_that_was_given_up_cannot_be_confirmed_by_its_old_link():
    registration = come(an_activity())
    cancel_registration(registration, by=BY_LINK)
    with pytest.raises(Refusal) as refusal:
        confirm_registration(registration, by=BY_LINK)
    assert refusal.value.code == "given_up"


def test_who_confirms_too_late_gets_what_there_is_then():
    activity = an_activity(1)
    late = ask(activity, "Late")
    set_clock(late, held_until=timezone.now() - timedelta(minutes=1))
    come(activity, "Quick")
    assert state_of(late) == State.EXPIRED
    assert confirm_registration(late, by=BY_LINK).state == State.WAITING
    assert taken(activity) == 1 and registration_faults() == []


# ---------- giving up and undo ----------


def test_giving_up_takes_her_off_the_sheet_and_waits_with_its_mail():
    activity = an_activity()
    registration = come(activity)
    cancel_registration(registration, by=BY_LINK)
    assert taken(activity) == 0 and not Attendance.objects.exists()
    mail = Mail.objects.filter(facts__why="given_up").get()
    assert mail.send_after > timezone.now() + timedelta(seconds=50)


def last_entry():
    return Entry.objects.filter(verb="cancel_registration").first()


def test_undo_brings_the_place_back_while_it_is_free():
    activity = an_activity()
    registration = come(activity)
    cancel_registration(registration, by=BY_LINK)
    undo(last_entry(), by=BY_LINK)
    assert state_of(registration) == State.CONFIRMED and taken(activity) == 1
    assert Attendance.objects.filter(registration=registration).count() == 1
    assert "given_up" not in mails_about(registration)


def test_undo_too_late_makes_her_first_in_the_queue_and_says_so():
    activity = an_activity(1)
    registration = come(activity, "Anna")
    second, third = come(activity, "Bo"), come(activity, "Cia")
    cancel_registration(registration, by=BY_LINK)
    assert state_of(second) == State.CONFIRMED
    undo(last_entry(), by=BY_LINK)
    assert state_of(registration) == State.WAITING and mails_about(registration)[-1] == "back"
    assert "first on the waiting list" in letter(registration).paragraphs[0]
    cancel_registration(second, by=BY_LINK)
    assert (state_of(registration), state_of(third)) == (State.CONFIRMED, State.WAITING)


def test_undo_of_leaving_the_list_gives_the_old_place_in_it():
    activity = an_activity(1)
    come(activity, "Anna")
    second, third = come(activity, "Bo"), come(activity, "Cia")
    cancel_registration(second, by=BY_LINK)
    undo(last_entry(), by=BY_LINK)
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.state == State.WAITING and second.queued_at < third.queued_at


def test_the_own_place_cannot_be_given_up_after_the_activity_but_staff_can_take_it_away():
    activity = an_activity()
    registration = come(activity)
    activity.starts_at = activity.ends_at = timezone.now() - timedelta(hours=1)
    activity.save()
    with pytest.raises(Refusal):
        cancel_registration(registration, by=BY_LINK)
    assert cancel_registration(registration, by=THE_SHELL, reason="Never came").state == State.CANCELLED


def test_a_cancellation_by_staff_says_who_did_it_and_why():
    activity, kim = an_activity(), a_person("Kim")
    registration = come(activity)
    cancel_registration(registration, by=Actor(person=kim), reason="The hall is closed")
    words = " ".join(letter(registration).paragraphs)
    assert "organiser has cancelled" in words and "The hall is closed" in words


def test_a_mail_of_a_place_given_up_takes_it_out_of_the_calendar():
    registration = come(an_activity())
    cancel_registration(registration, by=BY_LINK)
    name, file, media_type = letter(registration).attachments[0]
    assert b"METHOD:CANCEL" in file and b"STATUS:CANCELLED" in file and b"SEQUENCE:1" in file


# ---------- what the office sees ----------


def test_the_tabs_hold_everybody_once(django_assert_num_queries):
    activity = an_activity(2)
    come(activity, "Anna"), come(activity, "Bo"), come(activity, "Cia"), ask(activity, "Didrik")
    cancel_registration(come(activity, "Eva"), by=BY_LINK)
    with django_assert_num_queries(1):
        tabs = {tab.key: tab.count for tab in registration_tabs(activity)}
    assert {key: count for key, count in tabs.items() if count} == {
        "going": 2, "waiting": 1, "unconfirmed": 1, "gone": 1,
    }  # fmt: skip
    listed = [r.given_name for key in tabs for r in registrations_of(activity, key)]
    assert sorted(listed) == ["Anna", "Bo", "Cia", "Didrik", "Eva"]


def test_search_in_the_list_folds_letters():
    activity = an_activity(5)
    come(activity, "Łucja"), come(activity, "Bo")
    assert [r.given_name for r in registrations_of(activity, search="lucja")] == ["Łucja"]


def test_every_state_has_its_sentence_of_at_most_twenty_words():
    activity = an_activity(1)
    registration = come(activity)
    for state in State:
        registration.state = state
        registration.held_until = registration.offered_until = registration.queued_at = timezone.now()
        said = status_of(registration, timezone.now())
        assert said.state and all(len(part.split()) <= 20 for part in (said.state, said.rest))


def test_the_doctor_sees_a_wrong_count_and_a_forgotten_hold():
    activity = an_activity(3)
    held = ask(activity)
    assert registration_faults() == []
    set_clock(held, held_until=timezone.now() - timedelta(hours=1))
    activity.places_taken = 0
    activity.save()
    found = " ".join(registration_faults())
    assert activity.code in found and held.code in found
