from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.absences.queries import absences_of
from samverk.kit.exports import Part, Table, Words


def part_of_person(person: Any) -> Part:
    """Her absences of the last 12 months and what was said about them."""
    columns: list[tuple[str, Words]] = [
        ("activity", _("Activity")), ("day", _("Day")), ("state", _("State")), ("because", _("Why")),
    ]  # fmt: skip
    rows = []
    for one in absences_of(person):
        excuse = getattr(one, "excuse", None)
        rows.append({
            "activity": one.activity.title, "day": one.activity.ends_at,
            "state": excuse.get_state_display() if excuse else _("Counts"), "because": excuse.because if excuse else "",
        })  # fmt: skip
    return Part(
        _("Absences"), [Table("absences", _("Where I had a place and was noted as absent"), columns, rows)]
    )
