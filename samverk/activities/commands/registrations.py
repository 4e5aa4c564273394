"""Registering, confirming, giving up and coming back. Each locks the activity before it counts places."""

from __future__ import annotations

import uuid
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.admission_rules import admission_refusal, crowd_refusal
from samverk.activities.choices import LIVE, ForWhom, Representation
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.attendance import no_longer_expect
from samverk.activities.commands.places import (
    bring_back,
    confirm_state,
    facts_for_undo,
    give_way,
    make_room,
    place_or_queue,
    refuse_flood_of_codes,
)
from samverk.activities.commands.registrants import (
    Facts,
    admit,
    admit_at_confirming,
    admit_by_staff,
    attach_person,
    is_proved,
    live_in,
    named_by_others,
    refuse_foreign_cohort,
    refuse_second_place,
    same_again,
    take_invitation,
    wish_of,
)
from samverk.activities.commands.representation import carry_to_sheets, settle_representation
from samverk.activities.commands.waiting_list import (
    fill_free_places,
    lock_activity,
    locked_registration,
)
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Activity, Registration
from samverk.activities.queries.admission import candidate_of
from samverk.kit.acting import LINK, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.people.commands import person_for_registration, prepare_sign_in
from samverk.people.models import Person
from samverk.trail.commands import log

UNDO = "activities.restore_registration"


def register(
    activity: Activity,
    *,
    language: str,
    form_key: uuid.UUID,
    by: Actor,
    person: Person | None = None,
    **facts: Unpack[Facts],
) -> Registration:
    """Ask for a place, for one on the waiting list, or for a coordinator's answer where she approves each.

    It is sure at once for ``person`` herself, for an address that ``by`` has proved by signing in or by the link
    of its invitation, and for a colleague under mandate. Everybody else confirms by the code or link of the mail;
    until then a place is held for an hour. The same ``form_key``, or the same name and address again, gives the
    registration that is there already and writes a mail anew. Raises Refusal with the codes of
    ``rules.registration_refusal`` and ``admission_rules.admission_refusal``.
    """
    wish = wish_of(facts, language=language, form_key=form_key, by=by, person=person)
    with transaction.atomic():
        wish.activity = lock_activity(activity.pk)
        now = timezone.now()
        refuse_foreign_cohort(wish)
        if sent_before := Registration.objects.filter(form_key=form_key, activity=wish.activity).first():
            return sent_before
        take_invitation(wish)
        make_room(wish, now, by=by)
        # Before looking for the same address: the answer must not tell who stands in a full activity.
        is_invited = wish.invitation is not None
        if refusal := rules.registration_refusal(
            wish.activity, now, is_invited=is_invited, comes_as=wish.comes_as, cohort_id=wish.cohort_id
        ):
            raise refusal
        if known := same_again(wish):
            return _take_up(known, wish, by=by)
        is_sure = attach_person(wish, by=by)
        settle_representation(wish, by=by)
        admit(wish, is_sure=is_sure)
        registration = place_or_queue(wish, now, is_sure=is_sure, by=by)
        fault_point("registration.before_commit")
    activity.places_taken = wish.activity.places_taken
    return registration


def register_for(
    activity: Activity,
    *,
    language: str,
    by: Actor,
    person: Person | None = None,
    form_key: uuid.UUID | None = None,
    tell: bool = True,
    is_on_programme: bool = False,
    **facts: Unpack[Facts],
) -> Registration:
    """Staff register somebody, known (``person``) or by name. Sure at once; before opening and after closing too.

    A coordinator's word confirms the organisation; another's is a claim. Staff decide who may come, so of the
    conditions only the number from one organisation is asked. Who ``is_on_programme`` gets a place in a draft and
    in what is over, and stands in no queue; where no place is left it is refused as `full`.
    """
    wish = wish_of(
        _named(facts, person), language=language, form_key=form_key or uuid.uuid4(), by=by, person=person
    )
    with transaction.atomic():
        wish.activity = lock_activity(activity.pk)
        now = timezone.now()
        refuse_foreign_cohort(wish)
        if sent_before := Registration.objects.filter(form_key=wish.form_key, activity=wish.activity).first():
            return sent_before
        make_room(wish, now, by=by)
        if refusal := rules.registration_refusal(
            wish.activity,
            now,
            by_staff=True,
            on_programme=is_on_programme,
            comes_as=wish.comes_as,
            cohort_id=wish.cohort_id,
        ):
            raise refusal
        if wish.person is None:
            wish.person = named_by_others(wish, by=by)
        refuse_second_place(wish)
        settle_representation(wish, by=by)
        admit_by_staff(wish, now, by=by)
        registration = place_or_queue(wish, now, is_sure=True, by=by, tell=tell, goes_first=is_on_programme)
        fault_point("registration.before_commit")
    activity.places_taken = wish.activity.places_taken
    return registration


def _named(facts: Facts, person: Person | None) -> Facts:
    """A known person by her own name and address; on whose behalf, by what was written."""
    named = facts.copy()
    if person is not None:
        named |= {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.mail_address,
        }
    organisation = named.get("organisation")
    named["organisation_typed"] = organisation.name if organisation else named.get("organisation_typed", "")
    named["for_whom"] = ForWhom.OTHER if named["organisation_typed"].strip() else ForWhom.MYSELF
    return named


