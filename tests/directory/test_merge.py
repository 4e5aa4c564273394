"""Two rows that are one thing: what moves, what is refused, and back again within seven days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.commands.attendance import add_walk_in, close_session, mark_attendance
from samverk.activities.commands.registrations import register_for
from samverk.activities.models import Attendance, Registration
from samverk.directory.commands import add_affiliation, create_organisation, set_identifier
from samverk.directory.doubting import find_doubtful_pairs
from samverk.directory.merging import call_different, differing, merge_rows, plan_merge, undo_merge
from samverk.directory.models import DoubtfulPair, Identifier, Merge, Organisation
from samverk.kit.acting import THE_SHELL, Refusal
from samverk.ledger.commands.posting import post_hours
from samverk.ledger.models import HourEntry, PersonMonth, SealedPeriod
from samverk.people.models import Device, Person
from samverk.people.queries import person_by_email
from samverk.programmes.commands import enrol_organisation, give_seat
from samverk.programmes.models import Enrolment, TeamSeat
from samverk.trail.models import Entry
from tests.cast import as_person, make_activity, make_person
from tests.directory.lists import checked, found, number, taken_in, text

pytestmark = pytest.mark.django_db


def everything(*models) -> list[list[dict]]:
    """All rows of the models, for comparing before and after."""
    return [list(model.objects.order_by("pk").values()) for model in models]


def attended(cast, person, *, days=-3, title="Budgets"):
    """A closed session with this person present, and her hours posted."""
    activity, session = make_activity(cast.programme, by=as_person(cast.coordinator), title=title, days=days)
    row = add_walk_in(session, name=str(person), by=as_person(cast.coordinator), person=person)
    mark_attendance(row, "here", by=as_person(cast.coordinator))
    close_session(session, by=as_person(cast.coordinator))
    post_hours(session)
    return session


# --- organisations ---


def test_an_organisation_goes_into_another_with_all_that_stands_on_it(cast):
    other = create_organisation(
        "Läxlyktans förening", by=THE_SHELL, place="Malmö", email="hej@example.org", phone="040 123456"
    )
    set_identifier(other, "SE-ON", number(3), by=THE_SHELL)
    add_affiliation(cast.mentor, other, "board", by=THE_SHELL, confirmed=True)
    enrol_organisation(cast.other_programme, other, starts=cast.other_programme.starts, by=THE_SHELL)
    assert plan_merge("organisation", cast.organisation, other).counts == {
        "Roles in organisations": 1,
        "Enrolments": 1,
    }
    merge_rows("organisation", cast.organisation, other, take=["phone"], by=as_person(cast.coordinator))
    stays = Organisation.objects.get(pk=cast.organisation.pk)
    assert (stays.name, stays.email, stays.phone) == ("Läxlyktan", "hej@example.org", "040 123456")
    assert stays.identifiers.get().value == number(3)
    assert stays.affiliations.filter(person=cast.mentor).exists()
    assert cast.other_programme.enrolments.get().organisation == stays
    other.refresh_from_db()
    assert other.merged_into == stays
    assert Entry.objects.filter(verb="merge", thing_type="organisation", thing_id=stays.pk).exists()


def test_undo_puts_every_row_back_as_it_was(cast):
    other = create_organisation("Läxlyktans förening", by=THE_SHELL, place="Lund", email="hej@example.org")
    set_identifier(other, "SE-ON", number(3), by=THE_SHELL)
    set_identifier(cast.organisation, "SE-ON", number(4), by=THE_SHELL)
    enrol_organisation(cast.programme, other, starts=cast.programme.starts, by=THE_SHELL)
    before = everything(Organisation, Identifier, Enrolment)
    merge = merge_rows("organisation", cast.organisation, other, take=["SE-ON", "place"], by=THE_SHELL)
    assert everything(Organisation, Identifier, Enrolment) != before
    assert cast.organisation.identifiers.get().value == number(3)
    assert not Enrolment.objects.filter(organisation=other).exists()
    undo_merge(merge, by=THE_SHELL)
    assert everything(Organisation, Identifier, Enrolment) == before


def test_who_was_merged_into_the_absorbed_one_leads_to_the_survivor():
    a, b, c = (create_organisation(name, by=THE_SHELL) for name in ("Ett", "Två", "Tre"))
    merge_rows("organisation", b, c, by=THE_SHELL)
    merge = merge_rows("organisation", a, Organisation.objects.get(pk=b.pk), by=THE_SHELL)
    c.refresh_from_db()
    assert c.merged_into == a
    undo_merge(merge, by=THE_SHELL)
    c.refresh_from_db()
    assert c.merged_into == b


def test_a_merged_row_is_not_merged_again():
    a, b, c = (create_organisation(name, by=THE_SHELL) for name in ("Ett", "Två", "Tre"))
    merge_rows("organisation", a, b, by=THE_SHELL)
    for one, other in [(c, b), (b, c), (a, a)]:
        with pytest.raises(Refusal):
            merge_rows("organisation", one, other, by=THE_SHELL)


def test_after_seven_days_or_a_further_merge_nothing_is_undone():
    a, b, c = (create_organisation(name, by=THE_SHELL) for name in ("Ett", "Två", "Tre"))
    old = merge_rows("organisation", a, b, by=THE_SHELL)
    merge_rows("organisation", c, Organisation.objects.get(pk=a.pk), by=THE_SHELL)
    with pytest.raises(Refusal):
        undo_merge(old, by=THE_SHELL)
    later = create_organisation("Fyra", by=THE_SHELL)
    merge = merge_rows("organisation", later, Organisation.objects.get(pk=c.pk), by=THE_SHELL)
    Merge.objects.filter(pk=merge.pk).update(at=timezone.now() - timedelta(days=7, minutes=1))
    with pytest.raises(Refusal):
        undo_merge(merge, by=THE_SHELL)


def test_what_was_edited_after_the_merge_stays_at_undo():
    a = create_organisation("Ett", by=THE_SHELL, place="Malmö")
    b = create_organisation("Två", by=THE_SHELL, place="Lund", phone="040 1")
    merge = merge_rows("organisation", a, b, by=THE_SHELL)
    Organisation.objects.filter(pk=a.pk).update(phone="040 2")
    undo_merge(merge, by=THE_SHELL)
    a.refresh_from_db()
    assert (a.phone, a.place) == ("040 2", "Malmö")


def test_a_list_that_names_the_merged_one_finds_the_survivor():
    taken_in(text("Läxlyktan;;Malmö;", "Läxlyktans vänner;;Malmö;"))
    stays, goes = (
        Organisation.objects.get(name="Läxlyktan"),
        Organisation.objects.get(name="Läxlyktans vänner"),
    )
    merge_rows("organisation", stays, goes, by=THE_SHELL)
    again = checked(text("Läxlyktans vänner;;Malmö;"))
    assert found(again) == {"same": 1}


def test_a_sealed_month_refuses(cast):
    other = create_organisation("Läxlyktans förening", by=THE_SHELL)
    add_affiliation(cast.mentor, other, "employee", by=THE_SHELL, confirmed=True)
    session = attended(cast, cast.mentor)
    HourEntry.objects.update(organisation=other)
    day = session.starts_local.date()
    seal = SealedPeriod.objects.create(programme=cast.programme, starts=day.replace(day=1), ends=day)
    with pytest.raises(Refusal, match="sealed"):
        merge_rows("organisation", cast.organisation, other, by=THE_SHELL)
    SealedPeriod.objects.filter(pk=seal.pk).update(reopened_at=timezone.now())
    merge = merge_rows("organisation", cast.organisation, other, by=THE_SHELL)
    assert HourEntry.objects.get().organisation == cast.organisation
    SealedPeriod.objects.create(programme=cast.programme, starts=day.replace(day=1), ends=day)
    with pytest.raises(Refusal, match="sealed"):
        undo_merge(merge, by=THE_SHELL)
    assert Organisation.objects.get(pk=other.pk).merged_into == cast.organisation


# --- people ---


def test_a_person_goes_into_another_with_hours_places_and_seats(cast):
    twin = make_person("Pia", "Parkwall", email="pia2@example.org", phone="070 111 22 33")
    register_for(cast.activity, person=twin, language="sv", by=THE_SHELL, tell=False)
    give_seat(cast.programme, twin, "viewer", by=THE_SHELL)
    session = attended(cast, twin)
    merge_rows("person", cast.participant, twin, take=["phone"], by=as_person(cast.coordinator))
    assert Registration.objects.get().person == cast.participant
    assert Attendance.objects.get(session=session).person == cast.participant
    assert HourEntry.objects.get().person == cast.participant
    assert TeamSeat.objects.filter(person=cast.participant).exists()
    assert PersonMonth.objects.filter(person=cast.participant, is_stale=True).exists()
    row = Attendance.objects.get(session=session)
    assert Entry.objects.filter(verb="merge", thing_type="attendance", thing_id=row.pk).exists()
    assert post_hours(session).changed_nothing


def test_the_old_address_leads_to_the_survivor_and_browsers_are_signed_out(cast, sign_in):
    twin = make_person("Pia", "Parkwall", email="pia2@example.org")
    browser = sign_in(twin)
    merge_rows("person", cast.participant, twin, by=THE_SHELL)
    assert person_by_email("pia2@example.org") == cast.participant
    assert person_by_email("pia.parkvall@example.org") == cast.participant
    assert not Device.objects.filter(person=twin).exists()
    assert browser.get("/en/my/").status_code == 302


def test_the_address_can_be_chosen_and_comes_back_at_undo(cast):
    twin = make_person("Pia", "Parkwall", email="pia2@example.org")
    before = everything(Person)
    merge = merge_rows("person", cast.participant, twin, take=["email"], by=THE_SHELL)
    cast.participant.refresh_from_db()
    assert cast.participant.email == "pia2@example.org"
    assert person_by_email("pia.parkvall@example.org") == cast.participant
    undo_merge(merge, by=THE_SHELL)
    assert everything(Person) == before


def test_undo_of_a_merge_of_people_puts_hours_back(cast):
    twin = make_person("Pia", "Parkwall", email="pia2@example.org")
    attended(cast, twin)
    before = everything(Attendance, HourEntry, TeamSeat, Person)
    undo_merge(merge_rows("person", cast.participant, twin, by=THE_SHELL), by=THE_SHELL)
    assert everything(Attendance, HourEntry, TeamSeat, Person) == before


def test_two_people_present_at_the_same_time_are_two_people(cast):
    twin = make_person("Pia", "Parkwall", email="pia2@example.org")
    attended(cast, cast.participant, title="Budgets")
    attended(cast, twin, title="Boards")
    with pytest.raises(Refusal, match="Both were present"):
        merge_rows("person", cast.participant, twin, by=THE_SHELL)
    assert Person.objects.get(pk=twin.pk).merged_into is None


def test_two_places_in_one_activity_stand_in_the_way(cast):
    twin = make_person("Pia", "Parkwall", email="pia2@example.org")
    for person in (twin, cast.participant):
        register_for(cast.activity, person=person, language="sv", by=THE_SHELL, tell=False)
    with pytest.raises(Refusal, match="Both have a place"):
        merge_rows("person", cast.participant, twin, by=THE_SHELL)


def test_a_hidden_name_makes_the_survivor_hidden(cast):
    twin = make_person("Hemma", "Skyddsvik", email="h2@example.org")
    merge_rows("person", twin, cast.protected, by=THE_SHELL)
    twin.refresh_from_db()
    assert twin.is_protected


def test_a_keepers_account_is_not_absorbed(cast):
    with pytest.raises(Refusal, match="keeper"):
        merge_rows("person", cast.participant, cast.keeper, by=THE_SHELL)


def test_only_what_differs_is_to_choose(cast):
    other = create_organisation("Läxlyktan", by=THE_SHELL, place="Lund", country="SE")
    assert differing("organisation", cast.organisation, other) == {"place": ("Malmö", "Lund")}


# --- doubts ---


def test_doubtful_pairs_are_found_once_with_reasons(cast):
    twin = create_organisation("LÄXLYKTAN!", by=THE_SHELL, place="Malmö")
    create_organisation("Läxlyktan", by=THE_SHELL, place="Kiruna")
    create_organisation("Båtlagett", by=THE_SHELL, place="")
    person = make_person("Pia", "Parkvall", email="pia2@example.org")
    add_affiliation(person, cast.organisation, "member", by=THE_SHELL)
    make_person("Hemliga", "Skyddsvik", email="h2@example.org", place="Malmö")
    assert find_doubtful_pairs() == 3 and find_doubtful_pairs() == 0
    pairs = {(pair.kind, pair.second_id): pair.reasons for pair in DoubtfulPair.objects.all()}
    assert pairs["organisation", twin.pk] == ["same_name", "same_place"]
    assert pairs["person", person.pk] == ["same_name", "same_organisation"]
    assert ["like_name"] in pairs.values()


def test_a_pair_called_different_is_not_asked_about_again(cast):
    create_organisation("Läxlyktan", by=THE_SHELL, place="Malmö")
    find_doubtful_pairs()
    call_different(DoubtfulPair.objects.get(), by=THE_SHELL)
    find_doubtful_pairs()
    assert DoubtfulPair.objects.get().answer == "different"


def test_a_merged_pair_is_decided_and_open_again_after_the_undo(cast):
    twin = create_organisation("Läxlyktan", by=THE_SHELL, place="Malmö")
    find_doubtful_pairs()
    merge = merge_rows("organisation", cast.organisation, twin, by=THE_SHELL)
    assert DoubtfulPair.objects.get().answer == "merged"
    undo_merge(merge, by=THE_SHELL)
    assert DoubtfulPair.objects.get().answer == "open"
