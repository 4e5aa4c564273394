"""Who is known, under which name and address, and what of it is shown."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from samverk.kit.acting import THE_SHELL, Actor, Refusal
from samverk.people.commands import create_person, edit_person, open_protected, person_for_registration
from samverk.people.models import Person
from samverk.people.queries import broken_people, person_by_code, person_by_email
from samverk.people.rules import shown_name
from samverk.trail.commands import undo
from samverk.trail.queries import entries_of

pytestmark = pytest.mark.django_db


def anna(**fields) -> Person:
    return create_person("Anna", "Lind", by=THE_SHELL, **({"email": "anna@example.org"} | fields))


def registered(given: str, family: str, email: str = "anna@example.org") -> Person:
    return person_for_registration(given, family, email, "sv", by=THE_SHELL)


def test_an_address_signs_in_one_person_whatever_the_letters_case():
    person = anna(email=" Anna@Example.ORG ")
    assert person.email == "anna@example.org" and person_by_email("ANNA@example.org") == person
    with pytest.raises(Refusal) as refused:
        anna(email="ANNA@EXAMPLE.ORG")
    assert (refused.value.code, refused.value.field) == ("email_taken", "email")


def test_the_database_itself_refuses_a_second_holder_of_an_address():
    anna()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(given_name="Bo", email="ANNA@example.org")


def test_a_board_may_share_a_mailbox():
    for name in ("Bo", "Ewa"):
        create_person(name, by=THE_SHELL, contact_email="board@example.org")
    assert Person.objects.filter(contact_email="board@example.org").count() == 2


def test_a_person_needs_a_given_name():
    with pytest.raises(Refusal) as refused:
        create_person("  ", "Lind", by=THE_SHELL)
    assert refused.value.field == "given_name"


def test_who_registers_again_under_her_name_is_the_person_we_know():
    person = anna()
    assert registered("ANNA", "lind") == person
    person.refresh_from_db()
    assert str(person) == "Anna Lind"


def test_a_colleague_with_the_same_mailbox_is_another_person_without_sign_in():
    person = anna()
    colleague = registered("Bo", "Ek")
    assert colleague != person and colleague.email is None and colleague.contact_email == "anna@example.org"
    assert registered("Bo", "Ek") == colleague
    person.refresh_from_db()
    assert str(person) == "Anna Lind"


def test_a_new_address_makes_a_new_person_who_signs_in_with_it():
    person = registered("Ewa", "Nowak", "Ewa@Example.org")
    assert person.email == "ewa@example.org" and person.language == "sv"


def test_somebody_the_office_wrote_down_gets_her_address_when_she_proves_it():
    noted = create_person("Anna", "Lind", by=THE_SHELL, contact_email="anna@example.org")
    assert registered("Anna", "Lind") == noted
    assert person_by_email("anna@example.org") == noted


def test_an_edit_writes_the_names_of_changed_fields_and_can_be_taken_back():
    person = anna()
    by = Actor(person=person)
    edit_person(person, by=by, given_name="Anna-Karin", phone="", language=person.language)
    entry = entries_of(person).first()
    assert entry.changed == ["given_name"] and entry.values == {}
    undo(entry, by=by)
    person.refresh_from_db()
    assert person.given_name == "Anna" and person.folded == "anna lind"


def test_an_edit_without_a_difference_leaves_no_trace():
    person = anna()
    before = entries_of(person).count()
    edit_person(person, by=THE_SHELL, given_name=" Anna ")
    assert entries_of(person).count() == before


def test_a_protected_person_has_an_alias_on_every_list():
    person = anna(is_protected=True)
    assert "Anna" not in shown_name(person) and "Lind" not in shown_name(person)
    assert shown_name(person) == shown_name(person) and person.code[:4] in shown_name(person)
    assert shown_name(person, is_opened=True) == "Anna Lind"


def test_opening_a_protected_person_is_in_the_trail():
    person = anna(is_protected=True)
    staff = create_person("Kim", "Koordinator", by=THE_SHELL)
    open_protected(person, by=Actor(person=staff), scope="programme:KCM", reason="Rings about the venue")
    entry = entries_of(person).first()
    assert (entry.verb, entry.actor, entry.scope) == ("open_protected", staff, "programme:KCM")


def test_the_trail_keeps_no_value_of_a_protected_person():
    person = edit_person(anna(is_protected=True), by=THE_SHELL, given_name="Berta")
    kept = str([(entry.values, entry.undo_facts) for entry in entries_of(person)])
    assert "Anna" not in kept and "Berta" not in kept


def test_the_code_of_a_merged_person_leads_to_who_stayed():
    stayed, gone = anna(), create_person("Ana", "Lind", by=THE_SHELL)
    Person.objects.filter(pk=gone.pk).update(merged_into=stayed)
    assert person_by_code(gone.code) == stayed and person_by_code("NOBODY") is None


def test_the_doctor_sees_people_that_search_would_miss():
    anna()
    assert broken_people() == []
    Person.objects.create(given_name="Raw")
    assert broken_people() == ["people: 1 people have no search keys"]
