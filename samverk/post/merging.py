"""What moves when two people turn out to be one: the mails that were sent to them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from samverk.kit.merging import Part
from samverk.post.models import Mail


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    if kind == "person":
        part.take(Mail, "person", survivor, absorbed, _("Mails"))
    return part
