"""What moves when two organisations turn out to be one: whom speakers speak for. People move with their registrations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from samverk.agenda.models import Speaker
from samverk.kit.merging import Part


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    if kind == "organisation":
        part.take(Speaker, "organisation", survivor, absorbed, _("Speakers on programmes"))
    return part
