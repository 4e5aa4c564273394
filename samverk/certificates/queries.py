"""Reads of certificates for screens."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samverk.activities.completion import Standing, key_of, open_sheets, percent_words, standings, why
from samverk.activities.models import Activity, Attendance, Registration
from samverk.certificates.models import Certificate, Issuing
from samverk.certificates.permissions import own_certificates
from samverk.kit import words
from samverk.people.models import Person
from samverk.people.rules import shown_name

RELATED = ("activity__programme", "person", "registration__person", "replaces")


@dataclass(frozen=True)
class Row:
    """One person of an activity: how she stands, why, and the certificate she has."""

    key: str
    name: str
    is_protected: bool
    standing: Standing
    certificate: Certificate | None
    minimum: Decimal | None
    open_sessions: int

    @property
    def why(self) -> str:
        """Why she has completed it or has not; asked for the rows of one page only."""
        return why(self.standing, self.minimum, self.open_sessions)

    @property
    def waits(self) -> bool:
        """Has completed and has no certificate."""
        return self.standing.completes and self.certificate is None

    @property
    def said(self) -> str:
        """“24 h of 30 h” for a progress bar."""
        share = self.standing.share
        said = {"attended": words.hours(share.attended), "planned": words.hours(share.planned)}
        return _("%(attended)s of %(planned)s") % said

    @property
    def percent(self) -> str:
        """“96.67 %”."""
        return percent_words(self.standing.share.percent)


TABS = ("waits", "has", "short", "all")


def rows_of(activity: Activity) -> list[Row]:
    """Everybody on the sheets, by name; the number of queries does not grow with them."""
    found = standings(activity)
    people = Person.objects.in_bulk([one.person_id for one in found.values() if one.person_id])
    alone = [one.registration_id for one in found.values() if one.registration_id]
    places = Registration.objects.select_related("person").in_bulk(alone)
    live = {
        key_of(one.person_id, None if one.person_id else one.registration_id): one
        for one in Certificate.objects.live().filter(activity=activity).defer("credential", "facts")
    }
    open_sessions = open_sheets(activity)
    rows = []
    for key, one in found.items():
        place = places.get(one.registration_id or 0)
        person = people.get(one.person_id or 0) or (place.person if place else None)
        name = shown_name(person) if person else str(place or "")
        is_protected = bool(person and person.is_protected)
        rows.append(
            Row(key, name, is_protected, one, live.get(key), activity.completion_share, open_sessions)
        )
    return rows


def rows_in_tab(rows: list[Row], tab: str) -> list[Row]:
    """Who waits for one, who has one, who has not completed; or everybody."""
    choose = {
        "waits": lambda row: row.waits,
        "has": lambda row: row.certificate is not None,
        "short": lambda row: not row.standing.completes and row.certificate is None,
    }.get(tab)
    return [row for row in rows if choose is None or choose(row)]


def session_lines(activity: Activity, standing: Standing) -> list[tuple[Any, Any, str]]:
    """(session, share, percent in words) of each session, in order of time."""
    sessions = activity.sessions.filter(pk__in=standing.by_session).order_by("starts_at", "pk")
    return [
        (session, standing.by_session[session.pk], percent_words(standing.by_session[session.pk].percent))
        for session in sessions
    ]


def open_issuing(activity: Activity) -> Issuing | None:
    return Issuing.objects.filter(activity=activity, finished_at=None).first()


def last_issuing(activity: Activity) -> Issuing | None:
    return Issuing.objects.filter(activity=activity).first()


def revoked_of(activity: Activity) -> QuerySet[Certificate]:
    """Those that no longer count, the newest first; with what replaced them."""
    revoked = Certificate.objects.filter(activity=activity, revoked_at__isnull=False).defer("credential")
    return revoked.select_related(*RELATED, "replaced_by").order_by("-revoked_at", "-pk")


def to_print(activity: Activity) -> QuerySet[Certificate]:
    """Those that count, by name as on the sheets; never those of people with protected identity."""
    live = Certificate.objects.live().filter(activity=activity).exclude(facts={})
    open_ones = live.exclude(person__is_protected=True).exclude(registration__person__is_protected=True)
    return open_ones.select_related(*RELATED).defer("credential").order_by("person__sort_key", "pk")


def certificates_of_person(person: Any) -> QuerySet[Certificate]:
    """Her own, the newest first."""
    mine = own_certificates(person).exclude(facts={}).defer("credential")
    return mine.select_related(*RELATED).order_by("-issued_at", "-pk")


def certificates_of_registration(registration: Registration) -> list[Certificate]:
    """Those that whoever holds this place got by it."""
    mine = Certificate.objects.filter(activity=registration.activity_id).exclude(facts={})
    whose = (
        mine.filter(person=registration.person_id)
        if registration.person_id
        else mine.filter(registration=registration, person=None)
    )
    return list(whose.select_related(*RELATED).defer("credential").order_by("-pk"))


def certificate_to_check(code: str) -> Certificate | None:
    """The certificate behind a check address; None for everybody else's eyes: protected, erased, unknown."""
    found = Certificate.objects.select_related(*RELATED, "replaced_by").filter(check_code=code).first()
    return None if found is None or found.is_protected or not found.facts else found


def was_here_at_all(activity: Activity) -> bool:
    """Whether anybody stands on a sheet of the activity."""
    return Attendance.objects.filter(session__activity=activity).exists()
