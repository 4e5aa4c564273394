"""All writes about people: who is known, how they sign in, which browsers stay signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.kit.acting import Actor, Refusal, address_of
from samverk.kit.choices import Language
from samverk.kit.fold import fold
from samverk.people.models import Device, Person, SignIn
from samverk.people.queries import person_by_email
from samverk.people.rules import (
    CODE_WORKS,
    KEEPER_LINK_WORKS,
    TRIES,
    code_from_key,
    device_label,
    has_name,
    is_code_of,
    refuse_if_asked_too_often,
    refuse_if_closed,
    safe_next,
    stays_until,
    wrong_code,
)
from samverk.post.commands import queue_mail
from samverk.trail.commands import log

BACKEND = "samverk.people.backends.PersonBackend"
EDITABLE = ("given_name", "family_name", "contact_email", "phone", "place", "language", "is_protected")
SIGN_INS_KEPT = timedelta(days=30)


# ---------- people ----------


def create_person(
    given_name: str,
    family_name: str = "",
    *,
    by: Actor,
    email: str | None = None,
    contact_email: str = "",
    phone: str = "",
    place: str = "",
    language: str | None = None,
    is_protected: bool = False,
) -> Person:
    """Add a person. ``email`` is the address she signs in with; ``contact_email`` may be a shared mailbox.

    Raises Refusal ``no_name``, or ``email_taken`` where somebody else signs in with the address.
    """
    person = Person(
        given_name=_tidy(given_name),
        family_name=_tidy(family_name),
        email=(email or "").strip().lower() or None,
        contact_email=contact_email.strip().lower(),
        phone=phone.strip(),
        place=_tidy(place),
        language=language if language in Language.values else settings.LANGUAGE_CODE,
        is_protected=is_protected,
    )
    _refuse_nameless(person)
    person.write_keys()
    try:
        with transaction.atomic():
            person.save()
            log("create", person, by=by, scope=person.scope, changed=["given_name", "family_name", "email"])
    except IntegrityError as taken:
        raise Refusal(
            _("Somebody already signs in with this address. Look for that person instead."),
            code="email_taken",
            field="email",
        ) from taken
    return person


def make_keeper(email: str, given_name: str, family_name: str = "", *, by: Actor) -> Person:
    """Let somebody keep the installation; she is added when nobody signs in with the address yet."""
    with transaction.atomic():
        person = person_by_email(email) or create_person(given_name, family_name, email=email, by=by)
        person.is_keeper = True
        person.save(update_fields=["is_keeper"])
        log("make_keeper", person, by=by, scope="accounts", changed=["is_keeper"])
        return person


def edit_person(person: Person, *, by: Actor, **fields: Any) -> Person:
    """Change a person's own details; only what differs is written and logged."""
    if unknown := set(fields) - set(EDITABLE):
        raise TypeError(f"edit_person does not change {', '.join(sorted(unknown))}")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        tidied = {name: _tidy(value) if isinstance(value, str) else value for name, value in fields.items()}
        before = {name: getattr(person, name) for name in tidied if getattr(person, name) != tidied[name]}
        for name in before:
            setattr(person, name, tidied[name])
        _refuse_nameless(person)
        if before:
            person.write_keys()
            person.save()
            # The trail holds no values of a protected person, not even for a day.
            undo: dict[str, Any] = (
                {} if person.is_protected else {"undo_with": "people.restore_person", "undo_facts": before}
            )
            log("edit", person, by=by, scope=person.scope, changed=list(before), **undo)
        return person


def restore_person(person_id: int, before: dict[str, Any], by: Actor) -> None:
    """The reverse of edit_person: put back the values that stood before."""
    edit_person(Person.objects.get(pk=person_id), by=by, **before)


