"""Reads: evaluations of an activity with their counts, and whoever is to be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from samverk.activities.choices import Mark, RegistrationState
from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.evaluation.choices import EvaluationState, Moment
from samverk.evaluation.models import Evaluation, Invitation

HERE = (Mark.HERE, Mark.PART)
BEFORE_DAYS = 7
# A sheet that nobody closes does not hold the evaluation back for ever.
PATIENCE = timedelta(days=1)


def evaluations_of(activity: Activity) -> QuerySet[Evaluation]:
    """With ``asked`` and ``answered`` counted; one query."""
    found = Evaluation.objects.filter(activity=activity).select_related("question_set", "session")
    return found.annotate(
        asked=Count("invitations"), answered=Count("invitations", filter=Q(invitations__is_used=True))
    )


def sessions_of(evaluation: Evaluation) -> QuerySet[Session]:
    """What is evaluated: one session, or all of the activity that took or take place."""
    if evaluation.session_id:
        return Session.objects.filter(pk=evaluation.session_id)
    return evaluation.activity.sessions.exclude(state=Session.State.CANCELLED)


def is_due(evaluation: Evaluation, now: datetime) -> bool:
    """Before: from a week ahead until the start. After: when it is over and the sheets are closed, or a day later."""
    sessions = list(sessions_of(evaluation))
    if not sessions or evaluation.state != EvaluationState.OPEN:
        return False
    if evaluation.moment == Moment.BEFORE:
        start = min(one.starts_at for one in sessions)
        return start - timedelta(days=BEFORE_DAYS) <= now < start
    end = max(one.ends_at for one in sessions)
    return end <= now and (all(one.is_closed for one in sessions) or end + PATIENCE <= now)


def is_over(evaluation: Evaluation, now: datetime) -> bool:
    """Its last day is past; what is asked before ends when the first session begins."""
    if evaluation.closes_on < timezone.localdate(now):
        return True
    if evaluation.moment != Moment.BEFORE:
        return False
    return sessions_of(evaluation).filter(starts_at__lte=now).exists()


def people_to_ask(evaluation: Evaluation) -> QuerySet[Registration]:
    """Who is not asked yet: before, everybody with a place; after, those who came, or where no sheet was kept all."""
    asked = Invitation.objects.filter(evaluation=evaluation, registration=OuterRef("pk"))
    reachable = ~Q(email="") | (Q(person__email__isnull=False) & ~Q(person__email=""))
    found = Registration.objects.filter(~Exists(asked), reachable, activity=evaluation.activity)
    came = Attendance.objects.filter(
        session__in=sessions_of(evaluation), mark__in=HERE, registration=OuterRef("pk")
    )
    kept = Attendance.objects.filter(session__in=sessions_of(evaluation)).exclude(mark=Mark.NOT_MARKED)
    if evaluation.moment == Moment.AFTER and kept.exists():
        found = found.filter(Exists(came))
    else:
        found = found.filter(state=RegistrationState.CONFIRMED)
    return found.select_related("person").order_by("pk")


def address_of(registration: Registration) -> str:
    return registration.email or (registration.person.mail_address if registration.person else "")


def invitations_open(registration: Registration) -> QuerySet[Invitation]:
    """What a registration is asked now and has not answered."""
    still = Q(evaluation__state=EvaluationState.OPEN, evaluation__closes_on__gte=timezone.localdate())
    found = Invitation.objects.filter(still, registration=registration, is_used=False)
    return found.select_related("evaluation__activity")
