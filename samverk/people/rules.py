"""Facts about people and sign-in: values, or a Refusal that says what to do."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samverk.kit.acting import Refusal
from samverk.kit.codes import LETTERS, typed_code
from samverk.kit.fold import fold
from samverk.kit.registers import office_workers
from samverk.people.models import Person, SignIn
from samverk.trail.limits import is_within

CODE_LENGTH = 8
CODE_WORKS = timedelta(minutes=30)
KEEPER_LINK_WORKS = timedelta(minutes=10)
TRIES = 5
PARTICIPANT_STAYS = timedelta(days=14)
OFFICE_STAYS = timedelta(hours=12)


def code_from_key(sign_in: SignIn) -> str:
    """The eight letters of a sign-in: the same however often its mail is composed, and stored nowhere.

    HMAC-SHA256 under the installation's key, read as a number with the letters of kit.codes as digits.
    """
    secret = salted_hmac(
        "samverk.sign_in.code", f"{sign_in.pk}:{sign_in.link_version}", algorithm="sha256"
    ).digest()
    number, letters = int.from_bytes(secret), []
    for _place in range(CODE_LENGTH):
        number, digit = divmod(number, len(LETTERS))
        letters.append(LETTERS[digit])
    return "".join(letters)


def refuse_if_closed(sign_in: SignIn, now: datetime) -> None:
    """A code that was used, has run out or was guessed at too often is worth nothing."""
    if sign_in.used_at:
        raise Refusal(gettext_lazy("This code has been used. Send a new one."), code="used", field="code")
    if sign_in.expires_at <= now:
        raise Refusal(gettext_lazy("The code has run out. Send a new one."), code="expired", field="code")
    if sign_in.tries >= TRIES:
        raise Refusal(
            gettext_lazy("A wrong code was typed five times. Send a new one."),
            code="too_many_tries",
            field="code",
        )


def refusal_of(sign_in: SignIn) -> Refusal | None:
    """Why this sign-in's code is worth nothing now, for a page that explains."""
    try:
        refuse_if_closed(sign_in, timezone.now())
    except Refusal as refusal:
        return refusal
    return None


def is_code_of(sign_in: SignIn, typed: str) -> bool:
    return constant_time_compare(typed_code(typed), code_from_key(sign_in))


def wrong_code(tries_left: int) -> Refusal:
    """What to say about a code that is not the right one."""
    if not tries_left:
        return Refusal(
            _("A wrong code was typed five times. Send a new one."), code="too_many_tries", field="code"
        )
    words = ngettext(
        "This is not the code of the newest mail. You can try %(n)s more time.",
        "This is not the code of the newest mail. You can try %(n)s more times.",
        tries_left,
    )
    return Refusal(words % {"n": tries_left}, code="wrong", field="code")


def refuse_if_asked_too_often(email: str, address: str) -> None:
    """3 codes in 10 minutes and 10 a day for one e-mail; 300 a minute from one place, since a training room shares it."""
    fine = [
        is_within("sign_in.place", address, most=300, seconds=60),
        is_within("sign_in.ten_minutes", email, most=3, seconds=600),
        is_within("sign_in.day", email, most=10, seconds=24 * 3600),
    ]
    if not all(fine):
        raise Refusal(
            gettext_lazy("Many codes were asked for. Look in your mail, or wait ten minutes and try again."),
            code="too_many",
            field="email",
        )


def safe_next(address: str) -> str:
    """Where to go after sign-in: a path of ours, or nothing."""
    is_path = address.startswith("/") and len(address) <= 300
    return address if is_path and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def has_name(person: Person, given_name: str, family_name: str) -> bool:
    """Whether a person goes by this name, letters folded."""
    return person.folded == fold(f"{given_name} {family_name}")[:300]


def works_in_office(person: Person) -> bool:
    """Keepers, and whoever an upper floor knows as a member of a team."""
    return person.is_keeper or any(says(person) for _name, says in office_workers)


def stays_until(person: Person, signed_in_at: datetime) -> datetime:
    """14 days from the last visit for participants; 12 hours from sign-in where others' data can be seen."""
    if works_in_office(person):
        return signed_in_at + OFFICE_STAYS
    return timezone.now() + PARTICIPANT_STAYS


_BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")]  # fmt: skip
_SYSTEMS = [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")]  # fmt: skip


def device_label(user_agent: str) -> str:
    """“Firefox, Android”: enough to know one's own browser again."""
    found = [
        next((name for sign, name in signs if re.search(sign, user_agent)), "")
        for signs in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(part for part in found if part)[:120]


def alias_of(code: str) -> str:
    """What stands on lists in place of a protected person's name, by her code: stable, and without meaning."""
    return _("Participant %(code)s") % {"code": code[:4]}


def shown_name(person: Person, is_opened: bool = False) -> str:
    """A person's name for a list. Of a protected person it is the alias, for everybody.

    ``is_opened`` is for the one answer that follows ``open_protected``, which logs it.
    """
    return str(person) if is_opened or not person.is_protected else alias_of(person.code)
