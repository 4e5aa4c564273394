"""One scanned page: placed by hand, turned, thrown away; or beside the rows of its sheet, for marking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.choices import Mark
from samverk.activities.models import Session
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.fold import fold
from samverk.office.doors import for_team
from samverk.office.forms.attendance import MarkForm
from samverk.office.forms.paper import CodeForm, DiscardForm, FootForm, PageForm, SessionForm, WithdrawForm
from samverk.office.views.undo import undo_address
from samverk.paper.choices import PageState, Why
from samverk.paper.commands import marking
from samverk.paper.commands import pages as commands
from samverk.paper.models import PrintedPage, ScanPage
from samverk.paper.permissions import (
    knows_session,
    pages_visible_to,
    programmes_that_file,
    sessions_to_file_at,
)
from samverk.paper.queries import PaperRow, page_after, rows_beside, tray_of
from samverk.paper.rules import Place

MOST_CHOICES, LOOKED_BACK = 60, timedelta(days=120)


def _page_of(request: HttpRequest, code: str, state: str = "") -> ScanPage:
    pages = pages_visible_to(request.user).select_related(
        "scan__programme",
        "scan__sent_by",
        "session__activity__programme",
        "printed_page__printed",
        "evidence",
    )
    found = get_object_or_404(pages, code=code)
    if state and found.state != state:
        raise PermissionDenied
    return found


@require_safe
def paper_page(request: HttpRequest, code: str) -> HttpResponse:
    """Filed: beside its rows. In the tray: which session is it?"""
    page = _page_of(request, code)
    if page.state == PageState.FILED:
        return _beside(request, page)
    return _in_tray(request, page)


# ---------- in the tray ----------


def _in_tray(request: HttpRequest, page: ScanPage, **forms: Any) -> HttpResponse:
    asked = request.GET.get("q", "")
    known = page.session if knows_session(request.user, page) else None
    session = known or _session_asked(request, page)
    context = {
        "page": page, "asked": asked, "session": session, "known": known, "scan": page.scan,
        "programme": page.scan.programme, "code_form": CodeForm(), "discard_form": DiscardForm(),
        "session_form": SessionForm(sessions=_choices(request, asked)),
        "page_form": _page_form(page, session) if session else None, **forms,
    }  # fmt: skip
    return render(request, "office/paper/page.html", context, status=422 if forms else 200)


def _session_asked(request: HttpRequest, page: ScanPage) -> Session | None:
    """The one chosen in step one, or where the file was sent from."""
    mine = sessions_to_file_at(request.user).select_related("activity")
    if code := request.GET.get("session", "")[:12]:
        return mine.filter(code=code).first()
    return mine.filter(pk=page.scan.session_id).first() if page.scan.session_id else None


def _choices(request: HttpRequest, asked: str) -> Any:
    """Sessions that began already, the latest first; a search looks at all of them."""
    mine = sessions_to_file_at(request.user).exclude(state=Session.State.CANCELLED).select_related("activity")
    now = timezone.now()
    if asked.strip():
        wanted = fold(asked).split()
        named = mine.order_by("-starts_at").values_list("pk", "activity__title", "title")[:3000]
        fits = [pk for pk, title, own in named if all(word in fold(f"{title} {own}") for word in wanted)]
        return mine.filter(pk__in=fits[:MOST_CHOICES]).order_by("-starts_at")
    recent = mine.filter(starts_at__lt=now + timedelta(hours=12), starts_at__gt=now - LOOKED_BACK)
    keys = list(recent.order_by("-starts_at").values_list("pk", flat=True)[:MOST_CHOICES])
    return mine.filter(pk__in=keys).order_by("-starts_at")


def _page_form(page: ScanPage, session: Session, data: Any = None) -> PageForm:
    pages = PrintedPage.objects.filter(printed__session=session).select_related("printed__session")
    start = {"session": session.code, "page": page.printed_page_id}
    return PageForm(data, pages=pages.order_by("-printed", "number"), initial=start)


@require_POST
def paper_page_file(request: HttpRequest, code: str) -> HttpResponse:
    """To the session and page a person chose."""
    page = _page_of(request, code)
    chosen = sessions_to_file_at(request.user).select_related("activity")
    session = chosen.filter(code=request.POST.get("session", "")[:12]).first()
    if session is None:
        flash.tell(request, _("Choose a session first."), kind="bad")
        return redirect("office:paper_page", code)
    form = _page_form(page, session, request.POST)
    if form.is_valid():
        try:
            commands.file_page(page, Place(session, form.cleaned_data["page"]), by=actor_of(request))
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            flash.tell(request, _("Filed. Mark who has signed."))
            return redirect("office:paper_page", code)
    return _in_tray(request, page, page_form=form, session=session, form=form)


@require_POST
def paper_page_code(request: HttpRequest, code: str) -> HttpResponse:
    """By the letters under the code."""
    page, form = _page_of(request, code), CodeForm(request.POST)
    if form.is_valid():
        try:
            _file_by_code(request, page, form.cleaned_data["code"])
        except Refusal as no:
            form.add_error("code" if no.field == "code" else None, str(no.reason))
        else:
            flash.tell(request, _("Filed. Mark who has signed."))
            return redirect("office:paper_page", code)
    return _in_tray(request, page, code_form=form, form=form)


def _file_by_code(request: HttpRequest, page: ScanPage, code: str) -> None:
    try:
        commands.file_by_code(page, code, by=actor_of(request))
    except Refusal as no:
        # A list of another programme answers like one that does not exist.
        if no.code == "not_coordinator":
            raise commands.unknown_code() from None
        raise


@require_POST
def paper_page_turn(request: HttpRequest, code: str) -> HttpResponse:
    """A quarter to the right. Beside its sheet, what was chosen and not saved yet stays."""
    page = commands.turn_page(_page_of(request, code), 1, by=actor_of(request))
    page = _page_of(request, page.code)
    if page.state == PageState.FILED and request.POST.get("beside"):
        return _beside(request, page, request.POST)
    return redirect("office:paper_page", code)


@require_POST
def paper_page_discard(request: HttpRequest, code: str) -> HttpResponse:
    page, form = _page_of(request, code), DiscardForm(request.POST)
    if form.is_valid():
        try:
            done = commands.discard_page(page, form.cleaned_data["reason"], by=actor_of(request))
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            flash.tell(
                request, _("Thrown away. It can be taken out again for 30 days."), undo=undo_address(done)
            )
            return redirect("office:paper")
    return _in_tray(request, page, discard_form=form, form=form)


@for_team
@require_POST
def paper_blank_discard(request: HttpRequest) -> HttpResponse:
    """All blank pages of the tray at once."""
    if not programmes_that_file(request.user).exists():
        raise PermissionDenied
    blank = tray_of(request.user).filter(why=Why.BLANK)
    number = commands.discard_blank(blank, by=actor_of(request))
    said = ngettext("%(n)s blank page is thrown away.", "%(n)s blank pages are thrown away.", number)
    flash.tell(request, said % {"n": number})
    return redirect("office:paper")


@require_POST
def paper_page_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Filed where it does not belong: back into the tray."""
    page, form = _page_of(request, code, PageState.FILED), WithdrawForm(request.POST)
    if form.is_valid():
        try:
            commands.withdraw_page(page, form.cleaned_data["reason"], by=actor_of(request))
        except Refusal as no:
            form.add_error(None, str(no.reason))
        else:
            flash.tell(request, _("It lies in the tray again. Look at the marks that were made from it."))
            return redirect("office:paper_page", code)
    return _beside(request, page, withdraw_form=form, is_refused=True, form=form)


