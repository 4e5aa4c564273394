"""Who reads protected answers and when they are erased, in one plain paragraph."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity
from samverk.asking.choices import LEADER
from samverk.asking.rules import Item, erased_on
from samverk.kit import words
from samverk.programmes.choices import SeatRole

READERS = [*SeatRole.values, LEADER]


def readers_of(items: Iterable[Item]) -> list[str]:
    """Roles that may open the protected answers among these, in a steady order."""
    found: set[str] = set()
    for one in items:
        if one.question.is_sensitive:
            found |= set(one.question.seen_by)
            found |= {LEADER} if one.asked.leaders_read_protected else set()
    return [role for role in READERS if role in found]


def reader_words(roles: Iterable[str]) -> str:
    said = {
        SeatRole.COORDINATOR: _("the coordinators of the programme"),
        SeatRole.TRAINER: _("the trainers of the programme"),
        SeatRole.MENTOR: _("the mentors of the programme"),
        SeatRole.VIEWER: _("those who look on in the programme"),
        LEADER: _("those who lead the activity"),
    }
    return ", ".join(said[role] for role in roles)


def promise_of(activity: Activity, items: Iterable[Item]) -> str:
    """The sentences that stand above the fields; empty where nothing protected is asked."""
    roles = readers_of(items)
    if not roles:
        return ""
    on = erased_on(activity)
    who = _("Only these read it, and each reading is noted: %(roles)s.") % {"roles": reader_words(roles)}
    when = (
        _("It is erased on %(day)s, 30 days after the end.")
        % {"day": words.day(timezone.localtime(on), year=True)}
        if on
        else _("It is erased 30 days after the end.")
    )
    consent = _("You need not write anything. What you write here you let us use for this activity only.")
    return f"{consent} {who} {when}"
