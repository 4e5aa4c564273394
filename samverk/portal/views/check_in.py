"""Checking in as a participant: the ticket, and the code that stands on the wall.

Opening an address shows; only a button checks in. Who is not signed in names her ticket, and no name is shown then.
"""

from __future__ import annotations

from io import BytesIO

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.activities import check_in_rules as rules
from samverk.activities.check_in_queries import sessions_at_the_door
from samverk.activities.choices import ActivityState, Audience, RegistrationState
from samverk.activities.commands.checking_in import check_in_self, row_of_ticket
from samverk.activities.messages import PLACE_LINK, place_token, ticket_address
from samverk.activities.models import Attendance, Registration, Session
from samverk.activities.permissions import may_take_attendance
from samverk.activities.posters import ticket_document
from samverk.activities.tickets import code_in, ticket_of
from samverk.activities.wall_codes import door_pass, session_of_pass, session_on_wall
from samverk.kit import flash
from samverk.kit.acting import LINK, Actor, Refusal, actor_of, address_of
from samverk.kit.codes import read_link, typed_code
from samverk.kit.uploads import download
from samverk.portal.forms.check_in import TicketForm, WallForm
from samverk.trail.limits import is_within

# A training room shares one address; guessing six letters at this pace takes a thousand years.
MOST_A_MINUTE = 300


@login_not_required
@never_cache
@require_safe
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """What a ticket's code opens: staff are led to its row, its owner to her place; others learn that it is a ticket."""
    registration = ticket_of(typed_code(code))
    if registration is None:
        raise Http404
    if request.user.is_authenticated:
        sessions = sessions_at_the_door(registration.activity, timezone.now(), registration)
        if sessions and may_take_attendance(request.user, sessions[0]):
            return redirect("office:ticket", registration.check_in_code)
        if registration.person_id == request.user.pk:
            return redirect("portal:place", place_token(registration))
    activity = registration.activity
    is_public = activity.audience == Audience.PUBLIC and activity.state != ActivityState.DRAFT
    context = {
        "activity": activity if is_public else None,
        "shows_sign_in": not request.user.is_authenticated,
    }
    return render(request, "portal/check_in/ticket.html", context)


@login_not_required
@never_cache
@require_safe
def here(request: HttpRequest) -> HttpResponse:
    """Where the code on the wall leads: says which session it is, and asks who."""
    now = timezone.now()
    if token := request.GET.get("pass", ""):
        session = session_of_pass(token, now)
        return _who(request, session, token) if session else _ask_code(request, WallForm())
    if "code" not in request.GET:
        return _ask_code(request, WallForm())
    form = WallForm(request.GET)
    if not is_within("wall", address_of(request), most=MOST_A_MINUTE, seconds=60):
        form.add_error("code", _("Too many tries from here. Wait a minute."))
    elif form.is_valid():
        session = session_on_wall(form.cleaned_data["code"], now)
        if session:
            return _who(request, session, door_pass(session))
        form.add_error("code", _("This code does not stand on the wall now. It changes every 30 seconds."))
    return _ask_code(request, form)


def _ask_code(request: HttpRequest, form: WallForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "portal/check_in/here.html", {"form": form}, status=status)


def _who(request: HttpRequest, session: Session, token: str, form: TicketForm | None = None) -> HttpResponse:
    me = request.user if request.user.is_authenticated else None
    row = Attendance.objects.filter(session=session, person=me).first() if me else None
    back = f"{reverse('portal:here')}?{urlencode({'pass': token})}"
    context = {
        "session": session,
        "activity": session.activity,
        "pass": token,
        "is_expected": row is not None,
        "is_here": row is not None and row.was_here,
        "form": form or TicketForm(),
        "sign_in": f"{reverse('portal:sign_in')}?{urlencode({'next': back})}",
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "portal/check_in/who.html", context, status=status)


