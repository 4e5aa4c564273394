"""The code on the wall: who reads it is in the room, now.

It is an HMAC of session and time step under the installation's key, so nothing is stored and every web process
shows the same. A photo of it is worth nothing after a minute; who opened the page in time has ten minutes to finish.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from samverk.activities.models import Session
from samverk.activities.sheet_rules import SHEET_OPENS_BEFORE
from samverk.kit.codes import LETTERS, typed_code

STEP = 30
# The step before counts, too: a code is read, then typed.
STEPS_OF_GRACE = 1
LENGTH = 6
PASS_SECONDS = 600
_SALT = "samverk.wall"


def wall_code(session: Session, at: datetime) -> str:
    """The six letters that stand on the wall at a moment."""
    return _code(session, _step(at))


def seconds_left(at: datetime) -> int:
    """How long the letters of a moment still stand."""
    return STEP - int(at.timestamp()) % STEP


def session_on_wall(typed: str, now: datetime) -> Session | None:
    """The session whose wall shows this code now or did a step ago; none before its sheet opens or after its end."""
    code = typed_code(typed)
    if len(code) != LENGTH:
        return None
    open_now = Session.objects.filter(
        state=Session.State.PLANNED, starts_at__lte=now + SHEET_OPENS_BEFORE, ends_at__gte=now
    )
    found = [one for one in open_now.select_related("activity__programme") if _stands(one, code, now)]
    return found[0] if found else None


def _stands(session: Session, code: str, now: datetime) -> bool:
    steps = (_step(now) - back for back in range(STEPS_OF_GRACE + 1))
    return any(hmac.compare_digest(_code(session, step), code) for step in steps)


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def _code(session: Session, step: int) -> str:
    number = int.from_bytes(salted_hmac(_SALT, f"{session.pk}:{step}", algorithm="sha256").digest())
    letters = []
    for _place in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def door_pass(session: Session) -> str:
    """For who opened the page with a code that stood: she may finish, though the wall shows another by now."""
    return signing.dumps(session.pk, salt=_SALT)


def session_of_pass(token: str, now: datetime) -> Session | None:
    """The session of a pass not older than ten minutes, while it runs."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=timedelta(seconds=PASS_SECONDS))
    except signing.BadSignature:
        return None
    related = Session.objects.select_related("activity__programme")
    return related.filter(pk=key, ends_at__gte=now).first()


def changes_at(at: datetime) -> datetime:
    """When the letters of a moment make way for the next."""
    return datetime.fromtimestamp((_step(at) + 1) * STEP, tz=UTC)
