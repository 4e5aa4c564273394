"""The mails of registrations. One kind: what it says depends on where the registration stands at sending.

First-time registration is two mails: one to confirm, one with the place, the calendar file and the personal
link. A signed-in person gets only the second.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from samverk.activities.admission_rules import waits_for_answer
from samverk.activities.calendar_files import calendar_file, session_access, session_where
from samverk.activities.choices import RegistrationState as State
from samverk.activities.choices import Representation
from samverk.activities.models import Activity, Registration, Session
from samverk.activities.queries import status_of
from samverk.activities.queries.admission import invitation_for, what_else_is_on
from samverk.activities.tickets import in_groups
from samverk.kit import words
from samverk.kit.codes import make_link
from samverk.kit.qr import qr_picture
from samverk.people.commands import code_of
from samverk.post.commands import cancel_mails, queue_mail
from samverk.post.composing import Figure, Message, Words, absolute
from samverk.post.models import Mail

KIND = "activities.registration"
PLACE_LINK = "place"
CODE_STATES = (State.HELD, State.QUEUED_HELD, State.EXPIRED)


def place_token(registration: Registration) -> str:
    """The personal link of a registration; raising its link_version revokes it."""
    return make_link(PLACE_LINK, registration.pk, registration.link_version)


def place_address(registration: Registration) -> str:
    """The personal page of a registration, as a mail writes it."""
    return absolute(reverse("portal:place", args=[place_token(registration)]))


def ticket_address(registration: Registration) -> str:
    """What a ticket's QR code holds: it tells staff who, and everybody else only that it is a ticket."""
    with override(registration.language):
        return absolute(reverse("portal:ticket", args=[registration.check_in_code]))


def activity_address(activity: Activity) -> str:
    """The public page of an activity, as a mail or a calendar file writes it."""
    return absolute(reverse("public:activity", args=[activity.code]))


def queue_registration_mail(registration: Registration, why: str, *, delay_seconds: int = 0) -> None:
    """Tell whoever registered where she stands. What was queued before and is not sent yet is taken back.

    ``why``: confirm, place, given, offered, offer_over, given_up, left_list, withdrawn, cancelled_by_staff, back,
    approved, declined, allocated.
    """
    cancel_mails(KIND, registration.pk)
    to = registration.email or (registration.person.mail_address if registration.person else "")
    if not to:
        return
    queue_mail(
        KIND,
        to=to,
        to_name=registration.name,
        language=registration.language,
        scope=registration.activity.programme.scope,
        person=registration.person,
        thing_id=registration.pk,
        facts={"why": why},
        delay_seconds=delay_seconds,
    )


def compose(mail: Mail) -> Message | None:
    """The words of a registration's mail; None when the registration is gone."""
    related = ("activity__programme", "organisation", "sign_in", "person", "cohort")
    registration = Registration.objects.select_related(*related).filter(pk=mail.thing_id or 0).first()
    if registration is None:
        return None
    if is_not_invited(registration):
        return _by_invitation_only(registration)
    why = mail.facts.get("why", "")
    sessions = _sessions_of(registration)
    status = status_of(registration, timezone.now())
    place = place_address(registration)
    return Message(
        subject=_subject(registration, why),
        paragraphs=[_first_sentence(registration, why, status.sentence), *_further(registration, why)],
        code=_code(registration, why),
        buttons=_buttons(registration, place),
        facts=_facts(registration, sessions),
        attachments=_attachments(registration, sessions),
        why=_("You get this mail because this address was used to register for the activity."),
        note=registration.activity.programme.funder_information,
        reply_to=registration.activity.contact_email,
        figure=_ticket(registration) if sessions else None,
    )


def is_not_invited(registration: Registration) -> bool:
    """Somebody wrote an address where only the invited may come, and this one is not."""
    unproved = registration.state in CODE_STATES and registration.person_id is None
    if not unproved or registration.invitation_id is not None or not registration.activity.only_invited:
        return False
    return invitation_for(registration.activity, registration.email) is None


