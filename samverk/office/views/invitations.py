"""Invitations to an activity: who has answered how, inviting more, reminding, taking back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import LIVE, RegistrationState
from samverk.activities.commands.invitations import (
    Guest,
    each_once,
    invite,
    inviting_refusal,
    remind_invited,
    to_remind,
    withdraw_invitation,
)
from samverk.activities.models import Activity, Invitation
from samverk.activities.permissions import (
    activities_in_office,
    invitations_visible_to,
    may_edit_activity,
    may_see_registrations,
)
from samverk.activities.queries.invitations import answers_of, invitations_of
from samverk.follow_up.queries import activity_before
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.office.forms.invitations import InvitationForm
from samverk.office.views.activities import activity_of
from samverk.people.rules import alias_of

ROWS = 50
NAMES_SHOWN = 300


@require_safe
def invitations(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody invited, with the answer."""
    found = activity_of(request, code)
    if not may_see_registrations(request.user, found):
        raise PermissionDenied
    listed = invitations_of(found).order_by("withdrawn_at", "-pk")
    page = Paginator(listed, ROWS).get_page(request.GET.get("page"))
    context = {
        "activity": found,
        "programme": found.programme,
        "page": page,
        "rows": [_row(one) for one in page],
        "answers": answers_of(found),
        "may_edit": may_edit_activity(request.user, found),
        "refusal": inviting_refusal(found),
    }
    return render(request, "office/admission/invitations.html", context)


def _row(one: Any) -> dict[str, Any]:
    """A row; somebody with protected identity by alias, her address hidden."""
    hidden = one.person is not None and one.person.is_protected
    kind, answer = _answer(one)
    return {
        "code": one.code,
        "name": alias_of(one.person.code) if hidden else one.name,
        "email": "" if hidden or one.name == one.email else one.email,
        "organisation": ""
        if hidden
        else (str(one.organisation) if one.organisation else one.organisation_typed),
        "comes_as": one.get_comes_as_display(),
        "kind": kind,
        "answer": answer,
        "because": one.withdrawn_because,
        "invited_at": one.invited_at,
        "reminded_at": one.reminded_at,
        "stands": one.withdrawn_at is None,
    }


def _answer(one: Any) -> tuple[str, str]:
    if one.withdrawn_at is not None:
        return "off", _("Taken back")
    if one.answer in LIVE:
        return "ok", str(RegistrationState(one.answer).label)
    if one.answer in (RegistrationState.CANCELLED, RegistrationState.DECLINED):
        return "off", str(RegistrationState(one.answer).label)
    if one.declined_at is not None:
        return "off", _("Cannot come")
    return "wait", _("Has not answered")


def _form(request: HttpRequest, found: Activity) -> InvitationForm:
    others = activities_in_office(request.user).exclude(pk=found.pk).order_by("-starts_at", "-pk")
    # To the next meeting one invites those of the one before.
    before = activity_before(found)
    initial = {"language": found.language, "comes_as": "participant", "earlier": before}
    return InvitationForm(request.POST or None, activities=others, initial=initial)


def invitation_create(request: HttpRequest, code: str) -> HttpResponse:
    """Write the list; the next page shows whom it goes to before anything leaves."""
    found = activity_of(request, code, to_edit=True)
    form = _form(request, found)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        return _look_through(request, found, form)
    if "change" in request.POST:
        form = InvitationForm(activities=form.fields["earlier"].queryset, initial=request.POST.dict())
    context = {
        "form": form, "activity": found, "programme": found.programme, "refusal": inviting_refusal(found),
    }  # fmt: skip
    return render(request, "office/admission/invite.html", context, status=422 if form.errors else 200)


