"""What moves when two people turn out to be one: their voices in polls."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from samverk.kit.merging import Part
from samverk.polls.models import Voice


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    if kind == "person":
        part.take(Voice, "person", survivor, absorbed, _("Answers to proposed times"), unique=["poll"])
    return part
