"""Registering, confirming, giving up and coming back. Each locks the activity before it counts places."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities import rules
from samverk.activities.choices import LIVE, ForWhom, Representation
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.attendance import no_longer_expect
from samverk.activities.commands.representation import carry_to_sheets, settle_representation
from samverk.activities.commands.waiting_list import (
    HELD_STATES,
    count_places,
    fill_free_places,
    give_place,
    let_run_out,
    lock_activity,
    locked_registration,
    somebody_waits,
)
from samverk.activities.messages import queue_registration_mail
from samverk.activities.models import Activity, Registration
from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Organisation
from samverk.directory.permissions import may_act_for
from samverk.kit.acting import LINK, SESSION, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.kit.fold import fold
from samverk.people.commands import create_person, person_for_registration, prepare_sign_in
from samverk.people.models import Person, SignIn
from samverk.trail.commands import log

UNDO = "activities.restore_registration"


def register(
    activity: Activity,
    *,
    given_name: str,
    family_name: str = "",
    email: str = "",
    organisation_typed: str = "",
    for_whom: str = ForWhom.MYSELF,
    organisation: Organisation | None = None,
    role: str = "",
    note: str = "",
    language: str,
    form_key: uuid.UUID,
    by: Actor,
    person: Person | None = None,
) -> Registration:
    """Ask for a place, or for one on the waiting list.

    It is sure at once for ``person`` herself, for an address that ``by`` has proved by signing in, and for a
    colleague under mandate. Everybody else confirms by the code or link of the mail; until then a place is
    held for an hour. The same ``form_key``, or the same name and address again, gives the registration that
    is there already and writes a mail anew. Raises Refusal with the codes of ``rules.registration_refusal``.
    """
    wish = Registration(
        given_name=" ".join(given_name.split()),
        family_name=" ".join(family_name.split()),
        email=email.strip().lower(),
        organisation_typed=" ".join(organisation_typed.split()),
        for_whom=for_whom,
        organisation=organisation,
        role=role,
        note=note.strip(),
        language=language,
        form_key=form_key,
        registered_by=by.person,
        person=person,
    )
    with transaction.atomic():
        wish.activity = lock_activity(activity.pk)
        now = timezone.now()
        if sent_before := Registration.objects.filter(form_key=form_key, activity=wish.activity).first():
            return sent_before
        _make_room(wish.activity, now, by=by)
        # Before looking for the same address: the answer must not tell who stands in a full activity.
        if refusal := rules.registration_refusal(wish.activity, now):
            raise refusal
        if known := _same_again(wish):
            return _take_up(known, wish, by=by)
        registration = _place_or_queue(wish, now, is_sure=_attach_person(wish, by=by), by=by)
        fault_point("registration.before_commit")
    activity.places_taken = wish.activity.places_taken
    return registration


def register_for(
    activity: Activity,
    *,
    given_name: str = "",
    family_name: str = "",
    email: str = "",
    organisation: Organisation | None = None,
    organisation_typed: str = "",
    role: str = "",
    note: str = "",
    language: str,
    by: Actor,
    person: Person | None = None,
    form_key: uuid.UUID | None = None,
    tell: bool = True,
    is_on_programme: bool = False,
) -> Registration:
    """Staff register somebody, known (``person``) or by name. Sure at once; before opening and after closing too.

    A coordinator's word confirms the organisation; another's is a claim. Who ``is_on_programme`` gets a place in
    a draft and in what is over, and stands in no queue; where no place is left it is refused as `full`.
    """
    wish = Registration(
        given_name=" ".join((person.given_name if person else given_name).split()),
        family_name=" ".join((person.family_name if person else family_name).split()),
        email=(person.mail_address if person else email).strip().lower(),
        organisation=organisation,
        organisation_typed=organisation.name if organisation else " ".join(organisation_typed.split()),
        for_whom=ForWhom.OTHER if organisation or organisation_typed else ForWhom.MYSELF,
        role=role,
        note=note.strip(),
        language=language,
        form_key=form_key or uuid.uuid4(),
        registered_by=by.person,
        person=person,
    )
    with transaction.atomic():
        wish.activity = lock_activity(activity.pk)
        now = timezone.now()
        if sent_before := Registration.objects.filter(form_key=wish.form_key, activity=wish.activity).first():
            return sent_before
        _make_room(wish.activity, now, by=by)
        if refusal := rules.registration_refusal(
            wish.activity, now, by_staff=True, on_programme=is_on_programme
        ):
            raise refusal
        if wish.person is None:
            wish.person = _named_by_others(wish, by=by)
        _refuse_second_place(wish)
        registration = _place_or_queue(wish, now, is_sure=True, by=by, tell=tell, goes_first=is_on_programme)
        fault_point("registration.before_commit")
    activity.places_taken = wish.activity.places_taken
    return registration


def confirm_registration(
    registration: Registration, *, by: Actor, person: Person | None = None
) -> Registration:
    """The code or link proved the address: now it is a person's. Twice confirmed is once confirmed.

    Without ``person`` the person is found or made by name and address. Where she stands in the activity
    already, that registration is the answer and this one gives its place back.
    """
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        now = timezone.now()
        if refusal := rules.confirming_refusal(registration, now):
            raise refusal
        if registration.person is None:
            person = person or person_for_registration(
                registration.given_name,
                registration.family_name,
                registration.email,
                registration.language,
                by=by,
            )
            if standing := _live(activity).filter(person=person).exclude(pk=registration.pk).first():
                return _give_way(registration, standing, now, by=by)
            registration.person = person
            if registration.representation == Representation.CLAIMED:
                settle_representation(registration, by=by)
        _confirm_state(registration, now, by=by)
        fault_point("confirmation.before_commit")
        return registration


def cancel_registration(
    registration: Registration, *, by: Actor, reason: str = "", tell: bool = True
) -> Registration:
    """Give up a place, an offer or the wait; the next in the queue moves up in the same transaction.

    Undoable for 24 hours. A person's own act is refused once the activity is over; staff may at any time.
    """
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        now = timezone.now()
        if registration.state not in LIVE:
            return registration
        is_own = by.through == LINK or (by.person is not None and by.person.pk == registration.person_id)
        if is_own and (refusal := rules.giving_up_refusal(registration, now)):
            raise refusal
        before = _facts_for_undo(registration)
        registration.state, registration.cancelled_at = State.CANCELLED, now
        registration.cancelled_because = reason[:300]
        registration.save(update_fields=["state", "cancelled_at", "cancelled_because"])
        if before["state"] == State.CONFIRMED:
            no_longer_expect(registration, by=by)
        log(
            "cancel_registration", registration, by=by, scope=activity.programme.scope, changed=["state"],
            reason=reason, undo_with=UNDO, undo_facts=before,
        )  # fmt: skip
        if tell and registration.person_id is not None:
            own = "left_list" if before["state"] == State.WAITING else "given_up"
            why = own if is_own else "cancelled_by_staff"
            queue_registration_mail(registration, why, delay_seconds=rules.UNDO_SECONDS)
        fill_free_places(activity, now, by=by)
        fault_point("cancellation.before_commit")
        return registration


def restore_registration(registration_id: int, facts: dict[str, Any], by: Actor) -> Registration:
    """The reverse of cancel_registration. Where the place went to somebody else she is first in the queue."""
    activity_id = Registration.objects.values_list("activity_id", flat=True).get(pk=registration_id)
    with transaction.atomic():
        activity = lock_activity(activity_id)
        registration = locked_registration(activity, Registration(pk=registration_id))
        now = timezone.now()
        if registration.state != State.CANCELLED:
            return registration
        if activity.state == "cancelled" or (activity.ends_at and activity.ends_at <= now):
            raise Refusal(_("This can no longer be undone."), code="too_late")
        if registration.person_id and _live(activity).filter(person=registration.person_id).exists():
            raise rules.already_registered(registration)
        _bring_back(registration, facts, now, by=by)
        fault_point("restoring.before_commit")
        return registration


def ask_code_again(registration: Registration, *, by: Actor) -> Registration:
    """Send a new code and link to the address that was typed, as long as it may still be confirmed."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        return _tell_again(registration, by=by)


