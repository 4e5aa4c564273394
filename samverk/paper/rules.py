"""Which page of which list is it, and may it be filed there?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from samverk.activities.models import Session
from samverk.paper.choices import Why
from samverk.paper.models import PrintedPage
from samverk.paper.page_codes import read_page_code, read_session_code


@dataclass(frozen=True)
class Place:
    """Where a page belongs; on a list printed before pages had codes only the session is known."""

    session: Session
    printed_page: PrintedPage | None = None


def place_of(code: str) -> Place | None:
    """What a code on paper says, or None where no list of ours carries it."""
    if read := read_page_code(code):
        pages = PrintedPage.objects.select_related("printed__session__activity__programme")
        found = pages.filter(printed__code=read[0], number=read[1]).first()
        return Place(found.printed.session, found) if found else None
    if session := read_session_code(code):
        known = Session.objects.select_related("activity__programme").filter(code=session).first()
        return Place(known) if known else None
    return None


def place_on(codes: Iterable[str]) -> tuple[Place | None, str]:
    """Where a picture with these codes on it belongs, or why nobody can say. Codes of other things count for nothing."""
    looked_at = list(codes)
    places = [place for code in looked_at if (place := place_of(code))]
    different = {(place.session.pk, place.printed_page and place.printed_page.pk) for place in places}
    if len(different) > 1:
        return None, Why.SEVERAL
    if places:
        return places[0], ""
    return None, Why.ELSEWHERE if looked_at else Why.NO_CODE
