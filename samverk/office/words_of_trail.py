"""The trail in words: what stands on Today. Nobody is named here; who did it stands in the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from samverk.activities.models import Activity, Attendance, Registration, Session
from samverk.trail.models import Entry


@dataclass(frozen=True)
class Line:
    """One thing that happened: a sign, a sentence, when, and where to look."""

    icon: str
    text: str
    at: datetime
    href: str


# (verb, thing) -> sign, sentence. What is not here is not news. What many do at one activity is one line.
NEWS: dict[tuple[str, str], tuple[str, Any]] = {
    ("publish", "activity"): ("megaphone", gettext_lazy("Published: %(title)s.")),
    ("cancel", "activity"): ("circle-x", gettext_lazy("Cancelled: %(title)s.")),
    ("move", "session"): ("clock", gettext_lazy("New time or place: %(title)s.")),
    ("cancel", "session"): ("circle-x", gettext_lazy("A session of %(title)s is cancelled.")),
    ("close", "session"): ("clipboard-check", gettext_lazy("The sheet is done: %(title)s.")),
    ("undo_closing", "session"): ("undo-2", gettext_lazy("The sheet is open again: %(title)s.")),
    ("register", "registration"): (
        "user-plus",
        ngettext_lazy("Somebody registered for %(title)s.", "%(n)s registered for %(title)s.", "n"),
    ),
    ("give_place", "registration"): (
        "user-check",
        ngettext_lazy("Somebody got a place: %(title)s.", "%(n)s got a place: %(title)s.", "n"),
    ),
    ("cancel_registration", "registration"): (
        "user-x",
        ngettext_lazy("Somebody gave up a place: %(title)s.", "%(n)s gave up their places: %(title)s.", "n"),
    ),
    ("correct", "attendance"): ("pen-line", gettext_lazy("A done sheet was corrected: %(title)s.")),
}
# Where the activity of a thing is found: model, path to its title, path to its code.
_ABOUT: dict[str, tuple[Any, str, str]] = {
    "activity": (Activity, "title", "code"),
    "session": (Session, "activity__title", "activity__code"),
    "registration": (Registration, "activity__title", "activity__code"),
    "attendance": (Attendance, "session__activity__title", "session__activity__code"),
}


def news(entries: Iterable[Entry], most: int) -> list[Line]:
    """The newest entries that are news, as lines; one query for each kind of thing."""
    told = [entry for entry in entries if (entry.verb, entry.thing_type) in NEWS]
    about = {kind: _activities(kind, told) for kind in {entry.thing_type for entry in told}}
    groups: list[list[Entry]] = []
    of_last: tuple[Any, ...] = ()
    for entry in told:
        title_and_code = about[entry.thing_type].get(entry.thing_id or 0)
        same = (entry.verb, entry.thing_type, title_and_code, timezone.localdate(entry.at), entry.undone_at)
        if groups and title_and_code and same == of_last and entry.thing_type == "registration":
            groups[-1].append(entry)
        else:
            groups.append([entry])
        of_last = same
    return [
        _line(group, *about[group[0].thing_type].get(group[0].thing_id or 0, ("", "")))
        for group in groups[:most]
    ]


def _activities(kind: str, entries: list[Entry]) -> dict[int, tuple[str, str]]:
    model, title, code = _ABOUT[kind]
    ids = [entry.thing_id for entry in entries if entry.thing_type == kind]
    return {
        pk: (name, address)
        for pk, name, address in model.objects.filter(pk__in=ids).values_list("pk", title, code)
    }


def _line(group: list[Entry], title: str, code: str) -> Line:
    """One line for entries of the same kind; the newest gives the time."""
    entry = group[0]
    icon, text = NEWS[entry.verb, entry.thing_type]
    said = text % {"title": title or entry.thing_label, "n": len(group)}
    if entry.undone_at:
        said = _("%(what)s Taken back.") % {"what": said}
    return Line(icon, said, entry.at, reverse("office:activity", args=[code]) if code else "")
