"""What moves when two people turn out to be one: the tasks they took on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from samverk.follow_up.models import Task
from samverk.kit.merging import Part


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    if kind == "person":
        part.take(Task, "owner", survivor, absorbed, _("Tasks"))
    return part