def change_answers(
    registration: Registration, *, by: Actor, organisation_typed: str, role: str, note: str
) -> Registration:
    """Change for whom somebody comes and what she told us. A changed organisation is a claim again."""
    with transaction.atomic():
        activity = lock_activity(registration.activity_id)
        registration = locked_registration(activity, registration)
        if registration.state not in LIVE:
            raise Refusal(_("This place is given up already."), code="not_live")
        typed = " ".join(organisation_typed.split())
        changed = [
            name
            for name, value in (("role", role), ("note", note.strip()))
            if getattr(registration, name) != value
        ]
        registration.role, registration.note = role, note.strip()
        if typed != registration.organisation_typed:
            registration.organisation_typed, registration.organisation = typed, None
            registration.for_whom = ForWhom.OTHER if typed else ForWhom.MYSELF
            settle_representation(registration, by=by)
            changed += ["organisation", "representation"]
        if changed:
            registration.save()
            carry_to_sheets(registration, by=by)
            log("change_answers", registration, by=by, scope=activity.programme.scope, changed=changed)
        return registration


# ---------- who it is ----------


def _attach_person(wish: Registration, *, by: Actor) -> bool:
    """Find whose place this is; True when nobody has to confirm it any more."""
    if wish.for_whom == ForWhom.COLLEAGUE:
        wish.person = _colleague(wish, by=by)
        _refuse_second_place(wish)
        return True
    if wish.person is None and _is_proved(wish, by):
        wish.person = person_for_registration(
            wish.given_name, wish.family_name, wish.email, wish.language, by=by
        )
    _refuse_second_place(wish)
    return wish.person is not None


