"""My place: the personal page of one registration. Opening it changes nothing; each button is a POST.

Whoever holds the link may act for the place, so the page shows little: no address, and the note only to
the person herself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.activities import rules
from samverk.activities.access_queries import way_in
from samverk.activities.calendar_files import calendar_file, session_where
from samverk.activities.choices import LIVE
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import (
    UNDO,
    cancel_registration,
    change_answers,
    confirm_registration,
)
from samverk.activities.commands.waiting_list import accept_offer
from samverk.activities.link_rules import links_of
from samverk.activities.messages import PLACE_LINK, activity_address, organisation_words, place_token
from samverk.activities.models import Registration, Session
from samverk.activities.queries import registrations_of_person, status_of
from samverk.adjustments.commands import ask_for_adjustments, withdraw_request
from samverk.follow_up.permissions import materials_for
from samverk.kit import flash, uploads
from samverk.kit.acting import LINK, Actor, Refusal, actor_of, address_of
from samverk.kit.codes import read_link
from samverk.portal.forms.places import AnswersForm
from samverk.portal.place_parts import parts_of
from samverk.trail.commands import undo
from samverk.trail.models import Entry
from samverk.trail.queries import entries_of

UNCONFIRMED = (State.HELD, State.QUEUED_HELD)


@login_not_required
@never_cache
@require_safe
def place(request: HttpRequest, token: str) -> HttpResponse:
    """Where I stand, what happens next, and what I can do about it."""
    return _page(request, token, _registration_or_404(token))


@login_not_required
@require_POST
def place_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link came by mail, so pressing the button proves the address."""

    def confirm(registration: Registration, by: Actor) -> Registration:
        return confirm_registration(registration, by=by)

    return _act(request, token, confirm)


@login_not_required
@require_POST
def place_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place that is offered."""
    return _act(request, token, lambda registration, by: accept_offer(registration, by=by))


@login_not_required
@require_POST
def place_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give up the place, the offer or the wait; the page offers to undo it."""
    registration = _registration_or_404(token)
    words = {
        State.WAITING: _("You have left the waiting list."),
        State.APPLIED: _("You no longer ask to come."),
    }.get(State(registration.state), _("You have given up your place."))

    def give_up(registration: Registration, by: Actor) -> Registration:
        cancelled = cancel_registration(registration, by=by)
        if _undoable(cancelled):
            flash.tell(request, words, undo=reverse("portal:place_restore", args=[token]))
        return cancelled

    return _act(request, token, give_up)


@login_not_required
@require_POST
def place_restore(request: HttpRequest, token: str) -> HttpResponse:
    """Undo giving up. Where somebody else has the place now, she is first in the queue and is told so."""

    def restore(registration: Registration, by: Actor) -> Registration:
        entry = _undoable(registration)
        if entry is None:
            raise Refusal(_("This can no longer be undone."), code="too_late")
        undo(entry, by=by)
        registration.refresh_from_db()
        if registration.state == State.WAITING and entry.undo_facts.get("state") != State.WAITING:
            flash.tell(
                request,
                _("Your place went to somebody else meanwhile. You are first on the waiting list."),
                kind="wait",
            )
        return registration

    return _act(request, token, restore)


