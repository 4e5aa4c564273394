"""My hours: by personal link or signed in. Opening a link shows; answering keeps answers; signing is a step of its own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from samverk.kit import flash
from samverk.kit.acting import LINK, Actor, Refusal, address_of
from samverk.kit.codes import digest
from samverk.kit.comfort import COOKIE, Comfort
from samverk.ledger import months
from samverk.ledger.commands.attesting import answer_statement, sign_statement, to_sign
from samverk.ledger.messages import statement_of_token, statement_token
from samverk.ledger.models import Attestation, HourEntry, Statement
from samverk.ledger.queries import statement_lines
from samverk.ledger.texts import statement_text
from samverk.portal.forms.hours import StatementForm


def _statement_or_404(token: str) -> Statement:
    statement = statement_of_token(token)
    if statement is None:
        raise Http404
    return statement


def _actor(request: HttpRequest, statement: Statement) -> Actor:
    """Whoever holds the link acts as the person; signed in as herself, the link is not needed for that."""
    return Actor(person=statement.person, through=LINK, address=address_of(request))


def _frame(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """Large text by itself: this page is read on phones, and by seniors. Who chose a size keeps it."""
    return more if COOKIE in request.COOKIES else {"comfort": Comfort(size="A+"), **more}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest, token: str) -> HttpResponse:
    """A month's hours, each right or wrong; going on leads to the page where one signs."""
    found = _statement_or_404(token)
    lines = statement_lines(found)
    answers = {answer.entry_id: answer for answer in found.answers.all()}
    form = StatementForm(request.POST or None, lines=lines, answers=answers)
    if request.method == "POST" and lines and form.is_valid():
        try:
            answer_statement(found, form.answers, by=_actor(request, found))
        except Refusal as refusal:
            flash.tell(request, str(refusal.reason), kind="bad")
            return redirect("portal:statement", token)
        return redirect("portal:statement_sign", token)
    context = _frame(request, **_page(found, token, lines), form=form)
    return render(request, "portal/hours/statement.html", context, status=422 if form.errors else 200)


def _page(found: Statement, token: str, lines: list[HourEntry]) -> dict[str, Any]:
    return {
        "statement": found,
        "token": token,
        "person": found.person,
        "month": months.said(found.month),
        "lines": lines,
        "total": sum(line.minutes for line in lines),
        "meetings": len(lines),
        "waiting": [line for line in lines if not line.confirmed_at],
        "signatures": list(found.attestations.filter(voided_at=None, role=Attestation.Role.PERSON)),
        "voided": found.attestations.filter(role=Attestation.Role.PERSON).exclude(voided_at=None).last(),
    }


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def statement_sign(request: HttpRequest, token: str) -> HttpResponse:
    """Exactly what will be signed, and one button that signs it."""
    found = _statement_or_404(token)
    try:
        if request.method == "POST":
            return _signed(request, found, token)
        lines = to_sign(found)
    except Refusal as refusal:
        flash.tell(request, str(refusal.reason), kind="bad")
        return redirect("portal:statement", token)
    language = get_language() or found.person.language
    text = statement_text(found, lines, language)
    everything = statement_lines(found)
    context = _frame(
        request, **_page(found, token, everything), right=lines, text_lines=text.split("\n"),
        text_digest=digest(text),
        wrong=[line for line in everything if line not in lines],
        signed_minutes=sum(line.minutes for line in lines),
    )  # fmt: skip
    return render(request, "portal/hours/sign.html", context)


def _signed(request: HttpRequest, found: Statement, token: str) -> HttpResponse:
    is_signed_in = request.user.is_authenticated and request.user.pk == found.person_id
    signature = sign_statement(
        found,
        by=_actor(request, found),
        text_digest=request.POST.get("text_digest", ""),
        language=get_language() or found.person.language,
        method=Attestation.Method.CODE if is_signed_in else Attestation.Method.LINK,
    )
    said = (
        _("Thank you. Your hours are confirmed.")
        if signature
        else _("Thank you. What is wrong is looked at now.")
    )
    flash.tell(request, said)
    return redirect("portal:statement", token)


@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Every month of mine, newest first."""
    mine = HourEntry.objects.live().filter(person=request.user.pk).order_by("-month")
    sums = mine.values("month").annotate(total=Sum("minutes"), n=Count("id"))
    statements = {one.month: one for one in Statement.objects.filter(person=request.user.pk)}
    rows = [_month_row(dict(row), statements.get(row["month"])) for row in sums]
    waiting = sum(1 for row in rows if row["kind"] == "wait")
    return render(request, "portal/hours/list.html", {"rows": rows, "waiting": waiting})


def _month_row(row: dict[str, Any], one: Statement | None) -> dict[str, Any]:
    """A month of mine: its hours, where they stand, and the way to confirm them."""
    kinds = {Statement.State.SIGNED: "ok", Statement.State.DISPUTED: "bad"}
    said = {
        Statement.State.SIGNED: _("Confirmed"),
        Statement.State.DISPUTED: _("You said that something is wrong"),
        Statement.State.OPEN: _("Waits for you"),
        Statement.State.VOID: _("Changed: look again"),
    }
    return {
        "month": months.said(row["month"]),
        "minutes": row["total"],
        "n": row["n"],
        "kind": kinds.get(Statement.State(one.state), "wait") if one else "off",
        "state": said[Statement.State(one.state)] if one else _("Not sent to you yet"),
        "href": reverse("portal:statement", kwargs={"token": statement_token(one)}) if one else "",
    }
