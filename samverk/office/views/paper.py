"""Paper: printing lists, sending scans and photos of them, the tray of pages nobody could place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.activities.models import Session
from samverk.kit import flash, uploads
from samverk.kit.acting import Refusal, actor_of
from samverk.ledger.permissions import may_file_evidence
from samverk.office.doors import for_team
from samverk.office.forms.paper import SendForm
from samverk.office.views.attendance import session_of
from samverk.paper import pictures
from samverk.paper.choices import PageState, Why
from samverk.paper.commands.printing import print_list
from samverk.paper.commands.scans import Sent, send_scan, shows_soon, work_on_scan
from samverk.paper.models import Scan
from samverk.paper.permissions import (
    may_open_original,
    pages_visible_to,
    programmes_that_file,
    scans_visible_to,
)
from samverk.paper.queries import pages_in_lists, tray_of

SHOWN = 24


@dataclass(frozen=True)
class Work:
    """What the page says while the worker reads."""

    title: str
    step: str
    done: int
    total: int
    left: str
    finished: bool


# ---------- printing ----------


@require_POST
def sheet_print(request: HttpRequest, code: str) -> HttpResponse:
    """The attendance list with signature lines as PDF, a code on each page; what stands where is kept."""
    session = session_of(request, code)
    _printed, content = print_list(session, get_language() or "en", by=actor_of(request))
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"{session.starts_local:%Y-%m-%d} {session.activity.title}.pdf"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


# ---------- sending ----------


@for_team
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The tray, what was sent, what was thrown away."""
    return _tray(request, _send_form(request))


