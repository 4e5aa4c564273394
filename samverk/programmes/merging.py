"""What moves when two people or organisations turn out to be one: roles, seats, enrolments, saved views."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from samverk.kit.merging import Part
from samverk.programmes.models import Enrolment, FundingLine, PartnerRole, SavedView, TeamSeat

OPEN = Q(ends=None)


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    if kind == "person":
        part.take(TeamSeat, "person", survivor, absorbed, _("Seats in teams"), unique=["programme", "role"])
        part.take(SavedView, "person", survivor, absorbed, _("Saved views"), unique=["list_name", "name"])
        part.take(
            Enrolment,
            "person",
            survivor,
            absorbed,
            _("Enrolments"),
            unique=["programme", "organisation"],
            only=OPEN,
        )
    else:
        part.take(
            PartnerRole, "organisation", survivor, absorbed, _("Partner roles"), unique=["programme", "kind"]
        )
        part.take(FundingLine, "funder", survivor, absorbed, _("Funding lines"))
        part.take(TeamSeat, "organisation", survivor, absorbed, _("Seats in teams"))
        part.take(
            Enrolment,
            "organisation",
            survivor,
            absorbed,
            _("Enrolments"),
            unique=["programme", "person"],
            only=OPEN,
        )
    return part
