"""What the ledger holds about somebody: her hours, whether they are confirmed, and her signatures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.kit.exports import Part, Table
from samverk.ledger.models import Attestation, HourEntry


def part_of_person(person: Any) -> Part:
    related = ("activity", "programme", "organisation")
    entries = (
        HourEntry.objects.live().filter(person=person).select_related(*related).order_by("starts_at", "pk")
    )
    hours = Table(
        "hours",
        _("My hours"),
        [
            ("day", _("Day")), ("starts", _("From")), ("ends", _("To")), ("minutes", _("Minutes")),
            ("activity", _("Activity")), ("programme", _("Programme")), ("organisation", _("On behalf of")),
            ("confirmed_at", _("Confirmed by me")), ("countersigned_at", _("Confirmed by the employer")),
            ("number", _("Number")),
        ],
        [
            {
                "day": one.starts_local.date(), "starts": f"{one.starts_local:%H:%M}",
                "ends": f"{one.ends_local:%H:%M}", "minutes": one.minutes, "activity": one.activity.title,
                "programme": one.programme.name, "organisation": str(one.organisation or ""),
                "confirmed_at": one.confirmed_at, "countersigned_at": one.countersigned_at, "number": one.code,
            }
            for one in entries
        ],
    )  # fmt: skip
    mine = Attestation.objects.filter(statement__person=person, role=Attestation.Role.PERSON)
    signatures = Table(
        "signatures",
        _("My confirmations of hours"),
        [
            ("month", _("Month")), ("signed_at", _("Signed")), ("method", _("How")), ("voided_at", _("Ended")),
            ("number", _("Number")),
        ],
        [
            {
                "month": one.statement.month, "signed_at": one.signed_at, "method": one.get_method_display(),
                "voided_at": one.voided_at, "number": one.code,
            }
            for one in mine.select_related("statement").order_by("pk")
        ],
    )  # fmt: skip
    return Part(_("Hours"), [hours, signatures])
