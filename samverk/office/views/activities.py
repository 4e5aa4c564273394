"""Activities and their sessions: list, making, changing, publishing, cancelling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import LIVE, ActivityKind, ActivityState, RegistrationState
from samverk.activities.commands import activities as commands
from samverk.activities.commands import sessions as session_commands
from samverk.activities.commands.cohorts import call_cohorts
from samverk.activities.models import Activity, Session
from samverk.activities.office_queries import (
    activities_found,
    activities_of_tab,
    activity_tabs,
    sessions_with_counts,
)
from samverk.activities.permissions import activities_in_office, may_edit_activity, sessions_visible_to
from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.tags.parts import tag
from samverk.office.doors import for_staff
from samverk.office.forms.activities import (
    LINK_HOURS,
    ActivityFilter,
    ActivityForm,
    CancelForm,
    CopyForm,
    SessionForm,
    SessionSet,
    place_choices,
    session_facts,
)
from samverk.office.forms.cohorts import cohorts_field
from samverk.office.views.registrations import registrations_part
from samverk.office.views.saved_views import views_bar
from samverk.office.views.undo import undo_address
from samverk.people.rules import shown_name
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import has_role, programmes_of, programmes_visible_to

ROWS = 50
RUNS = (SeatRole.COORDINATOR, SeatRole.TRAINER)


@for_staff
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = ActivityFilter(request.GET or None, programmes=programmes_visible_to(request.user))
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = activities_found(
        request.user, text=asked.get("q", ""), programme=asked.get("programme"), kind=asked.get("kind", "")
    )
    tabs, tab = activity_tabs(found, now), request.GET.get("tab", "coming")
    pages = Paginator(activities_of_tab(found, tab, now), ROWS)
    pages.count = next((one.count for one in tabs if one.key == tab), tabs[0].count)  # the tab knows
    page = pages.get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "tab": tab,
        "tabs": [_tab(request, one, tab) for one in tabs],
        "page": page,
        "rows": _shown(page),
        "programme": asked.get("programme"),
        "may_create": has_role(request.user, RUNS),
        **views_bar(request, "office:activities"),
    }
    return render(request, "office/activities/list.html", context)


STATES = {
    ActivityState.DRAFT: ("wait", "pen-line"),
    ActivityState.PUBLISHED: ("ok", ""),
    ActivityState.CANCELLED: ("bad", ""),
}


def _shown(page: Iterable[Any]) -> list[dict[str, str]]:
    """Rows in words, each word looked up once: a template would do it again for every row."""
    states = {state.value: tag(kind, state.label, icon) for state, (kind, icon) in STATES.items()}
    kinds = {kind.value: str(kind.label) for kind in ActivityKind}
    some, no_session = _("%(taken)s of %(places)s"), _("No session yet")
    address = reverse("office:activity", args=["-"])
    return [
        {
            "href": address.replace("-", one.code),
            "title": one.title,
            "what": " · ".join(part for part in (kinds[one.kind], one.where) if part),
            "when": words.day(one.next_at or one.starts_at, year=True) if one.starts_at else no_session,
            "sessions": _sessions(one.session_number or 0),
            "programme": str(one.programme),
            "state": states[one.state],
            "places": str(one.places_taken)
            if one.capacity is None
            else some % {"taken": one.places_taken, "places": one.capacity},
            "waits": _waits(one.waiting_number) if one.waiting_number else "",
        }
        for one in page
    ]


def _sessions(number: int) -> str:
    return ngettext("%(n)s session", "%(n)s sessions", number) % {"n": number}


def _waits(number: int) -> str:
    return ngettext("%(n)s waits", "%(n)s wait", number) % {"n": number}


def _tab(request: HttpRequest, one: Any, here: str) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    query["tab"] = one.key
    return {"text": one.text, "href": f"?{query.urlencode()}", "count": one.count, "here": one.key == here}


def _programmes_to_run(request: HttpRequest) -> list[Programme]:
    return list(Programme.objects.filter(pk__in=programmes_of(request.user, RUNS)))


def activity_of(request: HttpRequest, code: str, *, to_edit: bool = False) -> Activity:
    """An activity the person works with; editing needs a coordinator's or trainer's seat."""
    visible = activities_in_office(request.user).select_related("programme", "component", "venue_card")
    activity = get_object_or_404(visible, code=code)
    if to_edit and not may_edit_activity(request.user, activity):
        raise PermissionDenied
    return activity


@require_safe
def activity(request: HttpRequest, code: str) -> HttpResponse:
    found, now = activity_of(request, code), timezone.now()
    sessions = list(
        sessions_with_counts(found.sessions.prefetch_related("cohorts")).order_by("starts_at", "pk")
    )
    context = {
        "activity": found,
        "programme": found.programme,
        "sessions": sessions,
        "next_session": _session_to_take(sessions, now),
        "leaders": [shown_name(leader.person) for leader in found.leaders.select_related("person")],
        "may_edit": may_edit_activity(request.user, found),
        "may_publish": found.state == ActivityState.DRAFT,
        "is_past": bool(found.ends_at and found.ends_at < now),
        "now": now,
        **registrations_part(request, found),
    }
    return render(request, "office/activities/detail.html", context)


def _session_to_take(sessions: list[Session], now: Any) -> Session | None:
    """The session whose sheet is next: the oldest that is over and open, else the next to come."""
    planned = [one for one in sessions if one.state == Session.State.PLANNED]
    return planned[0] if planned else None


# ---------- making and changing ----------


def activity_create(request: HttpRequest) -> HttpResponse:
    """Few fields, and the sessions on the same page."""
    programmes = _programmes_to_run(request)
    if not programmes:
        if programmes_visible_to(request.user).exists():
            raise PermissionDenied
        raise Http404
    wanted = request.POST.get("programme") or request.GET.get("programme")
    programme = next((one for one in programmes if one.code == wanted), programmes[0])
    form = ActivityForm(request.POST or None, programme=programme, initial=_first_words(programme, request))
    sessions = _session_set(request, programme)
    if (
        request.method == "POST"
        and "more_sessions" not in request.POST
        and form.is_valid()
        and sessions.is_valid()
    ):
        return _create(request, programme, form, sessions)
    context = {
        "form": form if "more_sessions" not in request.POST else _unjudged(form, programme, request),
        "sessions": sessions,
        "programme": programme,
        "programmes": programmes,
        "earlier": activities_found(request.user, programme=programme).order_by("-pk")[:5],
    }
    status = 422 if request.method == "POST" and "more_sessions" not in request.POST else 200
    return render(request, "office/activities/create.html", context, status=status)


def _first_words(programme: Programme, request: HttpRequest) -> dict[str, Any]:
    return {
        "language": programme.language,
        "audience": "public",
        "kind": "course",
        "takes_registrations": True,
        "has_waiting_list": True,
        "format": "room",
        "link_hours": LINK_HOURS,
    }


def _unjudged(form: ActivityForm, programme: Programme, request: HttpRequest) -> ActivityForm:
    """What was typed, without errors: another session was asked for, nothing was sent."""
    typed: dict[str, Any] = {
        name: request.POST.getlist(name) if name in ("leaders", "adjustments") else request.POST.get(name)
        for name in form.fields
    }
    for name in ("has_waiting_list", "takes_registrations"):
        typed[name] = name in request.POST
    return ActivityForm(programme=programme, initial=typed)


def _number(typed: str) -> int:
    return int(typed[:3]) if typed.isdecimal() else 1


def _session_set(request: HttpRequest, programme: Programme) -> Any:
    kwargs = {"zone": programme.time_zone, "fixed_zone": True}
    if request.method != "POST":
        return SessionSet(form_kwargs=kwargs)
    typed = request.POST.copy()
    if "more_sessions" in typed:
        typed["form-TOTAL_FORMS"] = str(min(_number(typed.get("form-TOTAL_FORMS", "")) + 1, 60))
    sessions = SessionSet(typed, form_kwargs=kwargs)
    if "more_sessions" in typed:
        for one in sessions.forms:
            one._errors = {}
    return sessions


def _create(request: HttpRequest, programme: Programme, form: ActivityForm, sessions: Any) -> HttpResponse:
    by = actor_of(request)
    try:
        with transaction.atomic():
            made = commands.create_activity(programme, by=by, **form.facts())
            for one in sessions:
                if one.has_changed() and one.cleaned_data.get("starts_at"):
                    session_commands.schedule_session(made, by=by, **one.facts())
            commands.name_leaders(made, form.cleaned_data["leaders"], by=by)
    except Refusal as no:
        form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        context = {
            "form": form,
            "sessions": sessions,
            "programme": programme,
            "programmes": [programme],
            "earlier": [],
        }
        return render(request, "office/activities/create.html", context, status=422)
    flash.tell(request, _("The draft is saved. Only the team sees it until you publish it."), kind="info")
    return redirect("office:activity", made.code)


def activity_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = activity_of(request, code, to_edit=True)
    form = ActivityForm(
        request.POST or None, instance=Activity.objects.get(pk=found.pk), programme=found.programme
    )
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_activity(found, by=actor_of(request), **form.facts())
            commands.name_leaders(found, form.cleaned_data["leaders"], by=actor_of(request))
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is saved.") % {"name": form.cleaned_data["title"]})
            return redirect("office:activity", code)
    context = {"form": form, "activity": found, "programme": found.programme}
    return render(request, "office/activities/edit.html", context, status=422 if form.errors else 200)


def activity_copy(request: HttpRequest, code: str) -> HttpResponse:
    """A draft like this one, from another first day."""
    found = activity_of(request, code, to_edit=True)
    form, times = CopyForm(request.POST or None, initial={"title": found.title}), []
    if request.method == "POST" and form.is_valid():
        try:
            times = commands.copied_times(found, form.cleaned_data["first_day"])
            if "look" not in request.POST:
                copy = commands.copy_activity(found, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error("first_day", str(no.reason))
        else:
            if "look" in request.POST:
                return _copy_page(request, found, form, times)
            flash.tell(request, _("The copy is a draft. Look it through, then publish it."), kind="info")
            return redirect("office:activity", copy.code)
    return _copy_page(request, found, form, [])


def _copy_page(request: HttpRequest, found: Activity, form: CopyForm, times: list[Any]) -> HttpResponse:
    """The sessions as they are, or as they would be."""
    living = [] if times else found.sessions.exclude(state=Session.State.CANCELLED)
    shown = times or [(one, one.starts_at, one.ends_at) for one in living]
    rows = [(one, starts.astimezone(one.zone), ends.astimezone(one.zone)) for one, starts, ends in shown]
    context = {
        "form": form, "activity": found, "programme": found.programme, "sessions": rows, "is_moved": bool(times),
    }  # fmt: skip
    return render(request, "office/activities/copy.html", context, status=422 if form.errors else 200)


@require_POST
def activity_publish(request: HttpRequest, code: str) -> HttpResponse:
    found = activity_of(request, code, to_edit=True)
    try:
        commands.publish_activity(found, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("%(name)s is published.") % {"name": found.title}, undo=undo_address(found))
    return redirect("office:activity", code)


def activity_cancel(request: HttpRequest, code: str) -> HttpResponse:
    """It leaves the house: the page says how many are told, and asks why."""
    found = activity_of(request, code, to_edit=True)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.cancel_activity(found, reason=form.cleaned_data["reason"], by=actor_of(request))
        flash.tell(request, _("%(name)s is cancelled.") % {"name": found.title}, undo=undo_address(found))
        return redirect("office:activity", code)
    told = found.registrations.filter(state__in=LIVE).exclude(email="", person=None).count()
    context = {
        "form": form, "activity": found, "programme": found.programme, "told": 0 if found.state == "draft" else told,
        "back": reverse("office:activity", args=[code]), "button": _cancel_words(found.state, told),
        "what": _("Cancel the activity"), "sessions": found.sessions.filter(state=Session.State.PLANNED),
    }  # fmt: skip
    return render(request, "office/activities/cancel.html", context, status=422 if form.errors else 200)


def _cancel_words(state: str, told: int) -> str:
    if state == ActivityState.DRAFT or not told:
        return _("Cancel it")
    return ngettext("Cancel it and tell %(n)s person", "Cancel it and tell %(n)s people", told) % {"n": told}


# ---------- sessions ----------


def _session_of(request: HttpRequest, code: str) -> Session:
    """A session one may change."""
    session = get_object_or_404(
        sessions_visible_to(request.user).select_related(
            "activity__programme", "activity__venue_card", "venue_card", "room"
        ),
        code=code,
    )
    if not may_edit_activity(request.user, session.activity):
        raise PermissionDenied
    return session


def _told_of_move(activity: Activity) -> int:
    if activity.state == ActivityState.DRAFT:
        return 0
    places = activity.registrations.filter(state__in=[RegistrationState.CONFIRMED, RegistrationState.OFFERED])
    return places.exclude(email="", person=None).count()


def session_create(request: HttpRequest, code: str) -> HttpResponse:
    found = activity_of(request, code, to_edit=True)
    form = SessionForm(
        request.POST or None, zone=found.programme.time_zone, places=place_choices(), cohorts=cohorts_field(found)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            zone = form.cleaned_data["time_zone"]
            session_commands.schedule_session(
                found, by=actor_of(request), time_zone=zone, cohorts=form.cleaned_data.get("cohorts", ()),
                **form.facts(),
            )  # fmt: skip
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("The session is added."))
            return redirect("office:activity", code)
    context = {"form": form, "activity": found, "programme": found.programme, "session": None, "told": 0}
    return render(request, "office/activities/session.html", context, status=422 if form.errors else 200)


def session_move(request: HttpRequest, code: str) -> HttpResponse:
    session = _session_of(request, code)
    form = SessionForm(
        request.POST or None, initial=session_facts(session), zone=session.time_zone, fixed_zone=True,
        places=place_choices(), cohorts=cohorts_field(session.activity),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                moved = session_commands.move_session(session, by=actor_of(request), **form.facts())
                if "cohorts" in form.fields:
                    call_cohorts(moved, form.cleaned_data["cohorts"], by=actor_of(request))
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(
                request,
                _("The session is changed. Who has a place is told in a minute."),
                undo=undo_address(session),
            )
            return redirect("office:activity", session.activity.code)
    context = {
        "form": form, "activity": session.activity, "programme": session.activity.programme, "session": session,
        "told": _told_of_move(session.activity),
    }  # fmt: skip
    return render(request, "office/activities/session.html", context, status=422 if form.errors else 200)


def session_cancel(request: HttpRequest, code: str) -> HttpResponse:
    session = _session_of(request, code)
    found, form = session.activity, CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            session_commands.cancel_session(session, reason=form.cleaned_data["reason"], by=actor_of(request))
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            flash.tell(request, _("The session is cancelled."), undo=undo_address(session))
            return redirect("office:activity", found.code)
    told = _told_of_move(found)
    context = {
        "form": form, "activity": found, "programme": found.programme, "told": told, "sessions": [session],
        "back": reverse("office:activity", args=[found.code]), "button": _cancel_words(found.state, told),
        "what": _("Cancel the session"),
    }  # fmt: skip
    return render(request, "office/activities/cancel.html", context, status=422 if form.errors else 200)
