"""Whose registration it is: herself, a colleague under mandate, somebody others named; and who is the same again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.admission_rules import admission_refusal, crowd_refusal, invitation_refusal
from samverk.activities.choices import LIVE, Decision, ForWhom
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Cohort, Invitation, Registration
from samverk.activities.queries.admission import candidate_of, invitation_for
from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Organisation
from samverk.directory.permissions import may_act_for
from samverk.kit.acting import LINK, SESSION, Actor, Refusal
from samverk.kit.fold import fold
from samverk.people.commands import create_person, person_for_registration
from samverk.people.models import Person

MOST_WISHES = 3
HELD = (State.HELD, State.QUEUED_HELD)


class Facts(TypedDict, total=False):
    """What a registration says about who comes, as a form or a colleague wrote it."""

    given_name: str
    family_name: str
    email: str
    organisation: Organisation | None
    organisation_typed: str
    for_whom: str
    role: str
    comes_as: str
    cohort: Cohort | None
    wishes: list[int]
    region: str
    sector: str
    note: str
    invitation: Invitation | None


def wish_of(
    facts: Facts, *, language: str, form_key: uuid.UUID, by: Actor, person: Person | None
) -> Registration:
    """A registration that is not written yet, its words tidied."""
    tidy = dict(facts)
    for name in ("given_name", "family_name", "organisation_typed"):
        tidy[name] = " ".join(str(tidy.get(name, "")).split())
    tidy["email"] = facts.get("email", "").strip().lower()
    tidy["note"] = facts.get("note", "").strip()
    return Registration(language=language, form_key=form_key, registered_by=by.person, person=person, **tidy)


def refuse_foreign_cohort(wish: Registration) -> None:
    """A group is one of the activity's own; its numbers are read under the lock."""
    named = [*wish.wishes, *([wish.cohort_id] if wish.cohort_id else [])]
    if len(wish.wishes) > MOST_WISHES or any(pk not in wish.activity.cohort_of for pk in named):
        raise Refusal(_("This group belongs to another activity."), code="other_activity", field="cohort")


def take_invitation(wish: Registration) -> None:
    """Under the lock: the invitation as it is now. It may have been taken back; a no turns into a yes."""
    if wish.invitation is None:
        return
    wish.invitation.refresh_from_db(fields=["withdrawn_at", "declined_at"])
    if refusal := invitation_refusal(wish.invitation):
        raise refusal
    wish.comes_as = wish.invitation.comes_as
    if wish.invitation.declined_at is not None:
        wish.invitation.declined_at = None
        wish.invitation.save(update_fields=["declined_at"])


def admit(wish: Registration, *, is_sure: bool) -> None:
    """Refuse who may not come. Whoever is sure and invited by her address is invited.

    Where only the invited may come and the address is not proved yet, nobody is refused: the page must not tell
    who is invited, so the mail does.
    """
    if is_sure and wish.invitation is None:
        wish.invitation = invitation_for(wish.activity, wish.email)
    if wish.activity.only_invited and not is_sure:
        return
    if refusal := admission_refusal(wish.activity, candidate_of(wish)):
        raise refusal


def admit_by_staff(wish: Registration, now: datetime, *, by: Actor) -> None:
    """A coordinator's own decision stands for the invitation and for the answer."""
    if refusal := crowd_refusal(wish.activity, candidate_of(wish).colleagues):
        raise refusal
    wish.invitation = invitation_for(wish.activity, wish.email)
    if wish.activity.needs_approval:
        wish.decision, wish.decided_at, wish.decided_by = Decision.APPROVED, now, by.person


def admit_at_confirming(registration: Registration) -> None:
    """The address is proved now: is it invited? What ran out is asked anew, for others may have come meanwhile."""
    if registration.invitation is None and registration.state in (*HELD, State.EXPIRED):
        registration.invitation = invitation_for(registration.activity, registration.email)
    is_asked = registration.state == State.EXPIRED or (
        registration.activity.only_invited and registration.state in HELD
    )
    refusal = admission_refusal(registration.activity, candidate_of(registration)) if is_asked else None
    if refusal:
        raise refusal


def attach_person(wish: Registration, *, by: Actor) -> bool:
    """Find whose place this is; True when nobody has to confirm it any more."""
    if wish.for_whom == ForWhom.COLLEAGUE:
        wish.person = _colleague(wish, by=by)
        refuse_second_place(wish)
        return True
    if wish.person is None and is_proved(wish, by):
        wish.person = person_for_registration(
            wish.given_name, wish.family_name, wish.email, wish.language, by=by
        )
    refuse_second_place(wish)
    return wish.person is not None


def refuse_second_place(wish: Registration) -> None:
    if wish.person is None:
        return
    if standing := live_in(wish.activity).filter(person=wish.person).first():
        raise rules.already_registered(standing)


def _colleague(wish: Registration, *, by: Actor) -> Person | None:
    """A colleague under mandate: one the organisation is known to have, or a new person.

    Where the address signs in somebody who is not known there, it stays nobody's until she proves it; the
    representative sees no difference.
    """
    organisation = wish.organisation
    if organisation is None or not may_act_for(by.person, organisation, MandateScope.REGISTER_COLLEAGUES):
        raise Refusal(_("You may not register colleagues of this organisation."), code="no_mandate")
    known = Affiliation.objects.on(timezone.localdate()).filter(
        organisation=organisation, confirmed_at__isnull=False, person__folded=folded_name(wish)
    )
    for affiliation in known.select_related("person"):
        if not wish.email or wish.email in (affiliation.person.email, affiliation.person.contact_email):
            return affiliation.person
    return named_by_others(wish, by=by, colleagues_of=organisation)


def named_by_others(
    wish: Registration, *, by: Actor, colleagues_of: Organisation | None = None
) -> Person | None:
    """Somebody whose name others wrote: the one written before, or a new person without a sign-in address.

    Never a known person by her sign-in address alone, since only she can prove it: then it is nobody's yet.
    """
    if wish.email and Person.objects.filter(email=wish.email).exists():
        return None
    before = Person.objects.alive().filter(email=None, contact_email=wish.email, folded=folded_name(wish))
    if not wish.email:
        before = before.filter(registrations__organisation=colleagues_of) if colleagues_of else before.none()
    if found := before.order_by("id").first():
        return found
    return create_person(
        wish.given_name, wish.family_name, by=by, contact_email=wish.email, language=wish.language
    )


def folded_name(registration: Registration) -> str:
    return fold(registration.name)


def live_in(activity: Activity) -> Any:
    return activity.registrations.filter(state__in=LIVE)


def same_again(wish: Registration) -> Registration | None:
    """A live registration of the same name and address: whoever sends the form twice gets no second place."""
    if not wish.email or wish.for_whom == ForWhom.COLLEAGUE:
        return None
    for standing in live_in(wish.activity).filter(email=wish.email).select_related("person", "organisation"):
        if folded_name(standing) == folded_name(wish):
            standing.activity = wish.activity
            return standing
    return None


def is_proved(wish: Registration, by: Actor) -> bool:
    """The address is that of the person who is signed in, or of the invitation whose personal link was used."""
    if not wish.email:
        return False
    if by.through == LINK and wish.invitation is not None:
        return wish.invitation.email == wish.email
    return by.through == SESSION and by.person is not None and by.person.email == wish.email
