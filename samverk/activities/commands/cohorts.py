"""Groups of an activity: making them, who is in which, and which of them come to a session.

Whatever moves, sheets ahead follow and what is marked stays. Everything runs under the lock of the activity.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import sheet_rules
from samverk.activities.choices import LIVE, TAKES_PLACE
from samverk.activities.commands.attendance import expect_in_own_group, expect_other_groups
from samverk.activities.commands.sessions import keep_span, own_cohorts
from samverk.activities.commands.sheets import is_open_to_change, tell_guards
from samverk.activities.commands.waiting_list import (
    count_places,
    fill_free_places,
    lock_activity,
    locked_registration,
)
from samverk.activities.models import Activity, Cohort, Registration, Session
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log


def add_cohort(
    activity: Activity, *, name: str, by: Actor, capacity: int | None = None, place: str = ""
) -> Cohort:
    """A group more, empty at first: sessions for everybody are its own, too."""
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        name = _free_name(activity, name)
        cohort = Cohort.objects.create(activity=activity, name=name, capacity=capacity, place=place.strip())
        keep_span(activity)
        log("add_cohort", cohort, by=by, scope=activity.programme.scope, changed=["name", "capacity"])
        return cohort


def edit_cohort(cohort: Cohort, *, name: str, capacity: int | None, place: str, by: Actor) -> Cohort:
    """Another name, place or number of places; nobody loses a place by it, and more places move the waiting list."""
    with transaction.atomic():
        activity = lock_activity(cohort.activity_id)
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        if capacity is not None and capacity < cohort.taken:
            raise Refusal(
                _("%(number)s places are taken. Write at least that number.") % {"number": cohort.taken},
                code="too_few_places", field="capacity",
            )  # fmt: skip
        name = _free_name(activity, name, but=cohort)
        after = {"name": name, "capacity": capacity, "place": place.strip()}
        changed = [field for field, value in after.items() if getattr(cohort, field) != value]
        for field in changed:
            setattr(cohort, field, after[field])
        if changed:
            cohort.save(update_fields=changed)
            log("edit_cohort", cohort, by=by, scope=activity.programme.scope, changed=changed)
            _anew(activity, by)
        return cohort


def remove_cohort(cohort: Cohort, *, by: Actor) -> None:
    """Take away a group nobody is in and no session is for."""
    with transaction.atomic():
        activity = lock_activity(cohort.activity_id)
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        if cohort.registrations.exists() or cohort.sessions.exists():
            raise Refusal(
                _("People or sessions belong to this group. Put them into another group first."), code="used"
            )
        log("remove_cohort", cohort, by=by, scope=activity.programme.scope)
        cohort.delete()
        _anew(activity, by)


def put_into_cohort(registration: Registration, cohort: Cohort | None, *, by: Actor) -> Registration:
    """Somebody joins a group, changes it, or leaves it. Who has a place needs one there; who waits keeps her turn."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        if cohort is not None:
            own_cohorts(activity, [cohort])
        if registration.state not in LIVE:
            raise Refusal(_("This place is given up already."), code="not_live")
        if registration.cohort_id == (cohort.pk if cohort else None):
            return registration
        if registration.state in TAKES_PLACE and cohort is not None and _is_full(activity, cohort):
            raise Refusal(
                _("%(group)s is full. Give it more places, or choose another group.") % {"group": cohort},
                code="full", field="cohort",
            )  # fmt: skip
        registration.cohort = cohort
        registration.save(update_fields=["cohort"])
        expect_in_own_group(registration, by=by)
        _tell_closed_sheets(registration)
        log("put_into_cohort", registration, by=by, scope=activity.programme.scope, changed=["cohort"])
        fill_free_places(activity, timezone.now(), by=by)
        return registration


def call_cohorts(session: Session, cohorts: Iterable[Cohort], *, by: Actor) -> Session:
    """Say which groups come to a session; none is everybody. Its sheet follows, but for what is marked."""
    with transaction.atomic():
        activity = lock_activity(session.activity_id)
        session = Session.objects.select_for_update().get(pk=session.pk)
        session.activity = activity
        wanted = own_cohorts(activity, cohorts)
        if {one.pk for one in wanted} == set(session.cohorts.values_list("pk", flat=True)):
            return session
        if refusal := sheet_rules.may_still_change(session):
            raise refusal
        session.cohorts.set(wanted)
        expect_other_groups(session, by=by)
        keep_span(activity)
        log("call_cohorts", session, by=by, scope=activity.programme.scope, changed=["cohorts"])
        return session


def _is_full(activity: Activity, cohort: Cohort) -> bool:
    """Of its own places: in the activity she has hers already."""
    own = activity.cohort_of[cohort.pk]
    return own.capacity is not None and own.taken >= own.capacity


def _free_name(activity: Activity, name: str, *, but: Cohort | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Write a name for the group."), code="no_name", field="name")
    others = activity.cohorts.exclude(pk=but.pk) if but else activity.cohorts.all()
    if others.filter(name=name).exists():
        raise Refusal(
            _("There is a group with this name. Choose another name."), code="name_taken", field="name"
        )
    return name


def _anew(activity: Activity, by: Actor) -> None:
    activity.__dict__.pop("cohort_of", None)
    count_places(activity)
    fill_free_places(activity, timezone.now(), by=by)


def _tell_closed_sheets(registration: Registration) -> None:
    """What is planned for her is another now: hours that were judged by it are judged again."""
    mine = Session.objects.filter(attendances__registration=registration, closed_at__isnull=False)
    for session in mine.select_related("activity__programme"):
        if is_open_to_change(session):
            tell_guards(session)
