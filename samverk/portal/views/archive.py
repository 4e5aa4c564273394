"""My archive: what I took part in, year by year, and everything as one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samverk.kit import flash, uploads, words
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.exports import Line, parts_of
from samverk.people.archives import ask_archive, build_archive, is_short
from samverk.people.models import Archive
from samverk.people.permissions import archives_visible_to


@dataclass(frozen=True)
class Section:
    """What one app says of a year."""

    title: Any
    lines: list[Line]


@dataclass(frozen=True)
class Work:
    """The archive on its way, as the progress part shows it."""

    title: str
    step: str
    done: int
    total: int
    finished: bool = False
    left: str = ""


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """One year at a time, the newest first."""
    parts = parts_of(request.user)
    years = sorted({line.day.year for part in parts for line in part.lines}, reverse=True)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 and int(wanted) in years else None
    year = year or (years[0] if years else None)
    sections = [
        Section(part.title, sorted(found, key=lambda line: line.day, reverse=True))
        for part in parts
        if (found := [line for line in part.lines if line.day.year == year])
    ]
    newest = archives_visible_to(request.user).first()
    context = {
        "year": year,
        "tabs": [_tab(one, year) for one in years],
        "sections": sections,
        "minutes": sum(line.minutes for section in sections for line in section.lines),
        "archive": newest,
        "work": _work(newest) if newest and newest.state == Archive.State.ASKED else None,
    }
    return render(request, "portal/archive/archive.html", context)


def _tab(year: int, here: int | None) -> dict[str, Any]:
    address = reverse("portal:archive")
    return {"text": str(year), "href": f"{address}?year={year}", "count": None, "here": year == here}


def _work(one: Archive) -> Work:
    said = {"done": words.number(one.done)}
    return Work(_("Your archive is being made"), _("%(done)s files are ready.") % said, one.done, one.total)


@require_POST
def archive_ask(request: HttpRequest) -> HttpResponse:
    """Make it: a short one while one waits, a long one in the background."""
    me: Any = request.user
    try:
        asked = ask_archive(me, language=get_language() or me.language, by=actor_of(request))
    except Refusal as no:
        flash.tell(request, str(no.reason), kind="bad")
        return redirect("portal:archive")
    if is_short(me):
        build_archive(asked)
        flash.tell(request, _("Your archive is ready. You can download it for seven days."))
    return redirect(f"{reverse('portal:archive')}#download")


@require_safe
def archive_download(request: HttpRequest, code: str) -> HttpResponse:
    """One's own only, and only while it lies there."""
    found = get_object_or_404(archives_visible_to(request.user), code=code, state=Archive.State.READY)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return uploads.download(file, f"samverk-{found.ready_at:%Y-%m-%d}.zip", "application/zip")
