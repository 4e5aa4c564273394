"""The log: who did what to which thing, within the scopes one answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samverk.office.doors import for_log_readers
from samverk.office.forms.trail import TrailFilter
from samverk.office.verbs import THROUGH, page_of, thing_of, what_was_done
from samverk.people.rules import shown_name
from samverk.programmes.permissions import scopes_visible_to
from samverk.trail.models import Entry
from samverk.trail.queries import entries_in

ROWS = 50


@dataclass(frozen=True)
class Row:
    """A line of the log as it is read."""

    entry: Entry
    who: str
    through: str
    done: str
    thing: str
    href: str


@for_log_readers
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    me: Any = request.user
    scopes = scopes_visible_to(me)
    form = TrailFilter(request.GET or None, scopes=[(scope, scope_in_words(scope)) for scope in scopes])
    page = Paginator(_found(form, scopes), ROWS).get_page(request.GET.get("page"))
    context = {"filter": form, "page": page, "rows": [_row(entry) for entry in page], "me_id": me.pk}
    return render(request, "office/trail/list.html", context)


def _found(form: TrailFilter, scopes: list[str]) -> QuerySet[Entry]:
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = entries_in([asked["scope"]] if asked.get("scope") else scopes)
    if asked.get("thing"):
        found = found.filter(thing_type=asked["thing"])
    if asked.get("code"):
        found = found.filter(thing_label=asked["code"].strip().upper())
    if asked.get("day"):
        end = timezone.make_aware(datetime.combine(asked["day"] + timedelta(days=1), time.min))
        found = found.filter(at__lt=end)
    return found


def _row(entry: Entry) -> Row:
    who = shown_name(entry.actor) if entry.actor else _("Nobody by name")
    return Row(
        entry, who, str(THROUGH.get(entry.through, "")), what_was_done(entry), thing_of(entry), page_of(entry)
    )


def scope_in_words(scope: str) -> str:
    """``programme:KCM`` as people call it."""
    kind, _colon, code = scope.partition(":")
    words = {
        "programme": _("Programme %(code)s"),
        "person": _("Myself"),
        "directory": _("Organisations"),
        "accounts": _("Accounts"),
    }
    return words.get(kind, scope) % {"code": code}