@login_not_required
@require_POST
def here_check_in(request: HttpRequest) -> HttpResponse:
    """The button: as who is signed in, or as the holder of a ticket."""
    token = request.POST.get("pass", "")
    session = session_of_pass(token, timezone.now())
    if session is None:
        flash.tell(
            request, _("That took more than ten minutes. Read the code on the wall again."), kind="wait"
        )
        return redirect("portal:here")
    form = TicketForm(request.POST)
    try:
        form.is_valid()
        check_in_self(_own_row(request, session, form), by=_actor(request), device="wall")
    except Refusal as no:
        form.add_error("ticket" if no.field == "ticket" else None, str(no.reason))
        return _who(request, session, token, form)
    flash.tell(request, _("You are marked as here. Welcome!"))
    return redirect(f"{reverse('portal:here_done')}?{urlencode({'pass': token})}")


def _own_row(request: HttpRequest, session: Session, form: TicketForm) -> Attendance:
    """The row of the ticket that was typed, or of who is signed in."""
    code = code_in(form.cleaned_data.get("ticket", ""))
    if not code and request.user.is_authenticated and not form.data.get("ticket"):
        return _row_of_person(session, request)
    if not is_within("ticket", address_of(request), most=MOST_A_MINUTE, seconds=60):
        raise Refusal(_("Too many tries from here. Wait a minute."), field="ticket")
    registration = ticket_of(code)
    if registration is None:
        raise Refusal(_("No ticket has this code. It has twelve letters."), field="ticket")
    if refusal := rules.ticket_refusal(registration, session):
        raise Refusal(refusal.reason, code=refusal.code, field="ticket")
    return row_of_ticket(session, registration, by=_actor(request))


def _row_of_person(session: Session, request: HttpRequest) -> Attendance:
    row = Attendance.objects.filter(session=session, person=request.user.pk).first()
    if row is not None:
        row.session = session
        return row
    places = Registration.objects.filter(activity=session.activity_id, person=request.user.pk)
    place = places.filter(state=RegistrationState.CONFIRMED).first()
    if place is None:
        raise rules.not_on_the_list()
    return row_of_ticket(session, place, by=_actor(request))


def _actor(request: HttpRequest) -> Actor:
    """A ticket's holder is nobody by name."""
    if request.user.is_authenticated:
        return actor_of(request)
    return Actor(through=LINK, address=address_of(request))


@login_not_required
@never_cache
@require_safe
def here_done(request: HttpRequest) -> HttpResponse:
    """What was done, until the pass is over."""
    session = session_of_pass(request.GET.get("pass", ""), timezone.now())
    if session is None:
        return redirect("portal:here")
    return render(request, "portal/check_in/done.html", {"session": session, "activity": session.activity})


# ---------- from "My place" ----------


def _place_or_404(token: str) -> Registration:
    found = read_link(PLACE_LINK, token)
    if found is None:
        raise Http404
    related = Registration.objects.select_related("activity__programme", "organisation", "person")
    return get_object_or_404(related, pk=found[0], link_version=found[1])


@login_not_required
@require_POST
def place_here(request: HttpRequest, token: str) -> HttpResponse:
    """The personal link says who; the code on the wall says that she is in the room."""
    registration = _place_or_404(token)
    form = WallForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    allowed = is_within("wall", address_of(request), most=MOST_A_MINUTE, seconds=60)
    session = session_on_wall(code, timezone.now()) if allowed else None
    if session is None or session.activity_id != registration.activity_id:
        flash.tell(
            request, _("This code does not stand on the wall now. It changes every 30 seconds."), kind="bad"
        )
        return redirect(f"{reverse('portal:place', args=[token])}#check-in")
    by = Actor(person=registration.person, through=LINK, address=address_of(request))
    try:
        if refusal := rules.ticket_refusal(registration, session):
            raise refusal
        check_in_self(row_of_ticket(session, registration, by=by), by=by, device="place")
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("You are marked as here. Welcome!"))
    return redirect("portal:place", token=token)


@login_not_required
@never_cache
@require_safe
def place_ticket(request: HttpRequest, token: str) -> HttpResponse:
    """The ticket to print, with a card of wallet size."""
    registration = _place_or_404(token)
    if registration.state != RegistrationState.CONFIRMED:
        raise Http404
    own = registration.activity.sessions.of_cohort(registration.cohort_id)
    sessions = list(own.exclude(state=Session.State.CANCELLED))
    for session in sessions:
        session.activity = registration.activity
    document = ticket_document(registration, sessions, ticket_address(registration))
    return download(BytesIO(document), f"{_('ticket')}.pdf", "application/pdf")
