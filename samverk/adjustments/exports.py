from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samverk.adjustments.models import AdjustmentRequest
from samverk.kit.exports import Part, Table, Words


def part_of_person(person: Any) -> Part:
    """What she asked for and what was answered, as long as it is kept."""
    columns: list[tuple[str, Words]] = [
        ("activity", _("Activity")), ("kinds", _("What I need")), ("state", _("State")), ("answer", _("Answer")),
    ]  # fmt: skip
    found = AdjustmentRequest.objects.filter(registration__person=person).select_related(
        "registration__activity"
    )
    rows = [
        {
            "activity": one.registration.activity.title, "kinds": one.kinds_in_words,
            "state": one.get_state_display(), "answer": one.answer,
        }
        for one in found
    ]  # fmt: skip
    return Part(_("What I need"), [Table("adjustments", _("What I asked for to take part"), columns, rows)])
