"""One activity, and registering for it in the same page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.activities import rules
from samverk.activities.access_queries import way_in
from samverk.activities.calendar_files import calendar_file
from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import ask_code_again, confirm_registration, register
from samverk.activities.messages import activity_address, place_token
from samverk.activities.models import Activity, Registration, Session
from samverk.activities.permissions import activities_public, activities_visible_to
from samverk.activities.queries import (
    organisation_suggestions,
    organisations_to_come_for,
    own_registration,
    places_sentence,
    status_of,
    waiting_count,
)
from samverk.directory.models import Organisation
from samverk.follow_up.permissions import materials_public, summaries_public
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import make_link, read_link
from samverk.kit.errors import too_many
from samverk.kit.limits import is_within
from samverk.people.commands import check_code, sign_in_person
from samverk.public.event_data import event_data
from samverk.public.forms.registrations import (
    AnotherForm,
    CodeForm,
    ColleagueForm,
    OwnForm,
    RegistrationForm,
    VisitorForm,
)
from samverk.public.kept_pages import kept_for_visitors

SENT_LINK = "registration-sent"


@login_not_required
@require_safe
@kept_for_visitors
def activity(request: HttpRequest, code: str) -> HttpResponse:
    """When, where, for whom, and the form; whoever is registered sees her place instead."""
    found = _activity_or_404(request, code)
    return _page(request, found, _behind(request), who=request.GET.get("who", ""))


@login_not_required
@require_safe
def activity_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The sessions of one activity as a calendar file."""
    found = _activity_or_404(request, code)
    file = calendar_file(found.sessions.select_related("activity"), name=found.title, link=activity_address)
    return ics(file, f"{found.code}.ics")


def ics(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name.lower()}"'
    return answer


@login_not_required
@require_POST
def registration_create(request: HttpRequest, code: str) -> HttpResponse:
    """Send the form. Whatever is known about the address, a visitor sees the same answer."""
    found = _activity_or_404(request, code)
    by = actor_of(request)
    if not is_within("register", by.address, most=300, seconds=60):
        return too_many(request, minutes=1)
    behind = _behind(request)
    form = _form_for(request, request.POST.get("who", ""), behind, request.POST)
    if not form.is_valid():
        return _page(request, found, behind, form=form)
    try:
        registration = register(
            found, language=get_language() or settings.LANGUAGE_CODE, by=by, **_facts(request, form)
        )
    except Refusal as refusal:
        if refusal.code == "already_registered" and form.who == "own":
            return redirect("public:activity", code=found.code)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.reason))
        return _page(request, found, behind, form=form)
    return _after_registering(request, registration, form)


def _facts(request: HttpRequest, form: RegistrationForm) -> dict[str, Any]:
    if form.who != "own":
        return form.facts()
    me: Any = request.user
    named = {
        "given_name": me.given_name,
        "family_name": me.family_name,
        "email": me.email or "",
        "person": me,
    }
    return form.facts() | named


def _after_registering(
    request: HttpRequest, registration: Registration, form: RegistrationForm
) -> HttpResponse:
    """Her own place; or, for somebody else whose address is settled, back to the activity with a word."""
    if form.who == "own":
        return redirect("portal:place", token=place_token(registration))
    me: Any = request.user
    own_mailbox = form.who == "another" and registration.email == me.email
    if form.who == "colleague" or own_mailbox:
        words = (
            _("%(name)s has a place.")
            if registration.state == State.CONFIRMED
            else _("%(name)s is on the waiting list.")
        )
        flash.tell(request, words % {"name": registration.name})
        return redirect("public:activity", code=registration.activity.code)
    return redirect("public:registration_sent", token=_sent_token(registration))


@login_not_required
@never_cache
@require_safe
def registration_sent(request: HttpRequest, token: str) -> HttpResponse:
    """One field for the code. It tells nothing that the mail does not tell whoever may read it."""
    return _sent_page(request, token, _registration_sent_or_404(token), CodeForm())


@login_not_required
@require_POST
def registration_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The code of the mail: the registration becomes a person's, and this browser is hers."""
    registration = _registration_sent_or_404(token)
    form = CodeForm(request.POST)
    if not form.is_valid() or registration.sign_in is None:
        return _sent_page(request, token, registration, form, status=422)
    by = actor_of(request)
    try:
        check_code(registration.sign_in, form.cleaned_data["code"], by=by)
        confirmed = confirm_registration(registration, by=by)
    except Refusal as refusal:
        form.add_error("code", str(refusal.reason))
        return _sent_page(request, token, registration, form, status=422)
    person = confirmed.person
    if person is not None and person.email == registration.email and request.user != person:
        sign_in_person(request, person)
    return redirect("portal:place", token=place_token(confirmed))


