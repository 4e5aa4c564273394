"""Sessions: scheduling, moving, cancelling. Who has a place is told, and the calendars follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from samverk.activities import sheet_rules as rules
from samverk.activities.choices import ActivityState, Mark
from samverk.activities.commands.attendance import expect_everybody
from samverk.activities.commands.session_places import Cards, moved_to, where_of
from samverk.activities.models import Activity, Attendance, Cohort, Session
from samverk.activities.notices import SESSION_CANCELLED, SESSION_MOVED, take_back_notices, tell_everybody
from samverk.activities.patterns import Planned
from samverk.kit.acting import Actor, Refusal
from samverk.kit.registers import attendance_guards
from samverk.trail.commands import log

UNDO_MOVING, UNDO_CANCELLING = "session.move", "session.cancel"


def schedule_session(
    activity: Activity,
    *,
    starts_at: datetime,
    ends_at: datetime,
    planned_minutes: int,
    by: Actor,
    title: str = "",
    venue: str = "",
    online_link: str = "",
    time_zone: str = "",
    cards: Cards | None = None,
    cohorts: Iterable[Cohort] = (),
) -> Session:
    """Add a session; everybody who has a place stands on its sheet, or of the groups that come, where some are named. ``time_zone`` is the programme's unless given.

    ``cards`` give its own house and room; they fill the words of ``venue`` where none are typed.
    """
    if refusal := rules.times_refusal(starts_at, ends_at, planned_minutes):
        raise refusal
    with transaction.atomic():
        activity = _locked_activity(activity.pk)
        if activity.state == ActivityState.CANCELLED:
            raise Refusal(_("The activity is cancelled. Make a copy of it instead."), code="cancelled")
        where = where_of(activity, cards, typed=venue)
        session = Session.objects.create(
            activity=activity, starts_at=starts_at, ends_at=ends_at, planned_minutes=planned_minutes, title=title,
            online_link=online_link, time_zone=time_zone or activity.programme.time_zone, **where,
        )  # fmt: skip
        if cohorts:
            session.cohorts.set(own_cohorts(activity, cohorts))
        expect_everybody(session, by=by)
        keep_span(activity)
        log("schedule", session, by=by, scope=activity.programme.scope, changed=["starts_at", "ends_at"])
        return session


def schedule_series(
    activity: Activity,
    planned: Iterable[Planned],
    *,
    by: Actor,
    title: str = "",
    cards: Cards | None = None,
    cohorts: Iterable[Cohort] = (),
) -> list[Session]:
    """Add all of these sessions, or none: one transaction, one line of the log for each."""
    with transaction.atomic():
        return [
            schedule_session(
                activity, starts_at=one.starts_at, ends_at=one.ends_at, planned_minutes=one.planned_minutes,
                title=title, cards=cards, cohorts=cohorts, by=by,
            )
            for one in planned
        ]  # fmt: skip


def move_session(
    session: Session,
    *,
    starts_at: datetime,
    ends_at: datetime,
    planned_minutes: int,
    by: Actor,
    title: str | None = None,
    venue: str | None = None,
    online_link: str | None = None,
    cards: Cards | None = None,
) -> Session:
    """Change when or where. Whoever has a place gets a mail and a calendar update; undo puts it back."""
    if refusal := rules.times_refusal(starts_at, ends_at, planned_minutes):
        raise refusal
    with transaction.atomic():
        session = _locked(session.pk)
        _refuse_late_change(session)
        after = {"starts_at": starts_at, "ends_at": ends_at, "planned_minutes": planned_minutes}
        words = {"title": title, "venue": venue, "online_link": online_link}
        after |= {name: value for name, value in words.items() if value is not None}
        if cards is not None:
            after |= moved_to(session, cards, typed=venue)
        _refuse_lost_parts(session, starts_at, ends_at)
        return _write(session, after, by=by, verb="move", undo_with=UNDO_MOVING)


def cancel_session(session: Session, *, reason: str, by: Actor) -> Session:
    """It will not happen: who has a place is told why, the calendars take it out."""
    if not reason.strip():
        raise Refusal(
            _("Write why, in one sentence. Everybody who has a place reads it."),
            code="no_reason",
            field="reason",
        )
    with transaction.atomic():
        session = _locked(session.pk)
        _refuse_late_change(session)
        put_off(session, by=by, reason=reason.strip())
        tell_everybody(SESSION_CANCELLED, session.activity, session.pk, facts={"reason": reason.strip()})
        return session


def put_off(session: Session, *, by: Actor, reason: str) -> None:
    """Cancel one session under its lock, without a mail: the caller tells."""
    session.state, session.sequence = Session.State.CANCELLED, session.sequence + 1
    session.save(update_fields=["state", "sequence"])
    keep_span(session.activity)
    log(
        "cancel", session, by=by, scope=session.activity.programme.scope, changed=["state"], reason=reason,
        undo_with=UNDO_CANCELLING,
    )  # fmt: skip


def remove_unused_session(session: Session, *, by: Actor) -> None:
    """Take away a session that was planned a moment ago: nobody was told of it and nobody is marked."""
    session = _locked(session.pk)
    _refuse_late_change(session)
    rows = Attendance.objects.filter(session=session)
    if rows.exclude(mark=Mark.NOT_MARKED).exists():
        raise Refusal(_("Somebody is marked on its sheet. Cancel the session instead."), code="marked")
    rows.delete()
    log("remove", session, by=by, scope=session.activity.programme.scope)
    activity = session.activity
    session.delete()
    keep_span(activity)


def own_cohorts(activity: Activity, cohorts: Iterable[Cohort]) -> list[Cohort]:
    """These groups, each of this activity; raises Refusal for another's."""
    found = list(cohorts)
    if any(one.activity_id != activity.pk for one in found):
        raise Refusal(_("This group belongs to another activity."), code="other_activity", field="cohorts")
    return found


