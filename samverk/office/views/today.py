"""Today: the day's sessions, what waits for somebody as counted links, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from samverk.absences.permissions import corrections_asked_of
from samverk.activities.models import Session
from samverk.activities.office_queries import (
    claims_in,
    disputed_sheets_of,
    nameless_rows_of,
    next_session_after,
    open_sheets_of,
    sessions_on_day,
)
from samverk.adjustments.permissions import open_requests_of
from samverk.directory.models import DoubtfulPair, Import
from samverk.follow_up.permissions import tasks_visible_to
from samverk.kit import words
from samverk.ledger.models import Statement
from samverk.ledger.permissions import statements_visible_to
from samverk.office.doors import for_staff
from samverk.office.words_of_trail import news
from samverk.paper.queries import tray_of
from samverk.post.models import Mail
from samverk.programmes.permissions import coordinates_somewhere, scopes_visible_to
from samverk.trail.queries import entries_in

LATEST = 8


@dataclass(frozen=True)
class Waiting:
    """One line of what waits: how many, what, a hint, where to."""

    number: int
    text: str
    hint: str
    href: str


@for_staff
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sessions = sessions_on_day(request.user, start, start + timedelta(days=1))
    scopes = scopes_visible_to(request.user)
    entries = entries_in(scope for scope in scopes if scope.startswith("programme:"))
    context = {
        "now": now,
        "sessions": sessions,
        "to_take": _to_take(sessions, now),
        "next_session": None if sessions else next_session_after(request.user, now),
        "waiting": [one for one in _waiting(request.user, scopes, now) if one.number and one.href],
        "happened": news(entries[: LATEST * 5], LATEST),
    }
    return render(request, "office/today/today.html", context)


def _to_take(sessions: list[Session], now: datetime) -> Session | None:
    """The sheet to take next: of the session that runs, or is next, or was just forgotten."""
    planned = [one for one in sessions if one.state == Session.State.PLANNED]
    running = [one for one in planned if one.ends_at >= now]
    return next(iter(running or planned), None)


def _address(name: str, query: str = "", *args: Any) -> str:
    """Nothing where the screen does not exist, so that its line is not shown."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""


def _waiting(person: Any, scopes: list[str], now: datetime) -> list[Waiting]:
    """In the order of what costs most when it is left."""
    lines = [_open_sheets(person, now), _disputes(person), _nameless(person), _tasks(person)]
    if coordinates_somewhere(person):
        lines += [
            _claims(person),
            _needs(person),
            _corrections(person),
            _statements(person),
            _paper(person),
            _failed_mails(scopes),
            _imports(),
            _doubts(),
        ]
    return lines


def _open_sheets(person: Any, now: datetime) -> Waiting:
    sheets = list(open_sheets_of(person, now).values_list("code", "starts_at"))
    oldest = _("The oldest is from %(day)s.") % {"day": words.day(sheets[0][1])} if sheets else ""
    href = (
        _address("office:attendance", "", sheets[0][0])
        if len(sheets) == 1
        else _address("office:activities", "?tab=open")
    )
    text = ngettext("Session without attendance", "Sessions without attendance", len(sheets))
    return Waiting(len(sheets), text, oldest, href)


def _disputes(person: Any) -> Waiting:
    sheets = list(disputed_sheets_of(person).values_list("code", flat=True))
    href = _address("office:attendance", "?show=disputed", sheets[0]) if sheets else ""
    return Waiting(
        len(sheets), ngettext("Sheet with two answers", "Sheets with two answers", len(sheets)),
        _("Two phones marked somebody differently."), href,
    )  # fmt: skip


def _claims(person: Any) -> Waiting:
    number = claims_in(person).exclude(person__is_protected=True).count()
    text = ngettext("Organisation to confirm", "Organisations to confirm", number)
    return Waiting(
        number, text, _("Until then the hours count for none."), _address("office:representations")
    )


def _needs(person: Any) -> Waiting:
    found = list(open_requests_of(person).values_list("registration__activity__code", "needed_by"))
    href = _address("office:adjustments", "", found[0][0]) if found else ""
    text = ngettext("Request for an adjustment", "Requests for an adjustment", len(found))
    said = _("The first needs an answer by %(day)s.") % {"day": words.day(found[0][1])} if found else ""
    return Waiting(len(found), text, said, href)


def _corrections(person: Any) -> Waiting:
    people = list(corrections_asked_of(person).values_list("person__code", flat=True))
    href = _address("office:absences", "", people[0]) if people else ""
    text = ngettext("Absence to correct", "Absences to correct", len(people))
    return Waiting(len(people), text, _("Somebody says that it is not right."), href)


def _nameless(person: Any) -> Waiting:
    rows = list(nameless_rows_of(person).values_list("session__code", flat=True))
    href = _address("office:attendance", "", rows[0]) if rows else ""
    text = ngettext("Name without a person", "Names without a person", len(rows))
    return Waiting(len(rows), text, _("Came without a place. Say who it was."), href)


def _tasks(person: Any) -> Waiting:
    """Her own that are due within a week, or have no day."""
    soon = timezone.localdate() + timedelta(days=7)
    mine = tasks_visible_to(person).filter(owner_id=person.pk, done_at=None)
    number = mine.filter(Q(due__lte=soon) | Q(due=None)).count()
    text = ngettext("Task of yours", "Tasks of yours", number)
    return Waiting(number, text, _("Due within a week, or without a day."), _address("office:tasks_to_do"))


def _statements(person: Any) -> Waiting:
    number = statements_visible_to(person).filter(state=Statement.State.OPEN).count()
    text = ngettext("Month of hours not confirmed", "Months of hours not confirmed", number)
    return Waiting(number, text, _("Each person has got a link."), _address("office:statements"))


def _paper(person: Any) -> Waiting:
    number = tray_of(person).count()
    text = ngettext("Scanned page to place", "Scanned pages to place", number)
    return Waiting(number, text, _("Its code could not be read."), _address("office:paper"))


def _failed_mails(scopes: list[str]) -> Waiting:
    number = Mail.objects.filter(scope__in=scopes, state=Mail.State.FAILED, is_secret=False).count()
    text = ngettext("Mail that was not delivered", "Mails that were not delivered", number)
    return Waiting(number, text, _("Look at the address."), _address("office:mail"))


def _imports() -> Waiting:
    number = Import.objects.filter(state=Import.State.CHECKED).count()
    text = ngettext("Imported list to decide", "Imported lists to decide", number)
    return Waiting(number, text, _("It was read and checked."), _address("office:imports"))


def _doubts() -> Waiting:
    number = DoubtfulPair.objects.filter(answer=DoubtfulPair.Answer.OPEN).count()
    text = ngettext("Possible duplicate", "Possible duplicates", number)
    return Waiting(number, text, _("One thing, or two?"), _address("office:merges"))