@login_not_required
@require_POST
def registration_resend(request: HttpRequest, token: str) -> HttpResponse:
    """Write the mail anew, with a new code."""
    registration = _registration_sent_or_404(token)
    try:
        ask_code_again(registration, by=actor_of(request))
        flash.tell(
            request, _("A new mail is on its way to %(email)s.") % {"email": registration.email}, kind="info"
        )
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="wait")
    return redirect("public:registration_sent", token=token)


@login_not_required
@require_safe
def organisation_names(request: HttpRequest) -> HttpResponse:
    """Names of public organisations that begin as typed, for the suggestions under the field."""
    names = organisation_suggestions(request.GET.get("organisation", "")[:100])
    return render(request, "public/activities/_organisation_names.html", {"names": names})


# ---------- the page ----------


def _activity_or_404(request: HttpRequest, code: str) -> Activity:
    public = (
        activities_public().select_related("programme", "component", "venue_card").filter(code=code).first()
    )
    if public is not None:
        return public
    visible = activities_visible_to(request.user).select_related("programme", "component", "venue_card")
    return get_object_or_404(visible, code=code)


def _form_for(request: HttpRequest, who: str, behind: list, sent: Any = None) -> RegistrationForm:
    """The form this visitor can use; ``behind`` are the organisations that stand behind her."""
    me = request.user
    if not me.is_authenticated:
        return VisitorForm(sent)
    if who == "colleague":
        organisations = [organisation for organisation, may_register in behind if may_register]
        if not organisations:
            raise Http404
        return ColleagueForm(sent, organisations=organisations)
    if who == "another":
        return AnotherForm(sent, initial={"email": me.email or ""})
    return OwnForm(sent, known=[organisation for organisation, _may in behind])


def _behind(request: HttpRequest) -> list[tuple[Organisation, bool]]:
    return organisations_to_come_for(request.user) if request.user.is_authenticated else []


def _page(
    request: HttpRequest,
    found: Activity,
    behind: list,
    *,
    who: str = "",
    form: RegistrationForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    me = request.user
    place = own_registration(me, found) if me.is_authenticated else None
    refusal = rules.registration_refusal(found, now)
    asks_for_another = who in ("another", "colleague")
    shows_form = refusal is None and (place is None or asks_for_another or form is not None)
    if shows_form and form is None:
        form = _form_for(request, who, behind)
    waiting = waiting_count(found) if found.is_full else 0
    kind, places = places_sentence(found, waiting)
    sessions = list(found.sessions.select_related("venue_card", "room"))
    for session in sessions:
        session.activity = found
    ahead = (one for one in sessions if one.state != Session.State.CANCELLED and one.ends_at > now)
    first = next(ahead, sessions[0] if sessions else None)
    context = {
        "activity": found,
        "sessions": sessions,
        "first": first,
        "way": way_in(found, first),
        "leaders": list(
            found.leaders.filter(is_public=True, person__is_protected=False).select_related("person")
        ),
        "place": place,
        "place_status": status_of(place, now) if place else None,
        "place_url": reverse("portal:place", args=[place_token(place)]) if place else "",
        "form": form if shows_form else None,
        "who": form.who if form and shows_form else "",
        "refusal": refusal,
        "places": places,
        "places_kind": kind,
        "closes": rules.closes_at(found),
        "is_queue": found.is_full,
        "may_register_colleagues": refusal is None
        and any(may_register for _organisation, may_register in behind),
        "event_data": event_data(found, sessions, request),
        **_afterwards(found, now),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "public/activities/activity.html", context, status=status)


def _afterwards(found: Activity, now: datetime) -> dict[str, Any]:
    """What is told and shown of it when it is over."""
    if found.ends_at is None or found.ends_at > now:
        return {"told": None, "materials": []}
    return {
        "told": summaries_public().filter(activity=found).first(),
        "materials": list(materials_public().filter(activity=found)),
    }


@login_not_required
@require_safe
def material(request: HttpRequest, code: str) -> FileResponse:
    """A file that is for everybody, as one to keep."""
    found = get_object_or_404(materials_public().exclude(file=""), code=code)
    return uploads.download(found.file.open("rb"), found.file_name, found.media_type)


# ---------- the page after sending ----------


def _sent_token(registration: Registration) -> str:
    return make_link(SENT_LINK, registration.pk, registration.link_version)


def _registration_sent_or_404(token: str) -> Registration:
    found = read_link(SENT_LINK, token)
    if found is None:
        raise Http404
    related = Registration.objects.select_related("activity__programme", "sign_in")
    return get_object_or_404(related, pk=found[0], link_version=found[1])


def _sent_page(
    request: HttpRequest, token: str, registration: Registration, form: CodeForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "token": token, "activity": registration.activity, "email": registration.email}
    return render(request, "public/activities/sent.html", context, status=status)
