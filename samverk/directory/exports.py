"""What the directory holds about somebody: her roles in organisations, and what she may do for them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Mandate
from samverk.kit.exports import Part, Table


def part_of_person(person: Any) -> Part:
    period = [("starts", _("From")), ("ends", _("To"))]
    roles = Affiliation.objects.filter(person=person).select_related("organisation").order_by("pk")
    mandates = Mandate.objects.filter(person=person).select_related("organisation").order_by("pk")
    affiliations = Table(
        "organisations",
        _("My roles in organisations"),
        [("organisation", _("Organisation")), ("role", _("Role")), ("title", _("Title")), *period,
         ("confirmed_at", _("Confirmed"))],
        [
            {
                "organisation": one.organisation.name, "role": one.get_role_display(), "title": one.title,
                "starts": one.starts, "ends": one.ends, "confirmed_at": one.confirmed_at,
            }
            for one in roles
        ],
    )  # fmt: skip
    rights = Table(
        "mandates",
        _("What I may do for organisations"),
        [("organisation", _("Organisation")), ("scopes", _("Rights")), *period],
        [
            {
                "organisation": one.organisation.name, "starts": one.starts, "ends": one.ends,
                "scopes": ", ".join(str(MandateScope(scope).label) for scope in one.scopes if scope in MandateScope.values),
            }
            for one in mandates
        ],
    )  # fmt: skip
    return Part(_("Organisations"), [affiliations, rights])
