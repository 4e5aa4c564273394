"""What else stands on "My place": each part is found by one function and drawn by one template.

A part is ``function(registration) -> dict | None``: the context of its template, or None where there is nothing to
show. Whoever holds the link sees the page, so a part shows little: no address of anybody, nothing sensitive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE, Adjustment, RegistrationState
from samverk.activities.models import Registration
from samverk.activities.queries.admission import what_else_is_on
from samverk.adjustments.choices import RequestState
from samverk.adjustments.queries import is_over, request_of
from samverk.asking.queries import UNCONFIRMED, answers_of, items_for
from samverk.certificates.messages import certificate_path
from samverk.certificates.queries import certificates_of_registration
from samverk.evaluation.messages import invitation_path
from samverk.evaluation.queries import invitations_open
from samverk.follow_up.permissions import materials_for
from samverk.portal.ticket_part import ticket_part
from samverk.tables.queries import my_tables

Part = Callable[[Registration], dict[str, Any] | None]


def _materials(registration: Registration) -> dict[str, Any] | None:
    """Files and links for whoever holds the place."""
    found = list(materials_for(registration))
    return {"materials": found} if found else None


def _certificates(registration: Registration) -> dict[str, Any] | None:
    """What was certified to whoever holds the place; of a protected person it stands on her own page only."""
    found = [
        {
            "href": certificate_path(one),
            "heading": one.facts["heading"],
            "title": one.facts["title"],
            "number": one.code,
            "is_revoked": one.is_revoked,
        }
        for one in certificates_of_registration(registration)
        if not one.is_protected
    ]
    return {"certificates": found} if found else None


def _tables(registration: Registration) -> dict[str, Any] | None:
    """One's own tables, round by round: 4, then 7, then 2."""
    found = [
        {"session": session, "words": tables_in_words(tables)} for session, tables in my_tables(registration)
    ]
    return {"tables": found} if found else None


def tables_in_words(tables: list[int]) -> str:
    """Table 4, then 7, then 2."""
    first, *later = tables
    return ", ".join([_("Table %(n)s") % {"n": first}, *[_("then %(n)s") % {"n": n} for n in later]])


def _evaluations(registration: Registration) -> dict[str, Any] | None:
    """What whoever holds the place is asked now and has not answered."""
    found = [
        {
            "href": invitation_path(one),
            "text": one.evaluation.activity.title,
            "is_anonymous": one.evaluation.is_anonymous,
        }
        for one in invitations_open(registration)
    ]
    return {"evaluations": found} if found else None


def _answers(registration: Registration) -> dict[str, Any] | None:
    """That something was asked, and how much is answered; never what. She reads and changes it signed in."""
    if registration.person_id is None or registration.state not in LIVE or registration.state in UNCONFIRMED:
        return None
    items = items_for(registration)
    if not items:
        return None
    given = answers_of(registration)
    plain = [one.question.key for one in items if not one.question.is_sensitive]
    return {
        "number": len(plain), "answered": sum(key in given for key in plain), "has_protected": len(plain) < len(items),
    }  # fmt: skip


def _adjustments(registration: Registration) -> dict[str, Any] | None:
    """What she needs of what is offered: how far it is, never what. She asks and takes back by the link."""
    activity = registration.activity
    may_ask = (
        bool(activity.adjustments) and registration.state in LIVE and not is_over(activity, timezone.now())
    )
    request = request_of(registration)
    if request is None and not may_ask:
        return None
    offered = [(one.value, one.label) for one in Adjustment if one.value in activity.adjustments]
    return {
        "may_ask": may_ask, "offered": offered,
        "is_open": request is not None and request.state != RequestState.WITHDRAWN,
        "state": request.state if request else "", "answer": request.answer if request else "",
        "needed_by": request.needed_by if request else None,
    }  # fmt: skip


def _elsewhere(registration: Registration) -> dict[str, Any] | None:
    """Whoever got no place sees what else she may come to."""
    if registration.state != RegistrationState.DECLINED:
        return None
    found = what_else_is_on(registration.activity, timezone.now())
    return {"elsewhere": found} if found else None


# (template, function), in the order of the page.
PLACE_PARTS: list[tuple[str, Part]] = [
    ("portal/places/_elsewhere.html", _elsewhere),
    ("portal/places/_ticket.html", ticket_part),
    ("portal/answers/_place.html", _answers),
    ("portal/places/_adjustments.html", _adjustments),
    ("portal/places/_tables.html", _tables),
    ("portal/evaluations/_place.html", _evaluations),
    ("portal/places/_certificates.html", _certificates),
    ("portal/places/_materials.html", _materials),
]


def parts_of(registration: Registration) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each part that has something to show."""
    found = ((template, part(registration)) for template, part in PLACE_PARTS)
    return [(template, context) for template, context in found if context is not None]
