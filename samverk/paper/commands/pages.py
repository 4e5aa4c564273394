"""What happens to one scanned page: filed at a session, turned, thrown away, taken back. Nothing is ever lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.commands.sheets import locked_session
from samverk.kit.acting import Actor, Refusal
from samverk.kit.uploads import Accepted
from samverk.ledger.commands.filing import file_copy, withdraw_copy
from samverk.ledger.models import Evidence
from samverk.paper.choices import PageState, Why
from samverk.paper.models import ScanPage
from samverk.paper.rules import Place, place_of
from samverk.trail.commands import log

UNDO_DISCARD = "paper.discard"
# So long a page that was thrown away can be taken out again; then its pictures go and the note of it stays.
KEPT = timedelta(days=30)


def file_page(page: ScanPage, place: Place, *, by: Actor) -> ScanPage:
    """File a page as evidence at a session: a copy of paper, with its hash.

    Raises Refusal for a page that is not open, for others than the programme's coordinators, in a sealed period.
    """
    with transaction.atomic():
        session = locked_session(place.session.pk)
        page = _locked(page)
        if page.state not in (PageState.TRAY, PageState.UNREAD):
            raise Refusal(_("This page is filed or thrown away already."), code="not_open")
        if not page.picture:
            raise Refusal(_("This page cannot be shown, so it proves nothing. Scan it again."), code="broken")
        page.evidence = file_copy(session, _copy_of(page), Evidence.Kind.SCAN, by=by)
        page.session, page.printed_page = session, place.printed_page
        _decide(page, PageState.FILED, by, "session", "printed_page", "evidence")
        log("file_page", page, by=by, scope=session.activity.programme.scope, changed=["state"])
        return page


def file_by_code(page: ScanPage, code: str, *, by: Actor) -> ScanPage:
    """The same by the letters under the code, as somebody reads them off the paper."""
    place = place_of(code)
    if place is None:
        raise unknown_code()
    return file_page(page, place, by=by)


def unknown_code() -> Refusal:
    """No list carries it, or one that is none of the person's business."""
    said = _("No list of yours carries this code. Look at each letter once more.")
    return Refusal(said, code="unknown_code", field="code")


def put_in_tray(
    page: ScanPage, why: str, *, by: Actor, place: Place | None = None, said: str = ""
) -> ScanPage:
    """Leave a page to a person. With ``place`` whose it is, where the sender may not know."""
    with transaction.atomic():
        page = _locked(page)
        page.why, page.said = why, said[:300]
        page.session = place.session if place else None
        page.printed_page = place.printed_page if place else None
        page.state = PageState.TRAY
        page.save(update_fields=["state", "why", "said", "session", "printed_page"])
        log("tray_page", page, by=by, scope=page.scan.programme.scope, changed=["state", "why"])
        return page


def turn_page(page: ScanPage, turns: int, *, by: Actor) -> ScanPage:
    """Turn the picture by quarters to the right, for whoever looks at it next."""
    with transaction.atomic():
        page = _locked(page)
        page.turned = (page.turned + turns) % 4
        page.save(update_fields=["turned"])
        return page


def discard_page(page: ScanPage, reason: str, *, by: Actor) -> ScanPage:
    """Throw a page away, with a reason: a cover sheet, a blank back. It can be taken out again for 30 days."""
    if not reason.strip():
        raise Refusal(_("Write why it is thrown away."), code="reason_missing", field="reason")
    with transaction.atomic():
        page = _locked(page)
        if page.state != PageState.TRAY:
            raise Refusal(_("Only a page that waits can be thrown away."), code="not_open")
        page.said = reason.strip()[:300]
        _decide(page, PageState.DISCARDED, by, "said")
        log(
            "discard_page", page, by=by, scope=page.scan.programme.scope, changed=["state"], reason=page.said,
            undo_with=UNDO_DISCARD,
        )  # fmt: skip
        return page


def discard_blank(pages: Iterable[ScanPage], *, by: Actor) -> int:
    """Throw away those of these pages that look blank, each to be taken out again; says how many."""
    return len([discard_page(page, _("It looks blank"), by=by) for page in pages if page.why == Why.BLANK])


def withdraw_page(page: ScanPage, reason: str, *, by: Actor) -> ScanPage:
    """A page was filed where it does not belong: its copy is taken out of the proofs, and it waits in the tray again.

    Marks made from it stay; who withdraws it looks at them. Raises Refusal without a reason and in a sealed period.
    """
    if not reason.strip():
        raise Refusal(_("Write why it does not belong here."), code="reason_missing", field="reason")
    with transaction.atomic():
        session = locked_session(page.session_id) if page.session_id else None
        page = _locked(page)
        if page.state != PageState.FILED or session is None or page.evidence is None:
            raise Refusal(_("This page is not filed."), code="not_filed")
        evidence, page.evidence, page.session, page.printed_page = page.evidence, None, None, None
        page.why, page.said, page.added = Why.WITHDRAWN, reason.strip()[:300], []
        _decide(page, PageState.TRAY, by, "why", "said", "added", "session", "printed_page", "evidence")
        withdraw_copy(evidence, reason=page.said, by=by)
        log(
            "withdraw_page", page, by=by, scope=session.activity.programme.scope, changed=["state"],
            reason=page.said,
        )  # fmt: skip
        return page


def restore_page(page: ScanPage, *, by: Actor) -> ScanPage:
    """Put a page that was thrown away back into the tray."""
    with transaction.atomic():
        page = _locked(page)
        if page.state != PageState.DISCARDED:
            raise Refusal(_("This page is not thrown away."), code="not_discarded")
        if not page.picture and page.why != Why.BROKEN:
            raise Refusal(_("It was thrown away too long ago; its picture is gone."), code="gone")
        page.said = ""
        _decide(page, PageState.TRAY, by, "said")
        log("restore_page", page, by=by, scope=page.scan.programme.scope, changed=["state"])
        return page


def undo_discard(page_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    restore_page(ScanPage.objects.get(pk=page_id), by=by)


def forget_discarded() -> int:
    """Pictures of pages thrown away 30 days ago go, and files of which nothing else is kept. A duty of the worker."""
    old = ScanPage.objects.filter(state=PageState.DISCARDED, decided_at__lt=timezone.now() - KEPT)
    found = list(old.exclude(picture="").select_related("scan"))
    for page in found:
        page.picture.delete(save=False)
        page.thumbnail.delete(save=False)
        page.save(update_fields=["picture", "thumbnail"])
        scan = page.scan
        if scan.file and not scan.pages.exclude(state=PageState.DISCARDED, picture="").exists():
            scan.file.delete(save=True)
    return len(found)


def _locked(page: ScanPage) -> ScanPage:
    rows = ScanPage.objects.select_for_update(of=("self",)).select_related("scan__programme")
    return rows.get(pk=page.pk)


def _decide(page: ScanPage, state: str, by: Actor, *changed: str) -> None:
    page.state, page.decided_at, page.decided_by = state, timezone.now(), by.person
    page.save(update_fields=["state", "decided_at", "decided_by", *changed])


def _copy_of(page: ScanPage) -> Accepted:
    with page.picture.open("rb") as file:
        content = file.read()
    stem = page.scan.file_name.rpartition(".")[0] or page.scan.file_name
    return Accepted(
        content=content, media_type="image/jpeg", ending=".jpg", name=f"{stem[:120]}-{page.number}.jpg",
        digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