def _refuse_second_place(wish: Registration) -> None:
    if wish.person is None:
        return
    if standing := _live(wish.activity).filter(person=wish.person).first():
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
        organisation=organisation, confirmed_at__isnull=False, person__folded=_folded_name(wish)
    )
    for affiliation in known.select_related("person"):
        if not wish.email or wish.email in (affiliation.person.email, affiliation.person.contact_email):
            return affiliation.person
    return _named_by_others(wish, by=by, colleagues_of=organisation)


def _named_by_others(
    wish: Registration, *, by: Actor, colleagues_of: Organisation | None = None
) -> Person | None:
    """Somebody whose name others wrote: the one written before, or a new person without a sign-in address.

    Never a known person by her sign-in address alone, since only she can prove it: then it is nobody's yet.
    """
    if wish.email and Person.objects.filter(email=wish.email).exists():
        return None
    before = Person.objects.alive().filter(email=None, contact_email=wish.email, folded=_folded_name(wish))
    if not wish.email:
        before = before.filter(registrations__organisation=colleagues_of) if colleagues_of else before.none()
    if found := before.order_by("id").first():
        return found
    return create_person(
        wish.given_name, wish.family_name, by=by, contact_email=wish.email, language=wish.language
    )


def _folded_name(registration: Registration) -> str:
    return fold(registration.name)


# ---------- where it stands ----------


def _live(activity: Activity) -> Any:
    return activity.registrations.filter(state__in=LIVE)


def _make_room(activity: Activity, now: datetime, *, by: Actor) -> None:
    """When all is taken, first let go what nobody confirmed in time; the queue comes before the newcomer."""
    if activity.is_full and let_run_out(activity, now, by=by):
        fill_free_places(activity, now, by=by)


def _place_or_queue(
    wish: Registration,
    now: datetime,
    *,
    is_sure: bool,
    by: Actor,
    tell: bool = True,
    goes_first: bool = False,
) -> Registration:
    activity = wish.activity
    has_place = rules.has_free_place(activity, not goes_first and somebody_waits(activity))
    if not has_place and not activity.has_waiting_list:
        raise Refusal(_("All places are taken, and there is no waiting list."), code="full")
    settle_representation(wish, by=by)
    wish.queued_at = None if has_place else now
    if is_sure and has_place:
        give_place(wish, now, by=by, verb="register")
    else:
        if is_sure:
            wish.state, wish.confirmed_at = State.WAITING, now
            wish.save()
        else:
            _hold(wish, now, has_place=has_place, by=by)
        log("register", wish, by=by, scope=activity.programme.scope, changed=["state", "representation"])
    count_places(activity)
    if tell:
        queue_registration_mail(wish, "place" if is_sure else "confirm")
    return wish


def _hold(wish: Registration, now: datetime, *, has_place: bool, by: Actor) -> None:
    _refuse_flood(wish, now)
    wish.state = State.HELD if has_place else State.QUEUED_HELD
    wish.held_until = now + rules.HOLD
    wish.sign_in = prepare_sign_in(wish.email, language=wish.language, by=by)
    wish.save()


def _refuse_flood(wish: Registration, now: datetime) -> None:
    held = wish.activity.registrations.filter(email=wish.email, state__in=HELD_STATES).count()
    if held >= rules.UNCONFIRMED_PER_ADDRESS:
        raise Refusal(
            _("Confirm those you registered already. Look in your mail."), code="too_many", field="email"
        )
    _refuse_flood_of_codes(wish, now)


def _refuse_flood_of_codes(registration: Registration, now: datetime) -> None:
    """Nobody is written to without end because somebody types her address."""
    asked = SignIn.objects.filter(email=registration.email, asked_at__gt=now - timedelta(days=1)).aggregate(
        today=Count("pk"), lately=Count("pk", filter=Q(asked_at__gt=now - timedelta(minutes=10)))
    )
    if asked["lately"] >= rules.CODES_IN_TEN_MINUTES or asked["today"] >= rules.CODES_A_DAY:
        raise Refusal(
            _("We have sent many mails to this address. Wait ten minutes."), code="too_many", field="email"
        )