def person_for_registration(
    given_name: str, family_name: str, email: str, language: str, *, by: Actor
) -> Person:
    """Who registered with an address that has just been proven.

    The known person where the name is hers; another person of that mailbox where the name is another;
    a new person who signs in with the address where nobody is known. A known person's name never changes.
    """
    email = email.strip().lower()
    for _attempt in range(2):
        holder = person_by_email(email)
        colleague = _person_of_mailbox(email, given_name, family_name)
        if holder is not None:
            return _same_or_colleague(holder, colleague, given_name, family_name, email, language, by)
        if colleague is not None:
            return _give_address(colleague, email, by)
        try:
            return create_person(given_name, family_name, by=by, email=email, language=language)
        except Refusal as refusal:
            if refusal.code != "email_taken":
                raise  # else somebody was quicker by a moment: look again
    raise Refusal(_("Somebody already signs in with this address."), code="email_taken", field="email")


def _same_or_colleague(
    holder: Person, colleague: Person | None, given: str, family: str, email: str, language: str, by: Actor
) -> Person:
    if has_name(holder, given, family):
        return holder
    return colleague or create_person(given, family, by=by, contact_email=email, language=language)


def _person_of_mailbox(email: str, given_name: str, family_name: str) -> Person | None:
    """Somebody of this name who reads this mailbox but does not sign in with it."""
    name = fold(f"{given_name} {family_name}")[:300]
    return Person.objects.alive().filter(contact_email=email, email=None, folded=name).order_by("id").first()


def _give_address(person: Person, email: str, by: Actor) -> Person:
    """Somebody who was only written to at an address has proven that it is hers."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk, email=None).update(email=email)
        log("prove_address", person, by=by, scope=person.scope, changed=["email"])
    person.refresh_from_db()
    return person


def open_protected(person: Person, *, by: Actor, scope: str = "", reason: str = "") -> Person:
    """Somebody opens what is hidden of a person with protected identity. Always a POST, always in the trail."""
    log("open_protected", person, by=by, scope=scope or person.scope, reason=reason)
    return person


def _refuse_nameless(person: Person) -> None:
    if not person.given_name:
        raise Refusal(_("Write the given name."), code="no_name", field="given_name")


def _tidy(text: str) -> str:
    return " ".join(text.split())


# ---------- sign-in ----------


def prepare_sign_in(email: str, *, language: str, next_address: str = "", by: Actor) -> SignIn:
    """Write down that somebody wants to prove an address. Its code and link are worked out at sending."""
    email = email.strip().lower()
    return SignIn.objects.create(
        email=email,
        person=person_by_email(email),
        language=language,
        expires_at=timezone.now() + CODE_WORKS,
        next_address=safe_next(next_address),
    )


def ask_sign_in(email: str, *, language: str, next_address: str = "", by: Actor) -> SignIn:
    """Send a code and a link to an address. What happens is the same for known and unknown addresses."""
    refuse_if_asked_too_often(email.strip().lower(), by.address)
    with transaction.atomic():
        sign_in = prepare_sign_in(email, language=language, next_address=next_address, by=by)
        queue_mail(
            "people.sign_in",
            to=sign_in.email,
            language=sign_in.person.language if sign_in.person else language,
            person=sign_in.person,
            thing_id=sign_in.pk,
            is_secret=True,
        )
        return sign_in


def code_of(sign_in: SignIn) -> str:
    """The code to write into a mail, called at sending: its 30 minutes begin now."""
    if not sign_in.by_keeper and not sign_in.used_at:
        sign_in.expires_at = timezone.now() + CODE_WORKS
        SignIn.objects.filter(pk=sign_in.pk).update(expires_at=sign_in.expires_at)
    return code_from_key(sign_in)


def check_code(sign_in: SignIn, typed: str, *, by: Actor) -> SignIn:
    """Use up a code: 30 minutes, 5 tries, once. Raises Refusal used, expired, too_many_tries or wrong.

    It has a transaction of its own and may not be called inside another one: a wrong try counts although it
    is refused, and a roll-back would forget it.
    """
    with transaction.atomic(durable=True):
        sign_in = SignIn.objects.select_for_update().get(pk=sign_in.pk)
        refuse_if_closed(sign_in, timezone.now())
        is_right = is_code_of(sign_in, typed)
        if is_right:
            sign_in.used_at = timezone.now()
        else:
            sign_in.tries += 1
        sign_in.save(update_fields=["used_at", "tries"])
    if not is_right:
        raise wrong_code(TRIES - sign_in.tries)
    return sign_in


def make_keeper_link(person: Person, *, by: Actor) -> SignIn:
    """A sign-in a keeper makes for somebody: 10 minutes, once, in the trail, and told to her at her next sign-in."""
    with transaction.atomic():
        sign_in = SignIn.objects.create(
            email=person.email or person.contact_email,
            person=person,
            language=person.language,
            expires_at=timezone.now() + KEEPER_LINK_WORKS,
            by_keeper=True,
        )
        log("make_keeper_link", person, by=by, scope="accounts")
        return sign_in


def tell_keeper_links(person: Person) -> list[SignIn]:
    """The keeper's links of which the person is told now, once."""
    links = list(SignIn.objects.filter(person=person, by_keeper=True, told_at=None).order_by("asked_at"))
    if links:
        SignIn.objects.filter(pk__in=[link.pk for link in links]).update(told_at=timezone.now())
    return links


