"""Who may come: each condition, what it says, and that it holds on every way into a place."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.activities.admission_rules import ELSEWHERE, admission_words
from samverk.activities.choices import RegistrationState as State
from samverk.activities.choices import Representation
from samverk.activities.commands.activities import copy_activity, edit_activity
from samverk.activities.commands.decisions import approve_registration, decline_registration
from samverk.activities.commands.invitations import (
    Guest,
    decline_invitation,
    invite,
    remind_invited,
    withdraw_invitation,
)
from samverk.activities.commands.registrations import (
    cancel_registration,
    change_answers,
    confirm_registration,
    register,
    register_for,
    restore_registration,
)
from samverk.activities.commands.representation import confirm_representation
from samverk.activities.models import Attendance, Invitation, Registration
from samverk.activities.permissions import activities_visible_to
from samverk.activities.queries import registration_faults, status_of
from samverk.activities.queries.admission import what_else_is_on
from samverk.activities.queries.invitations import answers_of
from samverk.directory.commands import add_affiliation, create_organisation
from samverk.kit.acting import LINK, THE_SHELL, Actor, Refusal
from samverk.kit.registers import composers
from samverk.post.models import Mail
from samverk.programmes.commands import enrol_organisation, enrol_person
from samverk.trail.models import Entry
from tests.activities.places import (
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


def letter(thing, kind="activities.registration"):
    """The newest mail about something, as it would be composed now."""
    mail = Mail.objects.filter(thing_id=thing.pk, kind=kind).order_by("-pk").first()
    return composers.get(mail.kind)(mail)


def own(person) -> Actor:
    return Actor(person=person)


def by_herself(activity, person, **facts):
    """A signed-in person registers herself."""
    named = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email}
    return register(
        activity, language="en", form_key=uuid.uuid4(), by=own(person), person=person, **(named | facts)
    )


def refused(act, code: str) -> Refusal:
    with pytest.raises(Refusal) as no:
        act()
    assert no.value.code == code
    return no.value


# ---------- region ----------


def podlasie(**fields):
    return an_activity(10, regions=["PL20"], **fields)


def test_only_people_and_organisations_of_the_region_come():
    activity = podlasie()
    assert come(activity, "Ewa", region="PL2061").state == State.CONFIRMED
    no = refused(lambda: ask(activity, "Anna", region="SE1280"), "outside_region")
    assert str(no) == "This activity is for people and organisations in podlaskie." and no.field == "region"
    refused(lambda: ask(activity, "Bo", region=ELSEWHERE), "outside_region")
    refused(lambda: ask(activity, "Cia"), "region_unknown")
    assert Registration.objects.count() == 1


def test_an_organisation_of_the_region_brings_people_from_elsewhere():
    create_organisation("Razem", by=THE_SHELL, place="Supraśl", country="PL")
    activity = podlasie()
    assert come(activity, "Ewa", organisation_typed="Razem", region=ELSEWHERE).state == State.CONFIRMED
    refused(lambda: ask(activity, "Anna", organisation_typed="Another", region=ELSEWHERE), "outside_region")


def test_a_person_whose_place_is_known_is_not_asked():
    activity = podlasie()
    ewa = a_person("Ewa", place="Białystok")
    assert by_herself(activity, ewa).state == State.CONFIRMED
    refused(lambda: by_herself(activity, a_person("Siv", place="Malmö")), "outside_region")
    refused(lambda: by_herself(activity, a_person("Olga", place="Kolno")), "region_unknown")


# ---------- target group ----------


def test_only_the_target_group_comes():
    create_organisation("Gmina Mała", by=THE_SHELL, sector="public_body")
    activity = an_activity(10, target_sectors=["association", "foundation"])
    refused(lambda: ask(activity, organisation_typed="Gmina Mała"), "not_target_group")
    no = refused(lambda: ask(activity), "sector_unknown")
    assert str(no) == (
        "This activity is for people from associations and foundations. Say what kind of organisation yours is."
    )
    assert ask(activity, organisation_typed="New club", sector="association").state == State.HELD


def test_only_board_members_come_and_a_confirmed_role_is_known():
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    siv = a_person("Siv")
    add_affiliation(siv, club, "board", by=THE_SHELL, confirmed=True)
    activity = an_activity(10, target_roles=["board"])
    assert by_herself(activity, siv, organisation=club, for_whom="known").state == State.CONFIRMED
    refused(lambda: ask(activity, role="volunteer"), "not_target_group")
    assert ask(activity, role="board").state == State.HELD


# ---------- enrolled ----------


def test_only_enrolled_organisations_and_people_come():
    activity = an_activity(10, only_enrolled=True)
    inside = create_organisation("Inne", by=THE_SHELL)
    create_organisation("Ute", by=THE_SHELL)
    enrol_organisation(activity.programme, inside, starts=timezone.localdate(), by=THE_SHELL)
    siv = a_person("Siv")
    enrol_person(activity.programme, siv, starts=timezone.localdate(), by=THE_SHELL)
    assert ask(activity, "Anna", organisation_typed="inne").state == State.HELD
    assert by_herself(activity, siv).state == State.CONFIRMED
    refused(lambda: ask(activity, "Bo", organisation_typed="Ute"), "not_enrolled")
    refused(lambda: by_herself(activity, a_person("Eva")), "not_enrolled")


# ---------- at most so many of one organisation ----------


def test_no_more_come_from_one_organisation_than_were_said():
    create_organisation("Läxlyktan", by=THE_SHELL)
    activity = an_activity(10, per_organisation=2)
    first = come(activity, "Anna", organisation_typed="Läxlyktan")
    come(activity, "Bo", organisation_typed="läxlyktan")
    no = refused(lambda: ask(activity, "Cia", organisation_typed="Läxlyktan"), "too_many_colleagues")
    assert "At most 2 people come from each organisation." in str(no) and no.field == "organisation"
    assert come(activity, "Dan", organisation_typed="Another").state == State.CONFIRMED
    assert come(activity, "Eli").state == State.CONFIRMED, "who comes for herself is nobody's colleague"
    cancel_registration(first, by=BY_LINK)
    assert come(activity, "Cia", organisation_typed="Läxlyktan").state == State.CONFIRMED


def test_the_number_holds_when_somebody_comes_back_changes_or_is_registered_by_staff():
    club = create_organisation("Läxlyktan", by=THE_SHELL)
    activity = an_activity(10, per_organisation=1)
    anna = come(activity, "Anna", organisation_typed="Läxlyktan")
    cancel_registration(anna, by=BY_LINK)
    bo = come(activity, "Bo", organisation_typed="Läxlyktan")
    facts = Entry.objects.get(thing_id=anna.pk, verb="cancel_registration").undo_facts
    refused(lambda: restore_registration(anna.pk, facts, BY_LINK), "too_many_colleagues")
    cia = come(activity, "Cia")
    refused(
        lambda: change_answers(cia, by=BY_LINK, organisation_typed="Läxlyktan", role="", note=""),
        "too_many_colleagues",
    )
    refused(
        lambda: register_for(
            activity, given_name="Dan", organisation=club, language="en", by=THE_SHELL, tell=False
        ),
        "too_many_colleagues",
    )
    dan = come(activity, "Dan", organisation_typed="Laxlyktan i Malmo")
    refused(lambda: confirm_representation(dan, organisation=club, by=THE_SHELL), "too_many_colleagues")
    assert confirm_representation(bo, by=THE_SHELL).representation == Representation.CONFIRMED


# ---------- approval ----------


def test_who_asks_to_come_takes_no_place_until_a_coordinator_says_yes(cast):
    activity = an_activity(1, needs_approval=True)
    asked = ask(activity, "Anna")
    assert asked.state == State.QUEUED_HELD and taken(activity) == 0
    asked = confirm_registration(asked, by=BY_LINK)
    assert asked.state == State.APPLIED and taken(activity) == 0 and not Attendance.objects.exists()
    assert status_of(asked, timezone.now()).state == "You have asked to come."
    approved = approve_registration(asked, by=own(cast.coordinator), because="Fits well")
    assert approved.state == State.CONFIRMED and taken(activity) == 1
    assert (approved.decision, approved.decided_by, approved.decided_because) == (
        "approved", cast.coordinator, "Fits well",
    )  # fmt: skip
    assert mails_about(approved)[-1] == "approved"
    assert "The organiser has said yes. You have a place." in letter(approved).paragraphs[0]
    entry = Entry.objects.get(verb="approve_registration")
    assert entry.actor == cast.coordinator
    assert registration_faults() == []


def test_a_yes_to_more_than_there_are_places_for_leads_to_the_waiting_list():
    activity = an_activity(1, needs_approval=True)
    first, second = come(activity, "Anna"), come(activity, "Bo")
    approve_registration(first, by=THE_SHELL)
    second = approve_registration(second, by=THE_SHELL)
    assert second.state == State.WAITING
    assert "has said yes, but all places are taken" in letter(second).paragraphs[0]
    cancel_registration(first, by=BY_LINK)
    assert state_of(second) == State.CONFIRMED
    full = an_activity(1, needs_approval=True, has_waiting_list=False)
    first, second = come(full, "Anna"), come(full, "Bo")
    approve_registration(first, by=THE_SHELL)
    refused(lambda: approve_registration(second, by=THE_SHELL), "full")
    assert state_of(second) == State.APPLIED


def test_a_no_has_a_reason_that_the_person_reads_and_may_become_a_yes():
    activity = an_activity(3, needs_approval=True)
    an_activity(5, title="Open evening")
    anna = come(activity, "Anna")
    refused(lambda: decline_registration(anna, because=" ", by=THE_SHELL), "no_reason")
    declined = decline_registration(anna, because="It is for new boards.", by=THE_SHELL)
    assert declined.state == State.DECLINED
    mail = letter(declined)
    assert "Reason: It is for new boards." in mail.paragraphs
    assert any("Open evening" in line for line in mail.paragraphs)
    assert status_of(declined, timezone.now()).sentence == "You did not get a place. It is for new boards."
    assert approve_registration(declined, by=THE_SHELL).state == State.CONFIRMED
    refused(lambda: decline_registration(declined, because="No", by=THE_SHELL), "not_asking")
    # What was not sent yet is taken back: she reads only the last word.
    assert [why for why in mails_about(declined) if why in ("approved", "declined")] == ["approved"]


def test_who_asked_may_take_the_question_back_and_bring_it_again():
    activity = an_activity(3, needs_approval=True)
    anna = come(activity, "Anna")
    cancelled = cancel_registration(anna, by=BY_LINK)
    assert cancelled.state == State.CANCELLED and mails_about(anna)[-1] == "withdrawn"
    facts = Entry.objects.get(verb="cancel_registration").undo_facts
    assert restore_registration(anna.pk, facts, BY_LINK).state == State.APPLIED


def test_the_number_from_one_organisation_is_asked_at_the_answer():
    create_organisation("Läxlyktan", by=THE_SHELL)
    activity = an_activity(9, needs_approval=True, per_organisation=1)
    anna = come(activity, "Anna", organisation_typed="Läxlyktan")
    bo = come(activity, "Bo", organisation_typed="Läxlyktan")
    approve_registration(bo, by=THE_SHELL)
    refused(lambda: approve_registration(anna, by=THE_SHELL), "too_many_colleagues")


def test_staff_and_the_invited_need_no_answer():
    activity = an_activity(9, needs_approval=True)
    staff = register_for(activity, given_name="Dan", language="en", by=THE_SHELL, tell=False)
    assert (staff.state, staff.decision) == (State.CONFIRMED, "approved")
    invite(activity, [Guest("anna@example.org")], language="en", by=THE_SHELL)
    assert come(activity, "Anna").state == State.CONFIRMED


def test_nobody_answers_when_it_is_over():
    activity = an_activity(9, needs_approval=True)
    anna = come(activity, "Anna")
    edit = timezone.now() - timedelta(hours=1)
    type(activity).objects.filter(pk=activity.pk).update(starts_at=edit - timedelta(hours=2), ends_at=edit)
    refused(lambda: approve_registration(anna, by=THE_SHELL), "past")


# ---------- invitations ----------


def by_invitation(**fields):
    return an_activity(3, only_invited=True, **fields)


def test_an_invitation_is_one_mail_with_a_link_and_its_own_words(cast):
    activity = by_invitation(title="Board evening")
    made = invite(
        activity,
        [Guest("ANNA@example.org", "Anna", "Berg", "Läxlyktan"), Guest("anna@example.org"), Guest("bo@example.org")],
        language="en", words="Welcome to us.\n\nThere is soup.", by=own(cast.coordinator),
    )  # fmt: skip
    assert [one.email for one in made] == ["anna@example.org", "bo@example.org"]
    assert invite(activity, [Guest("bo@example.org")], language="en", by=THE_SHELL) == []
    assert Mail.objects.filter(kind="activities.invitation").count() == 2
    mail = letter(made[0], "activities.invitation")
    assert mail.subject == "You are invited: Board evening"
    assert mail.paragraphs[:2] == ["Welcome to us.", "There is soup."]
    assert "/invitations/" in mail.buttons[0][1]


def test_an_invitation_shows_an_address_as_known_only_to_those_who_work_with_the_person(cast):
    register_for(cast.activity, person=cast.participant, language="en", by=THE_SHELL, tell=False)
    a_person("Stranger", "stranger@example.org")
    invite(
        cast.activity, [Guest(cast.participant.email), Guest("stranger@example.org")],
        language="en", by=own(cast.coordinator),
    )  # fmt: skip
    assert Invitation.objects.get(email=cast.participant.email).person == cast.participant
    assert Invitation.objects.get(email="stranger@example.org").person is None


def test_the_link_is_enough_and_the_place_is_sure():
    activity = by_invitation(audience="private", opens_at=timezone.now() + timedelta(days=3))
    [invitation] = invite(activity, [Guest("anna@example.org", "Anna", "Berg")], language="en", by=THE_SHELL)
    by = Actor(through=LINK)
    place = ask(activity, "Anna", invitation=invitation, by=by)
    assert place.state == State.CONFIRMED and place.person.email == "anna@example.org"
    assert place.invitation == invitation


def test_the_link_proves_only_its_own_address():
    activity = by_invitation()
    [invitation] = invite(activity, [Guest("anna@example.org")], language="en", by=THE_SHELL)
    held = ask(activity, "Bo", invitation=invitation, by=Actor(through=LINK))
    assert held.state == State.QUEUED_HELD and held.person is None


def test_who_is_not_invited_reads_it_in_the_mail_and_never_gets_a_place():
    activity = by_invitation()
    invite(activity, [Guest("anna@example.org")], language="en", by=THE_SHELL)
    invited, stranger = ask(activity, "Anna"), ask(activity, "Bo")
    assert invited.state == stranger.state == State.QUEUED_HELD and taken(activity) == 0
    assert letter(invited).code and letter(invited).subject.startswith("Confirm your place")
    assert not letter(stranger).code and letter(stranger).subject == "By invitation only: First aid"
    assert confirm_registration(invited, by=BY_LINK).state == State.CONFIRMED
    refused(lambda: confirm_registration(stranger, by=BY_LINK), "not_invited")
    refused(lambda: by_herself(activity, a_person("Siv")), "not_invited")


def test_a_signed_in_person_is_invited_by_her_address():
    activity = by_invitation()
    siv = a_person("Siv")
    [invitation] = invite(activity, [Guest("Siv@example.org")], language="en", by=THE_SHELL)
    place = by_herself(activity, siv)
    assert place.state == State.CONFIRMED and place.invitation == invitation


def test_an_invitation_stands_above_region_target_group_and_enrolment_but_not_above_the_places():
    activity = an_activity(
        1, regions=["PL20"], only_enrolled=True, target_sectors=["public_body"], target_roles=["board"]
    )
    first, second = invite(
        activity, [Guest("anna@example.org"), Guest("bo@example.org")], language="en", by=THE_SHELL
    )
    link = Actor(through=LINK)
    assert ask(activity, "Anna", invitation=first, by=link).state == State.CONFIRMED
    assert ask(activity, "Bo", invitation=second, by=link).state == State.WAITING


def test_an_invitation_to_a_private_activity_opens_it_for_the_address():
    activity = by_invitation(audience="private")
    siv = a_person("Siv")
    assert activity not in activities_visible_to(siv)
    [invitation] = invite(activity, [Guest("siv@example.org")], language="en", by=THE_SHELL)
    assert activity in activities_visible_to(siv)
    withdraw_invitation(invitation, by=THE_SHELL)
    assert activity not in activities_visible_to(siv)


def test_an_invitation_taken_back_holds_no_longer_and_its_mail_does_not_leave():
    activity = by_invitation()
    [invitation] = invite(activity, [Guest("anna@example.org")], language="en", by=THE_SHELL)
    withdraw_invitation(invitation, by=THE_SHELL, because="Sent twice")
    assert Mail.objects.get(kind="activities.invitation").state == "cancelled"
    refused(lambda: ask(activity, "Anna", invitation=invitation, by=Actor(through=LINK)), "withdrawn")
    assert len(invite(activity, [Guest("anna@example.org")], language="en", by=THE_SHELL)) == 1


def test_who_cannot_come_says_so_and_may_change_her_mind():
    activity = by_invitation()
    anna, bo, cia = invite(
        activity,
        [Guest(f"{name}@example.org") for name in ("anna", "bo", "cia")],
        language="en",
        by=THE_SHELL,
    )
    link = Actor(through=LINK)
    decline_invitation(anna, by=link)
    ask(activity, "Bo", invitation=bo, by=link)
    assert vars(answers_of(activity)) == {"invited": 3, "coming": 1, "declined": 1, "silent": 1}
    assert ask(activity, "Anna", invitation=anna, by=link).state == State.CONFIRMED
    assert answers_of(activity).declined == 0
    assert remind_invited(activity, by=THE_SHELL) == 0, "nobody is reminded on the day of the invitation"
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    assert remind_invited(activity, by=THE_SHELL) == 1 and remind_invited(activity, by=THE_SHELL) == 0
    assert letter(cia, "activities.invitation").subject == "Reminder, you are invited: First aid"


def test_nobody_is_invited_to_a_draft_or_by_an_empty_list():
    refused(
        lambda: invite(an_activity(3, state="draft"), [Guest("a@b.se")], language="en", by=THE_SHELL), "draft"
    )
    refused(lambda: invite(an_activity(3), [], language="en", by=THE_SHELL), "nobody")
    many = [Guest(f"p{n}@example.org") for n in range(501)]
    refused(lambda: invite(an_activity(3), many, language="en", by=THE_SHELL), "too_many")


# ---------- window, words, what else ----------


def test_what_ran_out_is_asked_anew_when_it_is_confirmed_late():
    create_organisation("Läxlyktan", by=THE_SHELL)
    activity = an_activity(9, per_organisation=1)
    anna = ask(activity, "Anna", organisation_typed="Läxlyktan")
    set_clock(anna, held_until=timezone.now() - timedelta(seconds=1), state=State.EXPIRED)
    come(activity, "Bo", organisation_typed="Läxlyktan")
    refused(lambda: confirm_registration(anna, by=BY_LINK), "too_many_colleagues")


def test_every_condition_is_said_in_a_sentence():
    activity = an_activity(
        3, only_invited=True, only_enrolled=True, regions=["PL20", "SE1280"], target_sectors=["association"],
        target_roles=["board", "leader"], per_organisation=1, needs_approval=True,
    )  # fmt: skip
    assert admission_words(activity) == [
        "By invitation only.",
        "This activity is for those enrolled in Places.",
        "This activity is for people and organisations in podlaskie and Malmö (Skåne län).",
        "This activity is for people from associations.",
        "This activity is for board members and leaders.",
        "At most 1 person comes from each organisation.",
        "The organiser answers each registration.",
    ]
    assert admission_words(an_activity()) == []


def test_what_else_is_on_is_open_to_all_has_places_and_begins_with_the_same_programme(cast):
    activity = an_activity(1, regions=["PL20"])
    evening = an_activity(3, title="Evening", hours_ahead=200)
    full = an_activity(1, title="Full")
    come(full, "Anna")
    for closed in (
        {"only_invited": True}, {"only_enrolled": True}, {"regions": ["PL20"]}, {"target_roles": ["board"]},
        {"audience": "private"}, {"state": "draft"}, {"takes_registrations": False},
        {"closes_at": timezone.now() - timedelta(hours=1)}, {"opens_at": timezone.now() + timedelta(days=1)},
    ):  # fmt: skip
        an_activity(3, title=str(closed), **closed)
    found = what_else_is_on(activity, timezone.now())
    assert found == [evening, cast.activity]


def test_a_copy_asks_the_same_of_who_comes():
    activity = an_activity(3, regions=["PL20"], needs_approval=True, per_organisation=2)
    copy = copy_activity(activity, first_day=timezone.localdate() + timedelta(days=30), by=THE_SHELL)
    assert (copy.regions, copy.needs_approval, copy.per_organisation) == (["PL20"], True, 2)


def test_conditions_made_later_take_nobodys_place():
    activity = an_activity(3)
    anna = come(activity, "Anna")
    edit_activity(activity, by=THE_SHELL, regions=["PL20"], needs_approval=True, only_invited=True)
    assert confirm_registration(anna, by=BY_LINK).state == State.CONFIRMED