@require_POST
def invitation_send(request: HttpRequest, code: str) -> HttpResponse:
    """Send to those the page before has shown."""
    found = activity_of(request, code, to_edit=True)
    form = _form(request, found)
    if not form.is_valid():
        context = {"form": form, "activity": found, "programme": found.programme, "refusal": None}
        return render(request, "office/admission/invite.html", context, status=422)
    asked = form.cleaned_data
    try:
        sent = invite(
            found, _guests(request, asked), language=asked["language"], words=asked["words"],
            comes_as=asked["comes_as"], by=actor_of(request),
        )  # fmt: skip
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(
            request,
            ngettext(
                "%(n)s invitation goes out in a minute.", "%(n)s invitations go out in a minute.", len(sent)
            )
            % {"n": len(sent)},
        )
    return redirect("office:invitations", code)


def _look_through(request: HttpRequest, found: Activity, form: InvitationForm) -> HttpResponse:
    guests = each_once(_guests(request, form.cleaned_data))
    standing = set(found.invitations.standing().filter(email__in=guests).values_list("email", flat=True))
    new = [guest for email, guest in guests.items() if email not in standing]
    hidden = _protected_in(form.cleaned_data["earlier"])
    context = {
        "activity": found, "programme": found.programme, "form": form, "number": len(new), "known": len(standing),
        "names": [_shown(guest, hidden) for guest in new[:NAMES_SHOWN]], "asked": form.cleaned_data,
        "sent": [(name, request.POST.get(name, "")) for name in form.fields],
        "refusal": inviting_refusal(found),
    }  # fmt: skip
    return render(request, "office/admission/invite_check.html", context)


def _guests(request: HttpRequest, asked: dict[str, Any]) -> list[Guest]:
    """Those written, and those who had a place in the earlier activity and have an address."""
    guests = list(asked["guests"])
    if asked["earlier"] is None or not may_see_registrations(request.user, asked["earlier"]):
        return guests
    places = asked["earlier"].registrations.filter(state=RegistrationState.CONFIRMED).select_related("person")
    for one in places:
        address = one.email or (one.person.mail_address if one.person else "")
        if address:
            guests.append(Guest(address, one.given_name, one.family_name, one.organisation_typed))
    return guests


def _protected_in(earlier: Activity | None) -> dict[str, str]:
    """Aliases by address of those the earlier activity brings along; what one typed oneself is no secret to one."""
    if earlier is None:
        return {}
    places = earlier.registrations.filter(person__is_protected=True).select_related("person")
    return {
        (one.email or one.person.mail_address).lower(): alias_of(one.person.code)
        for one in places
        if one.person
    }


def _shown(guest: Guest, hidden: dict[str, str]) -> str:
    if guest.email.lower() in hidden:
        return hidden[guest.email.lower()]
    name = f"{guest.given_name} {guest.family_name}".strip()
    return f"{name}, {guest.email}" if name else guest.email


def invitations_remind(request: HttpRequest, code: str) -> HttpResponse:
    """Once more to those who have not answered: the page lists them before sending."""
    found = activity_of(request, code, to_edit=True)
    if request.method == "POST":
        try:
            number = remind_invited(found, by=actor_of(request))
        except Refusal as no:
            flash.tell(request, str(no.reason), kind="bad")
        else:
            words = ngettext("%(n)s reminder goes out.", "%(n)s reminders go out.", number)
            flash.tell(request, words % {"n": number})
        return redirect("office:invitations", code)
    waiting = list(to_remind(found))
    context = {
        "activity": found, "programme": found.programme, "number": len(waiting),
        "names": [_row(one)["name"] for one in waiting[:NAMES_SHOWN]],
    }  # fmt: skip
    return render(request, "office/admission/remind.html", context)


@require_POST
def invitation_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take an invitation back; a place she has by it stays hers."""
    visible = invitations_visible_to(request.user).select_related("activity__programme")
    found: Invitation = get_object_or_404(visible, code=code)
    if not may_edit_activity(request.user, found.activity):
        raise PermissionDenied
    withdraw_invitation(found, by=actor_of(request), because=request.POST.get("because", ""))
    flash.tell(request, _("The invitation is taken back. A place that was given by it stays."))
    return redirect("office:invitations", found.activity.code)
