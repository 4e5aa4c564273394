"""Registering for an activity, and the page after sending."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import RegistrationState as State
from samverk.activities.commands.registrations import ask_code_again, confirm_registration, register
from samverk.activities.messages import place_token
from samverk.activities.models import Registration
from samverk.asking.commands.answering import register_with_answers
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import make_link, read_link
from samverk.kit.errors import too_many
from samverk.people.commands import check_code, sign_in_person
from samverk.public.activity_page import (
    activity_or_404,
    activity_page,
    form_for,
    organisations_behind,
    refused,
)
from samverk.public.forms.registrations import (
    CodeForm,
    RegistrationForm,
)
from samverk.trail.limits import is_within

SENT_LINK = "registration-sent"


@login_not_required
@require_POST
def registration_create(request: HttpRequest, code: str) -> HttpResponse:
    """Send the form. Whatever is known about the address, a visitor sees the same answer."""
    found = activity_or_404(request, code)
    by = actor_of(request)
    if not is_within("register", by.address, most=300, seconds=60):
        return too_many(request, minutes=1)
    behind = organisations_behind(request)
    form = form_for(request, found, request.POST.get("who", ""), behind, request.POST, request.FILES)
    if not form.is_valid():
        return activity_page(request, found, behind, form=form)
    try:
        registration = register_with_answers(
            register, found, form.answers, by=by, again=form.uses_again,
            language=get_language() or settings.LANGUAGE_CODE, **_facts(request, form),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code == "already_registered" and form.who == "own":
            return redirect("public:activity", code=found.code)
        return activity_page(request, found, behind, form=refused(form, refusal))
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
        words = {
            State.CONFIRMED: _("%(name)s has a place."),
            State.APPLIED: _("%(name)s has asked to come. The organiser answers by mail."),
        }.get(State(registration.state), _("%(name)s is on the waiting list."))
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