def _by_invitation_only(registration: Registration) -> Message:
    """The page says the same to everybody; here she reads that she is not invited, and what else is on."""
    activity = registration.activity
    return Message(
        subject=_("By invitation only: %(title)s") % {"title": activity.title},
        paragraphs=[
            _("This activity is by invitation, and this address is not among the invited."),
            _("Have you an invitation? Use the link in it, or register with the address it came to."),
            *what_else_words(activity),
        ],
        buttons=[(_("See what else is on"), absolute(reverse("public:calendar")))],
        why=_("You get this mail because this address was used to register for the activity."),
        note=activity.programme.funder_information,
        reply_to=activity.contact_email,
    )


def what_else_words(activity: Activity) -> list[Words]:
    """What somebody may come to instead, a line each with its address."""
    found = what_else_is_on(activity, timezone.now())
    lines: list[Words] = [_("This is also on:")] if found else []
    return lines + [
        f"{words.day(one.starts_at)}: {one.title}, {activity_address(one)}" for one in found if one.starts_at
    ]


def _sessions_of(registration: Registration) -> list[Session]:
    coming = registration.activity.sessions.of_cohort(registration.cohort_id).exclude(
        state=Session.State.CANCELLED
    )
    return list(coming.select_related("activity"))


def _subject(registration: Registration, why: str) -> str:
    title = {"title": registration.activity.title}
    if why == "cancelled_by_staff":
        return _("Your place is cancelled: %(title)s") % title
    if why == "left_list":
        return _("You have left the waiting list: %(title)s") % title
    if why == "withdrawn":
        return _("You no longer ask to come: %(title)s") % title
    if registration.state == State.QUEUED_HELD and waits_for_answer(registration):
        return _("Confirm that you want to come: %(title)s") % title
    if registration.state == State.QUEUED_HELD and registration.activity.only_invited:
        return _("Confirm your place: %(title)s") % title
    subjects = {
        State.HELD: _("Confirm your place: %(title)s"),
        State.QUEUED_HELD: _("Confirm: waiting list for %(title)s"),
        State.CONFIRMED: _("You have a place: %(title)s"),
        State.WAITING: _("You are on the waiting list: %(title)s"),
        State.OFFERED: _("A place is free for you: %(title)s"),
        State.APPLIED: _("You have asked to come: %(title)s"),
        State.DECLINED: _("You did not get a place: %(title)s"),
        State.CANCELLED: _("You gave up your place: %(title)s"),
        State.EXPIRED: _("Your place is no longer kept: %(title)s"),
    }
    return subjects[State(registration.state)] % title


def _first_sentence(registration: Registration, why: str, sentence: str) -> str:
    if why == "given":
        return _("A place came free, and it is yours. You need do nothing more.")
    if why == "allocated" and registration.state == State.CONFIRMED:
        if registration.cohort is None:
            return _("The groups you wished for are full. The organiser writes to you about another one.")
        group = {"group": registration.cohort.name, "status": sentence}
        return _("Your group is %(group)s. %(status)s") % group
    if why == "back" and registration.state == State.WAITING:
        return _("Your place went to somebody else meanwhile. You are first on the waiting list.")
    if why == "cancelled_by_staff":
        return _("The organiser has cancelled your place.")
    if why == "left_list":
        return _("You no longer wait for a place. You need do nothing more.")
    if why == "withdrawn":
        return _("Your question is taken back. You need do nothing more.")
    if why == "approved" and registration.state == State.WAITING:
        return _("The organiser has said yes, but all places are taken. %(status)s") % {"status": sentence}
    if why == "approved":
        return _("The organiser has said yes. %(status)s") % {"status": sentence}
    if registration.state == State.DECLINED:
        return _("The organiser could not give you a place this time.")
    if why == "given_up":
        return _("It is given up, and the next in the queue moves up. You need do nothing more.")
    return sentence


def _further(registration: Registration, why: str) -> list[Words]:
    lines: list[Words] = []
    if why == "cancelled_by_staff" and registration.cancelled_because:
        lines.append(_("Reason: %(reason)s") % {"reason": registration.cancelled_because})
    if registration.state == State.DECLINED:
        lines.append(_("Reason: %(reason)s") % {"reason": registration.decided_because})
        lines += what_else_words(registration.activity)
    if registration.state == State.CONFIRMED and registration.activity.is_online:
        lines.append(where_the_link_is(registration.activity))
    if why in ("given_up", "left_list", "withdrawn"):
        lines.append(_("Was it a mistake? You can take it back for 24 hours."))
    if registration.state == State.CONFIRMED:
        lines.append(_("Cannot come? Give up your place, so that somebody else gets it."))
    return lines