@login_not_required
@require_POST
def place_adjustments(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for something that is offered; the organiser answers by a day."""

    def ask(registration: Registration, by: Actor) -> Registration:
        ask_for_adjustments(registration, request.POST.getlist("kinds"), by=by)
        return registration

    return _act(request, token, ask)


@login_not_required
@require_POST
def place_adjustments_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """It is no longer needed."""

    def withdraw(registration: Registration, by: Actor) -> Registration:
        withdraw_request(registration, by=by)
        return registration

    return _act(request, token, withdraw)


@login_not_required
@require_POST
def place_change(request: HttpRequest, token: str) -> HttpResponse:
    """Change for whom I come and in which role."""
    registration = _registration_or_404(token)
    form = AnswersForm(request.POST)
    if not form.is_valid():
        return _page(request, token, registration, form=form)
    values = form.cleaned_data
    # Who only holds the link was not shown the note: an empty field is no wish to erase it.
    note = values["note"] or ("" if _is_own(request, registration) else registration.note)

    def change(registration: Registration, by: Actor) -> Registration:
        changed = change_answers(
            registration, by=by, organisation_typed=values["organisation"], role=values["role"], note=note
        )
        flash.tell(request, _("Your answers are saved."))
        return changed

    return _act(request, token, change)


@login_not_required
@never_cache
@require_safe
def place_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The sessions of my place as a calendar file."""
    registration = _registration_or_404(token)
    sessions = registration.activity.sessions.of_cohort(registration.cohort_id).select_related("activity")
    file = calendar_file(sessions, name=registration.activity.title, link=activity_address)
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="samverk.ics"'
    return answer


@login_not_required
@never_cache
@require_safe
def place_material(request: HttpRequest, token: str, code: str) -> FileResponse:
    """A file for whoever holds the place."""
    registration = _registration_or_404(token)
    found = get_object_or_404(materials_for(registration).exclude(file=""), code=code)
    return uploads.download(found.file.open("rb"), found.file_name, found.media_type)


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """All my registrations: what comes, then what was."""
    now = timezone.now()
    coming: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    for one in registrations_of_person(request.user):
        row = {
            "registration": one,
            "status": status_of(one, now),
            "url": reverse("portal:place", args=[place_token(one)]),
        }
        is_past = one.state not in LIVE or (one.activity.ends_at is not None and one.activity.ends_at < now)
        (past if is_past else coming).append(row)
    return render(request, "portal/places/list.html", {"coming": coming, "past": past[::-1]})


def _registration_or_404(token: str) -> Registration:
    found = read_link(PLACE_LINK, token)
    if found is None:
        raise Http404
    related = Registration.objects.select_related(
        "activity__programme", "activity__venue_card", "organisation", "person"
    )
    return get_object_or_404(related, pk=found[0], link_version=found[1])


def _act(
    request: HttpRequest, token: str, act: Callable[[Registration, Actor], Registration]
) -> HttpResponse:
    """Do one thing as whoever holds the link; a refusal is said on the page. What comes out may be another place."""
    registration = _registration_or_404(token)
    by = Actor(person=registration.person, through=LINK, address=address_of(request))
    if request.user.is_authenticated and request.user.pk != registration.person_id:
        by = Actor(person=None, through=LINK, address=actor_of(request).address)
    try:
        registration = act(registration, by)
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
    return redirect("portal:place", token=place_token(registration))


def _undoable(registration: Registration) -> Entry | None:
    entry = entries_of(registration).filter(undo_with=UNDO).first()
    return entry if entry is not None and entry.can_be_undone else None


def _is_own(request: HttpRequest, registration: Registration) -> bool:
    return request.user.is_authenticated and request.user.pk == registration.person_id


def _page(
    request: HttpRequest, token: str, registration: Registration, form: AnswersForm | None = None
) -> HttpResponse:
    now = timezone.now()
    activity = registration.activity
    own = activity.sessions.of_cohort(registration.cohort_id)
    sessions = list(own.exclude(state=Session.State.CANCELLED).select_related("venue_card", "room"))
    for session in sessions:
        session.activity = activity
    is_live = registration.state in LIVE and activity.state != "cancelled"
    may_give_up = is_live and rules.giving_up_refusal(registration, now) is None
    is_own = _is_own(request, registration)
    may_come_back = (
        registration.state == State.EXPIRED and rules.confirming_refusal(registration, now) is None
    )
    context = {
        "registration": registration,
        "activity": activity,
        "sessions": sessions,
        "first": sessions[0] if sessions else None,
        "where": session_where(sessions[0]) if sessions else "",
        "status": status_of(registration, now),
        "token": token,
        "organisation": organisation_words(registration),
        "asks_to_confirm": registration.state in UNCONFIRMED and is_live,
        "asks_who": registration.person_id is None
        and registration.state in (State.CONFIRMED, State.WAITING, State.APPLIED),
        "has_offer": registration.state == State.OFFERED and is_live,
        "has_place": registration.state == State.CONFIRMED and is_live,
        "waits": registration.state == State.WAITING and is_live,
        "asks": registration.state == State.APPLIED and is_live,
        "may_give_up": may_give_up,
        "may_come_back": may_come_back,
        "may_undo": registration.state == State.CANCELLED and _undoable(registration) is not None,
        "form": form or _answers(registration, is_own)
        if may_give_up and registration.state not in UNCONFIRMED
        else None,
        "is_own": is_own,
        "parts": parts_of(registration),
        "now": now,
        "links": links_of(registration, sessions, now),
        "way": way_in(activity, sessions[0] if sessions else None),
    }
    return render(
        request, "portal/places/place.html", context, status=422 if form is not None and form.errors else 200
    )


def _answers(registration: Registration, is_own: bool) -> AnswersForm:
    initial = {
        "organisation": registration.organisation_typed,
        "role": registration.role,
        "note": registration.note if is_own else "",
    }
    return AnswersForm(initial=initial)