def sign_in_person(request: HttpRequest, person: Person, *, through_keeper: bool = False) -> Device:
    """Sign this browser in. The one command that knows a request, since the session is the thing it writes."""
    if not person.is_active or person.merged_into_id:
        raise Refusal(_("Nobody can sign in here any more. Ring us."), code="not_active")
    now = timezone.now()
    login(request, person, backend=BACKEND)
    if not request.session.session_key:
        request.session.create()  # signing in over another person empties the session, and its key with it
    actor = Actor(person=person, address=address_of(request))
    with transaction.atomic():
        device = Device.objects.create(
            person=person,
            session_key=request.session.session_key or "",
            label=device_label(request.META.get("HTTP_USER_AGENT", "")),
            ends_at=stays_until(person, now),
            through_keeper=through_keeper,
        )
        log("sign_in", person, by=actor, scope=person.scope, reason="keeper's link" if through_keeper else "")
    return device


def sign_out(request: HttpRequest) -> None:
    """End this browser's session."""
    if request.session.session_key:
        Device.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def end_device(device: Device, *, by: Actor) -> None:
    """Sign one browser out from another one."""
    _end([device])
    log("end_device", device.person, by=by, scope=device.person.scope)


def sign_out_everywhere(person: Person, *, by: Actor) -> int:
    """End every browser's session of a person; says how many."""
    ended = _end(list(Device.objects.filter(person=person)))
    log("sign_out_everywhere", person, by=by, scope=person.scope)
    return ended


def _end(devices: list[Device]) -> int:
    with transaction.atomic():
        Session.objects.filter(session_key__in=[device.session_key for device in devices]).delete()
        Device.objects.filter(pk__in=[device.pk for device in devices]).delete()
    return len(devices)


def visit(device: Device) -> Device:
    """A signed-in browser came back: 14 days begin anew for a participant."""
    device.seen_at = timezone.now()
    device.ends_at = stays_until(device.person, device.signed_in_at)
    device.save(update_fields=["seen_at", "ends_at"])
    return device


def forget_old_sign_ins(now: datetime | None = None) -> int:
    """Remove sign-ins of a month ago, and sessions and browsers that have ended. A duty of the worker."""
    now = now or timezone.now()
    forgotten, _kinds = (
        SignIn.objects.filter(asked_at__lt=now - SIGN_INS_KEPT).exclude(by_keeper=True, told_at=None).delete()
    )
    Session.objects.filter(expire_date__lt=now).delete()
    Device.objects.filter(ends_at__lt=now).delete()
    return forgotten
