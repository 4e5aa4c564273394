"""On whose behalf somebody comes. A claim counts for no organisation and no money until it is confirmed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.admission_rules import crowd_refusal
from samverk.activities.choices import ForWhom, RegistrationState, Representation
from samverk.activities.commands.attendance import expect
from samverk.activities.commands.waiting_list import lock_activity, locked_registration
from samverk.activities.models import Registration
from samverk.activities.permissions import may_confirm_representation
from samverk.activities.queries import organisation_named
from samverk.activities.queries.admission import candidate_of
from samverk.directory.models import Affiliation, Organisation
from samverk.directory.permissions import organisation_ids_under_mandate
from samverk.kit.acting import IMPORT, SHELL, Actor, Refusal
from samverk.programmes.choices import SeatRole
from samverk.programmes.permissions import has_seat
from samverk.trail.commands import log


def settle_representation(registration: Registration, *, by: Actor) -> None:
    """Decide what the named organisation is worth now. Sets fields; the caller saves.

    Confirmed: an affiliation somebody confirmed, an own mandate, a colleague under mandate, the word of a
    coordinator or of an import. Everything else is a claim.
    """
    if registration.organisation is None and registration.organisation_typed:
        registration.organisation = organisation_named(registration.organisation_typed)
    elif registration.organisation is not None and not registration.organisation_typed:
        registration.organisation_typed = registration.organisation.name
    if not registration.organisation_typed:
        registration.for_whom, registration.representation = ForWhom.MYSELF, Representation.NONE
        return
    if registration.for_whom == ForWhom.COLLEAGUE:
        registration.representation = Representation.CONFIRMED
        return
    is_known = _is_known_there(registration)
    registration.for_whom = ForWhom.KNOWN if is_known else ForWhom.OTHER
    sure = registration.organisation is not None and (is_known or _a_coordinator_says(registration, by))
    registration.representation = Representation.CONFIRMED if sure else Representation.CLAIMED


def _is_known_there(registration: Registration) -> bool:
    """By a confirmed affiliation, whose role is taken over, or by a mandate."""
    person, organisation = registration.person, registration.organisation
    if person is None or organisation is None:
        return False
    roles = Affiliation.objects.on(timezone.localdate()).filter(
        person=person, organisation=organisation, confirmed_at__isnull=False
    )
    affiliation = roles.first()
    if affiliation is not None:
        registration.role = registration.role or affiliation.role
        return True
    return organisation.pk in organisation_ids_under_mandate(person)


def _a_coordinator_says(registration: Registration, by: Actor) -> bool:
    if by.through in (SHELL, IMPORT):
        return True  # who runs the installation, or takes in a coordinator's list
    if by.person is None or by.person.pk == registration.person_id:
        return False
    return has_seat(by.person, registration.activity.programme, [SeatRole.COORDINATOR])


def confirm_representation(
    registration: Registration, *, by: Actor, organisation: Organisation | None = None, role: str = ""
) -> Registration:
    """A mandated person or a coordinator says that she does stand for the organisation.

    ``organisation`` is needed where what was typed names none that is known.
    """
    with transaction.atomic():
        registration = _locked(registration)
        was = registration.organisation
        registration.organisation = organisation or registration.organisation
        if registration.organisation is None:
            raise Refusal(
                _("Choose which organisation this is."), code="no_organisation", field="organisation"
            )
        _refuse_stranger(registration, by)
        if registration.organisation != was and (
            refusal := crowd_refusal(registration.activity, candidate_of(registration).colleagues)
        ):
            raise refusal
        registration.representation = Representation.CONFIRMED
        registration.for_whom = (
            ForWhom.OTHER if registration.for_whom == ForWhom.MYSELF else registration.for_whom
        )
        registration.role = role or registration.role
        return _write(registration, "confirm_representation", by=by)


def decline_representation(registration: Registration, *, by: Actor, reason: str = "") -> Registration:
    """She does not stand for the organisation: she comes for herself. What was typed stays readable."""
    with transaction.atomic():
        registration = _locked(registration)
        _refuse_stranger(registration, by)
        registration.representation, registration.for_whom = Representation.NONE, ForWhom.MYSELF
        registration.organisation, registration.role = None, ""
        return _write(registration, "decline_representation", by=by, reason=reason)


def carry_to_sheets(registration: Registration, *, by: Actor) -> None:
    """The sheets that expect her speak as the registration does now; sealed ones stay as they are."""
    if registration.state == RegistrationState.CONFIRMED:
        expect(registration, by=by)


def _locked(registration: Registration) -> Registration:
    """Under the lock of its activity, for the number of people from one organisation is counted there."""
    activity = lock_activity(registration.activity_id)
    return locked_registration(activity, registration)


def _refuse_stranger(registration: Registration, by: Actor) -> None:
    if by.person is not None and not may_confirm_representation(by.person, registration):
        raise Refusal(
            _("Only a coordinator, or somebody with a mandate for the organisation, can decide this."),
            code="no_mandate",
        )


def _write(registration: Registration, verb: str, *, by: Actor, reason: str = "") -> Registration:
    registration.save(update_fields=["organisation", "representation", "for_whom", "role"])
    carry_to_sheets(registration, by=by)
    scope = registration.activity.programme.scope
    log(verb, registration, by=by, scope=scope, changed=["representation", "role"], reason=reason)
    return registration