def _send_form(request: HttpRequest, session: Session | None = None) -> SendForm:
    programmes = programmes_that_file(request.user)
    if session:
        programmes = programmes.filter(pk=session.activity.programme_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return SendForm(*sent, programmes=programmes)


def _tray(request: HttpRequest, form: SendForm, status: int = 200) -> HttpResponse:
    show = request.GET.get("show", "")
    context = {
        "form": form, "show": show, "tabs": _tabs(request, show), "may_file": programmes_that_file(request.user).exists(),
    }  # fmt: skip
    if show == "sent":
        scans = scans_visible_to(request.user).select_related("sent_by").annotate(
            pages_in_all=Count("pages"),
            waiting=Count("pages", filter=Q(pages__state=PageState.TRAY)),
            unread=Count("pages", filter=Q(pages__state=PageState.UNREAD)),
        ).order_by("-pk")  # fmt: skip
        context["page"] = Paginator(scans, SHOWN).get_page(request.GET.get("page"))
    else:
        if not show:
            context["blank"] = tray_of(request.user).filter(why=Why.BLANK).count()
        state = PageState.DISCARDED if show == "discarded" else PageState.TRAY
        pages = pages_in_lists(request.user).filter(state=state).order_by("-scan", "number")
        context["page"] = Paginator(pages, SHOWN).get_page(request.GET.get("page"))
    return render(request, "office/paper/tray.html", context, status=status)


def _tabs(request: HttpRequest, show: str) -> list[dict[str, Any]]:
    numbers = pages_visible_to(request.user).aggregate(
        tray=Count("pk", filter=Q(state=PageState.TRAY)),
        discarded=Count("pk", filter=Q(state=PageState.DISCARDED)),
    )
    items = [
        ("", _("Waits for you"), numbers["tray"]),
        ("sent", _("Sent files"), scans_visible_to(request.user).count()),
        ("discarded", _("Thrown away"), numbers["discarded"]),
    ]
    address = reverse("office:paper")
    return [
        {
            "text": text,
            "href": f"{address}?show={key}" if key else address,
            "count": number,
            "here": show == key,
        }
        for key, text, number in items
    ]


@for_team
@require_POST
def paper_send(request: HttpRequest) -> HttpResponse:
    """Scans and photos of any lists."""
    if not programmes_that_file(request.user).exists():
        raise PermissionDenied
    form = _send_form(request)
    if form.is_valid() and (sent := _send(request, form, form.cleaned_data["programme"], None)):
        return _go_on(request, sent)
    return _tray(request, form, 422)


def session_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Paper of one session: print its list, send it back, what is filed."""
    session = session_of(request, code)
    may_file = may_file_evidence(request.user, session.activity.programme)
    form, is_sent = None, request.method == "POST"
    if is_sent and not may_file:
        raise PermissionDenied
    if may_file:
        form = _send_form(request, session)
        if (
            is_sent
            and form.is_valid()
            and (sent := _send(request, form, session.activity.programme, session))
        ):
            return _go_on(request, sent)
    filed = session.scan_pages.filter(state=PageState.FILED).select_related(
        "scan__sent_by", "printed_page__printed"
    )
    context = {
        "session": session, "activity": session.activity, "programme": session.activity.programme, "form": form,
        "filed": filed.order_by("printed_page__number", "-pk") if may_file else [],
        "prints": session.printed_lists.annotate(number=Count("pages")).select_related("printed_by"),
    }  # fmt: skip
    return render(request, "office/paper/session.html", context, status=422 if is_sent else 200)


def _send(request: HttpRequest, form: SendForm, programme: Any, session: Session | None) -> list[Sent]:
    """Each file for itself: a bad one keeps no good one out. Nothing where all are bad, which the form says."""
    sent, refused = [], []
    for file in form.cleaned_data["files"]:
        try:
            sent.append(send_scan(file, file.name, programme, by=actor_of(request), session=session))
        except Refusal as no:
            refused.append(f"{file.name[:80]}: {no.reason}")
    if not sent:
        for line in refused:
            form.add_error("files", line)
        return []
    for line in refused:
        flash.tell(request, line, kind="bad")
    return sent


def _go_on(request: HttpRequest, sent: list[Sent]) -> HttpResponse:
    """Short files are read at once. To the page it is about where there is only one, to the files otherwise."""
    for one in sent:
        if one.is_known:
            said = _("%(name)s was sent before, on %(day)s. Nothing is filed twice.")
            day = timezone.localtime(one.scan.sent_at)
            flash.tell(request, said % {"name": one.scan.file_name, "day": f"{day:%Y-%m-%d}"}, kind="info")
        elif len(sent) <= 3 and shows_soon(one.scan):
            work_on_scan(one.scan)
    if len(sent) > 1:
        number = sum(not one.is_known for one in sent)
        if number:
            said = ngettext("%(n)s file is taken in.", "%(n)s files are taken in.", number)
            flash.tell(request, said % {"n": number})
        return redirect(reverse("office:paper") + "?show=sent")
    pages = list(sent[0].scan.pages.all()[:2])
    if len(pages) == 1 and pages[0].state != PageState.UNREAD:
        return redirect("office:paper_page", pages[0].code)
    return redirect("office:paper_scan", sent[0].scan.code)


# ---------- one file ----------


def _scan_of(request: HttpRequest, code: str) -> Scan:
    return get_object_or_404(scans_visible_to(request.user).select_related("programme", "sent_by"), code=code)


@require_safe
def paper_scan(request: HttpRequest, code: str) -> HttpResponse:
    """A file and its pages: how far the reading is, and where each page is filed."""
    scan = _scan_of(request, code)
    pages = list(pages_in_lists(request.user).filter(scan=scan).order_by("number"))
    total = scan.pages.count()
    done = total - scan.pages.filter(state=PageState.UNREAD).count()
    work = None
    if scan.read_at is None:
        step = _("Each page is looked at for its code. You may leave; nothing is lost.")
        work = Work(_("Reading the pages"), step, done, total, "", finished=False)
    context = {
        "scan": scan, "pages": pages, "total": total, "hidden": total - len(pages), "work": work,
        "may_open": may_open_original(request.user, scan), "programme": scan.programme,
    }  # fmt: skip
    return render(request, "office/paper/scan.html", context)


@require_safe
def paper_original(request: HttpRequest, code: str) -> FileResponse:
    """The file as it was sent: only for who sees each of its pages."""
    scan = _scan_of(request, code)
    if not may_open_original(request.user, scan):
        raise PermissionDenied
    if not scan.file:
        raise Http404
    return uploads.download(scan.file.open("rb"), scan.file_name, scan.media_type)


@require_safe
def paper_picture(request: HttpRequest, code: str) -> HttpResponse:
    """A page's picture, upright as far as anybody knows."""
    page = get_object_or_404(pages_visible_to(request.user), code=code)
    kept = page.thumbnail if request.GET.get("size") == "small" else page.picture
    if not kept:
        raise Http404
    with kept.open("rb") as file:
        content = pictures.turned(file.read(), page.turned)
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
