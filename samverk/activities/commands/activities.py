"""Activities: making, changing, publishing, cancelling, copying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.choices import LIVE, ActivityState, RegistrationState
from samverk.activities.commands.attendance import expect
from samverk.activities.commands.quotas import set_quota
from samverk.activities.commands.session_places import Cards, words_of_card
from samverk.activities.commands.sessions import bring_back, keep_span, put_off, schedule_session
from samverk.activities.commands.waiting_list import fill_free_places, lock_activity
from samverk.activities.models import Activity, Cohort, Leader, Session
from samverk.activities.notices import ACTIVITY_CANCELLED, SESSION_MOVED, take_back_notices, tell_everybody
from samverk.kit.acting import Actor, Refusal
from samverk.kit.fold import fold
from samverk.kit.wall_clock import shifted
from samverk.people.models import Person
from samverk.programmes.models import Programme
from samverk.trail.commands import log

UNDO_PUBLISHING, UNDO_CANCELLING = "activity.publish", "activity.cancel"
EDITABLE = (
    "title", "kind", "component", "beneficiary", "audience", "language", "summary", "description", "for_whom",
    "take_home", "completion_share", "themes", "venue", "address", "place", "access", "adjustments",
    "venue_card", "format", "online_link", "link_hours", "price", "contact_name",
    "contact_phone", "contact_email", "capacity", "has_waiting_list", "takes_registrations", "opens_at", "closes_at",
    "only_invited", "only_enrolled", "needs_approval", "per_organisation", "regions", "target_sectors", "target_roles",
    "moves_by_hand", "offer_hours", "asks_cohort", "asks_wishes",
)  # fmt: skip
# What may let somebody who waits move up at once.
MOVES_LIST = {"capacity", "moves_by_hand"}
FOLDED = ("title", "summary", "venue", "place", "for_whom")


def create_activity(
    programme: Programme, *, title: str, language: str, kind: str, by: Actor, **fields: Any
) -> Activity:
    """A draft: nobody but the team and its leaders sees it."""
    _only_known(fields)
    if fields.get("venue_card"):
        filled = words_of_card(fields["venue_card"], language)
        fields |= {name: words for name, words in filled.items() if not fields.get(name)}
    activity = Activity(
        programme=programme, title=" ".join(title.split()), language=language, kind=kind, **fields
    )
    _refuse_half(activity)
    activity.created_by = by.person
    activity.folded = _folded(activity)
    with transaction.atomic():
        activity.save()
        log("create", activity, by=by, scope=programme.scope, changed=["title", "kind", "language", *fields])
    return activity


def edit_activity(activity: Activity, *, by: Actor, **fields: Any) -> Activity:
    """Change fields; only those that differ are written and logged. More places move the waiting list at once."""
    _only_known(fields)
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        changed = [name for name, value in fields.items() if getattr(activity, name) != value]
        if "venue_card" in changed and fields["venue_card"]:
            # What was typed at the same time stands; the rest is filled from the card.
            filled = words_of_card(fields["venue_card"], activity.language)
            fields |= {name: words for name, words in filled.items() if name not in changed}
            changed = [name for name, value in fields.items() if getattr(activity, name) != value]
        if not changed:
            return activity
        if "capacity" in changed and (refusal := rules.capacity_refusal(activity, fields["capacity"])):
            raise refusal
        for name in changed:
            setattr(activity, name, fields[name])
        _refuse_half(activity)
        activity.folded = _folded(activity)
        activity.save(update_fields=[*changed, "folded"])
        log("edit", activity, by=by, scope=activity.programme.scope, changed=changed)
        if MOVES_LIST.intersection(changed):
            fill_free_places(activity, timezone.now(), by=by)
        return activity


def publish_activity(activity: Activity, *, by: Actor) -> Activity:
    """Show it to its audience and take registrations. It needs a session first."""
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        if activity.state == ActivityState.PUBLISHED:
            return activity
        if activity.state == ActivityState.CANCELLED:
            raise Refusal(_("The activity is cancelled. Make a copy of it instead."), code="cancelled")
        if not activity.sessions.filter(state__in=[Session.State.PLANNED, Session.State.DONE]).exists():
            raise Refusal(_("Add a session first, so that people know when to come."), code="no_session")
        activity.state, activity.published_at = ActivityState.PUBLISHED, timezone.now()
        activity.save(update_fields=["state", "published_at"])
        log(
            "publish", activity, by=by, scope=activity.programme.scope, changed=["state"],
            undo_with=UNDO_PUBLISHING,
        )  # fmt: skip
        return activity


def cancel_activity(activity: Activity, *, reason: str, by: Actor) -> Activity:
    """It will not happen: all sessions that are not done are cancelled, everybody registered or waiting is told."""
    reason = reason.strip()
    if not reason:
        raise Refusal(
            _("Write why, in one sentence. Everybody who is registered reads it."),
            code="no_reason",
            field="reason",
        )
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        if activity.state == ActivityState.CANCELLED:
            return activity
        planned = list(activity.sessions.select_for_update().filter(state=Session.State.PLANNED))
        facts = {"state": str(activity.state), "sessions": [session.pk for session in planned]}
        told = activity.state == ActivityState.PUBLISHED
        for session in planned:
            session.activity = activity
            put_off(session, by=by, reason=reason)
        activity.state, activity.cancelled_at = ActivityState.CANCELLED, timezone.now()
        activity.cancelled_because = reason[:300]
        activity.save(update_fields=["state", "cancelled_at", "cancelled_because"])
        log(
            "cancel", activity, by=by, scope=activity.programme.scope, changed=["state"], reason=reason,
            undo_with=UNDO_CANCELLING, undo_facts=facts,
        )  # fmt: skip
        if told:
            tell_everybody(ACTIVITY_CANCELLED, activity, activity.pk)
        return activity


def copy_activity(activity: Activity, *, first_day: date, by: Actor, title: str = "") -> Activity:
    """A draft like an earlier one: same texts, leaders and places, its sessions at the same hours from another first day.

    Sessions that were cancelled stay behind, and so does everybody who is registered.
    """
    fields = {
        name: getattr(activity, name) for name in EDITABLE if name not in ("title", "opens_at", "closes_at")
    }
    language, kind = fields.pop("language"), fields.pop("kind")
    with transaction.atomic():
        copy = create_activity(
            activity.programme, title=title or activity.title, language=language, kind=kind, by=by, **fields
        )
        groups = {
            one.pk: Cohort.objects.create(
                activity=copy, name=one.name, place=one.place, capacity=one.capacity
            )
            for one in activity.cohorts.all()
        }
        for session, starts_at, ends_at in copied_times(activity, first_day):
            schedule_session(
                copy, starts_at=starts_at, ends_at=ends_at, planned_minutes=session.planned_minutes,
                title=session.title, venue=session.venue, online_link=session.online_link,
                time_zone=session.time_zone, cards=Cards(session.venue_card, session.room), by=by,
                cohorts=[groups[one.pk] for one in session.cohorts.all()],
            )  # fmt: skip
        for quota in activity.quotas.all():
            set_quota(copy, quota.comes_as, places=quota.places, is_chosen=quota.is_chosen, by=by)
        for leader in activity.leaders.all():
            Leader.objects.create(
                activity=copy, person_id=leader.person_id, title=leader.title, is_public=leader.is_public
            )
        copy.refresh_from_db()
        return copy


def copied_times(activity: Activity, first_day: date) -> list[tuple[Session, datetime, datetime]]:
    """Each session that was not cancelled, and when a copy from another first day would hold it. Raises Refusal."""
    living = activity.sessions.exclude(state=Session.State.CANCELLED)
    sessions = list(
        living.select_related("venue_card", "room").prefetch_related("cohorts").order_by("starts_at", "pk")
    )
    if not sessions:
        return []
    days = (first_day - sessions[0].starts_local.date()).days
    return [
        (one, shifted(one.starts_at, days, one.zone), shifted(one.ends_at, days, one.zone))
        for one in sessions
    ]


def name_leaders(activity: Activity, people: Iterable[Person], *, by: Actor) -> None:
    """Say who leads it: they take its attendance too. Who is no longer named leads no longer."""
    wanted = {person.pk for person in people}
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        now = set(activity.leaders.values_list("person", flat=True))
        if wanted == now:
            return
        activity.leaders.exclude(person__in=wanted).delete()
        Leader.objects.bulk_create(Leader(activity=activity, person_id=pk) for pk in sorted(wanted - now))
        log("name_leaders", activity, by=by, scope=activity.programme.scope, changed=["leaders"])
        for registration in activity.registrations.filter(
            person__in=wanted ^ now, state=RegistrationState.CONFIRMED
        ):
            expect(registration, by=by)


def undo_publishing(activity_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """A draft again, as long as nobody has registered."""
    activity = lock_activity(activity_id)
    if activity.state != ActivityState.PUBLISHED:
        raise Refusal(_("The activity is not published now."), code="not_published")
    if activity.registrations.filter(state__in=LIVE).exists():
        raise Refusal(
            _("Somebody has registered. Cancel the activity instead; then they are told."), code="registered"
        )
    activity.state, activity.published_at = ActivityState.DRAFT, None
    activity.save(update_fields=["state", "published_at"])
    log("undo_publish", activity, by=by, scope=activity.programme.scope, changed=["state"])


def undo_cancelling(activity_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """It happens after all, with the sessions that were cancelled with it. Who was told already is told again."""
    activity = lock_activity(activity_id)
    if activity.state != ActivityState.CANCELLED:
        raise Refusal(_("The activity is not cancelled now."), code="not_cancelled")
    activity.state, activity.cancelled_at, activity.cancelled_because = facts["state"], None, ""
    activity.save(update_fields=["state", "cancelled_at", "cancelled_because"])
    sessions = list(activity.sessions.select_for_update().filter(pk__in=facts["sessions"]))
    for session in sessions:
        session.activity = activity
        bring_back(session, by=by)
    keep_span(activity)
    log("undo_cancel", activity, by=by, scope=activity.programme.scope, changed=["state"])
    if take_back_notices(ACTIVITY_CANCELLED, activity.pk):
        for session in sessions:
            tell_everybody(SESSION_MOVED, activity, session.pk, facts={"is_back": True})
    fill_free_places(activity, timezone.now(), by=by)


def _only_known(fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not fields of an activity that may be written: {sorted(unknown)}")


def _refuse_half(activity: Activity) -> None:
    if not activity.title:
        raise Refusal(_("Write a title."), code="no_title", field="title")
    if activity.component and activity.component.programme_id != activity.programme_id:
        raise Refusal(
            _("This component belongs to another programme. Choose one of this programme."),
            code="component",
            field="component",
        )
    if activity.opens_at and activity.closes_at and activity.closes_at <= activity.opens_at:
        raise Refusal(
            _("Registration closes before it opens. Change one of them."),
            code="closes_first",
            field="closes_at",
        )


def _folded(activity: Activity) -> str:
    """What search reads."""
    return fold(" ".join([*(getattr(activity, name) for name in FOLDED), *map(str, activity.themes)]))
