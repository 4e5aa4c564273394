"""Files that people send, and reading their pages: short ones at once, long ones by the worker, each page for itself."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Session
from samverk.kit import uploads
from samverk.kit.acting import CLOCK, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.ledger.permissions import may_file_evidence
from samverk.paper.choices import MOST_ATTEMPTS, MOST_BYTES, PageState, Why
from samverk.paper.commands.pages import file_page, put_in_tray
from samverk.paper.models import Scan, ScanPage
from samverk.paper.pictures import THUMB_EDGE, codes_on, is_blank, jpeg_of, pages_of, picture_of
from samverk.paper.queries import scans_waiting
from samverk.paper.rules import place_on
from samverk.programmes.models import Programme
from samverk.trail.commands import log

LEASE = timedelta(seconds=60)
# One turn of the worker; mail stands in the same lane and must not wait.
TURN_SECONDS = 2.0
# So many pages are read while somebody waits for the answer.
AT_ONCE = 3
logger = logging.getLogger("samverk.paper")


@dataclass(frozen=True)
class Sent:
    """The file as it is kept; ``is_known`` where the same bytes were sent before."""

    scan: Scan
    is_known: bool = False


def send_scan(
    file: BinaryIO, name: str, programme: Programme, *, by: Actor, session: Session | None = None
) -> Sent:
    """Take in a scan or photos: PDF, JPEG, PNG, WebP or HEIC. The same file twice is one.

    Raises Refusal for others than coordinators, for what is no picture, too large, too long, locked or damaged.
    """
    if not may_file_evidence(by.person, programme):
        raise Refusal(_("Only a coordinator of the programme can file proofs."), code="not_coordinator")
    if (getattr(file, "size", 0) or 0) > MOST_BYTES:
        raise uploads.too_large(MOST_BYTES)
    digest = _digest(file)
    known = Scan.objects.filter(programme=programme, digest=digest).first()
    if known and known.file:
        return Sent(known, is_known=True)
    accepted = uploads.accept(file, name, most_bytes=MOST_BYTES)
    pages = pages_of(accepted.content, accepted.media_type)
    if known:
        return Sent(_taken_in_again(known, accepted, by))
    scan = Scan(
        programme=programme, session=session, file_name=accepted.name, media_type=accepted.media_type,
        digest=digest, sent_by=by.person,
    )  # fmt: skip
    scan.file.save(accepted.random_name, ContentFile(accepted.content), save=False)
    try:
        with transaction.atomic():
            scan.save()
            ScanPage.objects.bulk_create(ScanPage(scan=scan, number=number) for number in range(1, pages + 1))
            log("send_scan", scan, by=by, scope=programme.scope)
    except IntegrityError:
        # Somebody else sent the same file in the same second.
        scan.file.delete(save=False)
        return Sent(Scan.objects.get(programme=programme, digest=digest), is_known=True)
    return Sent(scan)


def _taken_in_again(scan: Scan, accepted: uploads.Accepted, by: Actor) -> Scan:
    """All of it was thrown away long ago and its pictures are gone: it is read as if it came for the first time."""
    with transaction.atomic():
        scan = Scan.objects.select_for_update(of=("self",)).select_related("programme").get(pk=scan.pk)
        scan.read_at, scan.sent_by, scan.sent_at = None, by.person, timezone.now()
        scan.file.save(accepted.random_name, ContentFile(accepted.content), save=True)
        scan.pages.update(state=PageState.UNREAD, why="", said="", attempts=0)
        log("send_scan", scan, by=by, scope=scan.programme.scope)
        return scan


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while part := file.read(1024 * 1024):
        found.update(part)
    file.seek(0)
    return found.hexdigest()


def work_on_scans() -> int:
    """Take up files that wait, for a turn. A duty of the worker."""
    taken = list(scans_waiting()[:3])
    for scan in taken:
        work_on_scan(scan, seconds=TURN_SECONDS)
    return len(taken)


def work_on_scan(scan: Scan, *, seconds: float = 0) -> Scan:
    """Read page after page until the file is read, or until the time is over (0: no limit)."""
    until = time.monotonic() + seconds
    if not scans_waiting().filter(pk=scan.pk).update(leased_until=timezone.now() + LEASE):
        return scan
    scan = Scan.objects.select_related("programme", "sent_by").get(pk=scan.pk)
    by = Actor(person=scan.sent_by, through=CLOCK)
    content = _content_of(scan)
    for page in scan.pages.filter(state=PageState.UNREAD).order_by("number"):
        _read_page(page, content, scan, by)
        Scan.objects.filter(pk=scan.pk).update(leased_until=timezone.now() + LEASE)
        fault_point("paper.between_pages")
        if seconds and time.monotonic() > until:
            break
    left = scan.pages.filter(state=PageState.UNREAD).exists()
    Scan.objects.filter(pk=scan.pk).update(leased_until=None, read_at=None if left else timezone.now())
    scan.refresh_from_db()
    return scan


def _content_of(scan: Scan) -> bytes:
    try:
        with scan.file.open("rb") as file:
            content: bytes = file.read()
            return content
    except OSError:
        logger.exception("a scan cannot be read", extra={"scan": scan.code})
        return b""


def _read_page(page: ScanPage, content: bytes, scan: Scan, by: Actor) -> None:
    """One page to its session or into the tray. A page that brought its reader down is not tried for ever."""
    page.attempts += 1
    page.save(update_fields=["attempts"])
    fault_point("paper.reading_page")
    if page.attempts > MOST_ATTEMPTS:
        put_in_tray(page, Why.BROKEN, by=by)
        return
    try:
        codes, is_empty = _looked_at(page, content, scan.media_type)
    except Exception:
        # Decoders fail in many ways on broken pages; to people it is one thing, and the original is kept.
        logger.exception("a page cannot be shown", extra={"page": page.code})
        put_in_tray(page, Why.BROKEN, by=by)
        return
    _find_place(page, codes, by, is_empty=is_empty)


def _looked_at(page: ScanPage, content: bytes, media_type: str) -> tuple[list[str], bool]:
    """Keep the page's pictures; the codes on it, and whether it is blank."""
    image = picture_of(content, media_type, page.number)
    seen = codes_on(image)
    page.turned = seen[0].turns if seen else 0
    for kept, edge in ((page.picture, None), (page.thumbnail, THUMB_EDGE)):
        if not kept:
            made = jpeg_of(image, edge) if edge else jpeg_of(image)
            kept.save(uploads.random_name(".jpg"), ContentFile(made), save=False)
    page.save(update_fields=["turned", "picture", "thumbnail"])
    return [one.text for one in seen], not seen and is_blank(image)


def _find_place(page: ScanPage, codes: list[str], by: Actor, *, is_empty: bool) -> None:
    place, why = place_on(codes)
    if place is None:
        put_in_tray(page, Why.BLANK if is_empty else why, by=by)
        return
    if not may_file_evidence(by.person, place.session.activity.programme):
        put_in_tray(page, Why.ELSEWHERE, by=by, place=place)
        return
    try:
        file_page(page, place, by=by)
    except Refusal as no:
        put_in_tray(page, Why.REFUSED, by=by, place=place, said=str(no.reason))


def shows_soon(scan: Scan) -> bool:
    """Whether a file is short enough to be read while somebody waits."""
    return scan.read_at is None and scan.pages.count() <= AT_ONCE
