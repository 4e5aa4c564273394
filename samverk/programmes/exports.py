"""What programmes hold about somebody: that she takes part, and her seats in teams."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.kit.exports import Part, Table
from samverk.programmes.models import Enrolment, TeamSeat


def part_of_person(person: Any) -> Part:
    period = [("starts", _("From")), ("ends", _("To"))]
    enrolled = Enrolment.objects.filter(person=person).select_related("programme", "organisation")
    seats = TeamSeat.objects.filter(person=person).select_related("programme")
    return Part(
        _("Programmes"),
        [
            Table(
                "programmes",
                _("Programmes I take part in"),
                [("programme", _("Programme")), ("organisation", _("Through")), *period],
                [
                    {
                        "programme": one.programme.name, "organisation": str(one.organisation or ""),
                        "starts": one.starts, "ends": one.ends,
                    }
                    for one in enrolled.order_by("starts", "pk")
                ],
            ),
            Table(
                "seats",
                _("Teams I sit in"),
                [("programme", _("Programme")), ("role", _("Role")), *period],
                [
                    {
                        "programme": one.programme.name, "role": one.get_role_display(),
                        "starts": one.starts, "ends": one.ends,
                    }
                    for one in seats.order_by("pk")
                ],
            ),
        ],
    )  # fmt: skip
