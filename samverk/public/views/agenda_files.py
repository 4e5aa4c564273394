"""The programme as files: for conference apps (schedule.json, schedule.xml) and for calendars."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from samverk.agenda.calendar import items_file
from samverk.agenda.models import Agenda, AgendaItem
from samverk.agenda.queries import placed_items
from samverk.agenda.schedule.writing import schedule_form, schedule_json
from samverk.agenda.schedule.writing_xml import schedule_xml
from samverk.post.composing import absolute
from samverk.public.kept_pages import kept_for_visitors
from samverk.public.views.activities import ics
from samverk.public.views.agenda import agenda_or_404


def _page_of(agenda: Agenda) -> str:
    return absolute(reverse("public:agenda", args=[agenda.code]))


def _page_of_item(agenda: Agenda, item: AgendaItem) -> str:
    return absolute(reverse("public:agenda_item", args=[agenda.code, item.code]))


def _form(request: HttpRequest, code: str) -> dict[str, Any]:
    agenda = agenda_or_404(request, code)
    placed = placed_items(agenda, with_words=True)
    return schedule_form(
        agenda, placed, page=_page_of(agenda), item_page=lambda item: _page_of_item(agenda, item)
    )


@login_not_required
@require_safe
@kept_for_visitors
def agenda_json(request: HttpRequest, code: str) -> HttpResponse:
    """schedule.json, as conference apps read it; only names the public may read."""
    return HttpResponse(schedule_json(_form(request, code)), content_type="application/json")


@login_not_required
@require_safe
@kept_for_visitors
def agenda_xml(request: HttpRequest, code: str) -> HttpResponse:
    """schedule.xml, as older conference apps read it."""
    return HttpResponse(schedule_xml(_form(request, code)), content_type="application/xml; charset=utf-8")


@login_not_required
@require_safe
def agenda_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Every item as an event of a calendar."""
    agenda = agenda_or_404(request, code)
    placed = placed_items(agenda, with_words=True)
    file = items_file(agenda, placed, lambda item: _page_of_item(agenda, item))
    return ics(file, f"{agenda.code}-programme.ics")