@require_POST
def paper_page_restore(request: HttpRequest, code: str) -> HttpResponse:
    page = _page_of(request, code)
    try:
        commands.restore_page(page, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
    else:
        flash.tell(request, _("It lies in the tray again."))
    return redirect("office:paper_page", code)


# ---------- beside its sheet ----------


def _beside(request: HttpRequest, page: ScanPage, data: Any = None, **more: Any) -> HttpResponse:
    session = page.session
    rows = rows_beside(page)
    fill = request.GET.get("fill", "")
    shown = [{"paper": row, "form": _mark_form(row, page, data, fill)} for row in rows]
    context = {
        "page": page, "scan": page.scan, "session": session, "activity": page.session and session.activity,
        "programme": session and session.activity.programme, "rows": shown, "next": page_after(page),
        "others": _others(page), "open": sum(row.row.mark == Mark.NOT_MARKED for row in rows),
        "reason": (data or {}).get("reason", ""),
        "withdraw_form": WithdrawForm(),
        "foot_form": FootForm(is_closed=bool(session and session.is_closed)), **more,
    }  # fmt: skip
    return render(request, "office/paper/beside.html", context, status=422 if more.get("is_refused") else 200)


def _others(page: ScanPage) -> list[ScanPage]:
    """Other pictures of the same printed page."""
    if page.printed_page_id is None:
        return []
    same = ScanPage.objects.filter(printed_page=page.printed_page_id, state=PageState.FILED)
    return list(same.exclude(pk=page.pk).select_related("scan"))


def _mark_form(row: PaperRow, page: ScanPage, data: Any, fill: str) -> MarkForm:
    start = {"mark": "", "came": row.row.came, "left": row.row.left, "seen": row.row.seen}
    if row.is_proven or (fill == "marked" and row.row.mark != Mark.NOT_MARKED):
        start["mark"] = row.row.mark
    elif fill == "signed" and row.row.mark in (Mark.NOT_MARKED, Mark.HERE):
        start["mark"] = Mark.HERE
    assert page.session is not None
    return MarkForm(data, session=page.session, prefix=f"r{row.row.id}", initial=start)


@require_POST
def paper_page_mark(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper says about its rows, all at once."""
    page = _page_of(request, code, PageState.FILED)
    said, is_wrong = [], False
    for row in rows_beside(page):
        form = _mark_form(row, page, request.POST, "")
        if not request.POST.get(form.add_prefix("mark")):
            continue
        if form.is_valid():
            said.append((row, form))
        else:
            is_wrong = True
    if is_wrong:
        return _beside(request, page, request.POST, is_refused=True)
    marks = [_paper_mark(row, form) for row, form in said if not _says_so_already(row, form)]
    try:
        number = marking.mark_from_paper(
            page, marks, by=actor_of(request), reason=request.POST.get("reason", "")[:300]
        )
    except Refusal as no:
        return _beside(request, page, request.POST, is_refused=True, refusal=str(no.reason))
    if number:
        told = ngettext(
            "%(n)s row is marked from the paper.", "%(n)s rows are marked from the paper.", number
        )
        flash.tell(request, told % {"n": number}, undo=undo_address(page))
    else:
        flash.tell(request, _("Nothing new: the sheet says the same."), kind="info")
    return redirect("office:paper_page", code)


def _says_so_already(row: PaperRow, form: MarkForm) -> bool:
    values = form.cleaned_data
    same = values["mark"] == row.row.mark and row.is_proven
    return same and (
        values["mark"] != Mark.PART
        or (form["came"].value(), form["left"].value()) == (row.row.came, row.row.left)
    )


def _paper_mark(row: PaperRow, form: MarkForm) -> marking.PaperMark:
    facts = form.facts()
    return marking.PaperMark(
        row.row.id, form.cleaned_data["mark"], facts["came_at"], facts["left_at"], seen=facts["seen"]
    )


@require_POST
def paper_page_add(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody who wrote her name at the foot of the list."""
    page = _page_of(request, code, PageState.FILED)
    form = FootForm(request.POST, is_closed=bool(page.session and page.session.is_closed))
    if form.is_valid():
        try:
            row = marking.add_from_paper(page, by=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            flash.tell(request, _("%(name)s is added and marked as here.") % {"name": row.name})
            return redirect("office:paper_page", code)
    return _beside(request, page, foot_form=form, is_refused=True, form=form)