def confirm_registration(
    registration: Registration, *, by: Actor, person: Person | None = None
) -> Registration:
    """The code or link proved the address: now it is a person's. Twice confirmed is once confirmed.

    Without ``person`` the person is found or made by name and address. Where she stands in the activity
    already, that registration is the answer and this one gives its place back.
    """
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        now = timezone.now()
        if refusal := rules.confirming_refusal(registration, now):
            raise refusal
        if registration.person is None:
            person = person or person_for_registration(
                registration.given_name,
                registration.family_name,
                registration.email,
                registration.language,
                by=by,
            )
            if standing := live_in(activity).filter(person=person).exclude(pk=registration.pk).first():
                return give_way(registration, standing, now, by=by)
            registration.person = person
            if registration.representation == Representation.CLAIMED:
                settle_representation(registration, by=by)
        admit_at_confirming(registration)
        confirm_state(registration, now, by=by)
        fault_point("confirmation.before_commit")
        return registration


def cancel_registration(
    registration: Registration, *, by: Actor, reason: str = "", tell: bool = True
) -> Registration:
    """Give up a place, an offer or the wait; the next in the queue moves up in the same transaction.

    Undoable for 24 hours. A person's own act is refused once the activity is over; staff may at any time.
    """
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        now = timezone.now()
        if registration.state not in LIVE:
            return registration
        is_own = by.through == LINK or (by.person is not None and by.person.pk == registration.person_id)
        if is_own and (refusal := rules.giving_up_refusal(registration, now)):
            raise refusal
        before = facts_for_undo(registration)
        registration.state, registration.cancelled_at = State.CANCELLED, now
        registration.cancelled_because = reason[:300]
        registration.save(update_fields=["state", "cancelled_at", "cancelled_because"])
        if before["state"] == State.CONFIRMED:
            no_longer_expect(registration, by=by)
        log(
            "cancel_registration", registration, by=by, scope=activity.programme.scope, changed=["state"],
            reason=reason, undo_with=UNDO, undo_facts=before,
        )  # fmt: skip
        if tell and registration.person_id is not None:
            own = {State.WAITING: "left_list", State.APPLIED: "withdrawn"}.get(before["state"], "given_up")
            why = own if is_own else "cancelled_by_staff"
            queue_registration_mail(registration, why, delay_seconds=rules.UNDO_SECONDS)
        fill_free_places(activity, now, by=by)
        fault_point("cancellation.before_commit")
        return registration


def restore_registration(registration_id: int, facts: dict[str, Any], by: Actor) -> Registration:
    """The reverse of cancel_registration. Where the place went to somebody else she is first in the queue."""
    activity_id = Registration.objects.values_list("activity_id", flat=True).get(pk=registration_id)
    with transaction.atomic():
        activity = lock_activity(activity_id)
        registration = locked_registration(activity, Registration(pk=registration_id))
        now = timezone.now()
        if registration.state != State.CANCELLED:
            return registration
        if activity.state == "cancelled" or (activity.ends_at and activity.ends_at <= now):
            raise Refusal(_("This can no longer be undone."), code="too_late")
        if registration.person_id and live_in(activity).filter(person=registration.person_id).exists():
            raise rules.already_registered(registration)
        if refusal := crowd_refusal(activity, candidate_of(registration).colleagues):
            raise refusal
        bring_back(registration, facts, now, by=by)
        fault_point("restoring.before_commit")
        return registration


def ask_code_again(registration: Registration, *, by: Actor) -> Registration:
    """Send a new code and link to the address that was typed, as long as it may still be confirmed."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        return _tell_again(registration, by=by)


def change_answers(
    registration: Registration, *, by: Actor, organisation_typed: str, role: str, note: str
) -> Registration:
    """Change for whom somebody comes and what she told us. A changed organisation is a claim again."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        if registration.state not in LIVE:
            raise Refusal(_("This place is given up already."), code="not_live")
        typed = " ".join(organisation_typed.split())
        changed = [
            name
            for name, value in (("role", role), ("note", note.strip()))
            if getattr(registration, name) != value
        ]
        registration.role, registration.note = role, note.strip()
        if typed != registration.organisation_typed:
            registration.organisation_typed, registration.organisation = typed, None
            registration.for_whom = ForWhom.OTHER if typed else ForWhom.MYSELF
            settle_representation(registration, by=by)
            if refusal := admission_refusal(activity, candidate_of(registration)):
                raise refusal
            changed += ["organisation", "representation"]
        if changed:
            registration.save()
            carry_to_sheets(registration, by=by)
            log("change_answers", registration, by=by, scope=activity.programme.scope, changed=changed)
        return registration


def _take_up(standing: Registration, wish: Registration, *, by: Actor) -> Registration:
    """Who has proved the address takes up what she began; to others the mail says where they stand."""
    if not is_proved(wish, by):
        return _tell_again(standing, by=by)
    if standing.person is not None:
        raise rules.already_registered(standing)
    return confirm_registration(standing, person=wish.person, by=by)


def _tell_again(registration: Registration, *, by: Actor) -> Registration:
    refuse_flood_of_codes(registration, timezone.now())
    registration.sign_in = prepare_sign_in(registration.email, language=registration.language, by=by)
    registration.save(update_fields=["sign_in"])
    queue_registration_mail(registration, "confirm")
    return registration
