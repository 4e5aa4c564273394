"""What certificates hold about somebody: each as PDF and as signed credential."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from samverk.certificates.documents import certificate_document
from samverk.certificates.messages import certificate_path
from samverk.certificates.models import Certificate
from samverk.certificates.queries import certificates_of_person
from samverk.kit.exports import File, Line, Part, Table
from samverk.kit.fold import fold


def part_of_person(person: Any) -> Part:
    found = list(certificates_of_person(person).defer(None))[::-1]
    table = Table(
        "certificates",
        _("My certificates"),
        [
            ("number", _("Number")), ("title", _("Activity")), ("issued", _("Issued")),
            ("minutes_attended", _("Minutes attended")), ("minutes_planned", _("Minutes planned")),
            ("replaces", _("Replaces")), ("revoked", _("Revoked")), ("why", _("Why")),
        ],
        [
            {
                "number": one.code, "title": one.facts["title"], "issued": one.issued_at.date(),
                "minutes_attended": one.minutes_attended, "minutes_planned": one.minutes_planned,
                "replaces": one.replaces.code if one.replaces else "",
                "revoked": one.revoked_at.date() if one.revoked_at else None, "why": one.revoked_because,
            }
            for one in found
        ],
    )  # fmt: skip
    return Part(
        _("Certificates"),
        [table],
        [file for one in found for file in _files(one)],
        [_line(one) for one in found],
    )


def _files(one: Certificate) -> list[File]:
    title = one.facts["title"]
    stem = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:50] or "certificate"
    name = f"certificates/{one.issued_at:%Y-%m-%d}-{stem}-{one.code}"
    return [
        File(f"{name}.pdf", title, partial(certificate_document, one)),
        File(f"{name}.jwt", _("%(title)s, Open Badge") % {"title": title}, one.credential.encode),
    ]


def _line(one: Certificate) -> Line:
    said = _("Number %(number)s") % {"number": one.code}
    if one.is_revoked:
        said = _("Number %(number)s, no longer counts") % {"number": one.code}
    return Line(one.issued_at.date(), one.facts["title"], said, certificate_path(one))
