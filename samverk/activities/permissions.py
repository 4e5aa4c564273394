"""Who may see activities, sheets, registrations and people."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from samverk.activities.choices import LIVE, ActivityState, Audience
from samverk.activities.models import Activity, Attendance, Invitation, Leader, Registration, Session
from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation
from samverk.directory.permissions import organisation_ids_under_mandate, organisations_of
from samverk.people.models import Person
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Enrolment
from samverk.programmes.permissions import RUNNING, has_seat, programmes_of

_ANNOUNCED = (ActivityState.PUBLISHED, ActivityState.CANCELLED)


def activities_public() -> QuerySet[Activity]:
    """What the whole world may see; cancelled ones stay visible so that nobody travels in vain."""
    return Activity.objects.filter(audience=Audience.PUBLIC, state__in=_ANNOUNCED)


def activities_visible_to(person: Any) -> QuerySet[Activity]:
    """By audience or by invitation; a programme's team and the activity's leaders see it in every state."""
    if not person or not person.is_authenticated:
        return activities_public()
    enrolled = Enrolment.objects.on(timezone.localdate()).filter(
        Q(person=person) | Q(organisation__in=organisations_of(person))
    )
    mine = Registration.objects.filter(person=person, state__in=LIVE).values("activity")
    invited = Invitation.objects.standing().filter(email=person.email or "").values("activity")
    return Activity.objects.filter(
        Q(audience=Audience.PUBLIC, state__in=_ANNOUNCED)
        | Q(state__in=_ANNOUNCED, pk__in=invited)
        | Q(audience=Audience.PROGRAMME, state__in=_ANNOUNCED, programme__in=enrolled.values("programme"))
        | Q(audience__in=[Audience.PROGRAMME, Audience.MEMBERS], state__in=_ANNOUNCED, pk__in=mine)
        | Q(programme__in=programmes_of(person))
        | Q(pk__in=Leader.objects.filter(person=person).values("activity"))
    )


def activities_in_office(person: Any) -> QuerySet[Activity]:
    """Activities the person works with: of the programmes of her seats, or that she leads."""
    return Activity.objects.filter(
        Q(programme__in=programmes_of(person))
        | Q(pk__in=Leader.objects.filter(person_id=person.pk).values("activity"))
    )


def sessions_visible_to(person: Any) -> QuerySet[Session]:
    """Sessions of the activities a person works with."""
    return Session.objects.filter(activity__in=activities_in_office(person))


def registrations_visible_to(person: Any) -> QuerySet[Registration]:
    """A person's own, those she works with, and those of organisations she registers colleagues for."""
    organisations = organisation_ids_under_mandate(person, MandateScope.REGISTER_COLLEAGUES)
    return Registration.objects.filter(
        Q(person=person) | Q(activity__in=activities_in_office(person)) | Q(organisation__in=organisations)
    )


def invitations_visible_to(person: Any) -> QuerySet[Invitation]:
    """Invitations to the activities a person works with."""
    return Invitation.objects.filter(activity__in=activities_in_office(person))


def attendances_visible_to(person: Any) -> QuerySet[Attendance]:
    return Attendance.objects.filter(Q(person=person) | Q(session__in=sessions_visible_to(person)))


def leads(person: Any, activity: Activity) -> bool:
    return Leader.objects.filter(activity=activity, person=person).exists()


def may_edit_activity(person: Any, activity: Activity) -> bool:
    return has_seat(person, activity.programme, [SeatRole.COORDINATOR, SeatRole.TRAINER])


def may_take_attendance(person: Any, session: Session) -> bool:
    """The team that runs activities, and the session's leader; a viewer reads only."""
    return has_seat(person, session.activity.programme, RUNNING) or leads(person, session.activity)


def may_admit(person: Any, activity: Activity) -> bool:
    """Whoever coordinates the programme answers those who ask to come, and moves the waiting list."""
    return has_seat(person, activity.programme, [SeatRole.COORDINATOR])


def may_see_registrations(person: Any, activity: Activity) -> bool:
    return has_seat(person, activity.programme) or leads(person, activity)


def people_visible_to(person: Any) -> QuerySet[Person]:
    """Herself; people enrolled, registered or recorded in the programmes of her seats; colleagues under mandate.

    Anybody else finds a person only by exact e-mail or code, and gets an invitation, never a row.
    """
    if not person or not person.is_authenticated:
        return Person.objects.none()
    programmes = programmes_of(person)
    organisations = organisation_ids_under_mandate(person)
    return Person.objects.alive().filter(
        Q(pk=person.pk)
        | Q(pk__in=Enrolment.objects.filter(programme__in=programmes, person__isnull=False).values("person"))
        | Q(
            pk__in=Registration.objects.filter(
                activity__programme__in=programmes, person__isnull=False
            ).values("person")
        )
        | Q(
            pk__in=Attendance.objects.filter(
                session__activity__programme__in=programmes, person__isnull=False
            ).values("person")
        )
        | Q(
            pk__in=Affiliation.objects.filter(organisation__in=organisations).values("person"),
            is_protected=False,
        )
    )


def may_confirm_representation(person: Any, registration: Registration) -> bool:
    """A coordinator, or somebody who registers colleagues of that organisation; nobody her own claim."""
    if registration.person_id is not None and registration.person_id == person.pk:
        return False
    if has_seat(person, registration.activity.programme, [SeatRole.COORDINATOR]):
        return True
    return registration.organisation_id in organisation_ids_under_mandate(
        person, MandateScope.REGISTER_COLLEAGUES
    )