def keep_span(activity: Activity) -> None:
    """Write the first and last moment of an activity's sessions; the calendar sorts by it."""
    living = activity.sessions.exclude(state=Session.State.CANCELLED)
    sessions = living if living.exists() else activity.sessions.all()
    span = sessions.aggregate(starts=Min("starts_at"), ends=Max("ends_at"))
    if (activity.starts_at, activity.ends_at) != (span["starts"], span["ends"]):
        activity.starts_at, activity.ends_at = span["starts"], span["ends"]
        activity.save(update_fields=["starts_at", "ends_at"])
    for cohort in activity.cohorts.all():
        own = activity.sessions.of_cohort(cohort.pk).exclude(state=Session.State.CANCELLED)
        span = own.aggregate(starts=Min("starts_at"), ends=Max("ends_at"))
        if (cohort.starts_at, cohort.ends_at) != (span["starts"], span["ends"]):
            cohort.starts_at, cohort.ends_at = span["starts"], span["ends"]
            cohort.save(update_fields=["starts_at", "ends_at"])


def undo_moving(session_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Put a session back where it was; who was told already is told again."""
    session = _locked(session_id)
    _refuse_late_change(session)
    if session.sequence != facts["sequence"]:
        raise Refusal(_("The session was changed since. Look at it as it is now."), code="changed_since")
    before = dict(facts["before"])
    for name in ("starts_at", "ends_at"):
        if name in before:
            before[name] = parse_datetime(before[name])
    _refuse_lost_parts(
        session, before.get("starts_at", session.starts_at), before.get("ends_at", session.ends_at)
    )
    _write(session, before, by=by, verb="move_back", undo_with="")


def undo_cancelling(session_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """The session happens after all."""
    session = _locked(session_id)
    if session.activity.state == ActivityState.CANCELLED:
        raise Refusal(_("The whole activity is cancelled. Take that back first."), code="activity_cancelled")
    bring_back(session, by=by)
    tell_again_where_told(SESSION_CANCELLED, session)


def bring_back(session: Session, *, by: Actor) -> None:
    """A cancelled session is planned again. The caller holds the lock and tells."""
    if session.state != Session.State.CANCELLED:
        return
    session.state, session.sequence = Session.State.PLANNED, session.sequence + 1
    session.save(update_fields=["state", "sequence"])
    keep_span(session.activity)
    log("bring_back", session, by=by, scope=session.activity.programme.scope, changed=["state"])


def tell_again_where_told(kind: str, session: Session) -> None:
    """Take back notices that have not left; where some have, say how it stands now."""
    if take_back_notices(kind, session.pk):
        tell_everybody(SESSION_MOVED, session.activity, session.pk, facts={"is_back": True})


def _write(session: Session, after: Mapping[str, Any], *, by: Actor, verb: str, undo_with: str) -> Session:
    before = {name: getattr(session, name) for name in after}
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return session
    for name in changed:
        setattr(session, name, after[name])
    session.sequence += 1
    session.save(update_fields=[*changed, "sequence"])
    keep_span(session.activity)
    facts = {"before": {name: _plain(before[name]) for name in changed}, "sequence": session.sequence}
    scope = session.activity.programme.scope
    log(verb, session, by=by, scope=scope, changed=changed, undo_with=undo_with, undo_facts=facts)
    _tell_of_move(session, changed, before, is_undo=not undo_with)
    return session


def _tell_of_move(session: Session, changed: list[str], before: Mapping[str, Any], *, is_undo: bool) -> None:
    if not {"starts_at", "ends_at", "venue", "online_link"} & set(changed):
        return
    were_told = take_back_notices(SESSION_MOVED, session.pk)
    if is_undo and not were_told:
        return
    facts = {"was_starts_at": before["starts_at"].isoformat()} if "starts_at" in changed else {}
    tell_everybody(SESSION_MOVED, session.activity, session.pk, facts=facts)


def _refuse_late_change(session: Session) -> None:
    if refusal := rules.may_still_change(session):
        raise refusal
    for _name, guard in attendance_guards:
        guard.may_change(session)


def _refuse_lost_parts(session: Session, starts_at: datetime, ends_at: datetime) -> None:
    parts = Attendance.objects.filter(session=session, mark=Mark.PART)
    if parts.exclude(came_at__gte=starts_at, left_at__lte=ends_at).exists():
        raise Refusal(
            _("Somebody is marked for a time outside. Change that row first."),
            code="part_outside",
            field="starts",
        )


def _locked_activity(activity_id: int) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).select_related("programme").get(pk=activity_id)


def _locked(session_id: int) -> Session:
    """The activity first, then the session: everybody locks in this order."""
    activity = _locked_activity(Session.objects.values_list("activity", flat=True).get(pk=session_id))
    session = Session.objects.select_for_update().get(pk=session_id)
    session.activity = activity
    return session


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
