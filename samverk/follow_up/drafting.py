"""A first draft of what is told about an activity, from its facts, in the activity's language.

Plain sentences to go on from by hand: who came from which sector, what was talked about, what comes next.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy, override

from samverk.activities.models import Activity
from samverk.directory.choices import Sector
from samverk.follow_up.queries import WhatHappened, what_happened
from samverk.kit import words

# A number of organisations of one sector, as a sentence says it.
SECTORS: dict[str, Any] = {
    Sector.ASSOCIATION: ngettext_lazy("%(n)s association", "%(n)s associations", "n"),
    Sector.FOUNDATION: ngettext_lazy("%(n)s foundation", "%(n)s foundations", "n"),
    Sector.SOCIAL_ENTERPRISE: ngettext_lazy("%(n)s social enterprise", "%(n)s social enterprises", "n"),
    Sector.PUBLIC_BODY: ngettext_lazy("%(n)s public body", "%(n)s public bodies", "n"),
    Sector.COMPANY: ngettext_lazy("%(n)s company", "%(n)s companies", "n"),
    Sector.EDUCATION: ngettext_lazy("%(n)s school", "%(n)s schools", "n"),
    Sector.INFORMAL_GROUP: ngettext_lazy("%(n)s informal group", "%(n)s informal groups", "n"),
}


def in_words(sector: str, count: int) -> str:
    """“12 associations”."""
    return str(SECTORS[sector] % {"n": count})


def draft_of(activity: Activity) -> str:
    """Paragraphs divided by empty lines."""
    facts = what_happened(activity)
    with override(activity.language):
        parts = [_when(activity, facts), _who(facts), _named(facts), _about(activity, facts), _next(facts)]
    return "\n\n".join(part for part in parts if part)


def _when(activity: Activity, facts: WhatHappened) -> str:
    if not facts.sessions:
        return activity.summary
    first = facts.sessions[0]
    said = {"title": activity.title, "day": words.day(first.starts_local, year=True), "where": activity.where}
    if activity.where:
        return _("%(title)s was held on %(day)s at %(where)s.") % said
    return _("%(title)s was held on %(day)s.") % said


def _who(facts: WhatHappened) -> str:
    number = facts.people + facts.guests
    if not number:
        return ""
    came = ngettext("%(n)s person came", "%(n)s people came", number) % {"n": words.number(number)}
    if not facts.organisations:
        return f"{came}."
    stood = ngettext(
        "from %(n)s organisation", "from %(n)s organisations", facts.organisations
    ) % {"n": words.number(facts.organisations)}  # fmt: skip
    return f"{came} {stood}: {', '.join(in_words(sector, count) for sector, count in facts.sectors)}."


def _named(facts: WhatHappened) -> str:
    if len(facts.names) < 2:
        return ""
    return _("Among them were %(names)s.") % {"names": ", ".join(facts.names)}


def _about(activity: Activity, facts: WhatHappened) -> str:
    titles = [session.title for session in facts.sessions if session.title]
    if titles:
        return _("We talked about: %(titles)s.") % {"titles": "; ".join(titles)}
    return activity.summary


def _next(facts: WhatHappened) -> str:
    for one in facts.next_meetings:
        if one.starts_at:
            when = words.day(one.starts_at, year=True)
            return _("We meet again on %(day)s: %(title)s.") % {"day": when, "title": one.title}
    return ""
