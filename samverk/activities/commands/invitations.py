"""Inviting people by address, reminding them, taking an invitation back; and their own "I cannot come"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import ActivityState, ComesAs
from samverk.activities.commands.waiting_list import lock_activity
from samverk.activities.invitation_messages import queue_invitation, take_back_invitation_mail
from samverk.activities.models import Activity, Invitation
from samverk.activities.permissions import people_visible_to
from samverk.activities.queries import organisation_named
from samverk.activities.queries.invitations import unanswered
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

MOST_AT_ONCE = 500
# Nobody is reminded twice within these hours.
REMIND_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Guest:
    """Somebody to invite, as a list has her."""

    email: str
    given_name: str = ""
    family_name: str = ""
    organisation: str = ""


def each_once(guests: Iterable[Guest]) -> dict[str, Guest]:
    """By address, in their order; of two lines with one address the first counts."""
    found: dict[str, Guest] = {}
    for guest in guests:
        found.setdefault(guest.email.strip().lower(), guest)
    return found


def invite(
    activity: Activity,
    guests: Iterable[Guest],
    *,
    language: str,
    by: Actor,
    words: str = "",
    comes_as: str = ComesAs.PARTICIPANT,
) -> list[Invitation]:
    """Send each a personal link. Who is invited already, or stands twice on the list, gets no second mail."""
    by_address = each_once(guests)
    if not by_address:
        raise Refusal(_("Write at least one address."), code="nobody", field="guests")
    if len(by_address) > MOST_AT_ONCE:
        raise Refusal(
            _("Invite at most %(number)s people at once.") % {"number": MOST_AT_ONCE},
            code="too_many", field="guests",
        )  # fmt: skip
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        if refusal := inviting_refusal(activity):
            raise refusal
        standing = activity.invitations.standing().filter(email__in=by_address)
        invited = set(standing.values_list("email", flat=True))
        new = [
            _invitation(activity, email, guest, language, words.strip(), comes_as, by)
            for email, guest in by_address.items()
            if email not in invited
        ]
        _say_who_is_known(new, by)
        Invitation.objects.bulk_create(new)
        for invitation in new:
            queue_invitation(invitation, "invited")
        if new:
            log("invite", activity, by=by, scope=activity.programme.scope, changed=["invitations"])
        return new


def inviting_refusal(activity: Activity) -> Refusal | None:
    """Why nobody can be invited now, or None."""
    if activity.state == ActivityState.DRAFT:
        return Refusal(_("Publish the activity first, so that the link opens it."), code="draft")
    if activity.state == ActivityState.CANCELLED:
        return Refusal(_("This activity is cancelled."), code="cancelled")
    if activity.ends_at and activity.ends_at <= timezone.now():
        return Refusal(_("This activity is over."), code="past")
    return None


def _invitation(
    activity: Activity, email: str, guest: Guest, language: str, words: str, comes_as: str, by: Actor
) -> Invitation:
    return Invitation(
        activity=activity, email=email, given_name=guest.given_name.strip()[:100],
        family_name=guest.family_name.strip()[:100], organisation_typed=guest.organisation.strip()[:300],
        organisation=organisation_named(guest.organisation) if guest.organisation else None,
        language=language, words=words, comes_as=comes_as, invited_by=by.person,
    )  # fmt: skip


def _say_who_is_known(invitations: list[Invitation], by: Actor) -> None:
    """Only people the inviter works with: to others an address tells nothing about who has it."""
    if by.person is None:
        return
    visible = people_visible_to(by.person).filter(email__in=[one.email for one in invitations])
    known = {person.email: person for person in visible}
    for invitation in invitations:
        invitation.person = known.get(invitation.email)


def remind_invited(activity: Activity, *, by: Actor) -> int:
    """Write once more to all who have not answered; says to how many."""
    with transaction.atomic():
        activity = lock_activity(activity.pk)
        if refusal := inviting_refusal(activity):
            raise refusal
        now = timezone.now()
        waiting = list(to_remind(activity))
        for invitation in waiting:
            invitation.activity, invitation.reminded_at = activity, now
            queue_invitation(invitation, "reminded")
        Invitation.objects.filter(pk__in=[one.pk for one in waiting]).update(reminded_at=now)
        if waiting:
            log("remind_invited", activity, by=by, scope=activity.programme.scope)
        return len(waiting)


def to_remind(activity: Activity) -> Iterable[Invitation]:
    """Who has not answered and was not written to within a day."""
    lately = timezone.now() - REMIND_AFTER
    return unanswered(activity).filter(invited_at__lte=lately).exclude(reminded_at__gt=lately)


def withdraw_invitation(invitation: Invitation, *, by: Actor, because: str = "") -> Invitation:
    """Take it back. A place that she has by it stays hers; the link says that the invitation is gone."""
    with transaction.atomic():
        activity = lock_activity(invitation.activity_id)
        invitation = Invitation.objects.get(pk=invitation.pk)
        invitation.activity = activity
        if invitation.withdrawn_at is not None:
            return invitation
        invitation.withdrawn_at, invitation.withdrawn_because = timezone.now(), because.strip()[:300]
        invitation.save(update_fields=["withdrawn_at", "withdrawn_because"])
        take_back_invitation_mail(invitation)
        log("withdraw_invitation", invitation, by=by, scope=activity.programme.scope, reason=because)
        return invitation


def decline_invitation(invitation: Invitation, *, by: Actor) -> Invitation:
    """She cannot come. She may still change her mind by the same link."""
    with transaction.atomic():
        activity = lock_activity(invitation.activity_id)
        invitation = Invitation.objects.get(pk=invitation.pk)
        invitation.activity = activity
        if invitation.declined_at is None and invitation.withdrawn_at is None:
            invitation.declined_at = timezone.now()
            invitation.save(update_fields=["declined_at"])
            log("decline_invitation", invitation, by=by, scope=activity.programme.scope)
        return invitation
