"""Signing in by code or link, and out. Opening a page never signs in; pressing its button does."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from samverk.kit import flash, words
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.codes import read_link
from samverk.people import commands
from samverk.people.models import Person, SignIn
from samverk.people.rules import code_from_key, refusal_of, safe_next
from samverk.portal.forms.sign_in import CodeForm, EmailForm
from samverk.post.composing import in_groups
from samverk.programmes.permissions import is_in_a_team

# Which request to sign in this browser made: the row's number, signed. It opens nothing without the code.
COOKIE = "sign_in"
COOKIE_SECONDS = 3600


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One field: the e-mail. The answer is the same for known and unknown addresses."""
    wanted = safe_next(request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated and request.method == "GET":
        return redirect(wanted or "portal:home")
    form = EmailForm(request.POST or None, initial={"next": wanted, "email": request.GET.get("email", "")})
    if form.is_valid():
        try:
            return _asked(request, form.cleaned_data["email"], wanted)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal.reason))
            return render(request, "portal/sign_in/email.html", {"form": form}, status=429)
    return render(request, "portal/sign_in/email.html", {"form": form}, status=_status(form))


def _asked(request: HttpRequest, email: str, wanted: str) -> HttpResponse:
    asked = commands.ask_sign_in(
        email, language=get_language() or settings.LANGUAGE_CODE, next_address=wanted, by=actor_of(request)
    )
    answer = redirect("portal:sign_in_code")
    answer.set_signed_cookie(
        COOKIE, str(asked.pk), salt=COOKIE, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """One field: the code, with the address it was sent to."""
    asked = _asked_here(request)
    if asked is None:
        return redirect("portal:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            return _enter_with_code(request, asked, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", str(refusal.reason))
    context = {"form": form, "email": asked.email, "is_over": _is_over(asked)}
    return render(request, "portal/sign_in/code.html", context, status=_status(form))


@login_not_required
@require_POST
def sign_in_resend(request: HttpRequest) -> HttpResponse:
    """Send a new code to the same address; where this browser asked for none, ask for the address."""
    asked = _asked_here(request)
    if asked is None:
        return redirect("portal:sign_in")
    try:
        answer = _asked(request, asked.email, asked.next_address)
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="wait")
        return redirect("portal:sign_in_code")
    flash.tell(request, _("A new code is on its way to %(email)s.") % {"email": asked.email}, kind="info")
    return answer


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: shows the code filled in and one button. Works in any browser, once."""
    asked = _of_link(token)
    typed = {"code": in_groups(code_from_key(asked))}
    form = CodeForm(request.POST or None, initial=typed)
    if form.is_valid():
        try:
            return _enter_with_code(request, asked, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", str(refusal.reason))
    why_not = refusal_of(SignIn.objects.get(pk=asked.pk))
    context = {"form": form, "asked": asked, "why_not": why_not.reason if why_not else ""}
    return render(request, "portal/sign_in/link.html", context, status=_status(form))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    commands.sign_out(request)
    flash.tell(request, _("You are signed out."), kind="info")
    return redirect("public:home")


def enter(
    request: HttpRequest, person: Person, *, to: str = "", through_keeper: bool = False
) -> HttpResponse:
    """Sign this browser in and lead the person back to where she stood, in her language."""
    if not through_keeper:
        links = commands.tell_keeper_links(person)
    commands.sign_in_person(request, person, through_keeper=through_keeper)
    if not through_keeper:
        for link in links:
            made = {"day": words.day(link.asked_at, year=True), "time": words.clock(link.asked_at)}
            flash.tell(
                request,
                _("A keeper made a link to sign in as you on %(day)s at %(time)s.") % made,
                kind="wait",
            )
    with override(person.language):
        answer = HttpResponseRedirect(to or _first_page(person))
    answer.delete_cookie(COOKIE)
    return speak(answer, person.language)


def _first_page(person: Person) -> str:
    """Where a day begins: teams in the office, everybody else on my page."""
    return reverse("office:today" if is_in_a_team(person) else "portal:home")


def speak(answer: HttpResponse, language: str) -> HttpResponse:
    """This browser reads this language from now on."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax", httponly=True,
    )  # fmt: skip
    return answer


def _enter_with_code(request: HttpRequest, asked: SignIn, typed: str) -> HttpResponse:
    used = commands.check_code(asked, typed, by=actor_of(request))
    if used.person is None:  # only somebody with the installation's key could know this code
        raise Refusal(_("Nobody is known under this address. Register for something first."), code="unknown")
    return enter(request, used.person, to=used.next_address, through_keeper=used.by_keeper)


def _asked_here(request: HttpRequest) -> SignIn | None:
    key = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=COOKIE_SECONDS)
    return SignIn.objects.filter(pk=key).first() if key else None


def _of_link(token: str) -> SignIn:
    found = read_link("sign-in", token)
    if found is None:
        raise Http404
    asked = SignIn.objects.select_related("person").filter(pk=found[0], link_version=found[1]).first()
    if asked is None or asked.person is None:
        raise Http404
    return asked


def _is_over(asked: SignIn) -> bool:
    return refusal_of(SignIn.objects.get(pk=asked.pk)) is not None


def _status(form: Form) -> int:
    return 422 if form.errors else 200
