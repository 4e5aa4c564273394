"""What the ledger learns of activities: one presence for each named person who was here in a closed session.

The interface is `reckoning.Presence`: who, on whose behalf, what kind, when, how many minutes, with what proof. Other
apps that make hours answer the same interface; the ledger knows nothing else about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from samverk.activities.choices import EvidenceKind, Mark, Representation
from samverk.activities.models import Activity, Attendance, Leader, Session
from samverk.directory.choices import AffiliationRole
from samverk.directory.models import Affiliation
from samverk.programmes.choices import PartnerKind
from samverk.programmes.models import PartnerRole, TeamSeat
from samverk.reckoning import Presence
from samverk.reckoning.reading import LONGEST_STAY

# Who stands for nobody but herself has no employment that money could ask for.
TAKES_PART = "participant"
NOBODY = "-"
DEFAULT, EXPERT = "default", "expert"
_STRENGTH = {kind: strength for strength, kind in enumerate(EvidenceKind.values)}


@dataclass(frozen=True, slots=True)
class PostedPresence:
    """A presence with the ids of the rows it came from."""

    presence: Presence
    attendance_id: int
    person_id: int
    organisation_id: int | None
    programme_id: int
    component_id: int | None
    starts_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What is the same for everybody in a session."""

    session: Session
    activity: Activity
    day: date
    # By group; of nobody's group under None.
    planned_minutes: dict[int | None, int]
    group_size: int
    leaders: frozenset[int]
    team: frozenset[int]
    owners: frozenset[int]
    shares: dict[tuple[int, int, str], Decimal]


def planned_minutes_of(activity_id: int, cohort_id: int | None = None) -> int:
    """Minutes of the whole activity as planned: its sessions that are not cancelled; of a group, those it comes to."""
    sessions = Session.objects.filter(activity=activity_id).exclude(state=Session.State.CANCELLED)
    planned = sessions.of_cohort(cohort_id) if cohort_id else sessions
    return planned.aggregate(total=Sum("planned_minutes"))["total"] or 0


def presences_of(session: Session) -> list[PostedPresence]:
    """Everybody who was here, in a closed session; nobody while it is open or when it was cancelled.

    Head counts and walk-ins nobody has named are part of the group, but no presence of anybody.
    """
    if not session.is_closed:
        return []
    here = Attendance.objects.filter(session=session, mark__in=[Mark.HERE, Mark.PART])
    rows = list(here.select_related("person", "organisation", "registration").order_by("id"))
    named = [row for row in rows if row.person_id]
    around = _surroundings(session, len(rows), named)
    found = (_presence(row, around) for row in named)
    return [presence for presence in found if presence]


def _surroundings(session: Session, group_size: int, rows: list[Attendance]) -> _Surroundings:
    activity = session.activity
    day = session.starts_local.date()
    owners = PartnerRole.objects.filter(programme=activity.programme_id, kind=PartnerKind.LEAD)
    seats = TeamSeat.objects.on(day).filter(programme=activity.programme_id)
    people = {row.person_id for row in rows if row.organisation_id}
    cohorts = {cohort_of(row) for row in rows}
    affiliations = Affiliation.objects.on(day).filter(person__in=people, confirmed_at__isnull=False)
    return _Surroundings(
        session=session,
        activity=activity,
        day=day,
        planned_minutes={cohort: planned_minutes_of(activity.pk, cohort) for cohort in cohorts},
        group_size=group_size,
        leaders=frozenset(Leader.objects.filter(activity=activity).values_list("person", flat=True)),
        team=frozenset(seats.values_list("person", flat=True)),
        owners=frozenset(owners.values_list("organisation", flat=True)),
        shares={(a.person_id, a.organisation_id, a.role): a.contract_share for a in affiliations},
    )


def _presence(row: Attendance, around: _Surroundings) -> PostedPresence | None:
    starts_at, minutes = stay_of(row, around.session)
    if minutes < 1 or row.person is None:
        return None
    stands_for = row.organisation if row.representation == Representation.CONFIRMED else None
    employment = _employment(row, around) if stands_for else TAKES_PART
    leads = row.is_leader or row.person_id in around.leaders
    share = around.shares.get((row.person.pk, stands_for.pk, employment)) if stands_for else None
    presence = Presence(
        id=str(row.pk),
        person=row.person.code,
        organisation=stands_for.code if stands_for else NOBODY,
        programme=around.activity.programme.code,
        activity=around.activity.code,
        session=around.session.code,
        starts=starts_at.astimezone(around.session.zone).replace(tzinfo=None),
        minutes=minutes,
        planned_minutes=around.planned_minutes[cohort_of(row)],
        group_size=around.group_size,
        employment=employment,
        # Work that is given, not paid, is worth more where it is an expert's.
        category=EXPERT if leads and employment == AffiliationRole.VOLUNTEER else DEFAULT,
        flags=_flags(row, around, stands_for, leads and employment != AffiliationRole.VOLUNTEER),
        evidence=max(row.evidence, around.session.evidence, key=_STRENGTH.__getitem__),
        attested_by=(),
        contract_share=share or Decimal(1),
    )
    return PostedPresence(
        presence=presence,
        attendance_id=row.pk,
        person_id=row.person.pk,
        organisation_id=stands_for.pk if stands_for else None,
        programme_id=around.activity.programme_id,
        component_id=around.activity.component_id,
        starts_at=starts_at,
        time_zone=around.session.time_zone,
    )


def cohort_of(row: Attendance) -> int | None:
    """The id of the group somebody on a sheet belongs to."""
    return row.registration.cohort_id if row.registration else None


def stay_of(row: Attendance, session: Session) -> tuple[datetime, int]:
    """When the stay began and its whole minutes: never before or after the session, never more than planned.

    Of somebody who left and came back only what she was there for: less the minutes away.
    """
    if row.mark == Mark.HERE or row.came_at is None or row.left_at is None:
        return session.starts_at, min(session.planned_minutes, LONGEST_STAY)
    came, left = max(row.came_at, session.starts_at), min(row.left_at, session.ends_at)
    minutes = max((left - came) // timedelta(minutes=1) - row.away_minutes, 0)
    return came, min(minutes, session.planned_minutes, LONGEST_STAY)


def _employment(row: Attendance, around: _Surroundings) -> str:
    """Her role as said on the row, or the one known and confirmed for that day."""
    if row.role:
        return row.role
    known = [role for person, organisation, role in around.shares if (person, organisation) == _pair(row)]
    return min(known, key=list(AffiliationRole.values).index, default=TAKES_PART)


def _pair(row: Attendance) -> tuple[Any, Any]:
    return row.person_id, row.organisation_id


def _flags(row: Attendance, around: _Surroundings, stands_for: Any, is_paid: bool) -> tuple[str, ...]:
    owner = (stands_for is not None and stands_for.pk in around.owners) or row.person_id in around.team
    flags = {"programme_owner_staff": owner, "paid_by_programme": is_paid}
    return tuple(flag for flag, hit in flags.items() if hit)
