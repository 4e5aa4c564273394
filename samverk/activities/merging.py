"""What moves when two people or organisations turn out to be one: places, attendance, leading.

Two people who were present at the same time are two people, so that is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import LIVE, Mark
from samverk.activities.models import Attendance, CompletionRuling, Invitation, Leader, Registration
from samverk.kit.merging import Part, Words
from samverk.trail.commands import log

NAMED = 3


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    name = kind
    if kind == "person":
        part.refusals += [*_present_together(survivor, absorbed), *_both_on_one_list(survivor, absorbed)]
        part.take(Leader, name, survivor, absorbed, _("Activities led"), unique=["activity"])
        part.take(CompletionRuling, name, survivor, absorbed, _("Rulings on completion"), unique=["activity"])
    part.take(Registration, name, survivor, absorbed, _("Registrations"))
    part.take(Invitation, name, survivor, absorbed, _("Invitations"))
    moved = part.take(Attendance, name, survivor, absorbed, _("Rows on attendance sheets"))

    def settle(by: Any) -> None:
        # Each row gets an entry, so that a frozen report can say what made its figures differ.
        for attendance in Attendance.objects.filter(pk__in=moved).select_related(
            "session__activity__programme"
        ):
            log("merge", attendance, by=by, scope=attendance.session.activity.programme.scope, changed=[name])

    part.settle = settle
    return part


def _stays(person: Any) -> list[tuple[datetime, datetime, str]]:
    rows = Attendance.objects.filter(person=person, mark__in=[Mark.HERE, Mark.PART])
    fields = ("came_at", "left_at", "session__starts_at", "session__ends_at", "session__activity__title")
    return sorted(
        (came or starts, left or ends, title) for came, left, starts, ends, title in rows.values_list(*fields)
    )


def _present_together(survivor: Any, absorbed: Any) -> Iterator[Words]:
    """Stays of the two that overlap: nobody is in two places, or twice in one."""
    theirs = _stays(absorbed)
    found = 0
    for starts, ends, title in _stays(survivor):
        for other_starts, other_ends, other in theirs:
            if starts < other_ends and other_starts < ends and found < NAMED:
                found += 1
                yield format_lazy(
                    _("Both were present on {day}: {one}, {other}. So they are two people."),
                    day=f"{starts:%Y-%m-%d}", one=title, other=other,
                )  # fmt: skip


def _both_on_one_list(survivor: Any, absorbed: Any) -> Iterator[Words]:
    """Rows that cannot both be one person's: a place or a row on a sheet each."""
    live = Registration.objects.filter(state__in=LIVE)
    mine = live.filter(person=survivor).values("activity")
    for title in live.filter(person=absorbed, activity__in=mine).values_list("activity__title", flat=True)[
        :NAMED
    ]:
        yield format_lazy(_("Both have a place in {title}. Cancel one first."), title=title)
    sheets = Attendance.objects.filter(person=survivor).values("session")
    both = Attendance.objects.filter(person=absorbed, session__in=sheets).select_related("session__activity")
    for row in both[:NAMED]:
        yield format_lazy(
            _("Both stand on the sheet of {title}, {day}. Remove one first."),
            title=row.session.activity.title, day=f"{row.session.starts_at:%Y-%m-%d}",
        )  # fmt: skip