def _same_again(wish: Registration) -> Registration | None:
    """A live registration of the same name and address: whoever sends the form twice gets no second place."""
    if not wish.email or wish.for_whom == ForWhom.COLLEAGUE:
        return None
    for standing in _live(wish.activity).filter(email=wish.email).select_related("person", "organisation"):
        if _folded_name(standing) == _folded_name(wish):
            standing.activity = wish.activity
            return standing
    return None


def _take_up(standing: Registration, wish: Registration, *, by: Actor) -> Registration:
    """Who has proved the address takes up what she began; to others the mail says where they stand."""
    if not _is_proved(wish, by):
        return _tell_again(standing, by=by)
    if standing.person is not None:
        raise rules.already_registered(standing)
    return confirm_registration(standing, person=wish.person, by=by)


def _is_proved(wish: Registration, by: Actor) -> bool:
    """The address is that of the person who is signed in."""
    return (
        by.through == SESSION and by.person is not None and bool(wish.email) and by.person.email == wish.email
    )


def _tell_again(registration: Registration, *, by: Actor) -> Registration:
    _refuse_flood_of_codes(registration, timezone.now())
    registration.sign_in = prepare_sign_in(registration.email, language=registration.language, by=by)
    registration.save(update_fields=["sign_in"])
    queue_registration_mail(registration, "confirm")
    return registration


def _confirm_state(registration: Registration, now: datetime, *, by: Actor) -> None:
    """From held or run out to a place, or to the waiting list; what is sure already stays as it is."""
    activity = registration.activity
    registration.confirmed_at = registration.confirmed_at or now
    if registration.state not in (*HELD_STATES, State.EXPIRED):
        registration.save()
        carry_to_sheets(registration, by=by)
        return
    if registration.state == State.EXPIRED:
        registration.queued_at = registration.offered_until = None
    if registration.state == State.HELD or rules.has_free_place(activity, somebody_waits(activity)):
        give_place(registration, now, by=by, verb="confirm_registration")
    elif activity.has_waiting_list:
        registration.state, registration.held_until = State.WAITING, None
        registration.queued_at = registration.queued_at or now
        registration.save()
        log("confirm_registration", registration, by=by, scope=activity.programme.scope, changed=["state"])
    else:
        raise Refusal(_("All places are taken, and there is no waiting list."), code="full")
    count_places(activity)
    queue_registration_mail(registration, "place")


def _give_way(extra: Registration, standing: Registration, now: datetime, *, by: Actor) -> Registration:
    """One person has one place: the second registration ends, and its place goes on."""
    extra.state, extra.cancelled_at = State.CANCELLED, now
    extra.save(update_fields=["state", "cancelled_at"])
    log("give_way", extra, by=by, scope=extra.activity.programme.scope, changed=["state"])
    fill_free_places(extra.activity, now, by=by)
    standing.activity = extra.activity
    return standing


def _facts_for_undo(registration: Registration) -> dict[str, Any]:
    moment = registration.queued_at.isoformat() if registration.queued_at else ""
    return {"state": str(registration.state), "queued_at": moment}


def _bring_back(registration: Registration, facts: dict[str, Any], now: datetime, *, by: Actor) -> None:
    activity = registration.activity
    if facts["state"] in HELD_STATES:
        # Nobody had confirmed it: it can be confirmed again, for whatever place there is then.
        registration.state, registration.cancelled_at = State.EXPIRED, None
        registration.save()
        return
    first = _live(activity).filter(state=State.WAITING).order_by("queued_at", "id").first()
    registration.cancelled_at, registration.cancelled_because = None, ""
    had_place = facts["state"] in (State.CONFIRMED, State.OFFERED, State.HELD)
    if had_place and rules.has_free_place(activity, first is not None):
        give_place(registration, now, by=by, verb="restore_registration")
        why = "place"
    else:
        registration.state = State.WAITING
        kept = datetime.fromisoformat(facts["queued_at"]) if facts["queued_at"] else now
        # Before everybody who waits: she had the place, or stood where she stood.
        registration.queued_at = first.queued_at - timedelta(microseconds=1) if had_place and first else kept
        registration.offered_until = registration.held_until = None
        registration.save()
        log("restore_registration", registration, by=by, scope=activity.programme.scope, changed=["state"])
        why = "back" if had_place else "place"
    fill_free_places(activity, now, by=by)
    queue_registration_mail(registration, why)
