"""What moves when two people turn out to be one: their certificates, of one activity one."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samverk.certificates.models import Certificate
from samverk.kit.merging import Part


def part_of_merge(kind: str, survivor: Any, absorbed: Any) -> Part:
    part = Part()
    if kind != "person":
        return part
    live = Certificate.objects.live()
    both = live.filter(person=absorbed, activity__in=live.filter(person=survivor).values("activity"))
    part.refusals += [
        format_lazy(_("Both have a certificate of {title}. Revoke one first."), title=title)
        for title in both.values_list("activity__title", flat=True)[:3]
    ]
    part.take(Certificate, "person", survivor, absorbed, _("Certificates"))
    return part
