"""Who sees scans: coordinators, of the programme where a page is filed, or of the one it was sent to while nobody knows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samverk.activities.models import Session
from samverk.paper.choices import PageState, Why
from samverk.paper.models import Scan, ScanPage
from samverk.programmes.choices import SeatRole
from samverk.programmes.models import Programme
from samverk.programmes.permissions import seats_of

OPEN = Q(state__in=[PageState.TRAY, PageState.DISCARDED])


def programmes_that_file(person: Any) -> QuerySet[Programme]:
    """Programmes whose proofs the person may file."""
    seats = seats_of(person, [SeatRole.COORDINATOR])
    return Programme.objects.filter(pk__in=seats.values("programme"))


def sessions_to_file_at(person: Any) -> QuerySet[Session]:
    """Sessions a scanned page may be filed at by this person."""
    return Session.objects.filter(activity__programme__in=programmes_that_file(person))


def pages_visible_to(person: Any) -> QuerySet[ScanPage]:
    """Pages of sessions one coordinates, and pages nobody knows yet that were sent to one's programme.

    A page of somebody else's session is seen by who sent it, as a picture without a name to it, and by whose it is.
    """
    mine = programmes_that_file(person).values("pk")
    return ScanPage.objects.filter(
        Q(session__activity__programme__in=mine)
        | Q(session=None, scan__programme__in=mine)
        | Q(OPEN, why=Why.ELSEWHERE, scan__programme__in=mine, scan__sent_by_id=person.pk)
    )


def scans_visible_to(person: Any) -> QuerySet[Scan]:
    """Files one sent, and those sent to programmes one coordinates."""
    return Scan.objects.filter(programme__in=programmes_that_file(person).values("pk"))


def may_open_original(person: Any, scan: Scan) -> bool:
    """The whole file shows all of its pages: only to who sees each of them."""
    return not scan.pages.exclude(pk__in=pages_visible_to(person).values("pk")).exists()


def knows_session(person: Any, page: ScanPage) -> bool:
    """Whether the person may read where a page belongs."""
    return page.session_id is not None and sessions_to_file_at(person).filter(pk=page.session_id).exists()
