"""What is known of somebody who wants to come, asked only as far as the activity's conditions need it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, When
from django.utils import timezone

from samverk.activities.admission_rules import ELSEWHERE, Candidate
from samverk.activities.choices import LIVE, ActivityState, Audience
from samverk.activities.choices import RegistrationState as State
from samverk.activities.models import Activity, Invitation, Registration
from samverk.directory.models import Affiliation, Organisation
from samverk.directory.regions import region_codes, regions_of_organisation
from samverk.programmes.models import Enrolment


def candidate_of(registration: Registration) -> Candidate:
    """For the rules of admission. An activity without conditions asks nothing of the database."""
    activity, organisation = registration.activity, registration.organisation
    colleagues = colleagues_of(registration) if activity.per_organisation is not None else 0
    if registration.invitation_id is not None:
        return Candidate(is_invited=True, colleagues=colleagues)
    return Candidate(
        is_enrolled=activity.only_enrolled and is_enrolled(activity, registration.person, organisation),
        places=tuple(_places(registration)) if activity.regions else (),
        sector=organisation.sector if organisation else registration.sector,
        role=registration.role or (_role_of(registration) if activity.target_roles else ""),
        colleagues=colleagues,
    )


def colleagues_of(registration: Registration) -> int:
    """How many others have or want a place for the same organisation; one that is only typed, by its words.

    Who asks to come and has no answer yet is not counted: the answer counts.
    """
    others = registration.activity.registrations.exclude(pk=registration.pk).filter(state__in=LIVE)
    others = others.exclude(state=State.APPLIED)
    if registration.organisation_id is not None:
        return others.filter(organisation=registration.organisation_id).count()
    if registration.organisation_typed:
        return others.filter(
            organisation=None, organisation_typed__iexact=registration.organisation_typed
        ).count()
    return 0


def is_enrolled(activity: Activity, person: Any, organisation: Organisation | None) -> bool:
    """Whether she herself, or the organisation she comes for, takes part in the programme today."""
    wanted = Q(organisation=organisation) if organisation else Q(pk=None)
    if person is not None:
        wanted |= Q(person=person)
    open_now = Enrolment.objects.on(timezone.localdate()).filter(programme=activity.programme_id)
    return open_now.filter(wanted).exists()


def _places(registration: Registration) -> list[frozenset[str]]:
    """Where she says to live or work, where she is known to, and where the organisation is."""
    person, organisation = registration.person, registration.organisation
    said = {registration.region} if registration.region else set()
    known = region_codes(person.place) if person is not None and registration.region != ELSEWHERE else set()
    of_organisation = regions_of_organisation(organisation) if organisation else set()
    return [frozenset(codes) for codes in (said, known, of_organisation) if codes]


def _role_of(registration: Registration) -> str:
    """Her role in the organisation, where somebody confirmed one."""
    if registration.person is None or registration.organisation is None:
        return ""
    known = Affiliation.objects.on(timezone.localdate()).filter(
        person=registration.person, organisation=registration.organisation, confirmed_at__isnull=False
    )
    return known.values_list("role", flat=True).first() or ""


def invitation_for(activity: Activity, email: str) -> Invitation | None:
    """The invitation that stands for this address."""
    if not email or not activity.has_invitations:
        return None
    return activity.invitations.standing().filter(email=email.lower()).first()


def what_else_is_on(activity: Activity, now: datetime, limit: int = 3) -> list[Activity]:
    """Coming activities that anybody may come to and that have places left; those of the same programme first."""
    open_to_all = Activity.objects.filter(
        state=ActivityState.PUBLISHED, audience=Audience.PUBLIC, takes_registrations=True, starts_at__gt=now,
        only_invited=False, only_enrolled=False, regions=[], target_sectors=[], target_roles=[],
    ).exclude(pk=activity.pk)  # fmt: skip
    opened = Q(opens_at=None) | Q(opens_at__lte=now)
    not_closed = Q(closes_at=None) | Q(closes_at__gt=now)
    has_places = Q(capacity=None) | Q(places_taken__lt=F("capacity"))
    same_first = Case(When(programme=activity.programme_id, then=0), default=1)
    found = open_to_all.filter(opened, not_closed, has_places).order_by(same_first, "starts_at", "pk")
    return list(found[:limit])