def where_the_link_is(activity: Activity) -> str:
    """A mail is passed on, so it says where the link stands and from when, never the link itself."""
    hours = {"hours": activity.link_hours}
    return (
        ngettext(
            "You find the link for online on the page of your place, from %(hours)s hour before the start.",
            "You find the link for online on the page of your place, from %(hours)s hours before the start.",
            activity.link_hours,
        )
        % hours
    )


def _code(registration: Registration, why: str) -> str:
    """A fresh code where one is asked for: made now, kept only as a digest."""
    asks = registration.state in CODE_STATES or why == "confirm"
    usable = registration.sign_in is not None and registration.sign_in.used_at is None
    return code_of(registration.sign_in) if asks and usable and registration.sign_in else ""


def _confirm_words(registration: Registration) -> Words:
    if waits_for_answer(registration):
        return _("Confirm that I want to come")
    return _("Confirm my place") if registration.activity.only_invited else _("Confirm that I want to wait")


def _buttons(registration: Registration, place: str) -> list[tuple[Words, str]]:
    calendar = (_("Add to my calendar"), f"{place}calendar.ics")
    give_up = (_("Give up my place"), f"{place}#give-up")
    see = (_("See or change my registration"), place)
    buttons: dict[str, list[tuple[Words, str]]] = {
        State.HELD: [(_("Confirm my place"), place)],
        State.QUEUED_HELD: [(_confirm_words(registration), place)],
        State.APPLIED: [see, (_("I no longer want to come"), f"{place}#give-up")],
        State.DECLINED: [(_("See what else is on"), absolute(reverse("public:calendar")))],
        State.CONFIRMED: [calendar, see, give_up],
        State.WAITING: [
            (_("See my place on the list"), place),
            (_("Leave the waiting list"), f"{place}#give-up"),
        ],
        State.OFFERED: [(_("Answer the offer"), place)],
        State.CANCELLED: [(_("See or undo it"), place)],
    }
    return buttons.get(registration.state, [(_("See my registration"), place)])


def _ticket(registration: Registration) -> Figure | None:
    """The code for the door, also in letters: some programs show no pictures."""
    if registration.state != State.CONFIRMED:
        return None
    code = {"code": in_groups(registration.check_in_code)}
    return Figure(
        picture=qr_picture(ticket_address(registration)),
        words=_("Your ticket as a QR code"),
        caption=_("Your ticket. Show it at the door, or say its code: %(code)s.") % code,
    )


def _facts(registration: Registration, sessions: list[Session]) -> list[tuple[Words, Words]]:
    lines: list[tuple[Words, Words]] = [(_("What"), registration.activity.title)]
    when = [
        f"{words.day(one.starts_local, year=True)}\n{words.span(one.starts_local, one.ends_local)}"
        for one in sessions
    ]
    if when:
        lines.append((_("When"), "\n".join(when)))
    if sessions and (where := session_where(sessions[0])):
        lines.append((_("Where"), where))
    if sessions and (access := session_access(sessions[0])):
        lines.append((_("Access"), access))
    if represented := organisation_words(registration):
        lines.append((_("For"), represented))
    return lines


def organisation_words(registration: Registration) -> str:
    """On whose behalf, as a mail or sheet says it."""
    name = registration.organisation.name if registration.organisation else registration.organisation_typed
    if registration.representation == Representation.CLAIMED and name:
        return _("%(organisation)s (not confirmed yet)") % {"organisation": name}
    return name


def _attachments(registration: Registration, sessions: list[Session]) -> list[tuple[str, bytes, str]]:
    if registration.state == State.CONFIRMED and sessions:
        file = calendar_file(sessions, name=registration.activity.title, link=activity_address)
        return [("samverk.ics", file, "text/calendar; method=PUBLISH")]
    if registration.state == State.CANCELLED and registration.confirmed_at and sessions:
        file = calendar_file(
            sessions, name=registration.activity.title, method="CANCEL", link=activity_address
        )
        return [("samverk.ics", file, "text/calendar; method=CANCEL")]
    return []
