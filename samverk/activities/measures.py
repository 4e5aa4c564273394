"""What activities can prove: who came, how often, how long, and what was held."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import Mark, Representation
from samverk.activities.models import Attendance, Session
from samverk.kit.measuring import BY_COMPONENT, BY_KIND, BY_SECTOR, MINUTES, Measure, MinutesBetween, Question

CONFIRMED = Q(representation=Representation.CONFIRMED, organisation__isnull=False)
KNOWN = Q(person__isnull=False)
# As in presences.py: never before or after the session, less what she was away, and never more than it plans, since breaks do not count.
_STAY = MinutesBetween(Greatest("came_at", "session__starts_at"), Least("left_at", "session__ends_at"))
ATTENDED_MINUTES = Case(
    When(mark=Mark.HERE, then=F("session__planned_minutes")),
    When(
        mark=Mark.PART,
        then=Greatest(Least(_STAY - F("away_minutes"), F("session__planned_minutes")), Value(0)),
    ),
    default=Value(0),
    output_field=IntegerField(),
)
# Whoever stands for nobody, or only says so, belongs to no sector.
SECTOR = Case(When(CONFIRMED, then=F("organisation__sector")), default=Value(""))

_ATTENDANCE_PARTS = {
    BY_KIND: "session__activity__kind",
    BY_SECTOR: SECTOR,
    BY_COMPONENT: "session__activity__component__code",
}
_SESSION_PARTS = {BY_KIND: "activity__kind", BY_COMPONENT: "activity__component__code"}


def sessions_held(question: Question) -> QuerySet[Session]:
    """Sessions of the programme in the period whose attendance is done."""
    return Session.objects.filter(
        activity__programme=question.programme,
        state=Session.State.DONE,
        starts_at__gte=question.first_moment,
        starts_at__lt=question.end_moment,
    )


def attended(question: Question) -> QuerySet[Attendance]:
    """Everybody marked here, whole or part, at those sessions; who led them is not a participant."""
    return Attendance.objects.filter(
        session__activity__programme=question.programme,
        session__state=Session.State.DONE,
        session__starts_at__gte=question.first_moment,
        session__starts_at__lt=question.end_moment,
        mark__in=(Mark.HERE, Mark.PART),
        is_leader=False,
    )


MEASURES = (
    Measure(
        code="unique_people",
        name=_("People, counted once"),
        counted=_("Each person once who was marked here at a session that is done. Leaders are left out."),
        rows=attended,
        only=KNOWN,
        counts="person",
        shape="person",
        parts=_ATTENDANCE_PARTS,  # type: ignore[arg-type]
    ),
    Measure(
        code="unique_organisations",
        name=_("Organisations, counted once"),
        counted=_(
            "Each organisation once that somebody present stood for, confirmed. A claim counts for none."
        ),
        rows=attended,
        only=CONFIRMED,
        counts="organisation",
        shape="organisation",
        parts=_ATTENDANCE_PARTS,  # type: ignore[arg-type]
    ),
    Measure(
        code="visits",
        name=_("Visits"),
        counted=_("Each named person at each session that is done. Leaders and head counts are left out."),
        rows=attended,
        shape="visit",
        parts=_ATTENDANCE_PARTS,  # type: ignore[arg-type]
    ),
    Measure(
        code="hours",
        name=_("Hours of participants"),
        counted=_("The minutes of all visits by the clock, at most what the session plans."),
        rows=attended,
        adds=ATTENDED_MINUTES,
        unit=MINUTES,
        shape="visit",
        parts=_ATTENDANCE_PARTS,  # type: ignore[arg-type]
    ),
    Measure(
        code="activities_held",
        name=_("Activities held"),
        counted=_("Each activity once that had a session in the period whose attendance is done."),
        rows=sessions_held,
        counts="activity",
        shape="activity",
        parts=_SESSION_PARTS,
    ),
    Measure(
        code="sessions_held",
        name=_("Sessions held"),
        counted=_("Each session in the period whose attendance is done."),
        rows=sessions_held,
        shape="session",
        parts=_SESSION_PARTS,
    ),
    Measure(
        code="sessions_hours",
        name=_("Hours of sessions held"),
        counted=_(
            "The planned hours of each session in the period whose attendance is done, however many came."
        ),
        rows=sessions_held,
        adds="planned_minutes",
        unit=MINUTES,
        shape="session",
        parts=_SESSION_PARTS,
    ),
    Measure(
        code="head_counts",
        name=_("Heads counted, not named"),
        counted=_("People nobody named, as counted at the door. They are never added to persons or visits."),
        rows=sessions_held,
        only=Q(head_count__gt=0),
        adds="head_count",
        shape="session",
        parts=_SESSION_PARTS,
    ),
)
