"""The trail in words: what stands on Today. Who is never named here but by role; details are in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.trail.models import Entry


@dataclass(frozen=True)
class Line:
    """One thing that happened: a sign, a sentence, when, and where to look."""

    icon: str
    text: str
    at: datetime
    href: str


# (verb, thing) -> sign, sentence. What is not here is not news.
NEWS: dict[tuple[str, str], tuple[str, Any]] = {
    ("publish", "activity"): ("megaphone", gettext_lazy("An activity was published.")),
    ("cancel", "activity"): ("circle-x", gettext_lazy("An activity was cancelled.")),
    ("create", "activity"): ("calendar-plus", gettext_lazy("A draft was made.")),
    ("move", "session"): ("clock", gettext_lazy("A session was moved.")),
    ("cancel", "session"): ("circle-x", gettext_lazy("A session was cancelled.")),
    ("close", "session"): ("clipboard-check", gettext_lazy("A sheet was closed.")),
    ("undo_closing", "session"): ("undo-2", gettext_lazy("A sheet was opened again.")),
    ("register", "registration"): ("user-plus", gettext_lazy("Somebody registered.")),
    ("confirm_registration", "registration"): ("user-check", gettext_lazy("Somebody confirmed a place.")),
    ("cancel_registration", "registration"): ("user-x", gettext_lazy("Somebody gave up a place.")),
    ("give_place", "registration"): ("user-plus", gettext_lazy("Somebody got a place.")),
    ("correct", "attendance"): ("pen-line", gettext_lazy("A closed sheet was corrected.")),
    ("enrol", "programme"): ("handshake", gettext_lazy("Somebody joined the programme.")),
}
_PAGES = {"activity": "office:activity", "session": "office:attendance"}


def line_of(entry: Entry) -> Line | None:
    """An entry as a line of news, or None."""
    found = NEWS.get((entry.verb, entry.thing_type))
    if found is None:
        return None
    page = _PAGES.get(entry.thing_type, "")
    icon, text = found
    said = _("%(what)s Taken back.") % {"what": text} if entry.undone_at else str(text)
    return Line(icon, said, entry.at, reverse(page, args=[entry.thing_label]) if page else "")
