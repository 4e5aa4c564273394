"""Whose registration it is: herself, a colleague under mandate, somebody others named; and who is the same again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.choices import LIVE, ForWhom
from samverk.activities.models import Activity, Registration
from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Organisation
from samverk.directory.permissions import may_act_for
from samverk.kit.acting import SESSION, Actor, Refusal
from samverk.kit.fold import fold
from samverk.people.commands import create_person, person_for_registration
from samverk.people.models import Person


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
    """The address is that of the person who is signed in."""
    return (
        by.through == SESSION and by.person is not None and bool(wish.email) and by.person.email == wish.email
    )
